import ts from 'typescript'
import { readRepositoryFile, repositoryFiles } from '../../packages/temper/test/support/source-files.ts'

const home = 'packages/temper/src/'
/** Where nothing is decided: nouns, formats and words of the surface. */
const elsewhere = ['base', 'model', 'formats', 'cli', 'public', 'index.ts']

interface Share {
  code: number
  tests: number
}

/**
 * How many lines of tests there are for each line of code where decisions are made (siblings and flows), blank lines and
 * comments left out. Files named `.test.ts`, all of packages/temper/test and folders named `fixtures` (samples, conformance
 * suites, examples of rules) are tests, everything else is code: an architecture test holds the names against what ships.
 */
export async function tellTestShare(): Promise<boolean> {
  const all = repositoryFiles().filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  const sources = all.filter((path) => path.startsWith(home))
  const rooms = new Map<string, Share>()
  for (const path of sources) {
    const [room = ''] = path.slice(home.length).split('/')
    if (elsewhere.includes(room)) continue
    const share = rooms.get(room) ?? { code: 0, tests: 0 }
    const isTest = path.endsWith('.test.ts') || path.includes('/fixtures/')
    share[isTest ? 'tests' : 'code'] += linesOf(path)
    rooms.set(room, share)
  }
  const whole = all.filter((path) => path.startsWith('packages/temper/test/'))
  const beside = whole.reduce((sum, path) => sum + linesOf(path), 0)
  const total = { code: 0, tests: beside }
  console.log(`${''.padEnd(12)} ${cells('code', 'tests', '')}`)
  for (const [room, share] of [...rooms].sort()) {
    console.log(`${room.padEnd(12)} ${row(share)}`)
    total.code += share.code
    total.tests += share.tests
  }
  console.log(`${'test/'.padEnd(12)} ${cells('', beside, '')}`)
  console.log(`${'all'.padEnd(12)} ${row(total)}`)
  return total.tests >= total.code
}

function row({ code, tests }: Share): string {
  return cells(code, tests, (tests / code).toFixed(2))
}

function cells(code: number | string, tests: number | string, share: string): string {
  return `${String(code).padStart(8)} ${String(tests).padStart(9)} ${share.padStart(5)}`
}

/** Lines on which something stands that is no comment. */
function linesOf(path: string): number {
  const text = readRepositoryFile(path)
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext)
  const lines = new Set<number>()
  const visit = (node: ts.Node) => {
    if (ts.isJSDoc(node)) return
    const children = node.getChildren(file)
    if (children.length > 0) return children.forEach(visit)
    const [from, to] = [node.getStart(file), node.getEnd()].map(
      (at) => file.getLineAndCharacterOfPosition(at).line,
    )
    if (from !== undefined && to !== undefined && node.getWidth(file) > 0)
      for (let line = from; line <= to; line++) lines.add(line)
  }
  visit(file)
  return lines.size
}

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** One image that was built, and what came of the tests of its recipe. */
export interface Tested {
  /** Version line; absent: the recipe has one alone. */
  readonly line?: string
  readonly variant: string
  /** "linux/amd64". */
  readonly platform: string
  /** Tests that ran; 0 where nothing in the image can be started, or where no emulator is. */
  readonly tests: number
  /** Names of those that failed. */
  readonly failed: readonly string[]
  /** Sources that it was built with, as Git names them: "4b825dc6", with a "+" behind it where files were changed. */
  readonly commit: string
}

type Record = Readonly<{ [image: string]: readonly Tested[] }>

const fileOf = (root: string) => join(root, 'scripts/catalog/tested.json')

/** What `npm run long -- catalog` keeps of its last run of each image. */
export function readTested(root: string): Record {
  return JSON.parse(readFileSync(fileOf(root), 'utf8'))
}

/** Puts a result in place of the one of before. Read now: another run may have tested others meanwhile. */
export async function keepTested(root: string, name: string, fresh: Tested): Promise<void> {
  const before: Record = JSON.parse(await readFile(fileOf(root), 'utf8'))
  const others = (before[name] ?? []).filter((each) => placeOf(each) !== placeOf(fresh))
  const kept = { ...before, [name]: [...others, fresh] }
  const inOrder = Object.entries(kept)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([image, all]) => [image, all.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))])
  await writeFile(fileOf(root), `${JSON.stringify(Object.fromEntries(inOrder), undefined, 2)}\n`)
}

function placeOf({ platform, line = '', variant }: Tested): string {
  // The variant to run before the others.
  return [platform, line, variant === 'runtime' ? '' : variant].join(' ')
}

/** The commit that is checked out. */
export async function currentCommit(root: string): Promise<string> {
  const { stdout } = await run('git', ['rev-parse', '--short=8', 'HEAD'], { cwd: root })
  const { stdout: changed } = await run('git', ['status', '--porcelain', '--', 'packages', 'catalog/*/'], {
    cwd: root,
  })
  return `${stdout.trim()}${changed === '' ? '' : '+'}`
}

/** The page with all results. */
export function testedPage(tested: Record, notice: string): string {
  const all = Object.entries(tested).flatMap(([image, results]) =>
    results.map((result) => ({ image, ...result })),
  )
  const head = ['Image', 'Line', 'Variant', 'Platform', 'Tests', 'Result', 'Commit']
  const rows = all.map(({ image, line = '', variant, platform, tests, failed, commit }) => [
    `[${image}](${image}.md)`,
    ...[line, variant, platform, String(tests)],
    failed.length > 0 ? `failed: ${failed.join(', ')}` : tests > 0 ? 'passed' : 'built',
    commit,
  ])
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  const ran = all.filter(({ tests }) => tests > 0)
  const passed = ran.filter(({ failed }) => failed.length === 0)
  return `${notice}
# Tests of the catalogue

What \`npm run long -- catalog\` found when each image was built last: ${all.length} images, of which ${ran.length} have tests that ran here, and ${passed.length} of these
passed. Every container has a read-only root file system, a tmpfs at /tmp, the volumes that the image declares and nothing else to write to, no capability
and the image's own user: an image whose tests passed works like that. "Built" are images with nothing in them that could be started
(their variants to develop with look at what both have), and those of another platform where the kernel knows no emulator.

${table.join('\n')}
`
}

import type { CommandModel, EffectContext } from '../../shared/effects/effect.ts'
import type { Stage } from '../../shared/effects/stage.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const ok = (lines: readonly string[]): CommandResult => ({
  status: 0,
  output: lines.map((line) => `${line}\n`).join(''),
})

/** Most files that one configuration may name. */
const mostFiles = 100

/** Models servers that print their own configuration for scripts, from the files that they would read. */
export function configurationPrinters({ stage }: EffectContext): Readonly<Record<string, CommandModel>> {
  const firebird: CommandModel = ({ arguments: [path, ...more] }) =>
    path?.startsWith('/') && more.length === 0 ? dumpFirebird(path, stage) : undefined
  return {
    chronyd: ({ arguments: words }) =>
      words.length === 1 && words[0] === '-p' ? printChrony(stage) : undefined,
    ...Object.fromEntries(
      ['3.0', '4.0'].map((version) => [`/usr/share/firebird/${version}/dump-firebird-config`, firebird]),
    ),
  }
}

/** `chronyd -p` (chronyd(8)): directives without comments, and those of the files that "confdir" and "include" name. */
function printChrony(stage: Stage): CommandResult | undefined {
  const printed: string[] = []
  const queue = ['/etc/chrony/chrony.conf']
  for (let file = queue.shift(), count = 0; file !== undefined; file = queue.shift(), count++) {
    const text = stage.text(file)
    if (text === undefined || count > mostFiles) return undefined
    for (const line of text.split('\n').map((each) => each.trim())) {
      if (line === '' || /^[#!;%]/.test(line)) continue
      const [, directive, place = ''] = /^(confdir|include)\s+(\S+)/i.exec(line) ?? []
      if (directive === undefined) printed.push(line)
      else if (directive.toLowerCase() === 'include') return undefined
      else queue.push(...filesIn(place, stage, /\.conf$/))
    }
  }
  return ok(printed)
}

/** What Firebird's own script prints: each file between two comments, and those that it includes. */
function dumpFirebird(path: string, stage: Stage): CommandResult | undefined {
  const text = stage.text(path)
  if (text === undefined) return undefined
  const lines: string[] = [`# ${path} start`]
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const [, included] = /^\s*include\s+(.+?)\s*$/.exec(line) ?? []
    if (included === undefined) {
      lines.push(line)
      continue
    }
    const [, folder, name] = /^(.*\/)?([^/*?[\]]+)$/.exec(included) ?? []
    const at = included.startsWith('/') ? included : `${path.replace(/[^/]+$/, '')}${folder ?? ''}${name}`
    const inner = name === undefined ? undefined : stage.text(at)
    if (inner === undefined || /^\s*include\s/m.test(inner)) return undefined
    lines.push(`# ${at} start`, ...(inner === '' ? [] : inner.replace(/\n$/, '').split('\n')), `# ${at} end`)
  }
  return ok([...lines, `# ${path} end`])
}

function filesIn(folder: string, stage: Stage, wanted: RegExp): readonly string[] {
  const at = stage.realPath(folder)
  const names = at === undefined ? [] : stage.list(at).filter((name) => wanted.test(name))
  return names.map((name) => `${folder.replace(/\/$/, '')}/${name}`)
}

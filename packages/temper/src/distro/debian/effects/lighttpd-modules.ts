import type { CommandCall, Effect, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const done: CommandResult = { status: 0, output: '' }
/** What it answers when there was nothing to do. */
const nothing: CommandResult = { status: 2, output: '' }
const folder = 'etc/lighttpd'

/** Pieces of configuration of lighttpd that packages enable. */
export const lighttpdModules: Effect = {
  id: 'lighttpd-modules',
  title: 'Enabled configuration of lighttpd',
  why: 'lighttpd reads /etc/lighttpd/conf-enabled, where the scripts of its packages have links made.',
  source: 'lighty-enable-mod(1)',
  start(context) {
    const enabled: string[] = []
    const enable = (call: CommandCall) => enableAll(call, context, enabled)
    return {
      commands: { 'lighty-enable-mod': enable, 'lighttpd-enable-mod': enable },
      finish: () => {
        if (enabled.length > 0) context.note('lighttpd-modules', enabled.join(', '))
      },
    }
  },
}

/** Links each module, and those that it depends on, as "# -*- depends: fastcgi -*-" says. */
function enableAll(
  call: CommandCall,
  { stage }: EffectContext,
  enabled: string[],
): CommandResult | undefined {
  const { arguments: words, certain } = call
  if (!certain || words.length === 0 || words.includes(undefined)) return undefined
  const available = new Map(
    stage.list(`${folder}/conf-available`).flatMap((file): [string, string][] => {
      const name = /^\d+-([\w.-]+)\.conf$/.exec(file)?.[1]
      return name === undefined ? [] : [[name, file]]
    }),
  )
  const wanted = words.filter((word) => word !== undefined)
  const seen = new Set<string>()
  let result = done
  for (let name = wanted.shift(); name !== undefined; name = wanted.shift()) {
    const file = available.get(name)
    const path = `${folder}/conf-enabled/${file}`
    if (seen.has(name)) continue
    seen.add(name)
    if (file === undefined || stage.get(path) !== undefined) {
      result = nothing
      continue
    }
    const text = stage.text(`${folder}/conf-available/${file}`)
    // What it depends on, or cannot stand beside, is not known.
    if (text === undefined || /# -\*- conflicts:/.test(text)) return undefined
    wanted.push(
      ...(/# -\*- depends: ([-\w, ]+) -\*-/.exec(text)?.[1] ?? '')
        .split(/,\s+/)
        .filter((each) => each !== ''),
    )
    stage.put({ path, type: 'symlink', mode: 0o777, target: `../conf-available/${file}` })
    enabled.push(name)
  }
  return result
}

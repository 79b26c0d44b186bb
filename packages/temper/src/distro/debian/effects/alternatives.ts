import type { CommandCall, Effect, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const done: CommandResult = { status: 0, output: '' }

interface Link {
  /** Where programs look, e.g. "/usr/bin/java". */
  readonly link: string
  /** Name below /etc/alternatives. */
  readonly name: string
  readonly path: string
}

interface Choice extends Link {
  readonly priority: number
  readonly slaves: readonly Link[]
}

/** Default programs among several that do the same. */
export const alternatives: Effect = {
  id: 'alternatives',
  title: 'Links of the alternatives system',
  why: 'Names such as java, psql, awk or editor are links that update-alternatives makes.',
  source: 'update-alternatives(1); Debian Policy, appendix F',
  start(context) {
    const choices = new Map<string, Choice[]>()
    return {
      owns: ['etc/alternatives/**', 'var/lib/dpkg/alternatives/**'],
      commands: { 'update-alternatives': (call) => register(call, choices, context) },
      finish: () => {
        const best = [...choices.keys()].sort().flatMap((name) => chosen(choices.get(name)) ?? [])
        for (const { name, path } of best) context.note('alternatives', `${name} → ${path}`)
      },
    }
  },
}

function register(
  call: CommandCall,
  choices: Map<string, Choice[]>,
  context: EffectContext,
): CommandResult | undefined {
  const words = call.arguments
  const install = words.indexOf('--install')
  if (install < 0) return other(words, choices)
  const [link, name, path, priority] = words.slice(install + 1, install + 5)
  if (link === undefined || name === undefined || path === undefined) return undefined
  if (priority === undefined || !/^-?\d{1,9}$/.test(priority)) return undefined
  // A master whose file the image does not have (removed as documentation, or with its package) is no choice.
  if (!context.stage.resolve(path)) return done
  const choice: Choice = { link, name, path, priority: Number(priority), slaves: readSlaves(words) }
  const list = choices.get(name) ?? []
  choices.set(name, [...list.filter((present) => present.path !== path), choice])
  const best = chosen(choices.get(name))
  if (best) makeLinks(best, context)
  return done
}

function other(
  words: readonly (string | undefined)[],
  choices: Map<string, Choice[]>,
): CommandResult | undefined {
  const [verb, name] = words.filter((word) => word === undefined || !/^--(?:quiet|force|verbose)$/.test(word))
  if (verb === '--remove' || verb === '--remove-all') return done
  // Names are in their final state already: the highest priority is chosen.
  if (verb === '--auto') return done
  if (name === undefined) return undefined
  const paths = (choices.get(name) ?? []).map((choice) => `${choice.path}\n`)
  if (verb === '--list') return { status: paths.length > 0 ? 0 : 2, output: paths.join('') }
  if (verb === '--query' || verb === '--display')
    return { status: paths.length > 0 ? undefined : 2, output: paths.length > 0 ? undefined : '' }
  return undefined
}

function readSlaves(words: readonly (string | undefined)[]): readonly Link[] {
  const slaves: Link[] = []
  words.forEach((word, i) => {
    const [link, name, path] = words.slice(i + 1, i + 4)
    if (word === '--slave' && link !== undefined && name !== undefined && path !== undefined)
      slaves.push({ link, name, path })
  })
  return slaves
}

/** The highest priority wins; among equals the first path by name, so that no order of packages matters. */
function chosen(choices: readonly Choice[] | undefined): Choice | undefined {
  return [...(choices ?? [])].sort((a, b) => b.priority - a.priority || (a.path < b.path ? -1 : 1))[0]
}

function makeLinks(choice: Choice, { stage }: EffectContext): void {
  for (const { link, name, path } of [choice, ...choice.slaves]) {
    // Slaves are mostly manual pages, which images have not.
    if (!stage.resolve(path)) continue
    const present = stage.get(stage.canonical(link))
    // update-alternatives does not replace a real file either.
    if (present && present.type !== 'symlink') continue
    stage.put({ path: `etc/alternatives/${name}`, type: 'symlink', mode: 0o777, target: path })
    stage.put({ path: link, type: 'symlink', mode: 0o777, target: `/etc/alternatives/${name}` })
  }
}

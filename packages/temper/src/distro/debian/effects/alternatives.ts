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

/** A name with the programs to choose from. */
interface Alternative {
  /** The choices, by path. */
  readonly choices: Map<string, Choice>
  /** The path that somebody set, which stays until it is removed. */
  set?: string | undefined
  /** Paths of the present links. */
  links: readonly string[]
}

/** Effect: default programs among several with the same purpose. */
export const alternatives: Effect = {
  id: 'alternatives',
  title: 'Links of the alternatives system',
  why: 'Names such as java, psql, awk or editor are links that update-alternatives makes.',
  source: 'update-alternatives(1); Debian Policy, appendix F',
  start(context) {
    const all = new Map<string, Alternative>()
    return {
      owns: ['etc/alternatives/**', 'var/lib/dpkg/alternatives/**'],
      commands: { 'update-alternatives': (call) => update(call, all, context) },
      finish: () => {
        const best = [...all.keys()].sort().flatMap((name) => chosen(all.get(name)) ?? [])
        for (const { name, path } of best) context.note('alternatives', `${name} → ${path}`)
      },
    }
  },
}

function update(
  call: CommandCall,
  all: Map<string, Alternative>,
  context: EffectContext,
): CommandResult | undefined {
  const words = call.arguments
  const install = words.indexOf('--install')
  if (install >= 0) return register(words, { install, all, context })
  const [verb, name, path] = words.filter(
    (word) => word === undefined || !/^--(?:quiet|force|verbose)$/.test(word),
  )
  const alternative = name === undefined ? undefined : all.get(name)
  const paths = [...(alternative?.choices.keys() ?? [])]
  switch (verb) {
    case '--remove':
    case '--remove-all':
      for (const each of verb === '--remove' ? [path] : paths) leave(each, alternative)
      break
    case '--auto':
      if (alternative) alternative.set = undefined
      break
    case '--set':
      // One whose file the image does not have was never registered here.
      if (path !== undefined && !context.stage.resolve(path)) return done
      if (path === undefined || alternative?.choices.has(path) !== true) return { status: 2, output: '' }
      alternative.set = path
      break
    case '--list':
      return name === undefined
        ? undefined
        : { status: paths.length > 0 ? 0 : 2, output: paths.map((each) => `${each}\n`).join('') }
    case '--query':
    case '--display':
      if (name === undefined) return undefined
      return { status: paths.length > 0 ? undefined : 2, output: paths.length > 0 ? undefined : '' }
    default:
      return undefined
  }
  if (alternative) makeLinks(alternative, context)
  return done
}

function leave(path: string | undefined, alternative: Alternative | undefined): void {
  if (path === undefined || alternative === undefined) return
  alternative.choices.delete(path)
  if (alternative.set === path) alternative.set = undefined
}

function register(
  words: CommandCall['arguments'],
  {
    install,
    all,
    context,
  }: {
    readonly install: number
    readonly all: Map<string, Alternative>
    readonly context: EffectContext
  },
): CommandResult | undefined {
  const [link, name, path, priority] = words.slice(install + 1, install + 5)
  if (link === undefined || name === undefined || path === undefined) return undefined
  if (priority === undefined || !/^-?\d{1,9}$/.test(priority)) return undefined
  // A master whose file the image does not have (removed as documentation, or with its package) is no choice.
  if (!context.stage.resolve(path)) return done
  const alternative: Alternative = all.get(name) ?? { choices: new Map(), links: [] }
  all.set(name, alternative)
  alternative.choices.set(path, { link, name, path, priority: Number(priority), slaves: readSlaves(words) })
  makeLinks(alternative, context)
  return done
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

/**
 * What was set, else the highest priority; among equals the first path by name, so that no order of packages matters.
 */
function chosen(alternative: Alternative | undefined): Choice | undefined {
  if (alternative === undefined) return undefined
  const { choices, set } = alternative
  if (set !== undefined) return choices.get(set)
  return [...choices.values()].sort((a, b) => b.priority - a.priority || (a.path < b.path ? -1 : 1))[0]
}

function makeLinks(alternative: Alternative, { stage }: EffectContext): void {
  const choice = chosen(alternative)
  const links: string[] = []
  for (const { link, name, path } of choice === undefined ? [] : [choice, ...choice.slaves]) {
    // Slaves are mostly manual pages, which images have not.
    if (!stage.resolve(path)) continue
    const present = stage.get(stage.canonical(link))
    stage.put({ path: `etc/alternatives/${name}`, type: 'symlink', mode: 0o777, target: path })
    links.push(`etc/alternatives/${name}`)
    // update-alternatives does not replace a real file either.
    if (present && present.type !== 'symlink') continue
    stage.put({ path: link, type: 'symlink', mode: 0o777, target: `/etc/alternatives/${name}` })
    links.push(link)
  }
  for (const path of alternative.links) if (!links.includes(path)) stage.remove(path)
  alternative.links = links
}

import { readOptions } from '../../shared/effects/command-line.ts'
import type { CommandCall, CommandModel, Effect, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const done: CommandResult = { status: 0, output: '' }
const unknown: CommandResult = { status: undefined, output: undefined }
const namePattern = /^[\w.+-]{1,100}$/

/** What apache2 reads: modules, pieces of configuration and sites are enabled by links. */
interface Kind {
  /** "mods": of mods-available and mods-enabled. */
  readonly folder: string
  /** Files that belong together, the first of which has to be there. */
  readonly endings: readonly string[]
}

const kinds: Readonly<Record<string, Kind>> = {
  a2enmod: { folder: 'mods', endings: ['.load', '.conf'] },
  a2enconf: { folder: 'conf', endings: ['.conf'] },
  a2ensite: { folder: 'sites', endings: ['.conf'] },
}

/** Modules, configuration and sites of the Apache web server that packages enable. */
export const apacheModules: Effect = {
  id: 'apache-modules',
  title: 'Enabled modules, configuration and sites of Apache',
  why: 'apache2 reads /etc/apache2/*-enabled, where the scripts of its packages have links made.',
  source: 'a2enmod(8), a2enconf(8), a2ensite(8), a2query(1)',
  start(context) {
    let count = 0
    const enable = (kind: Kind): CommandModel => {
      return (call) => {
        const made = enableAll(kind, call, context)
        count += made ?? 0
        return made === undefined ? undefined : done
      }
    }
    const commands = Object.entries(kinds).map(([name, kind]): [string, CommandModel] => [name, enable(kind)])
    return {
      commands: { ...Object.fromEntries(commands), a2query: (call) => query(call, context) },
      finish: () => {
        if (count > 0) context.note('apache-modules', `${count} links`)
      },
    }
  },
}

/** Number of links that were made; undefined when it cannot be told what should be enabled, or whether. */
function enableAll(kind: Kind, call: CommandCall, context: EffectContext): number | undefined {
  const { operands } = readOptions(call.arguments, {})
  const names = operands.filter((name) => name !== undefined && namePattern.test(name)) as string[]
  if (!call.certain || operands.length === 0 || names.length < operands.length) return undefined
  const first = kind.endings[0] ?? ''
  const wanted = names.map((name) => name.replace(/\.(?:load|conf)$/, ''))
  const seen = new Set<string>()
  let made = 0
  for (let name = wanted.shift(); name !== undefined; name = wanted.shift()) {
    if (seen.has(name)) continue
    seen.add(name)
    const file = `etc/apache2/${kind.folder}-available/${name}${first}`
    if (context.stage.resolve(file) === undefined) return undefined
    if (kind.folder === 'mods') wanted.push(...dependencies(context.stage.text(file) ?? ''))
    for (const ending of kind.endings) made += link(`${name}${ending}`, kind, context)
  }
  return made
}

/** `a2query -m MODULE`, `-c CONFIGURATION` or `-s SITE`: whether it is enabled; nobody has disabled anything. */
function query({ arguments: words }: CommandCall, { stage }: EffectContext): CommandResult {
  const { values } = readOptions(words, { valued: ['-m', '-c', '-s'] })
  const folders = { '-m': 'mods', '-c': 'conf', '-s': 'sites' } as const
  for (const [option, folder] of Object.entries(folders)) {
    const name = values.get(option)
    if (name === undefined) continue
    const ending = folder === 'mods' ? '.load' : '.conf'
    const enabled = stage.get(`etc/apache2/${folder}-enabled/${name}${ending}`) !== undefined
    return { status: enabled ? 0 : 1, output: '' }
  }
  return unknown
}

/** `# Depends: mime socache_shmcb` in the file that loads a module. */
function dependencies(text: string): string[] {
  const names = /^#\s*Depends:\s*(.*)$/m.exec(text)?.[1] ?? ''
  return names.split(/[\s,]+/).filter((name) => namePattern.test(name))
}

function link(name: string, { folder }: Kind, { stage }: EffectContext): number {
  const path = `etc/apache2/${folder}-enabled/${name}`
  if (stage.get(path) || !stage.resolve(`etc/apache2/${folder}-available/${name}`)) return 0
  stage.put({ path, type: 'symlink', mode: 0o777, target: `../${folder}-available/${name}` })
  return 1
}

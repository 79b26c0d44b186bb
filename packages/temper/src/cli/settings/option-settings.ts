import { type Command, InvalidArgumentError, type Option } from 'commander'
import { TemperError } from '../../base/error.ts'
import type { FileSetting } from './configuration.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where options come from that the command line does not give. */
export interface OptionSources {
  readonly env: Environment
  /** The configuration file's path, and its options. */
  readonly file: string
  readonly options: ReadonlyMap<string, FileSetting>
}

/** An option that the environment or the configuration file sets. */
export interface OptionSetting {
  readonly option: Option
  readonly value: unknown
  /** "TEMPER_SCAN_FAIL_ON", or "/home/me/.config/temper/config.yaml:12". */
  readonly from: string
}

/** Options that mean the same in every command that has them: for these a variable or setting may leave the command out. */
const general: ReadonlySet<string> = new Set([
  ...[
    'distro',
    'evidence',
    'exclude',
    'exit-code',
    'fail-on',
    'feeds',
    'fulcio',
    'ignore',
    'only-fixed',
    'platform',
  ],
  ...[
    'rekor',
    'runtime',
    'secrets',
    'severity',
    'show-suppressed',
    'strict',
    'timestamp',
    'trusted-root',
    'tsa',
    'vex',
  ],
])

/** Options of which the one that is given keeps settings of the other away. */
const rivals: Readonly<Record<string, readonly string[]>> = {
  quiet: ['verbose'],
  verbose: ['quiet'],
  key: ['keyless', 'identity', 'identityRegexp'],
  keyless: ['key'],
  identity: ['identityRegexp', 'key'],
  identityRegexp: ['identity', 'key'],
  issuer: ['issuerRegexp'],
  issuerRegexp: ['issuer'],
}

/** Names of the variables that set an option, the strongest first. `command` is undefined for options of every command. */
export function variablesOf(option: Option, command: string | undefined): readonly string[] {
  return keysOf(option, command).map((key) => `TEMPER_${key.toUpperCase().replace(/[.-]/g, '_')}`)
}

/** "scan.fail-on", and "fail-on" where that is clear enough. */
export function keysOf(option: Option, command: string | undefined): readonly string[] {
  const name = nameOf(option)
  if (command === undefined) return [name]
  return [`${command}.${name}`, ...(general.has(name) ? [name] : [])]
}

/** Options that settings can set: not those that end the program, or say where settings are. */
export function settable(options: readonly Option[]): readonly Option[] {
  const positive = new Set(options.filter(({ negate }) => !negate).map((option) => option.attributeName()))
  return options.filter(
    (option) =>
      !option.hidden &&
      !['--version', '--config', '--help'].includes(option.long ?? '') &&
      !(option.negate && positive.has(option.attributeName())),
  )
}

/** Gives options of `command`, and those of every command, what settings say; the command line is stronger. */
export function applySettings(program: Command, command: Command, sources: OptionSources): void {
  const own = [
    { owner: program, name: undefined },
    { owner: command, name: command.name() },
  ]
  refuseUnknown(own, sources)
  const given = new Set(own.flatMap(({ owner }) => givenIn(owner)))
  for (const { owner, name } of own)
    for (const { option, value } of settingsOf(owner.options, name, sources)) {
      const attribute = option.attributeName()
      if ([attribute, ...(rivals[attribute] ?? [])].some((each) => given.has(each))) continue
      owner.setOptionValueWithSource(attribute, value, 'env')
    }
}

/** A misspelt option in the configuration file must not go unnoticed; those of other commands are theirs to check. */
function refuseUnknown(
  owners: readonly { readonly owner: Command; readonly name: string | undefined }[],
  { options, file }: OptionSources,
): void {
  const known = new Set(
    owners.flatMap(({ owner, name }) => settable(owner.options).flatMap((option) => keysOf(option, name))),
  )
  const command = owners.at(-1)?.name
  for (const [key, { line }] of options) {
    if (known.has(key) || general.has(key) || (key.includes('.') && !key.startsWith(`${command}.`))) continue
    const name = key.slice(key.indexOf('.') + 1)
    const where = key.includes('.') ? `"temper ${command}" has` : 'commands have'
    throw wrong(`${file}:${line}`, `${where} no option --${name} that could be set here`)
  }
}

function givenIn(command: Command): readonly string[] {
  return command.options
    .map((option) => option.attributeName())
    .filter((name) => command.getOptionValueSource(name) === 'cli')
}

/** What settings say of these options. Throws `bad-configuration` for values that an option does not take. */
export function settingsOf(
  options: readonly Option[],
  command: string | undefined,
  sources: OptionSources,
): readonly OptionSetting[] {
  return settable(options).flatMap((option) => {
    const setting = stated(option, command, sources)
    return setting === undefined
      ? []
      : [{ option, value: valueFrom(option, setting.value, setting.from), from: setting.from }]
  })
}

function stated(option: Option, command: string | undefined, { env, file, options }: OptionSources) {
  for (const name of variablesOf(option, command)) if (env[name]) return { value: env[name], from: name }
  for (const key of keysOf(option, command)) {
    const entry = options.get(key)
    if (entry !== undefined) return { value: entry.value, from: `${file}:${entry.line}` }
  }
  return undefined
}

/** As the command line would have it. */
function valueFrom(option: Option, value: unknown, from: string): unknown {
  const flag = !option.required && !option.optional
  const answer = truth(value)
  if (flag || (option.optional && answer === true)) {
    if (answer !== undefined) return answer
    throw wrong(from, `${option.long}: expected true or false`)
  }
  const texts = listed(value, option).map((item) => {
    if (['string', 'number', 'boolean'].includes(typeof item)) return String(item)
    throw wrong(from, `${option.long}: expected text, or a list of texts`)
  })
  try {
    return texts.reduce<unknown>(
      (earlier, text) => (option.parseArg ? option.parseArg(text, earlier) : text),
      undefined,
    )
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    throw wrong(from, `${option.long}: ${error.message}`)
  }
}

/** A variable may hold several values of an option that is repeated, one a line, as pipelines write lists. */
function listed(value: unknown, option: Option): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value !== 'string' || !value.includes('\n') || option.parseArg === undefined) return [value]
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function truth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = String(value).toLowerCase()
  if (['1', 'true', 'yes', 'on'].includes(text)) return true
  return ['0', 'false', 'no', 'off', ''].includes(text) ? false : undefined
}

/** "fail-on"; "secrets" of "--no-secrets". */
function nameOf(option: Option): string {
  return (option.long ?? '').replace(/^--(?:no-)?/, '')
}

function wrong(from: string, what: string): TemperError {
  return new TemperError('bad-configuration', `${from}: ${what}`)
}

import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { type Settings, settingsSchema } from './settings.ts'
import { TemperError } from './temper.ts'

/** The sources of settings, the strongest last. */
export interface SettingsSources {
  /** The contents of a file: names with hyphens, paths relative to the file. */
  readonly file?: { readonly path: string; readonly line: number; readonly value: unknown }
  /**
   * Variables: TEMPER_SERVICE__OIDC__CLIENT_ID is `oidc.client-id`; values that are valid JSON are read as JSON,
   * others as text.
   */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What the program that starts the service sets, by the names of `Settings`. */
  readonly given: Readonly<Record<string, unknown>>
}

const prefix = 'TEMPER_SERVICE__'

/** Settings that are paths: relative to the file that names them. */
const paths: ReadonlySet<string> = new Set(['data', 'feeds', 'recipes'])

type Tree = { [name: string]: unknown }

/**
 * Merges settings and checks them. Throws `bad-configuration`, which says which one is wrong, where it stands and
 * what is expected.
 */
export function settingsFrom({ file, environment, given }: SettingsSources): Settings {
  const fromFile = file === undefined ? {} : camelized(file.value, dirname(file.path))
  const { value: fromEnvironment, names } = fromVariables(environment)
  const value = withoutFalse(merged(merged(fromFile, fromEnvironment), given))
  const read = settingsSchema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const path = [
    ...(issue?.path ?? []),
    ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
  ]
  const where = placeOf(path, { names, ...(file === undefined ? {} : { file, fromFile }) })
  const what =
    issue?.code === 'unrecognized_keys'
      ? `there is no such setting; known here are ${knownAt(path.slice(0, -1)).join(', ')}`
      : issue?.code === 'invalid_type' && !has(value, path)
        ? `is missing: expected ${issue.expected}`
        : issue?.message
  throw new TemperError('bad-configuration', `${where}: ${what}`)
}

interface Sources {
  /** Variables by the settings that they are. */
  readonly names: ReadonlyMap<string, string>
  readonly file?: SettingsSources['file']
  readonly fromFile?: Tree
}

/**
 * The place where a setting was said, as whoever reads it finds it. One that is missing belongs where most of what it lies in was said.
 */
function placeOf(path: readonly PropertyKey[], { names, file, fromFile }: Sources): string {
  for (let depth = path.length; depth > 0; depth--) {
    const said = path.slice(0, depth)
    const variable = names.get(nameOf(said).toLowerCase())
    const rest = path.slice(depth)
    if (variable !== undefined) return rest.length === 0 ? variable : `${variable}: ${nameOf(rest)}`
    if (file !== undefined && has(fromFile, said)) return `${file.path}:${file.line}: service.${nameOf(path)}`
  }
  return nameOf(path)
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `client-id` as `clientId`, at every depth. */
function camelized(value: unknown, folder: string): Tree {
  const inside = (each: unknown, name: string): unknown => {
    // What is said of one path is said of each in a list.
    if (Array.isArray(each)) return each.map((item) => inside(item, name.replace(/s$/, '')))
    if (isTree(each)) return tree(each)
    return typeof each === 'string' && isPath(name, each) ? resolve(folder, each) : each
  }
  const tree = (each: Tree): Tree =>
    Object.fromEntries(Object.entries(each).map(([name, item]) => [camel(name), inside(item, camel(name))]))
  if (isTree(value)) return tree(value)
  throw new TemperError('bad-configuration', 'service: expected settings as "name: value"')
}

/** A policy is one that is packaged, unless its name can only be a file's. */
function isPath(name: string, value: string): boolean {
  return paths.has(name) || name.endsWith('File') || (name === 'policy' && /[/.]/.test(value))
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** As a file has it. */
function nameOf(path: readonly PropertyKey[]): string {
  return path.map((part) => String(part).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)).join('.')
}

function fromVariables(environment: SettingsSources['environment']): {
  readonly value: Tree
  /** Variables by the settings that they are. */
  readonly names: ReadonlyMap<string, string>
} {
  const names = new Map<string, string>()
  let value: Tree = {}
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(prefix) || text === undefined || text === '') continue
    const path = name.slice(prefix.length).toLowerCase().replaceAll('_', '-').split('--')
    names.set(path.join('.'), name)
    const leaf: unknown = path.reduceRight<unknown>(
      (inner, part) => ({ [camel(part)]: inner }),
      parsedOf(text),
    )
    if (isTree(leaf)) value = merged(value, leaf)
  }
  return { value, names }
}

function parsedOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return isTree(value) ? camelized(value, '.') : value
  } catch {
    return text
  }
}

/** Both, and where both say something, the second. */
function merged(first: Tree, second: Tree): Tree {
  const all: Tree = { ...first }
  for (const [name, value] of Object.entries(second)) {
    const before = all[name]
    if (before === false && isTree(value)) continue
    all[name] = isTree(before) && isTree(value) ? merged(before, value) : value
  }
  return all
}

/** `false` says that there shall be none of something that has settings of its own, and is stronger than these. */
function withoutFalse(all: Tree): Tree {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== false))
}

function has(value: unknown, path: readonly PropertyKey[]): boolean {
  const [first, ...rest] = path
  if (first === undefined) return true
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, first)) return false
  return has((value as Record<PropertyKey, unknown>)[first], rest)
}

interface Described {
  readonly properties?: Readonly<Record<string, Described>>
  readonly items?: Described
  readonly anyOf?: readonly Described[]
}

/** Names of the settings at a place, as a file spells them. */
export function knownAt(path: readonly PropertyKey[]): readonly string[] {
  const all = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }) as Described
  const described = path.reduce<Described | undefined>(
    (at, part) => (typeof part === 'number' ? at?.items : at?.properties?.[String(part)]),
    all,
  )
  return Object.keys(described?.properties ?? {}).map((name) => nameOf([name]))
}

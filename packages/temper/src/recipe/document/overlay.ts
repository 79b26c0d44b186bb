import { scalarText } from '../../base/json/value.ts'
import type { RecipeDocument } from './document.ts'
import { addAt } from './issue.ts'
import type { RecipePath, RecipePlace } from './problem.ts'

/**
 * A document laid over another: mappings are merged key by key, lists are added to, anything else is replaced. In a
 * list `!x` takes `x` away. A command counts as one value and is replaced as a whole; an entry with an identity (a
 * package, a file, an account, a test) replaces the one of the same name.
 */
export function overlay(base: RecipeDocument, top: RecipeDocument): RecipeDocument {
  return documentOf(merge(wholeOf(base), wholeOf(top), []))
}

/** The part of a document at one path, as a document of its own that keeps its places. */
export function within(document: RecipeDocument, path: RecipePath): RecipeDocument {
  return documentOf(inside(wholeOf(document), path))
}

/** Values that nobody wrote, as a document; problems with them are reported at the place of another document. */
export function constant(value: Readonly<Record<string, unknown>>, at: RecipeDocument): RecipeDocument {
  const place = () => at.placeOf([])
  return { value, placeOf: place, keyPlaceOf: place }
}

/** A document without some of its top-level keys. */
export function withoutKeys(document: RecipeDocument, keys: ReadonlySet<string>): RecipeDocument {
  const whole = wholeOf(document)
  if (!isMapping(whole.value)) return document
  const names = Object.keys(whole.value).filter((name) => !keys.has(name))
  return documentOf(mapping(whole, new Map(names.map((name) => [name, inside(whole, [name])]))))
}

/** A value with where it comes from; what was put together from several places has members of their own. */
interface Origin {
  readonly value: unknown
  readonly document: RecipeDocument
  readonly path: RecipePath
  readonly members?: ReadonlyMap<string | number, Origin>
}

function wholeOf(document: RecipeDocument): Origin {
  return { value: document.value, document, path: [] }
}

function inside(origin: Origin, path: RecipePath): Origin {
  let inner = origin
  for (const part of path) {
    const value = memberAt(inner.value, part)
    inner = inner.members?.get(part) ?? { value, document: inner.document, path: [...inner.path, part] }
  }
  return inner
}

/** Only what is there itself: a recipe may have a key "constructor". */
function memberAt(value: unknown, part: RecipePath[number]): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
  return (value as Readonly<Record<PropertyKey, unknown>>)[part]
}

function documentOf(origin: Origin): RecipeDocument {
  const at = (path: RecipePath, find: (held: Origin) => RecipePlace) => find(inside(origin, path))
  return {
    value: origin.value,
    placeOf: (path) => at(path, ({ document, path }) => document.placeOf(path)),
    keyPlaceOf: (path) => at(path, ({ document, path }) => document.keyPlaceOf(path)),
  }
}

function mapping(around: Origin, members: ReadonlyMap<string, Origin>): Origin {
  const value = Object.fromEntries([...members].map(([name, { value }]) => [name, value]))
  return { value, document: around.document, path: around.path, members }
}

function list(around: Origin, members: readonly Origin[]): Origin {
  const value = members.map(({ value }) => value)
  return { value, document: around.document, path: around.path, members: new Map(members.entries()) }
}

function merge(base: Origin, top: Origin, path: RecipePath): Origin {
  if (isMapping(base.value) && isMapping(top.value)) return mergeMappings(base, top, path)
  const key = path.at(-1)
  const isCommand = typeof key === 'string' && commands.has(key)
  if (isCommand || !Array.isArray(top.value)) return top
  // The first of its kind has nothing to add to, but may still take away what is not there.
  if (Array.isArray(base.value) || base.value === undefined) return mergeLists(base, top, path)
  return top
}

function mergeMappings(base: Origin, top: Origin, path: RecipePath): Origin {
  const names = new Set([...Object.keys(base.value as object), ...Object.keys(top.value as object)])
  const members = new Map<string, Origin>()
  for (const name of names) {
    const [under, over] = [inside(base, [name]), inside(top, [name])]
    const isOver = Object.hasOwn(top.value as object, name)
    members.set(name, isOver ? merge(under, over, [...path, name]) : under)
  }
  return mapping(top, members)
}

function mergeLists(base: Origin, top: Origin, path: RecipePath): Origin {
  const kind = listKind(path)
  let result = membersOf(base)
  // More than any list may have: it is refused later, and comparing all with all would take its time.
  if (result.length + membersOf(top).length > longest) return list(top, [...result, ...membersOf(top)])
  for (const member of membersOf(top)) {
    const taken = typeof member.value === 'string' && member.value.startsWith('!') && member.value.slice(1)
    if (taken !== false) {
      const left = result.filter(({ value }) => !kind.names(value).includes(taken))
      const isMatched = left.length < result.length
      result = left
      if (isMatched || isDeferred(path)) {
        if (!isMatched) result.push(member)
        continue
      }
      if (kind.keepsOut !== true) {
        addAt(member.document.placeOf(member.path), nothingToTake(taken, result, kind))
        continue
      }
    }
    const replaced = kind.replaces?.(member.value)
    if (replaced !== undefined) result = result.filter(({ value }) => kind.replaces?.(value) !== replaced)
    result.push(member)
  }
  return list(top, result)
}

function membersOf(origin: Origin): Origin[] {
  if (!Array.isArray(origin.value)) return []
  return origin.value.map((_, i) => inside(origin, [i]))
}

function nothingToTake(name: string, members: readonly Origin[], kind: ListKind): string {
  const known = members.flatMap(({ value }) => kind.names(value).slice(0, 1))
  const list = known.length === 0 ? 'the list is empty' : `the list has ${known.slice(0, 10).join(', ')}`
  return `there is no "${name.slice(0, 80)}" to take away: ${list}`
}

/** Of a line or variant in a recipe that is extended: what it takes away is known when it is laid over the recipe. */
function isDeferred(path: RecipePath): boolean {
  return path[0] === 'variants' || path[0] === 'lines'
}

/** Where it will be in the recipe. */
function pathInRecipe(path: RecipePath): RecipePath {
  return isDeferred(path) ? pathInRecipe(path.slice(2)) : path
}

/** Lists of words that are one command. */
const commands = new Set(['entrypoint', 'cmd', 'command'])

/** Entries of any list of a recipe. */
const longest = 2000

interface ListKind {
  /** The names by which `!x` may refer to an entry. */
  names(entry: unknown): readonly string[]
  /** Entries with the same value replace each other. */
  replaces?(entry: unknown): string | undefined
  /** Whether `!x` has a meaning of its own where there is no x. */
  readonly keepsOut?: true
}

const byNames = (...keys: readonly string[]): ListKind => ({
  names: (entry) => namesOf(entry, keys),
  replaces: (entry) => namesOf(entry, keys)[0],
})

const kinds: Readonly<Record<string, ListKind>> = {
  'contents.packages': {
    names: (entry) => (typeof entry === 'string' ? [packageName(entry), entry] : []),
    replaces: (entry) => (typeof entry === 'string' ? packageName(entry.replace(/^!/, '')) : undefined),
    keepsOut: true,
  },
  'contents.files': byNames('path'),
  'contents.repositories': { names: (entry) => namesOf(entry, ['name', 'address']) },
  'accounts.users': byNames('name', 'username'),
  'accounts.groups': byNames('name', 'groupname'),
  'hardening.allow': { names: (entry) => namesOf(entry, ['rule']) },
  paths: { names: (entry) => namesOf(entry, ['path']) },
  steps: byNames('name'),
  tests: byNames('name'),
}

const anyList: ListKind = { names: (entry) => [scalarText(entry)] }

function listKind(path: RecipePath): ListKind {
  const name = pathInRecipe(path).join('.')
  return (Object.hasOwn(kinds, name) ? kinds[name] : undefined) ?? anyList
}

function namesOf(entry: unknown, keys: readonly string[]): readonly string[] {
  if (typeof entry === 'string') return [entry]
  if (!isMapping(entry)) return []
  return keys.flatMap((key) => (typeof entry[key] === 'string' ? [entry[key]] : []))
}

function packageName(request: string): string {
  return /^[^\s=<>~@]+/.exec(request)?.[0] ?? request
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

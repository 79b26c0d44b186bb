import { isObject, itemsOf, type JsonObject, memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { DevelopmentCount } from '../development.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'
import { parseTomlFile } from '../toml.ts'

/**
 * poetry.lock: up to 1.4 packages name their `category`, from 2.0 on their `groups`; in between nothing tells what
 * only development needs.
 */
export async function readPoetryLock(file: FileContent): Promise<LanguageFact> {
  const lock = await parseTomlFile(file.bytes, 'poetry.lock')
  return lockOf(lock, (entry) => {
    const groups = itemsOf(memberOf(entry, 'groups'))
    return groups.length > 0 ? !groups.includes('main') : memberOf(entry, 'category') === 'dev'
  })
}

/** pdm.lock: `groups` of each package, "default" for what is always needed. */
export async function readPdmLock(file: FileContent): Promise<LanguageFact> {
  const lock = await parseTomlFile(file.bytes, 'pdm.lock')
  return lockOf(lock, (entry) => {
    const groups = itemsOf(memberOf(entry, 'groups'))
    return groups.length > 0 && groups.every((group) => group === 'dev')
  })
}

/** uv.lock: what the project itself does not lead to is for development. */
export async function readUvLock(file: FileContent): Promise<LanguageFact> {
  const lock = await parseTomlFile(file.bytes, 'uv.lock')
  const needed = reachable(itemsOf(memberOf(lock, 'package')).filter(isObject))
  return lockOf(lock, (entry) => !needed.has(textOf(memberOf(entry, 'name')) ?? ''))
}

/**
 * Whether a marker holds only where a group is asked for that is not asked for by default, as those of development are (PEP 751,
 * "Marker syntax"): alone, or before what else has to hold, with or without parentheses.
 */
function isForGroup(marker: string, byDefault: readonly unknown[]): boolean {
  const [, one, other, and = ''] =
    /^\s*\(?\s*(?:'([^']*)'|"([^"]*)") in dependency_groups\s*\)?\s*(?:$|and\b(.*)$)/.exec(marker) ?? []
  const group = one ?? other
  const rest = and.replace(/\([^()]*\)/g, '')
  return group !== undefined && !byDefault.includes(group) && !/\bor\b/.test(rest)
}

/** pylock.toml and pylock.NAME.toml (PEP 751). What is there as a folder is the project itself. */
export async function readPylock(file: FileContent): Promise<LanguageFact> {
  const lock = await parseTomlFile(file.bytes, 'pylock.toml')
  const byDefault = itemsOf(memberOf(lock, 'default-groups'))
  const development = new DevelopmentCount()
  const facts = itemsOf(memberOf(lock, 'packages')).map((entry) => {
    if (!isObject(entry) || memberOf(entry, 'directory') !== undefined) return undefined
    const name = textOf(memberOf(entry, 'name')) ?? ''
    const isDevelopment = isForGroup(textOf(memberOf(entry, 'marker')) ?? '', byDefault)
    if (development.takes({ name, isDevelopment })) return undefined
    return packageFact(name, memberOf(entry, 'version'), { needs: needsOf(entry) })
  })
  return { kind: 'lock', packages: distinct(facts), development: development.count }
}

function lockOf(lock: unknown, isDevelopment: (entry: JsonObject) => boolean): LanguageFact {
  const development = new DevelopmentCount()
  const facts = itemsOf(memberOf(lock, 'package')).map((entry) => {
    if (!isObject(entry) || isOwn(entry)) return undefined
    const name = textOf(memberOf(entry, 'name')) ?? ''
    if (development.takes({ name, isDevelopment: isDevelopment(entry) })) return undefined
    return packageFact(name, memberOf(entry, 'version'), { needs: needsOf(entry) })
  })
  return { kind: 'lock', packages: distinct(facts), development: development.count }
}

/** The project itself and its workspace members. */
function isOwn(entry: JsonObject): boolean {
  const source = memberOf(entry, 'source')
  return ['editable', 'virtual', 'directory'].some((kind) => memberOf(source, kind) !== undefined)
}

/** Poetry has a table by name; uv and pdm lists, of tables with a name or of requirements. */
function needsOf(entry: JsonObject): string[] {
  const needs = memberOf(entry, 'dependencies')
  if (isObject(needs)) return membersOf(needs).map(([name]) => name)
  return itemsOf(needs).flatMap((need) => {
    const text = textOf(need) ?? textOf(memberOf(need, 'name'))
    const name = text === undefined ? undefined : /^[A-Za-z0-9][\w.-]*/.exec(text)?.[0]
    return name === undefined ? [] : [name]
  })
}

function reachable(entries: readonly JsonObject[]): ReadonlySet<string> {
  const byName = new Map<string, JsonObject[]>()
  for (const entry of entries) {
    const name = textOf(memberOf(entry, 'name')) ?? ''
    const others = byName.get(name)
    if (others === undefined) byName.set(name, [entry])
    else others.push(entry)
  }
  const roots = entries.filter(isOwn)
  // A lock without its project (a script's) has nothing else to start from.
  const open = (roots.length > 0 ? roots : entries).map((entry) => textOf(memberOf(entry, 'name')) ?? '')
  const names = new Set<string>()
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (names.has(name)) continue
    names.add(name)
    for (const entry of byName.get(name) ?? []) open.push(...needsOf(entry), ...optionalNeedsOf(entry))
  }
  return names
}

/** Extras may be installed too. */
function optionalNeedsOf(entry: JsonObject): string[] {
  return membersOf(memberOf(entry, 'optional-dependencies')).flatMap(([, needs]) =>
    itemsOf(needs).flatMap((need) => textOf(memberOf(need, 'name')) ?? []),
  )
}

import { TemperError } from '../../base/error.ts'
import { parseJson } from '../../base/json/parse.ts'
import { type JsonObject, membersOf, textOf } from '../../base/json/value.ts'
import { readLockJson } from '../lock-json.ts'
import {
  checkIdentity,
  graphFrom,
  integrityHashes,
  isPackageName,
  type ManifestGroup,
  type NpmEdge,
  type NpmEnvironment,
  type NpmGraph,
  type NpmNode,
  neededGroups,
  rootGroups,
} from './graph.ts'
import { resolutionsOf } from './resolutions.ts'

/** yarn.lock does not say what the project itself asks for: its package.json does. */
export interface YarnProject {
  readonly file: string
  readonly manifest: { readonly file: string; readonly text: string }
  readonly environment: NpmEnvironment
}

/** What a name and a range are in the lock. */
export type FindKey = (name: string, range: string, by: string) => string

/**
 * yarn.lock of yarn 1: what the project needs to run, and optional packages for all machines, of which it does not say which is
 * for which. Throws `bad-recipe`.
 */
export function readYarnLock(text: string, { file, manifest, environment }: YarnProject): NpmGraph {
  const project = readLockJson(manifest.text, manifest.file)
  const resolved = resolutionsOf(project)
  const entries = entriesOf(text, file)
  // The first of its keys is a package's own.
  const findKey: FindKey = (name, range, by) => {
    const [asked, instead] = [`${name}@${range}`, resolved(name, range, by)]
    const entry =
      (instead === undefined ? undefined : entries.get(`${name}@${instead}`)) ?? entries.get(asked)
    return entry?.key ?? asked
  }
  const groups = rootGroups(environment)
  const roots = edgesOf(project, { findKey, where: manifest.file, by: '', groups })
  return graphFrom({ roots }, (key) => {
    const entry = entries.get(key)
    return entry === undefined ? undefined : readEntry(entry, { findKey, file })
  })
}

function readEntry(
  { key, fields, groups }: Entry,
  { findKey, file }: { readonly findKey: FindKey; readonly file: string },
): NpmNode {
  const where = `${file}: ${key.slice(0, 200)}`
  const at = key.indexOf('@', 1)
  // "alias@npm:real@^1", "@s/a@npm:@s/b@1"
  const name = /^npm:(@?[^@]+)@/.exec(key.slice(at + 1))?.[1] ?? key.slice(0, at)
  const version = fields.get('version') ?? ''
  checkIdentity({ name, version, where })
  const resolved = fields.get('resolved')
  const hashes = [...integrityHashes(fields.get('integrity') ?? '')]
  // Before yarn 1.10 the address alone had the digest.
  const [, sha1] = /\.t(?:ar\.)?gz#([0-9a-f]{40})$/.exec(resolved ?? '') ?? []
  if (hashes.length === 0 && sha1 !== undefined) hashes.push(`sha1:${sha1}`)
  const url = resolved?.replace(/#.*$/, '')
  return {
    key,
    name,
    version,
    where,
    peers: [],
    hasInstallScript: false,
    // A repository has no digest that the lock could have; its address is no registry's.
    hashes: url !== undefined && /^https?:/.test(url) ? hashes : [],
    noDigest:
      'yarn 1.10 and later write one for packages from a registry when the entry is written again; folders and repositories have none.',
    ...(url === undefined ? {} : { url }),
    needs: edgesOf(Object.fromEntries(groups), { findKey, where, by: name }),
  }
}

/** A package.json, or what an entry needs, as edges; a name in several groups is of the last. */
export function edgesOf(
  from: JsonObject,
  about: {
    readonly findKey: FindKey
    readonly where: string
    readonly by: string
    readonly groups?: readonly ManifestGroup[]
  },
): readonly NpmEdge[] {
  const { findKey, where, by, groups = neededGroups } = about
  const edges = new Map<string, NpmEdge>()
  for (const group of groups)
    for (const [name, value] of membersOf(from[group])) {
      const range = textOf(value) ?? ''
      if (!isPackageName(name))
        throw new TemperError(
          'bad-recipe',
          `${where}: ${JSON.stringify(name.slice(0, 214))} is not a package name`,
        )
      if (/^(?:link|file|workspace|portal):/.test(range))
        throw new TemperError('bad-recipe', `${where}: ${name} is a folder (${range.slice(0, 200)})`, {
          hint: 'A lock of yarn does not say what such a folder needs to run: make node_modules in a build step, or lock with npm or pnpm.',
        })
      edges.set(name, { name, key: findKey(name, range, by), isOptional: group === 'optionalDependencies' })
    }
  return [...edges.values()]
}

interface Entry {
  readonly key: string
  readonly fields: Map<string, string>
  readonly groups: Map<string, Record<string, string>>
}

/** Characters of one line: packages that much of the world needs have some thousand ranges. */
const longestLine = 1_000_000

/** yarn 1's own format: keys at the margin, fields indented by two, what is needed by four. */
function entriesOf(text: string, file: string): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>()
  let entry: Entry | undefined
  let group: Record<string, string> | undefined
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const where = `${file}:${i + 1}`
    if (line.length > longestLine)
      throw new TemperError('limit-exceeded', `${where}: a line is longer than ${longestLine} characters`)
    if (/^\s*(?:#|$)/.test(line)) continue
    const words = wordsOf(line, where)
    const indent = line.length - line.trimStart().length
    const [first = '', second] = words
    if (indent === 0) {
      entry = { key: first, fields: new Map(), groups: new Map() }
      for (const key of words) entries.set(key, entry)
      group = undefined
    } else if (indent === 2 && second === undefined) {
      group = Object.create(null) as Record<string, string>
      entry?.groups.set(first, group)
    } else if (indent === 2) entry?.fields.set(first, second ?? '')
    else if (indent === 4 && group !== undefined && second !== undefined) group[first] = second
    else throw notYarn(where)
  }
  return entries
}

/** Words of a line, quoted as in JSON or bare, with commas between and a colon at the end. */
function wordsOf(line: string, where: string): readonly string[] {
  const words: string[] = []
  if (!/^(?:"(?:[^"\\]|\\.)*"|[^"])*$/.test(line)) throw notYarn(where)
  for (const [all, quoted] of line.trim().matchAll(/("(?:[^"\\]|\\.)*")|[^\s,"]+/g)) {
    if (quoted === undefined) words.push(all)
    else words.push(String(parseJson(quoted, { where, depth: 1, refuse: () => notYarn(where) })))
  }
  const last = words.at(-1)
  // The colon of `"a@1":` is a word of its own, that of `a@1:` is not.
  if (last === ':') words.pop()
  else if (last?.endsWith(':') === true && /^\S/.test(line)) words[words.length - 1] = last.slice(0, -1)
  else if (last?.endsWith(':') === true && words.length === 1) words[0] = last.slice(0, -1)
  if (words.length === 0) throw notYarn(where)
  return words
}

function notYarn(where: string): TemperError {
  return new TemperError('bad-recipe', `${where}: this is not a yarn lock`, {
    hint: 'yarn install writes it; resolve any merge conflict in it first.',
  })
}

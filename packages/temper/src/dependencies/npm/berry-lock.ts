import { TemperError } from '../../base/error.ts'
import { isObject, type JsonObject, memberOf, membersOf, textOf } from '../../base/json/value.ts'
import { readLockJson } from '../lock-json.ts'
import { readLockYaml } from '../lock-yaml.ts'
import {
  checkIdentity,
  fitsMachine,
  graphFrom,
  type NpmEdge,
  type NpmEnvironment,
  type NpmGraph,
  type NpmNode,
  rootGroups,
} from './graph.ts'
import { resolutionsOf } from './resolutions.ts'
import { edgesOf, type FindKey, type YarnProject } from './yarn-lock.ts'

/** Whether a yarn.lock is of yarn 2 or later, which is YAML. */
export function isBerryLock(text: string): boolean {
  return /^__metadata:/m.test(text)
}

/**
 * yarn.lock of yarn 4 (and earlier ones that compress nothing): what a project needs to run. Its digests are of the archives
 * that yarn makes, "zip-sha512:<hex>". Throws `bad-recipe`, `limit-exceeded`.
 */
export function readBerryLock(text: string, { file, manifest, environment }: YarnProject): NpmGraph {
  const project = readLockJson(manifest.text, manifest.file)
  const resolved = resolutionsOf(project)
  const entries = new Map<string, { readonly key: string; readonly entry: JsonObject }>()
  for (const [keys, entry] of membersOf(readLockYaml(text, file)))
    if (isObject(entry))
      for (const key of keys.split(', ')) entries.set(key, { key: keys.slice(0, 300), entry })
  const findKey: FindKey = (name, range, by) => {
    const instead = resolved(name, range, by)
    const asked = [instead, range].flatMap((each) => (each === undefined ? [] : [withProtocol(each)]))
    return asked.map((each) => `${name}@${each}`).find((key) => entries.has(key)) ?? `${name}@${range}`
  }
  // Ranges that mean the same package lead to one node: a package is there once, whatever it is asked by.
  const byResolution = (edges: readonly NpmEdge[]) =>
    edges.map((edge) => ({ ...edge, key: textOf(entries.get(edge.key)?.entry['resolution']) ?? edge.key }))
  const nodes = new Map(
    [...entries.values()].map((each) => [textOf(each.entry['resolution']) ?? each.key, each]),
  )
  const groups = rootGroups(environment)
  const roots = byResolution(edgesOf(project, { findKey, where: manifest.file, by: '', groups }))
  return graphFrom({ roots }, (key) => {
    const locked = nodes.get(key)
    if (locked === undefined) return undefined
    const node = readEntry(locked.entry, { key, findKey, file, environment })
    return { ...node, needs: byResolution(node.needs) }
  })
}

/** "^1" is "npm:^1"; names of protocols, addresses and folders stay. */
function withProtocol(range: string): string {
  return /^[a-z+]+:/i.test(range) ? range : `npm:${range}`
}

function readEntry(
  entry: JsonObject,
  about: {
    readonly key: string
    readonly findKey: FindKey
    readonly file: string
    readonly environment: NpmEnvironment
  },
): NpmNode {
  const { key, findKey, file, environment } = about
  const where = `${file}: ${key.slice(0, 200)}`
  const at = key.indexOf('@', 1)
  const [name, version] = [key.slice(0, Math.max(0, at)), textOf(entry['version']) ?? '']
  if (!key.slice(at + 1).startsWith('npm:'))
    throw new TemperError(
      'bad-recipe',
      `${where}: it is not a package from a registry (it is patched, a folder or a repository)`,
      {
        hint: 'Make node_modules in a build step, or do without the package.',
      },
    )
  checkIdentity({ name, version, where })
  const checksum = /^\d{1,2}c0\/([0-9a-f]{128})$/.exec(textOf(entry['checksum']) ?? '')?.[1]
  const isOptional = (need: string) =>
    textOf(memberOf(memberOf(entry['dependenciesMeta'], need), 'optional')) === 'true'
  const needs = edgesOf(entry, { findKey, where, by: name })
  return {
    key,
    name,
    version,
    where,
    hasInstallScript: false,
    hashes: checksum === undefined ? [] : [`zip-sha512:${checksum}`],
    noDigest:
      'yarn 4 writes one that can be checked ("10c0/…") if compressionLevel is 0; for packages tied to one kind of machine (os, cpu) it writes none: make node_modules in a build step, or lock with npm or pnpm.',
    needs: needs.map((edge) => (isOptional(edge.name) ? { ...edge, isOptional: true } : edge)),
    peers: membersOf(entry['peerDependencies']).map(([peer]) => peer),
    fits: fitsMachine(conditionsOf(textOf(entry['conditions']) ?? ''), environment),
  }
}

/** "os=linux & cpu=x64", "(os=linux | os=darwin) & cpu=arm64" as the members of a package.json. */
function conditionsOf(text: string): JsonObject {
  const conditions: Record<'os' | 'cpu' | 'libc', string[]> = { os: [], cpu: [], libc: [] }
  for (const [, not, key, value] of text.matchAll(/(!?)\b(os|cpu|libc)=([\w-]+)/g))
    if (key === 'os' || key === 'cpu' || key === 'libc') conditions[key].push(`${not ?? ''}${value}`)
  return conditions
}

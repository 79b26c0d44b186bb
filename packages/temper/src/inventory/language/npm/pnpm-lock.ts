import type { FileContent } from '../../cataloguer.ts'
import { DevelopmentCount } from '../development.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'
import { childOf, flowMember, type IndentedNode, readIndented, valueAt } from '../indented.ts'

/**
 * pnpm-lock.yaml, lockfileVersion 5 to 9. Up to version 6 an entry says `dev: true` itself; from 9 on what only
 * development needs is what no importer's other dependencies lead to. A document of its own may stand before it, which
 * locks pnpm itself.
 */
export function readPnpmLock(file: FileContent): LanguageFact | undefined {
  const development = new DevelopmentCount()
  const facts: (PackageFact | undefined)[] = []
  let isLock = false
  let hasMembers = false
  for (const text of decodeText(file.bytes).split(/^---[ \t]*$/m)) {
    const children = readIndented(text, { what: 'pnpm-lock.yaml' })
    const document: IndentedNode = { key: '', value: '', children }
    const format = Number.parseFloat(valueAt(document, 'lockfileVersion') ?? '')
    if (Number.isNaN(format)) continue
    isLock = true
    hasMembers ||= childOf(document, 'importers')?.children?.some(({ key }) => key !== '.') === true
    facts.push(...readDocument(document, format, development))
  }
  if (!isLock) return undefined
  const lock = { kind: 'lock', packages: distinct(facts), development: development.count } as const
  return hasMembers ? { ...lock, hasMembers } : lock
}

function readDocument(
  document: IndentedNode,
  format: number,
  development: DevelopmentCount,
): (PackageFact | undefined)[] {
  // From version 9 on what a package needs stands apart, once for each set of peers.
  const snapshots = childOf(document, 'snapshots')?.children
  const needed = snapshots && reachable(document, snapshots)
  const needs = new Map(snapshots?.map((node) => [withoutPeers(node.key), node]))
  return (childOf(document, 'packages')?.children ?? []).map((entry) => {
    const { name, version } = keyOf(entry, format)
    const isDevelopment = needed ? !needed.has(withoutPeers(entry.key)) : flag(entry, 'dev')
    if (development.takes({ name, isDevelopment })) return undefined
    return packageFact(name, version, { needs: namesIn(needs.get(entry.key) ?? entry) })
  })
}

function flag(entry: IndentedNode, key: string): boolean {
  return (valueAt(entry, key) ?? flowMember(entry.value, key)) === 'true'
}

/**
 * "/@a/b/1.2.3_peer@1" (5), "/@a/b@1.2.3(peer@1)" (6), "@a/b@1.2.3" (9). Entries of archives by address carry
 * their own `name` and `version`.
 */
function keyOf(entry: IndentedNode, format: number): { name: string; version: string } {
  const key = withoutPeers(entry.key.replace(/^\//, ''))
  const cut = format < 6 ? key.lastIndexOf('/') : key.indexOf('@', 1)
  const version = key.slice(cut + 1)
  const stated = format < 6 ? version.split('_', 1)[0] : version
  return {
    name: valueAt(entry, 'name') ?? key.slice(0, Math.max(0, cut)),
    // A folder or an address is no version.
    version: valueAt(entry, 'version') ?? (stated?.includes(':') ? '' : stated) ?? '',
  }
}

function withoutPeers(key: string): string {
  const parenthesis = key.indexOf('(')
  return parenthesis < 0 ? key : key.slice(0, parenthesis)
}

const productive = ['dependencies', 'optionalDependencies']

/** An alias names the other package itself: "b@2.0.0", "/b@2.0.0" (6), "/b/2.0.0" (5). */
const alias = /^\/?(@[^/@:(]+\/[^/@:(]+|[A-Za-z][^/@:(]*)[@/](?!$)/

function namesIn(entry: IndentedNode): string[] {
  return productive.flatMap((group) =>
    (childOf(entry, group)?.children ?? []).map(({ key, value }) => alias.exec(value)?.[1] ?? key),
  )
}

/** Packages ("a@1.0.0") that the importers need other than for development, by way of `snapshots`. */
function reachable(document: IndentedNode, entries: readonly IndentedNode[]): ReadonlySet<string> {
  const snapshots = new Map(entries.map((node) => [node.key, node]))
  const importers = childOf(document, 'importers')?.children ?? [document]
  const open = importers.flatMap((importer) =>
    edges(importer, (node) => valueAt(node, 'version') ?? node.value),
  )
  const seen = new Set<string>()
  const keys = new Set<string>()
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (seen.has(key)) continue
    seen.add(key)
    keys.add(withoutPeers(key))
    const snapshot = snapshots.get(key)
    if (snapshot !== undefined) open.push(...edges(snapshot, (node) => node.value))
  }
  return keys
}

/** What a node depends on, as keys of `snapshots`. */
function edges(node: IndentedNode, versionOf: (dependency: IndentedNode) => string): string[] {
  return productive.flatMap((group) =>
    (childOf(node, group)?.children ?? []).map((dependency) => {
      const version = versionOf(dependency)
      return alias.test(version) ? version : `${dependency.key}@${version}`
    }),
  )
}

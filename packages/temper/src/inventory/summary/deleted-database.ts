import type { Component, Distribution, InventoryNote } from '../../model/inventory.ts'
import type { Cataloguer, CatalogueScope, FoundFact } from '../cataloguer.ts'
import { distributionPurl } from '../distribution-purl.ts'
import { type Trace, traceReader } from '../traces.ts'
import type { FactBook } from './fact-book.ts'
import type { FinishedTree } from './finished-tree.ts'

/** Values of `foundBy` for components that no database of the finished tree lists. */
export const inferredBy = {
  /** A lower layer has the database; a later one removed it. */
  database: 'inferred-from-deleted-database',
  /** The changelogs that Debian's packages bring. */
  changelog: 'inferred-from-changelog',
  /** The scripts that apk keeps. */
  scripts: 'inferred-from-scripts',
} as const

const databases = 'dpkg, apk or rpm'
const libc = /^(?:usr\/)?lib(?:32|64)?\/(?:[^/]+\/)?(?:libc\.so\.6|ld-musl-[^/]+\.so\.1)$/
const copyright = /^usr\/share\/doc\/([^/]+)\/copyright$/

export interface DeletedDatabaseScope extends CatalogueScope {
  readonly tree: FinishedTree
  readonly book: FactBook
  readonly cataloguers: readonly Cataloguer<unknown>[]
}

/**
 * The packages of a tree whose package database is missing or empty: those in the database of a lower layer that
 * still have a file, else those that traces of packages show. Nothing when the tree shows no sign of packages, such
 * as that of a static program.
 */
export function inferPackages(scope: DeletedDatabaseScope): {
  readonly components: readonly Component[]
  readonly notes: readonly InventoryNote[]
} {
  const restored = fromLowerLayers(scope)
  const components = restored.length > 0 ? restored : fromTraces(scope)
  const folders = scope.tree.files.flatMap(({ path }) => copyright.exec(path)?.[1] ?? [])
  const library = scope.tree.files.find(({ path }) => libc.test(path))
  if (components.length === 0 && folders.length === 0 && library === undefined)
    return { components, notes: [] }
  return { components, notes: [noteOf(components, { folders, library: library?.path })] }
}

function noteOf(
  components: readonly Component[],
  signs: { readonly folders: readonly string[]; readonly library: string | undefined },
): InventoryNote {
  const known = new Set(components.map(({ name }) => name))
  const unnamed = signs.folders.filter((name) => !known.has(name))
  const from = components[0]?.foundBy
  const parts = [
    `There is no package database (${databases}), or it is empty, but packages were installed`,
    components.length === 0
      ? 'their versions cannot be told'
      : `${components.length} were recognised (${from})`,
    ...(unnamed.length === 0 ? [] : [`without a version: ${shortList(unnamed)}`]),
    ...(components.length === 0 && signs.library !== undefined ? [`seen: ${signs.library}`] : []),
  ]
  return { code: 'package-database-deleted', message: `${parts.join('; ')}.` }
}

function shortList(names: readonly string[]): string {
  const shown = [...names].sort().slice(0, 20)
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ')
}

function fromLowerLayers({ tree, book, cataloguers, ...scope }: DeletedDatabaseScope): Component[] {
  return cataloguers.filter(isOfDistribution).flatMap((cataloguer) => {
    const last = new Map<string, FoundFact<unknown>>()
    for (const { location, fact, hidden } of book.observed(cataloguer.id))
      if (hidden) last.set(location.path, { location, fact })
    if (last.size === 0) return []
    const facts = [...last.values()].sort((a, b) => (a.location.path < b.location.path ? -1 : 1))
    const { components } = cataloguer.combine(facts, scope)
    return components
      .filter(({ files }) => files === undefined || files.some((path) => tree.at(path)?.type === 'file'))
      .map((component) => ({ ...component, foundBy: inferredBy.database }))
  })
}

/** Whether something is a package of a distribution. */
export function isOfDistribution({ type }: Pick<Component, 'type'>): boolean {
  return type === 'deb' || type === 'apk' || type === 'rpm'
}

function fromTraces({ book, distribution }: DeletedDatabaseScope): Component[] {
  const traced = new Map<string, Component>()
  for (const { location, fact } of book.present(traceReader.id) as FoundFact<readonly Trace[]>[])
    for (const trace of fact) {
      const component = describe(trace, location, distribution)
      const key = `${component.type} ${component.name}`
      // "changelog.Debian.amd64.gz", that of a rebuild, sorts before "changelog.Debian.gz" and has the version.
      if (!traced.has(key)) traced.set(key, component)
    }
  return [...traced.values()]
}

function describe(
  { name, version, source }: Trace,
  location: Component['locations'][number],
  distribution: Distribution | undefined,
): Component {
  const type = source === undefined ? 'apk' : 'deb'
  const upstream = source === name ? undefined : source
  return {
    type,
    name,
    version,
    purl: distributionPurl(
      { type, name, version, ...(upstream === undefined ? {} : { upstream }) },
      distribution,
    ),
    // A rebuild without change has "+b1" in the version of what it built only (Debian binNMU).
    source: { name: source ?? name, version: version.replace(/\+b\d+$/, '') },
    ...(distribution === undefined ? {} : { distribution }),
    locations: [location],
    foundBy: source === undefined ? inferredBy.scripts : inferredBy.changelog,
  }
}

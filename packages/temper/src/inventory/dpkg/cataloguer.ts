import type { Component, InventoryNote, Location } from '../../model/inventory.ts'
import { vendorOf } from '../../model/vendor.ts'
import type { Catalogue, Cataloguer, CatalogueScope, FoundFact } from '../cataloguer.ts'
import { distributionPurl, upstreamOf } from '../distribution-purl.ts'
import { DependencyBook } from '../summary/dependency-book.ts'
import { type DpkgFact, type DpkgPackage, dpkgFileKind, readDpkgFact } from './facts.ts'

/**
 * Debian's package database: `var/lib/dpkg/status` with `info/`, and `status.d` with a file for each package, as in
 * distroless images and Temper's own.
 */
export const dpkgCataloguer: Cataloguer<DpkgFact> = {
  id: 'dpkg',
  type: 'deb',
  version: 3,
  sizeLimit: 64 << 20,
  select: ({ path }) => dpkgFileKind(path) !== undefined,
  read: readDpkgFact,
  combine: combineDpkg,
}

function combineDpkg(facts: readonly FoundFact<DpkgFact>[], scope: CatalogueScope): Catalogue {
  const byPath = new Map(facts.map((placed) => [placed.location.path, placed]))
  const components: Component[] = []
  const notes: InventoryNote[] = []
  const seen = new Set<string>()
  const dependencies: DependencyBook = new DependencyBook()
  const listed = facts.flatMap((placed) =>
    placed.fact.kind === 'packages' ? placed.fact.packages.map((each) => ({ each, placed })) : [],
  )
  for (const { each, placed } of listed) {
    const key = `${each.name}:${each.architecture}`
    if (seen.has(key)) continue
    seen.add(key)
    const component = describe(each, { placed: placed, byPath, scope })
    components.push(component)
    dependencies.add(component.purl, [each.name, ...names(each.provides)])
  }
  for (const { fact, location } of facts)
    if (fact.kind === 'packages' && fact.damaged !== undefined)
      notes.push({
        code: 'database-damaged',
        message: `The package database is damaged; packages may be missing: ${fact.damaged}`,
        location,
      })
  const needs = new Map(listed.map(({ each }) => [`${each.name}:${each.architecture}`, each.depends]))
  return {
    components: components.map((component) => {
      const text = needs.get(`${component.name}:${component.architecture ?? ''}`)
      const dependsOn = dependencies.resolve(alternatives(text), component.purl)
      return dependsOn.length === 0 ? component : { ...component, dependsOn }
    }),
    notes,
  }
}

interface Surroundings {
  readonly placed: FoundFact<DpkgFact>
  readonly byPath: ReadonlyMap<string, FoundFact<DpkgFact>>
  readonly scope: CatalogueScope
}

function describe(each: DpkgPackage, around: Surroundings): Component {
  const { name, version, architecture } = each
  const source = each.source ?? { name, version }
  const licence = around.byPath.get(`usr/share/doc/${name}/copyright`)
  const { files, location } = ownedFiles(each, around)
  const upstream = upstreamOf(each, source)
  const { distribution } = around.scope
  const made = { type: 'deb', version, files: files?.filter((path) => around.scope.has(path)) ?? [] } as const
  const vendor =
    each.vendor ??
    vendorOf(
      { ...made, ...(each.maintainer === undefined ? {} : { supplier: each.maintainer }) },
      distribution,
    )
  return {
    type: 'deb',
    name,
    version,
    purl: distributionPurl(
      {
        type: 'deb',
        name,
        version,
        architecture,
        ...(upstream === undefined ? {} : { upstream }),
        ...(vendor === undefined ? {} : { vendor }),
      },
      distribution,
    ),
    architecture,
    source,
    ...(distribution === undefined ? {} : { distribution }),
    ...(licence?.fact.kind === 'licence' ? { licence: licence.fact.expression } : {}),
    ...(each.maintainer === undefined ? {} : { supplier: each.maintainer }),
    locations: [location],
    ...(files === undefined ? {} : { files }),
    foundBy: 'dpkg',
  }
}

/**
 * The files of a package, and where the database has it. Each layer that installs something writes all of the
 * status file anew; the list of files of a package is written only by the layer that installed it.
 */
function ownedFiles(each: DpkgPackage, { placed, byPath }: Surroundings) {
  const { path, layer } = placed.location
  const folder = 'var/lib/dpkg/info/'
  const candidates = path.includes('/status.d/')
    ? [`${path}.md5sums`]
    : ['.list', '.md5sums'].flatMap((ending) => [
        `${folder}${each.name}:${each.architecture}${ending}`,
        `${folder}${each.name}${ending}`,
      ])
  const list = candidates.map((candidate) => byPath.get(candidate)).find((fact) => fact !== undefined)
  const fact = list?.fact
  const files =
    fact?.kind === 'list' || fact?.kind === 'sums' ? fact.text.split('\n').flatMap(asPath) : undefined
  const since = list?.location.layer ?? layer
  const location: Location = since === undefined ? { path } : { path, layer: since }
  return { files, location }
}

function asPath(line: string): string[] {
  const path = line.replace(/^\.?\/+/, '').trimEnd()
  return path === '' || path === '.' ? [] : [path]
}

/** Names in a relation field, one list of alternatives for each comma (Debian Policy 7.1). */
function alternatives(field: string | undefined): string[][] {
  return (field ?? '').split(',').map((group) => group.split('|').flatMap(relationName))
}

function names(field: string | undefined): string[] {
  return alternatives(field).flat()
}

function relationName(text: string): string[] {
  const name = /^\s*([a-z0-9][a-z0-9+.-]*)/i.exec(text)?.[1]
  return name === undefined ? [] : [name]
}

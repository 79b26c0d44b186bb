import type { Component, InventoryNote } from '../../model/inventory.ts'
import type { Catalogue, Cataloguer, CatalogueScope, FoundFact } from '../cataloguer.ts'
import { distributionPurl } from '../distribution-purl.ts'
import { sinceLayer } from '../reading/since-layer.ts'
import { DependencyBook } from '../summary/dependency-book.ts'
import { type ApkDatabase, type ApkPackage, parseInstalled } from './installed.ts'

/** Where apk 2 and 3 keep the database; with usr-merge below usr/, and on small systems in a volume of its own. */
const databases: ReadonlySet<string> = new Set([
  'lib/apk/db/installed',
  'usr/lib/apk/db/installed',
  'lib/apk/db-uvol/installed',
])

/** Alpine's package database, also Wolfi's, Chainguard's and OpenWrt's. */
export const apkCataloguer: Cataloguer<ApkDatabase> = {
  id: 'apk',
  type: 'apk',
  version: 1,
  sizeLimit: 128 << 20,
  select: ({ path }) => databases.has(path),
  read: ({ path, bytes }) =>
    parseInstalled(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'), path),
  combine: combineApk,
}

function combineApk(facts: readonly FoundFact<ApkDatabase>[], scope: CatalogueScope): Catalogue {
  const notes: InventoryNote[] = []
  const described: { component: Component; from: ApkPackage }[] = []
  const book = new DependencyBook()
  const seen = new Set<string>()
  for (const fact of facts) {
    const since = sinceLayer(fact, ({ packages }) => packages.map(identity))
    for (const from of fact.fact.packages) {
      if (seen.has(from.name)) continue
      seen.add(from.name)
      const component = describe(from, since(identity(from)), scope)
      described.push({ component, from })
      book.add(component.purl, [from.name])
    }
    if (fact.fact.damaged > 0)
      notes.push({
        code: 'database-damaged',
        message: `${fact.fact.damaged} paragraphs of the package database name no package`,
        location: fact.location,
      })
  }
  for (const { component, from } of described) book.add(component.purl, names(from.provides))
  const components = described.map(({ component, from }) => {
    const needs = names(from.depends).map((name) => [name])
    const dependsOn = book.resolve(needs, component.purl)
    return dependsOn.length === 0 ? component : { ...component, dependsOn }
  })
  return { components, notes }
}

function identity({ name, version }: ApkPackage): string {
  return `${name} ${version}`
}

function describe(
  from: ApkPackage,
  location: Component['locations'][number],
  scope: CatalogueScope,
): Component {
  const { name, version, architecture, origin, licence, maintainer } = from
  const upstream = origin === name ? undefined : origin
  return {
    type: 'apk',
    name,
    version,
    purl: distributionPurl(
      {
        type: 'apk',
        name,
        version,
        ...(architecture === undefined ? {} : { architecture }),
        ...(upstream === undefined ? {} : { upstream }),
      },
      scope.distribution,
    ),
    ...(architecture === undefined ? {} : { architecture }),
    // Subpackages have the version of their origin.
    source: { name: origin ?? name, version },
    ...(scope.distribution === undefined ? {} : { distribution: scope.distribution }),
    ...(licence === undefined ? {} : { licence }),
    ...(maintainer === undefined ? {} : { supplier: maintainer }),
    locations: [location],
    files: from.files === '' ? [] : from.files.split('\n'),
    foundBy: 'apk',
  }
}

/** Names in D: and p:, without versions; those after "!" must not be there (apk-world(5)). */
function names(field: string | undefined): string[] {
  return (field ?? '')
    .split(' ')
    .filter((word) => word !== '' && !word.startsWith('!'))
    .map((word) => word.replace(/[<>=~@].*$/, ''))
}

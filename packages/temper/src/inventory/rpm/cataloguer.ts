import type { Component, InventoryNote, Location } from '../../model/inventory.ts'
import { vendorOf } from '../../model/vendor.ts'
import type { Catalogue, Cataloguer, CatalogueScope, FoundFact } from '../cataloguer.ts'
import { distributionPurl } from '../distribution-purl.ts'
import { sinceLayer } from '../reading/since-layer.ts'
import { DependencyBook } from '../summary/dependency-book.ts'
import { isRpmFile, type RpmFact, type RpmRecord, readRpmFact, withChanges } from './facts.ts'
import { type OriginOf, originsOf } from './origin-book.ts'

/** The rpm database in each of its three forms: SQLite, ndb and Berkeley DB. */
export const rpmCataloguer: Cataloguer<RpmFact> = {
  id: 'rpm',
  type: 'rpm',
  version: 4,
  sizeLimit: 512 << 20,
  select: isRpmFile,
  read: readRpmFact,
  combine: combineRpm,
}

function combineRpm(facts: readonly FoundFact<RpmFact>[], scope: CatalogueScope): Catalogue {
  const notes: InventoryNote[] = []
  const described: { component: Component; record: RpmRecord }[] = []
  const book = new DependencyBook()
  const seen = new Set<string>()
  const originOf = originsOf(facts, scope.distribution)
  for (const fact of changed(facts)) {
    notes.push(...notesOf(fact))
    const since = sinceLayer(fact, ({ packages }) => packages.map(identity))
    for (const record of fact.fact.packages) {
      // Keys that rpm trusts are kept as packages without files.
      if (record.name === 'gpg-pubkey' || seen.has(identity(record))) continue
      seen.add(identity(record))
      const component = describe(record, since(identity(record)), { ...scope, originOf })
      described.push({ component, record })
      book.add(component.purl, lines(record.provides))
    }
  }
  const components = described.map(({ component, record }) => {
    const dependsOn = book.resolve(
      lines(record.requires).map((name) => [name]),
      component.purl,
    )
    return dependsOn.length === 0 ? component : { ...component, dependsOn }
  })
  return { components, notes }
}

const logSuffix = '-wal'

/** The facts with what logs of changes add to the databases beside them. A log that cannot be read stays, and is told. */
function changed(facts: readonly FoundFact<RpmFact>[]): readonly FoundFact<RpmFact>[] {
  return facts.flatMap((each): FoundFact<RpmFact>[] => {
    const { fact, location } = each
    if (fact.log !== undefined) {
      const database = facts.find((other) => `${other.location.path}${logSuffix}` === location.path)
      const packages = withChanges(database?.fact, fact.log)
      if (packages === undefined) return [each]
      return database === undefined ? [{ location, fact: { packages } }] : []
    }
    const log = facts.find((other) => other.location.path === `${location.path}${logSuffix}`)?.fact.log
    const packages = log === undefined ? undefined : withChanges(fact, log)
    return [packages === undefined ? each : { ...each, fact: { ...fact, packages } }]
  })
}

function notesOf({ fact, location }: FoundFact<RpmFact>): InventoryNote[] {
  if (fact.log !== undefined)
    return [
      {
        code: 'database-incomplete',
        message: `${location.path} holds changes that are not in the package database and could not be read`,
        location,
      },
    ]
  if (fact.damaged === undefined) return []
  const message = `The package database is damaged; packages may be missing: ${fact.damaged}`
  return [{ code: 'database-damaged', message, location }]
}

function describe(
  record: RpmRecord,
  location: Location,
  scope: CatalogueScope & { readonly originOf: OriginOf },
): Component {
  const { name, epoch, architecture, licence, vendor, sourceRpm, modularityLabel } = record
  const source = sourceOf(record)
  const made = {
    type: 'rpm',
    version: fullVersion(record),
    ...(vendor === undefined ? {} : { supplier: vendor }),
  } as const
  const foreign = vendorOf(made, scope.distribution)
  return {
    type: 'rpm',
    name,
    version: fullVersion(record),
    purl: distributionPurl(
      {
        type: 'rpm',
        name,
        version: `${record.version}-${record.release}`,
        ...(epoch === undefined ? {} : { epoch }),
        ...(architecture === undefined ? {} : { architecture }),
        ...(sourceRpm === undefined ? {} : { upstream: sourceRpm }),
        ...(modularityLabel === undefined ? {} : { module: modularityLabel }),
        ...(foreign === undefined ? scope.originOf(record) : { vendor: foreign }),
      },
      scope.distribution,
    ),
    ...(architecture === undefined ? {} : { architecture }),
    ...(source === undefined ? {} : { source }),
    ...(scope.distribution === undefined ? {} : { distribution: scope.distribution }),
    ...(licence === undefined ? {} : { licence }),
    ...(vendor === undefined ? {} : { supplier: vendor }),
    locations: [location],
    ...(record.files === undefined
      ? {}
      : { files: lines(record.files).map((path) => path.replace(/^\/+/, '')) }),
    foundBy: 'rpm',
  }
}

/** EPOCH:VERSION-RELEASE, as advisories write it; an epoch of zero is left out. */
function fullVersion({ epoch, version, release }: Pick<RpmRecord, 'epoch' | 'version' | 'release'>): string {
  return `${epoch === undefined || epoch === 0 ? '' : `${epoch}:`}${version}-${release}`
}

/** "curl-7.76.1-14.el9.src.rpm"; the epoch of a source package is that of what was built from it. */
function sourceOf({ sourceRpm, epoch }: RpmRecord): Component['source'] {
  const match = /^(.+)-([^-]+)-([^-]+)\.(?:no)?src\.rpm$/.exec(sourceRpm ?? '')
  const [, name, version, release] = match ?? []
  if (name === undefined || version === undefined || release === undefined) return undefined
  return { name, version: fullVersion({ version, release, ...(epoch === undefined ? {} : { epoch }) }) }
}

function identity(record: RpmRecord): string {
  return `${record.name} ${fullVersion(record)} ${record.architecture ?? ''}`
}

function lines(text: string): string[] {
  return text === '' ? [] : text.split('\n')
}

import { purlOf } from '../../formats/purl/purl-type.ts'
import type { Component, InventoryNote, Location } from '../../model/inventory.ts'
import type { Catalogue, FoundFact } from '../cataloguer.ts'
import { settleClaims } from './claims.ts'
import { withoutLocked } from './direct.ts'
import type { LanguageFact, PackageFact } from './fact.ts'
import type { Language } from './language.ts'
import { folderOf } from './place.ts'

/** One package, with all the places that it was found in. */
interface Gathered {
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly facts: PackageFact[]
  readonly locations: Location[]
}

/** Turns what the files of a language say into components: one for each name and version, wherever it lies. */
export function catalogue(language: Language, facts: readonly FoundFact<LanguageFact>[]): Catalogue {
  const normalName = language.normalName ?? ((name) => name)
  const { counted, overruled } = settleClaims(withoutLocked(facts), {
    installsInto: language.installsInto,
    normalName,
  })
  const owned = filesByFolder(facts)
  const gathered = new Map<string, Gathered>()
  for (const { location, fact } of counted)
    for (const one of fact.packages) {
      const files = owned.get(folderOf(location.path))
      gather(gathered, { one: files === undefined ? one : { ...one, files }, location, language })
    }
  const purls = purlsByName(gathered.values(), normalName)
  const components = [...gathered.values()].map((each) => toComponent(each, { language, purls, normalName }))
  const notes = [
    ...counted.flatMap(notesOf),
    ...overruled.map(({ lock, why }) => ({
      code: 'lock-passed-over',
      message: `${lock.location.path} is skipped: ${why}`,
      location: lock.location,
    })),
  ]
  return { components, notes }
}

function gather(
  gathered: Map<string, Gathered>,
  sighting: { one: PackageFact; location: Location; language: Language },
): void {
  const { one, location, language } = sighting
  const purl = purlOf(language.purlType ?? language.type, one, one.qualifiers)
  const key = `${purl}\n${one.name}`
  const known = gathered.get(key) ?? { name: one.name, version: one.version, purl, facts: [], locations: [] }
  known.facts.push(one)
  known.locations.push(one.at === undefined ? location : { ...location, path: `${location.path}!/${one.at}` })
  gathered.set(key, known)
}

function toComponent(
  { name, version, purl, facts, locations }: Gathered,
  context: {
    language: Language
    purls: ReadonlyMap<string, readonly string[]>
    normalName: (name: string) => string
  },
): Component {
  const { language, purls, normalName } = context
  const files = facts.flatMap((fact) => fact.files ?? [])
  // A need is a name: where several versions are there, which one serves it is not known.
  const needs = new Set(
    facts.flatMap((fact) => fact.needs ?? []).flatMap((need) => onlyOne(purls.get(normalName(need)))),
  )
  needs.delete(purl)
  return {
    type: language.type,
    name,
    version,
    purl,
    ...first('licence', facts),
    ...first('supplier', facts),
    ...first('digest', facts),
    ...first('sha1', facts),
    ...(facts.every(({ guessedFrom }) => guessedFrom !== undefined) ? first('guessedFrom', facts) : {}),
    locations: distinctLocations(locations),
    ...(files.length === 0 ? {} : { files: [...new Set(files)].sort() }),
    ...(needs.size === 0 ? {} : { dependsOn: [...needs].sort() }),
    foundBy: language.id,
  }
}

function first<Key extends 'licence' | 'supplier' | 'digest' | 'sha1' | 'guessedFrom'>(
  key: Key,
  facts: readonly PackageFact[],
): Pick<PackageFact, Key> | undefined {
  return facts.find((fact) => fact[key] !== undefined)
    ? ({ [key]: facts.find((fact) => fact[key] !== undefined)?.[key] } as Pick<PackageFact, Key>)
    : undefined
}

function onlyOne(purls: readonly string[] | undefined): readonly string[] {
  return purls?.length === 1 ? purls : []
}

function purlsByName(
  gathered: Iterable<Gathered>,
  normalName: (name: string) => string,
): ReadonlyMap<string, readonly string[]> {
  const purls = new Map<string, string[]>()
  for (const { name, purl } of gathered) {
    const key = normalName(name)
    const known = purls.get(key)
    if (known === undefined) purls.set(key, [purl])
    else known.push(purl)
  }
  return purls
}

function distinctLocations(locations: readonly Location[]): Location[] {
  const byPlace = new Map(locations.map((location) => [`${location.layer ?? ''}:${location.path}`, location]))
  return [...byPlace.values()]
}

/** Folder → the files of the package that is described in it. */
function filesByFolder(facts: readonly FoundFact<LanguageFact>[]): ReadonlyMap<string, readonly string[]> {
  const owned = new Map<string, readonly string[]>()
  for (const { location, fact } of facts)
    if (fact.kind === 'files' && fact.files !== undefined) owned.set(folderOf(location.path), fact.files)
  return owned
}

function notesOf({ location, fact }: FoundFact<LanguageFact>): InventoryNote[] {
  const notes = (fact.notes ?? []).map(({ code, message, at }) => ({
    code,
    message,
    location: at === undefined ? location : { ...location, path: `${location.path}!/${at}` },
  }))
  if (fact.development === undefined || fact.development === 0) return notes
  return [
    ...notes,
    {
      code: 'development-left-out',
      message: `${location.path} also names ${fact.development} packages that only development needs; they are left out`,
      location,
    },
  ]
}

import { sha256 } from '../../base/digest.ts'
import type { Component, Inventory } from '../../model/inventory.ts'
import type { LicenceStatement } from '../../model/package/licence.ts'
import type { Sbom, SbomDistribution, SbomFile, SbomPackage, SbomSubject } from '../../model/sbom.ts'
import { licenceStatements } from '../licence/statement.ts'
import { isSystemPackage } from '../trivy-properties.ts'

/**
 * The bill of materials of an inventory: of any image, folder, document or lock. Pure: equal input gives an equal
 * result.
 */
export function describeInventory(
  inventory: Inventory,
  about: { readonly generator: Sbom['generator']; readonly subject: SbomSubject },
): Sbom {
  const ids = componentIds(inventory.components)
  const packages = describePackages(inventory.components, ids)
  const { distribution } = inventory
  return {
    identity: identityOf(inventory, about),
    generator: about.generator,
    subject: about.subject,
    ...(distribution === undefined ? {} : { distribution: describeDistribution(distribution) }),
    packages: packages.sort((a, b) => (a.id < b.id ? -1 : 1)),
    files: describeFiles(inventory, ids),
    complete: inventory.files !== undefined && inventory.notes.length === 0,
    ...(inventory.notes.length === 0 ? {} : { notes: inventory.notes }),
  }
}

/** Components beside the packages that an image is assembled from. */
export function describeComponents(components: readonly Component[]): readonly SbomPackage[] {
  return describePackages(components, componentIds(components))
}

function describePackages(components: readonly Component[], ids: Known['ids']): SbomPackage[] {
  const byPurl = new Map<string, string>()
  for (const [component, id] of ids) if (!byPurl.has(component.purl)) byPurl.set(component.purl, id)
  const statement = licenceStatements()
  return components.map((component) => describePackage(component, { ids, byPurl, statement }))
}

/** What is in an image follows from its digest and from what reads it; of all else it is the contents that count. */
function identityOf(
  inventory: Inventory,
  { subject, generator }: { readonly generator: Sbom['generator']; readonly subject: SbomSubject },
): string {
  if (subject.kind === 'image' && subject.digest !== undefined)
    return `${subject.digest} read by ${generator.name} ${generator.version}`
  return sha256(JSON.stringify([subject, inventory]))
}

function describeDistribution({
  id,
  version,
  codename,
  title,
}: NonNullable<Inventory['distribution']>): SbomDistribution {
  return {
    id,
    version,
    ...(codename === undefined ? {} : { codename }),
    ...(title === undefined ? {} : { title }),
  }
}

/** Ids that say what they are; where two would be the same, what tells them apart is added in short. */
function componentIds(components: readonly Component[]): ReadonlyMap<Component, string> {
  const named = Map.groupBy(components, ({ type, name }) => `${type}-${name}`)
  const ids = new Map<Component, string>()
  const taken = new Set<string>()
  for (const [base, members] of named) {
    for (const member of members) {
      const { version, purl, locations } = member
      const hash = () => sha256([purl, version, ...locations.map(({ path }) => path)].join('\0')).slice(7, 19)
      let id = members.length === 1 ? base : `${base}-${hash()}`
      for (let again = 2; taken.has(id); again++) id = `${base}-${hash()}-${again}`
      taken.add(id)
      ids.set(member, id)
    }
  }
  return ids
}

interface Known {
  readonly ids: ReadonlyMap<Component, string>
  readonly byPurl: ReadonlyMap<string, string>
  readonly statement: (text: string) => LicenceStatement
}

function describePackage(component: Component, { ids, byPurl, statement }: Known): SbomPackage {
  const { type, name, version, purl, architecture, source, digest, supplier, licence } = component
  const { guessedFrom, sha1 } = component
  const dependsOn = new Set(component.dependsOn?.flatMap((needed) => byPurl.get(needed) ?? []))
  const places = component.locations.map(({ path }) => path)
  return {
    id: ids.get(component) ?? name,
    type,
    name,
    version,
    purl,
    ...(architecture === undefined ? {} : { architecture }),
    ...(source === undefined ? {} : { source }),
    ...(digest === undefined ? {} : { digest }),
    ...(guessedFrom === undefined ? {} : { guessedFrom }),
    ...(sha1 === undefined ? {} : { sha1 }),
    ...(supplier === undefined ? {} : whoMadeIt(supplier)),
    ...(licence === undefined ? {} : { licence: statement(licence) }),
    dependsOn: [...dependsOn].sort(),
    ...(places.length === 0 ? {} : { places }),
  }
}

/** Databases name the person or team that made a package with an address, and the company that hands it out without. */
function whoMadeIt(text: string): Pick<SbomPackage, 'supplier' | 'maintainer'> {
  return /<[^<>]*@[^<>]*>\s*$/.test(text) ? { maintainer: text } : { supplier: text }
}

/** Files with their owner: a package of the distribution before one of a language, else the first that claims it. */
function describeFiles({ files = [], components }: Inventory, ids: Known['ids']): SbomFile[] {
  const owners = new Map<string, string>()
  const systemFirst = [
    ...components.filter(isSystemPackage),
    ...components.filter((each) => !isSystemPackage(each)),
  ]
  for (const component of systemFirst)
    for (const path of component.files ?? []) {
      const id = ids.get(component)
      if (id !== undefined && !owners.has(path)) owners.set(path, id)
    }
  return files.map(({ path, digest, sha1, size }): SbomFile => {
    const owner = owners.get(path)
    return {
      path,
      digest,
      ...(sha1 === undefined ? {} : { sha1 }),
      ...(size === undefined ? {} : { size }),
      ...(owner === undefined ? { origin: 'unknown' } : { origin: 'package', owner }),
    }
  })
}

import { type JsonObject, objectOf } from '../../../base/json/value.ts'
import type { Inventory } from '../../../model/inventory.ts'
import { parseNoteText } from '../../note-text.ts'
import { objectsIn, textOf, textsIn } from '../json.ts'
import { distributionId, isUnknownSystem, ociArchitecture } from '../package/distribution.ts'
import { Gatherer } from '../package/gather.ts'
import { readSubject, type SbomSubjectClaim } from '../subject.ts'
import {
  checksums,
  isImage,
  isManifest,
  isSource,
  isSystem,
  isSystemPackage,
  ownAnnotations,
  packageClaim,
  purlsOf,
  spdxId,
} from './package.ts'

/**
 * Reads SPDX 2.2 and 2.3, from JSON, or from tag-value or SPDX 3.0 that was converted to the same shape. The
 * following are not components: the distribution, images, source packages that others were generated from, and the
 * package that the document describes when it only stands for a folder or an image.
 */
export function readSpdx(
  document: JsonObject,
  what: string,
): { readonly inventory: Inventory; readonly subject: SbomSubjectClaim } {
  const packages = objectsIn(document['packages'])
  const relations = objectsIn(document['relationships']).flatMap((each) => relation(each) ?? [])
  const described = describedBy(document, relations)
  const roots = packages.filter((each) => described.has(spdxId(each) ?? ''))
  const root = roots[0]
  const subject = readSubject({
    name: textOf(root?.['name']) ?? textOf(document['name']),
    version: textOf(root?.['versionInfo']),
    purl: root === undefined ? undefined : purlsOf(root)[0],
    created: textOf(objectOf(document['creationInfo'])?.['created']),
  })
  const gatherer = new Gatherer('spdx', what)
  for (const id of described) gatherer.root(id)
  if (subject.architecture !== undefined)
    gatherer.architecture = ociArchitecture(subject.architecture) ?? subject.architecture
  new Reader(gatherer, relations, described).read(document, packages)
  for (const comment of ownAnnotations(document['annotations'])) gatherer.told(parseNoteText(comment))
  return { inventory: gatherer.finish(), subject }
}

/** `type` in the direction that is meant: `from` contains, needs or was generated from `to`. */
interface Relation {
  readonly from: string
  readonly type: 'contains' | 'needs' | 'generated-from' | 'describes'
  readonly to: string
}

const types: Readonly<Record<string, { readonly type: Relation['type']; readonly turned: boolean }>> = {
  CONTAINS: { type: 'contains', turned: false },
  CONTAINED_BY: { type: 'contains', turned: true },
  DEPENDS_ON: { type: 'needs', turned: false },
  DEPENDENCY_OF: { type: 'needs', turned: true },
  RUNTIME_DEPENDENCY_OF: { type: 'needs', turned: true },
  GENERATED_FROM: { type: 'generated-from', turned: false },
  GENERATES: { type: 'generated-from', turned: true },
  DESCRIBES: { type: 'describes', turned: false },
  DESCRIBED_BY: { type: 'describes', turned: true },
}

function relation(each: JsonObject): Relation | undefined {
  const name = textOf(each['relationshipType'])
  const known = name !== undefined && Object.hasOwn(types, name) ? types[name] : undefined
  const from = textOf(each['spdxElementId'])
  const to = textOf(each['relatedSpdxElement'])
  if (known === undefined || from === undefined || to === undefined) return undefined
  return known.turned ? { from: to, type: known.type, to: from } : { from, type: known.type, to }
}

function describedBy(document: JsonObject, relations: readonly Relation[]): ReadonlySet<string> {
  const told = relations.filter(({ type, from }) => type === 'describes' && from === spdxId(document))
  return new Set([...textsIn(document['documentDescribes']), ...told.map(({ to }) => to)])
}

class Reader {
  readonly #gatherer: Gatherer
  readonly #relations: readonly Relation[]
  readonly #described: ReadonlySet<string>

  constructor(gatherer: Gatherer, relations: readonly Relation[], described: ReadonlySet<string>) {
    this.#gatherer = gatherer
    this.#relations = relations
    this.#described = described
  }

  read(document: JsonObject, packages: readonly JsonObject[]): void {
    const manifests = new Map<string, string>()
    const sources = new Map<string, JsonObject>()
    const isSourcePackage = this.#sourcePackages(packages)
    const parents = new Set(this.#relations.map(({ from }) => from))
    for (const element of packages) {
      const id = spdxId(element) ?? ''
      if (isSystem(element)) this.#system(element)
      else if (isImage(element)) continue
      else if (isManifest(element)) manifests.set(id, textOf(element['name']) ?? '')
      else if (isSourcePackage(element)) sources.set(id, element)
      else if (this.#described.has(id) && purlsOf(element).length === 0 && parents.has(id)) continue
      else this.#package(element)
    }
    for (const file of objectsIn(document['files'])) this.#file(file)
    for (const { from, type, to } of this.#relations) {
      const manifest = manifests.get(from)
      if (manifest !== undefined) this.#gatherer.foundIn(to, manifest)
      else if (type === 'contains') this.#gatherer.owns(from, to)
      else if (type === 'needs') this.#gatherer.needs(from, to)
      else if (type === 'generated-from') this.#source(from, sources.get(to))
    }
  }

  /**
   * Source packages of a distribution, and source code without a purl: what was generated from them stands for them.
   * Anything else that something was generated from is software like any other.
   */
  #sourcePackages(packages: readonly JsonObject[]): (element: JsonObject) => boolean {
    const system = new Set(packages.filter(isSystemPackage).map(spdxId))
    const built = this.#relations.filter(({ type }) => type === 'generated-from')
    const sources = new Set(built.map(({ to }) => to))
    const ofSystem = new Set(built.filter(({ from }) => system.has(from)).map(({ to }) => to))
    return (element) => {
      const id = spdxId(element) ?? ''
      return ofSystem.has(id) || (sources.has(id) && isSource(element))
    }
  }

  #package(element: JsonObject): void {
    const claim = packageClaim(element)
    this.#gatherer.claim(claim)
    for (const file of textsIn(element['hasFiles'])) this.#gatherer.owns(claim.ref ?? '', file)
  }

  #system(element: JsonObject): void {
    const name = textOf(element['name'])
    if (name === undefined || isUnknownSystem(name)) return
    const title = textOf(element['summary'])
    this.#gatherer.distribution ??= {
      id: distributionId(name),
      version: textOf(element['versionInfo']) ?? '',
      ...(title === undefined ? {} : { title }),
    }
  }

  #source(ref: string, source: JsonObject | undefined): void {
    const name = textOf(source?.['name'])
    const version = textOf(source?.['versionInfo'])
    if (name === undefined) return
    this.#gatherer.builtFrom(ref, { name, ...(version === undefined ? {} : { version }) })
  }

  #file(element: JsonObject): void {
    const { digest, sha1 } = checksums(element)
    const ref = spdxId(element)
    const path = textOf(element['fileName'])
    this.#gatherer.file({ ...(ref === undefined ? {} : { ref }), path, digest, sha1 })
  }
}

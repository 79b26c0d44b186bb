import { type JsonObject, objectOf, scalarText } from '../../../base/json/value.ts'
import type { Inventory } from '../../../model/inventory.ts'
import { noteProperty, parseNoteText } from '../../note-text.ts'
import { objectsIn, textOf, textsIn } from '../json.ts'
import { ociArchitecture } from '../package/distribution.ts'
import { Gatherer } from '../package/gather.ts'
import { readSubject, type SbomSubjectClaim } from '../subject.ts'
import { componentClaim, hashes, type PropertyTexts, readProperties, systemOf } from './component.ts'

/** Types of components that are software that someone installed (CycloneDX 1.6, component.type). */
const software = new Set(['application', 'framework', 'library', 'platform', 'machine-learning-model'])

/**
 * Reads CycloneDX, from JSON or from XML that was converted to the same shape. Components may be nested to any depth;
 * references to missing components are skipped.
 */
export function readCycloneDx(
  document: JsonObject,
  what: string,
): { readonly inventory: Inventory; readonly subject: SbomSubjectClaim } {
  const reader = new Reader(what)
  const { component, timestamp, properties } = objectOf(document['metadata']) ?? {}
  const root = objectOf(component)
  const subject = readSubject({
    name: textOf(root?.['name']),
    version: textOf(root?.['version']),
    purl: textOf(root?.['purl']),
    created: textOf(timestamp),
  })
  if (subject.architecture !== undefined)
    reader.gatherer.architecture = ociArchitecture(subject.architecture) ?? subject.architecture
  if (root !== undefined) reader.root(root)
  reader.components(document['components'])
  reader.dependencies(document['dependencies'])
  reader.notes(properties)
  return { inventory: reader.gatherer.finish(), subject }
}

class Reader {
  readonly gatherer: Gatherer
  /** Names of manifests that Trivy lists as applications, by reference: where their packages were found. */
  readonly #manifests = new Map<string, string>()
  #files = 0

  constructor(what: string) {
    this.gatherer = new Gatherer('cyclonedx', what)
  }

  /** What the document is about, which counts as software itself only when a purl identifies it. */
  root(component: JsonObject): void {
    const { purl, type } = component
    this.gatherer.root(textOf(component['bom-ref']))
    if (textOf(purl) !== undefined && software.has(scalarText(type)))
      this.gatherer.claim(componentClaim(component, readProperties(component)))
    this.components(component['components'])
  }

  components(list: unknown): void {
    // Without recursion: how deep components are nested is for the document to say.
    const stack: { readonly component: JsonObject; readonly owner: string | undefined }[] = []
    const push = (members: unknown, owner: string | undefined) => {
      for (const component of objectsIn(members).toReversed()) stack.push({ component, owner })
    }
    push(list, undefined)
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      this.#component(next.component, next.owner)
      push(next.component['components'], textOf(next.component['bom-ref']) ?? next.owner)
    }
  }

  /** Notes in a document that Temper wrote about what could not be read. */
  notes(properties: unknown): void {
    for (const property of objectsIn(properties)) {
      const [name, message] = [textOf(property['name']), textOf(property['value'])]
      if (name?.startsWith(noteProperty) === true && message !== undefined)
        this.gatherer.told(parseNoteText(`${name.slice(noteProperty.length)}: ${message}`))
    }
  }

  #component(component: JsonObject, owner: string | undefined): void {
    const type = textOf(component['type'])
    const properties = readProperties(component)
    if (type === 'file') this.#file(component, owner)
    if (type === 'operating-system') this.#system(component, properties)
    else if (type !== undefined && !software.has(type) && textOf(component['purl']) === undefined) return
    else if (!this.#isManifest(component, properties))
      this.gatherer.claim(componentClaim(component, properties))
  }

  #system(component: JsonObject, properties: PropertyTexts): void {
    const system = systemOf(component, properties)
    if (system === undefined) this.gatherer.note('system-without-name', 'An operating system has no name.')
    else this.gatherer.distribution ??= system
  }

  /** Trivy lists lock files and the like as applications without a purl. */
  #isManifest(component: JsonObject, properties: PropertyTexts): boolean {
    if (component['type'] !== 'application' || textOf(component['purl']) !== undefined) return false
    if (properties.get('aquasecurity:trivy:Class') === undefined) return false
    const ref = textOf(component['bom-ref'])
    const name = textOf(component['name'])
    if (ref !== undefined && name !== undefined) this.#manifests.set(ref, name)
    return true
  }

  #file(component: JsonObject, owner: string | undefined): void {
    // A reference of our own where the document has none, so that the owner can be told.
    const ref = textOf(component['bom-ref']) ?? `\0${++this.#files}`
    const { digest, sha1 } = hashes(component)
    this.gatherer.file({ ref, path: textOf(component['name']), digest, sha1 })
    if (owner !== undefined) this.gatherer.owns(owner, ref)
  }

  dependencies(list: unknown): void {
    for (const dependency of objectsIn(list)) {
      const ref = textOf(dependency['ref'])
      if (ref === undefined) continue
      const manifest = this.#manifests.get(ref)
      for (const needed of textsIn(dependency['dependsOn'])) {
        if (manifest === undefined) this.gatherer.needs(ref, needed)
        else this.gatherer.foundIn(needed, manifest)
      }
    }
  }
}

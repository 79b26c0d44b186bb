import type { Digest } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { JsonObject } from '../../base/json/value.ts'
import type { Descriptor } from '../../model/image.ts'
import { mediaTypes } from '../../model/image.ts'
import { parseDescriptor } from '../image/manifest.ts'
import { asArray, asObject, parseJsonObject } from '../json-value.ts'
import { isAttachmentTag, olderTags } from '../name.ts'

/** Where a layout's index.json holds the name of an image (image-spec annotations.md). */
export const nameAnnotation = 'org.opencontainers.image.ref.name'

/** Most images and attached artifacts of one layout, and most bytes of its index.json. */
const entryLimit = 10_000
export const layoutIndexLimit = 16 << 20

/** One descriptor of index.json. `raw` keeps members that are not understood here. */
interface Entry {
  readonly descriptor: Descriptor
  readonly name: string | undefined
  readonly raw: JsonObject
}

/** The content of an index.json as a value: changes give new ones. */
export interface LayoutIndex {
  readonly entries: readonly Entry[]
  readonly raw: JsonObject
}

export const emptyLayoutIndex: LayoutIndex = {
  entries: [],
  raw: { schemaVersion: 2, mediaType: mediaTypes.ociIndex },
}

export function parseLayoutIndex(bytes: Uint8Array, where: string): LayoutIndex {
  const raw = parseJsonObject(bytes, where)
  const manifests = raw['manifests'] ?? []
  const entries = asArray(manifests, `${where}, manifests`, entryLimit).map((value, i) =>
    entryOf(asObject(value, where), `${where}, manifest ${i + 1}`),
  )
  return { entries: withAttachmentNames(entries), raw }
}

/** What `cosign save` calls an entry of index.json, and the older tag that a registry would have it under. */
const cosignKind = 'dev.cosignproject.cosign/'
const cosignTags = { sigs: 'signatures', atts: 'attestations' } as const

/** A layout that `cosign save` wrote says by a "kind" that an entry is attached to its image, of which it holds one. */
function withAttachmentNames(entries: readonly Entry[]): readonly Entry[] {
  const kindOf = ({ descriptor }: Entry) => {
    const kind = descriptor.annotations?.['kind'] ?? ''
    return kind.startsWith(cosignKind) ? kind.slice(cosignKind.length) : undefined
  }
  const [image, another] = entries.filter((entry) => ['image', 'imageIndex'].includes(kindOf(entry) ?? ''))
  if (image === undefined || another !== undefined) return entries
  const tags = olderTags(image.descriptor.digest)
  return entries.map((entry) => {
    const kind = kindOf(entry)
    if (entry.name !== undefined || (kind !== 'sigs' && kind !== 'atts')) return entry
    return { ...entry, name: tags[cosignTags[kind]] }
  })
}

function entryOf(raw: JsonObject, where: string): Entry {
  const descriptor = parseDescriptor(raw, where)
  return { descriptor, name: descriptor.annotations?.[nameAnnotation], raw }
}

export function formatLayoutIndex(index: LayoutIndex): string {
  return canonicalJson({ ...index.raw, schemaVersion: 2, manifests: index.entries.map((entry) => entry.raw) })
}

/**
 * Gives `name` to one descriptor and to no other. The entry that had the name before is removed; an entry of the same
 * manifest without a name takes the name.
 */
export function withName(index: LayoutIndex, descriptor: Descriptor, name: string): LayoutIndex {
  const same = (entry: Entry) => entry.descriptor.digest === descriptor.digest
  const named = entryOf(
    {
      ...plain(descriptor),
      annotations: { ...descriptor.annotations, [nameAnnotation]: name },
    },
    name,
  )
  const entries = index.entries.filter(
    (entry) => entry.name !== name && !(same(entry) && entry.name === undefined),
  )
  const at = index.entries.findIndex((entry) => entry.name === name)
  const place = at < 0 ? newPlace(entries) : Math.min(at, entries.length)
  return { ...index, entries: entries.toSpliced(place, 0, named) }
}

/** Images come before what is attached to them: some tools take the first entry for the image (Trivy does). */
function newPlace(entries: readonly Entry[]): number {
  const attached = entries.findIndex(
    ({ descriptor, name }) =>
      descriptor.artifactType !== undefined || (name !== undefined && isAttachmentTag(name)),
  )
  return attached < 0 ? entries.length : attached
}

/** Adds a descriptor without a name unless the manifest is listed already. */
export function withUnnamed(index: LayoutIndex, descriptor: Descriptor): LayoutIndex {
  if (index.entries.some((entry) => entry.descriptor.digest === descriptor.digest)) return index
  return { ...index, entries: [...index.entries, entryOf({ ...descriptor }, descriptor.digest)] }
}

export function findName(index: LayoutIndex, name: string): Descriptor | undefined {
  const entry = index.entries.find((each) => each.name === name)
  return entry === undefined ? undefined : plain(entry.descriptor)
}

export function findDigest(index: LayoutIndex, digest: Digest): Descriptor | undefined {
  const entry = index.entries.find((each) => each.descriptor.digest === digest)
  return entry === undefined ? undefined : plain(entry.descriptor)
}

/** Names, sorted, each once. */
export function namesOf(index: LayoutIndex): string[] {
  const names = index.entries.flatMap((entry) => (entry.name === undefined ? [] : [entry.name]))
  return [...new Set(names)].sort()
}

/** A descriptor without its annotations: those in an index belong to the entry, not to the image. */
export function plain(descriptor: Descriptor): Descriptor {
  const { annotations: _, ...rest } = descriptor
  return rest
}

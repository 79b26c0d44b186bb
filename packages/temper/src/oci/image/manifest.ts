import { TemperError } from '../../base/error.ts'
import type { JsonObject } from '../../base/json/value.ts'
import type { Descriptor, DescriptorPlatform, ImageIndex, Manifest } from '../../model/image.ts'
import { mediaTypes } from '../../model/image.ts'
import {
  asArray,
  asDigest,
  asObject,
  asSize,
  asString,
  badImage,
  optionalString,
  optionalStrings,
  parseJsonObject,
} from '../json-value.ts'
import { manifestKind } from './media-type.ts'

/** Most manifests of an index. */
const entryLimit = 4096

/** Most layers of a manifest: what is read by a build is a layer each of its provenance, as many as fit into the bytes of one. */
const layerLimit = 32_768

export type ParsedManifest =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | { readonly kind: 'index'; readonly index: ImageIndex }

/**
 * Reads and checks a manifest or index, OCI or Docker (image-spec manifest.md and image-index.md). `mediaType` is
 * what the descriptor or server stated; that of the document must not contradict it. Without either, the presence of
 * `manifests` or `layers` decides. Throws `bad-image` and `limit-exceeded`.
 */
export function parseManifest(bytes: Uint8Array, where: string, mediaType?: string): ParsedManifest {
  const json = parseJsonObject(bytes, where)
  if (json['schemaVersion'] === 1 && Array.isArray(json['fsLayers']))
    throw new TemperError(
      'bad-image',
      `${where}: expected a manifest of schema 2 or OCI, found one of schema 1, which Docker wrote before 2016`,
      {
        hint: 'Convert it with a tool that still reads schema 1, such as skopeo: copy the image into an OCI layout.',
      },
    )
  if (json['schemaVersion'] !== 2)
    throw badImage(`${where}: expected schemaVersion 2, found ${JSON.stringify(json['schemaVersion'])}`)
  const type = typeOf(json, where, mediaType)
  const kind = manifestKind(type)
  // The two shapes must not mix: a reader that trusts the other one would see another image.
  if (json['manifests'] !== undefined && (json['layers'] !== undefined || json['config'] !== undefined))
    throw badImage(`${where}: it is both a manifest and an index`)
  if (kind === 'index') return { kind, index: parseIndex(json, type, where) }
  if (kind === 'manifest') return { kind, manifest: parseImageManifest(json, type, where) }
  throw badImage(
    `${where}: expected an image manifest or index, found the media type "${type.slice(0, 120)}"`,
  )
}

function typeOf(json: JsonObject, where: string, expected: string | undefined): string {
  const own = optionalString(json['mediaType'], `${where}, mediaType`)
  if (own !== undefined && expected !== undefined && own !== expected)
    throw badImage(`${where}: described as "${expected}" but it says "${own.slice(0, 120)}"`)
  return own ?? expected ?? (json['manifests'] === undefined ? mediaTypes.ociManifest : mediaTypes.ociIndex)
}

function parseImageManifest(json: JsonObject, mediaType: string, where: string): Manifest {
  const layers = asArray(json['layers'], `${where}, layers`, layerLimit)
  return {
    schemaVersion: 2,
    mediaType,
    ...artifact(json, where),
    config: parseDescriptor(json['config'], `${where}, config`),
    layers: layers.map((layer, i) => parseDescriptor(layer, `${where}, layer ${i + 1}`)),
  }
}

function parseIndex(json: JsonObject, mediaType: string, where: string): ImageIndex {
  // A layout without images has been seen with "manifests": null.
  const manifests =
    json['manifests'] === null ? [] : asArray(json['manifests'], `${where}, manifests`, entryLimit)
  return {
    schemaVersion: 2,
    mediaType,
    ...artifact(json, where),
    manifests: manifests.map((each, i) => parseDescriptor(each, `${where}, manifest ${i + 1}`)),
  }
}

function artifact(
  json: JsonObject,
  where: string,
): Pick<Manifest, 'artifactType' | 'subject' | 'annotations'> {
  const artifactType = optionalString(json['artifactType'], `${where}, artifactType`)
  const annotations = optionalStrings(json['annotations'], `${where}, annotations`)
  const subject = json['subject']
  return {
    ...(artifactType === undefined || artifactType === '' ? {} : { artifactType }),
    ...(subject === undefined || subject === null
      ? {}
      : { subject: parseDescriptor(subject, `${where}, subject`) }),
    ...(annotations === undefined ? {} : { annotations }),
  }
}

/** Reads and checks a descriptor (image-spec descriptor.md). Only SHA-256 digests are supported. */
export function parseDescriptor(value: unknown, where: string): Descriptor {
  const json = asObject(value, where)
  const annotations = optionalStrings(json['annotations'], `${where}, annotations`)
  const artifactType = optionalString(json['artifactType'], `${where}, artifactType`)
  const platform = json['platform']
  return {
    mediaType: asString(json['mediaType'], `${where}, mediaType`),
    digest: asDigest(json['digest'], `${where}, digest`),
    size: asSize(json['size'], `${where}, size`),
    ...(annotations === undefined ? {} : { annotations }),
    ...(platform === undefined || platform === null ? {} : { platform: parsePlatform(platform, where) }),
    ...(artifactType === undefined || artifactType === '' ? {} : { artifactType }),
  }
}

function parsePlatform(value: unknown, where: string): DescriptorPlatform {
  const json = asObject(value, `${where}, platform`)
  const variant = optionalString(json['variant'], `${where}, platform variant`)
  return {
    os: asString(json['os'], `${where}, platform os`),
    architecture: asString(json['architecture'], `${where}, platform architecture`),
    ...(variant === undefined || variant === '' ? {} : { variant }),
  }
}

/** The descriptor of a manifest in a list of referrers (distribution-spec, "Listing Referrers"). */
export function referrerDescriptor(descriptor: Descriptor, parsed: ParsedManifest): Descriptor {
  const { mediaType, digest, size } = descriptor
  const document = parsed.kind === 'index' ? parsed.index : parsed.manifest
  const artifactType =
    document.artifactType ?? (parsed.kind === 'manifest' ? parsed.manifest.config.mediaType : undefined)
  return {
    mediaType,
    digest,
    size,
    ...(document.annotations === undefined ? {} : { annotations: document.annotations }),
    ...(artifactType === undefined ? {} : { artifactType }),
  }
}

/** The `subject` of a manifest or index. */
export function subjectOf(parsed: ParsedManifest): Descriptor | undefined {
  return parsed.kind === 'index' ? parsed.index.subject : parsed.manifest.subject
}

/** What must be stored before a manifest or index: its configuration and layers, or its manifests. */
export function childrenOf(parsed: ParsedManifest): readonly Descriptor[] {
  return parsed.kind === 'index'
    ? parsed.index.manifests
    : [parsed.manifest.config, ...parsed.manifest.layers]
}

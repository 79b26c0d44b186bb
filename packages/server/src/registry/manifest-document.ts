import { z } from 'zod'
import { parseJson, TemperError } from '../temper.ts'
import { RegistryError } from './error.ts'
import { type ContentDigest, isContentDigest } from './name.ts'

/**
 * Largest size of a manifest: registries have to accept this many bytes (distribution-spec 1.1, "Pushing Manifests").
 */
export const manifestLimit = 4 << 20

/** Deepest nesting of a manifest: more than any has, and what clients that read it take. */
const depthLimit = 40

const ociManifest = 'application/vnd.oci.image.manifest.v1+json'
export const ociIndex = 'application/vnd.oci.image.index.v1+json'

/** Layers that stay where they are: clients do not push them (image-spec 1.0 layer.md, "Non-Distributable Layers"). */
const elsewhere =
  /^application\/vnd\.(?:oci\.image\.layer\.nondistributable\.|docker\.image\.rootfs\.foreign\.)/

const digest = z.custom<ContentDigest>((value) => typeof value === 'string' && isContentDigest(value), {
  error: 'expected a digest',
})
const descriptor = z.looseObject({
  mediaType: z.string().max(256),
  digest,
  size: z.int().nonnegative(),
})
/** As much of a manifest as a registry looks at; whatever else it holds is kept, and nobody's business here. */
const document = z.looseObject({
  // Older artifact manifests have none.
  schemaVersion: z.literal(2).optional(),
  mediaType: z.string().max(256).optional(),
  artifactType: z.string().max(256).optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).max(10_000).nullish(),
  manifests: z.array(descriptor).max(10_000).nullish(),
  subject: descriptor.nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
})

/** What a registry has to know about a manifest. */
export interface ManifestDocument {
  readonly mediaType: string
  /** Blobs that must be in the repository. */
  readonly blobs: readonly ContentDigest[]
  /** Sizes of its blobs, as the manifest states them. */
  readonly sizes: ReadonlyMap<ContentDigest, number>
  /** Media types of its layers. */
  readonly layerTypes: readonly string[]
  /** Manifests that must be in the repository. */
  readonly manifests: readonly ContentDigest[]
  readonly subject: ContentDigest | undefined
  readonly artifactType: string | undefined
  readonly annotations: Readonly<Record<string, string>> | undefined
}

/**
 * Reads a manifest as it was pushed. `contentType` is the type that the request states; the document must not state
 * another. Throws `MANIFEST_INVALID`.
 */
export function parseManifestDocument(bytes: Uint8Array, contentType: string | undefined): ManifestDocument {
  const read = document.safeParse(jsonOf(bytes))
  if (!read.success) {
    const [issue] = read.error.issues
    throw invalid(`${issue?.path.join('.') || 'the document'}: ${issue?.message}`)
  }
  const { mediaType: own, config, layers, manifests, subject, artifactType, annotations } = read.data
  if (own !== undefined && contentType !== undefined && own !== contentType)
    throw invalid(`the request says "${contentType.slice(0, 120)}", the document says "${own}"`)
  // A reader that trusts the other shape would see another image.
  if (manifests != null && (layers != null || config !== undefined))
    throw invalid('it is an index and a manifest at once')
  return {
    mediaType: own ?? contentType ?? (manifests == null ? ociManifest : ociIndex),
    blobs: [config, ...(layers ?? [])]
      .filter((each) => each !== undefined)
      .filter(({ mediaType }) => !elsewhere.test(mediaType))
      .map((each) => each.digest),
    sizes: new Map(
      [config, ...(layers ?? [])].flatMap((each) => (each === undefined ? [] : [[each.digest, each.size]])),
    ),
    layerTypes: (layers ?? []).map(({ mediaType }) => mediaType),
    manifests: (manifests ?? []).map((each) => each.digest),
    subject: subject?.digest,
    // Without a type of its own an artifact has that of its configuration ("Pushing Manifests with Subject").
    artifactType: artifactType || config?.mediaType,
    annotations: annotations ?? undefined,
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    const refuse = (found: string) => invalid(`expected JSON, found ${found}`)
    return parseJson(bytes, { where: 'the document', depth: depthLimit, refuse })
  } catch (error) {
    if (error instanceof TemperError) throw invalid(error.message)
    throw error
  }
}

function invalid(why: string): RegistryError {
  return new RegistryError('MANIFEST_INVALID', `the manifest cannot be taken: ${why}`)
}

import { TemperError } from '../../base/error.ts'
import { type Descriptor, type ImageIndex, mediaTypes } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { manifestKind } from './media-type.ts'
import { readManifest } from './read-manifest.ts'

/** Indices in indices: `ctr image import --index-name` makes two of them, joined releases one more. */
const depthLimit = 8
/** Images and indices in all. */
const memberLimit = 4096

/**
 * The images that a manifest or index leads to, in order, each once: a single image leads to itself, and the images
 * of an index inside an index count as those of the outer one (image-spec, image-index.md). Attestations and other
 * artifacts are left out. An inner index that is not in the store is listed itself. Throws `limit-exceeded`, and what
 * the store throws.
 */
export async function imageMembers(store: Store, root: Descriptor): Promise<readonly Descriptor[]> {
  const parsed = await readManifest(store, root)
  return parsed.kind === 'manifest' ? [root] : await indexMembers(store, parsed.index)
}

/** The same for an index that was read already. */
export async function indexMembers(store: Store, index: ImageIndex): Promise<readonly Descriptor[]> {
  const walk = new Walk(store)
  await walk.add(index, 1)
  return [...walk.members.values()]
}

class Walk {
  readonly members = new Map<string, Descriptor>()
  readonly #store: Store
  readonly #seen = new Set<string>()

  constructor(store: Store) {
    this.#store = store
  }

  async add(index: ImageIndex, depth: number): Promise<void> {
    for (const member of index.manifests) {
      if (!isImage(member) || this.#seen.has(member.digest)) continue
      this.#seen.add(member.digest)
      if (this.#seen.size > memberLimit || depth > depthLimit)
        throw new TemperError(
          'limit-exceeded',
          `${member.digest}: indices nested deeper than ${depthLimit}, or more than ${memberLimit} images`,
        )
      const inner = manifestKind(member.mediaType) === 'index' ? await this.#inner(member) : undefined
      if (inner === undefined) this.members.set(member.digest, member)
      else await this.add(inner, depth + 1)
    }
  }

  async #inner(descriptor: Descriptor): Promise<ImageIndex | undefined> {
    try {
      const parsed = await readManifest(this.#store, descriptor)
      return parsed.kind === 'index' ? parsed.index : undefined
    } catch (error) {
      if (error instanceof TemperError && error.code === 'not-found') return undefined
      throw error
    }
  }
}

/**
 * Whether an entry of an index is an image or an index of images: not an attestation that a build tool put beside them, for a
 * platform "unknown", nor another kind of artifact or of blob, which indices may list too.
 */
function isImage({ platform, mediaType, artifactType, annotations }: Descriptor): boolean {
  return (
    manifestKind(mediaType) !== undefined &&
    platform?.architecture !== 'unknown' &&
    annotations?.['vnd.docker.reference.type'] === undefined &&
    (artifactType === undefined || configTypes.has(artifactType))
  )
}

const configTypes: ReadonlySet<string> = new Set([mediaTypes.ociConfig, mediaTypes.dockerConfig])

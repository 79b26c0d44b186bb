import { type Digest, hexOf, verified } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../../formats/tar/write.ts'
import type { Descriptor } from '../../model/image.ts'
import { childrenOf } from '../image/manifest.ts'
import { manifestKind } from '../image/media-type.ts'
import { badImage } from '../json-value.ts'
import { formatLayoutIndex, type LayoutIndex } from '../layout/index-file.ts'
import type { LayoutFiles, LayoutReader } from '../layout/reader.ts'
import { blobName } from './archive-file.ts'

/** A small file at the top of an archive. */
export interface ArchiveText {
  readonly name: string
  readonly text: string
}

/**
 * An image layout as a tar archive: the small files, then the blobs sorted by digest. Equal content gives
 * equal bytes. Blobs are checked as they pass.
 */
export async function* packLayout(
  files: LayoutFiles,
  blobs: Iterable<Digest>,
  content: { readonly index: LayoutIndex; readonly texts: readonly ArchiveText[] },
): AsyncGenerator<Uint8Array, void, void> {
  const texts = [
    { name: 'oci-layout', text: '{"imageLayoutVersion":"1.0.0"}' },
    { name: 'index.json', text: formatLayoutIndex(content.index) },
    ...content.texts,
  ]
  for (const { name, text } of texts) {
    const bytes = Buffer.from(text)
    yield header(name, bytes.length)
    yield bytes
    yield tarPadding(bytes.length)
  }
  yield header('blobs', 'directory')
  yield header('blobs/sha256', 'directory')
  for (const digest of [...blobs].sort()) {
    const blob = await files.openBlob(digest)
    if (blob === undefined)
      throw badImage(`${files.place}: the blob ${digest} vanished while the archive was written`)
    try {
      yield header(blobName(digest), blob.size)
      yield* verified(blob.read(), { digest, size: blob.size, what: `${digest} in ${files.place}` })
      yield tarPadding(blob.size)
    } finally {
      await blob.close()
    }
  }
  yield tarEnd
}

function header(path: string, size: number | 'directory'): Uint8Array {
  const owner = { uid: 0, gid: 0, mtime: 0 }
  if (size === 'directory')
    return encodeTarHeader({ path, type: 'directory', mode: 0o755, size: 0, ...owner })
  return encodeTarHeader({ path, type: 'file', mode: 0o644, size, ...owner })
}

/** One image of an archive as Docker's manifest.json lists it. */
export interface DockerImage {
  readonly config: Digest
  readonly layers: readonly Descriptor[]
  /** "nginx:1.26", sorted. */
  readonly names: readonly string[]
}

/** The manifest.json of docker load: paths of blobs in the same archive. */
export function dockerManifestJson(images: readonly DockerImage[]): string {
  return canonicalJson(
    images.map(({ config, layers, names }) => ({
      Config: `blobs/sha256/${hexOf(config)}`,
      RepoTags: names.length === 0 ? null : names,
      Layers: layers.map((layer) => blobName(layer.digest)),
    })),
  )
}

/**
 * Digests of everything that the entries of an index need and that exists, since an index may name absent platforms.
 */
export async function reachable(reader: LayoutReader, index: LayoutIndex): Promise<Set<Digest>> {
  const digests = new Set<Digest>()
  const next = index.entries.map((entry) => entry.descriptor)
  for (let descriptor = next.pop(); descriptor !== undefined; descriptor = next.pop()) {
    if (digests.has(descriptor.digest) || !(await reader.has(descriptor))) continue
    digests.add(descriptor.digest)
    if (manifestKind(descriptor.mediaType) !== undefined)
      next.push(...childrenOf(await reader.parse(descriptor)))
  }
  return digests
}

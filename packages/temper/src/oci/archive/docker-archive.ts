import { bytesOf } from '../../base/bytes.ts'
import { createHasher, type Digest, sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { Descriptor } from '../../model/image.ts'
import { mediaTypes } from '../../model/image.ts'
import { parseImageConfig } from '../image/config.ts'
import { configLimit } from '../image/media-type.ts'
import { asArray, asObject, asString, badImage, parseJsonArray } from '../json-value.ts'
import { emptyLayoutIndex, withName, withUnnamed } from '../layout/index-file.ts'
import type { LayoutFiles, OpenBlob } from '../layout/reader.ts'
import { normalizeDockerName } from '../reference.ts'
import { type ArchiveFile, openInArchive } from './archive-file.ts'
import { layoutInArchive } from './archive-files.ts'
import { withDockerNames } from './docker-name.ts'

const manifestJsonLimit = 4 << 20
const imageLimit = 1000
const layerLimit = 4096

/**
 * The images of an archive that `docker save` wrote, as if they were in a layout. Archives that are layouts too
 * (Docker 25 and later, and Temper's own) keep their manifests; for older ones, which have none, OCI manifests are
 * made, the same each time, whose layers are the files of the archive as they are.
 */
export async function dockerArchive(archive: ArchiveFile, place: string): Promise<LayoutFiles> {
  const layout = await layoutInArchive(archive, place)
  if (layout !== undefined) return { ...layout, index: async () => withDockerNames(await layout.index()) }
  const text = await archive.readSmall('manifest.json', manifestJsonLimit)
  if (text === undefined)
    throw badImage(`${place}: expected an archive of docker save, found one without manifest.json`)
  return new ClassicArchive(archive, place).read(text)
}

class ClassicArchive {
  readonly #archive: ArchiveFile
  readonly #place: string
  /** Files of the archive by the digest of their content; the manifests made here are in `#made`. */
  readonly #names = new Map<Digest, string>()
  readonly #made = new Map<Digest, Uint8Array>()
  readonly #layers = new Map<string, Descriptor>()

  constructor(archive: ArchiveFile, place: string) {
    this.#archive = archive
    this.#place = place
  }

  async read(manifestJson: Uint8Array): Promise<LayoutFiles> {
    const where = `${this.#place}, manifest.json`
    const images = parseJsonArray(manifestJson, where, imageLimit)
    let index = emptyLayoutIndex
    for (const [i, value] of images.entries()) {
      const image = asObject(value, `${where}, image ${i + 1}`)
      const descriptor = await this.#image(image, `${where}, image ${i + 1}`)
      index = withUnnamed(index, descriptor)
      const tags = asArray(image['RepoTags'] ?? [], `${where}, RepoTags`, imageLimit)
      for (const tag of tags) {
        const name = normalizeDockerName(asString(tag, `${where}, RepoTags`))
        if (name === undefined) throw badImage(`${where}, RepoTags: expected NAME:TAG, found other text`)
        index = withName(index, descriptor, name)
      }
    }
    return {
      place: this.#place,
      index: async () => index,
      blobSize: async (digest) => this.#open(digest)?.size,
      openBlob: async (digest) => this.#open(digest),
    }
  }

  #open(digest: Digest): OpenBlob | undefined {
    const bytes = this.#made.get(digest)
    if (bytes !== undefined) return { size: bytes.length, read: () => bytesOf(bytes), close: async () => {} }
    const name = this.#names.get(digest)
    return name === undefined ? undefined : openInArchive(this.#archive, name)
  }

  async #image(image: Readonly<Record<string, unknown>>, where: string): Promise<Descriptor> {
    const configName = asString(image['Config'], `${where}, Config`)
    const config = await this.#archive.readSmall(configName, configLimit)
    if (config === undefined) throw badImage(`${where}: there is no file "${configName.slice(0, 120)}"`)
    const diffIds = parseImageConfig(config, `${this.#place}, ${configName}`).rootfs.diff_ids
    const names = asArray(image['Layers'], `${where}, Layers`, layerLimit).map((name) =>
      asString(name, where),
    )
    if (names.length !== diffIds.length)
      throw badImage(`${where}: ${names.length} layers, but the configuration names ${diffIds.length}`)
    const layers: Descriptor[] = []
    for (const [i, name] of names.entries()) layers.push(await this.#layer(name, diffIds[i], where))
    const manifest = Buffer.from(
      canonicalJson({
        schemaVersion: 2,
        mediaType: mediaTypes.ociManifest,
        config: this.#register(configName, mediaTypes.ociConfig, sha256(config)),
        layers,
      }),
    )
    const digest = sha256(manifest)
    this.#made.set(digest, manifest)
    return { mediaType: mediaTypes.ociManifest, digest, size: manifest.length }
  }

  #register(name: string, mediaType: string, digest: Digest): Descriptor {
    this.#names.set(digest, name)
    return { mediaType, digest, size: this.#archive.size(name) ?? 0 }
  }

  /** An uncompressed layer has the digest that the configuration states; its reader checks that. */
  async #layer(name: string, diffId: Digest | undefined, where: string): Promise<Descriptor> {
    const known = this.#layers.get(name)
    if (known !== undefined) return known
    if (this.#archive.size(name) === undefined)
      throw badImage(`${where}: there is no file "${name.slice(0, 120)}"`)
    const mediaType = await this.#layerType(name)
    const plain = mediaType === mediaTypes.ociLayerTar && diffId !== undefined
    const layer = this.#register(name, mediaType, plain ? diffId : await this.#digest(name))
    this.#layers.set(name, layer)
    return layer
  }

  async #layerType(name: string): Promise<string> {
    for await (const chunk of this.#archive.read(name)) {
      if (chunk[0] === 0x1f && chunk[1] === 0x8b) return mediaTypes.ociLayerGzip
      if (chunk[0] === 0x28 && chunk[1] === 0xb5 && chunk[2] === 0x2f && chunk[3] === 0xfd)
        return mediaTypes.ociLayerZstd
      break
    }
    return mediaTypes.ociLayerTar
  }

  async #digest(name: string): Promise<Digest> {
    const hasher = createHasher()
    for await (const chunk of this.#archive.read(name)) hasher.update(chunk)
    return hasher.digest()
  }
}

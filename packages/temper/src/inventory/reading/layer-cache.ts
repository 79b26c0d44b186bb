import { join } from 'node:path'
import { type Digest, hexOf, sha256 } from '../../base/digest.ts'
import { readFileIfExists, writeFileAtomic } from '../../base/file.ts'
import { temperVersion } from '../../base/version.ts'
import type { FileReader } from '../cataloguer.ts'
import type { ExtraHash } from './file-hash.ts'
import type { LayerReading } from './layer-reading.ts'

/** Bytes of a record; no text of JavaScript can have more than 512 Mi characters. */
const sizeLimit = 256 << 20

/**
 * Readings of layers, kept between runs, so that a base layer which many images share is read once. Found by the
 * digest of the blob, which the store checks while it is read, not by the diff id, which an image may claim of any
 * blob; and by all that decides what a reading holds.
 */
export class LayerCache {
  readonly #folder: string
  readonly #key: string

  /** `folder` belongs to this cache alone. */
  constructor(folder: string, readers: readonly FileReader<unknown>[], extraHash: ExtraHash) {
    this.#folder = folder
    const names = readers.map(({ id, version, sizeLimit }) => `${id}:${version}:${sizeLimit ?? ''}`).sort()
    this.#key = [temperVersion(), extraHash, ...names].join(' ')
  }

  /** A damaged record (a power cut, a disk error) counts as none: it is made again. */
  async get(layer: Digest): Promise<LayerReading | undefined> {
    const bytes = await readFileIfExists(this.#path(layer))
    if (bytes === undefined || bytes.length > sizeLimit) return undefined
    try {
      const reading = JSON.parse(Buffer.from(bytes).toString('utf8')) as LayerReading | null
      return Array.isArray(reading?.entries) ? reading : undefined
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }

  /** What is too large for one text is not kept. */
  async put(layer: Digest, reading: LayerReading): Promise<void> {
    const text = textOf(reading)
    if (text !== undefined && text.length <= sizeLimit) await writeFileAtomic(this.#path(layer), text)
  }

  #path(layer: Digest): string {
    const hex = hexOf(sha256(`${this.#key} ${layer}`))
    return join(this.#folder, hex.slice(0, 2), hex)
  }
}

function textOf(reading: LayerReading): string | undefined {
  try {
    return JSON.stringify(reading)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

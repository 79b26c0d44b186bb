import { type Digest, sha256 } from '../../base/digest.ts'
import type { Progress } from '../../base/progress.ts'
import { ValueCache } from '../../base/value-cache.ts'
import { temperVersion } from '../../base/version.ts'
import type { FileReader } from '../cataloguer.ts'
import type { ExtraHash } from './file-hash.ts'
import type { LayerReading } from './layer-reading.ts'

/** Bytes of a record; no text of JavaScript can have more than 512 Mi characters. */
const sizeLimit = 256 << 20

/** Everything besides the layer that decides the content of a layer reading. */
export interface ReadingKind {
  readonly readers: readonly FileReader<unknown>[]
  readonly extraHash: ExtraHash
  /** Distinguishes this program from others of the same version. */
  readonly program?: string | undefined
}

/**
 * Readings of layers, kept between runs, so that a base layer which many images share is read once. They are found by
 * the digest of the blob, which the store checks while it is read, not by the diff id, which an image may claim for
 * any blob; and by everything that decides what a reading holds.
 */
export class LayerCache {
  readonly #values: ValueCache
  readonly #kind: string

  /** `folder` belongs to this cache alone. */
  constructor(
    folder: string,
    { readers, extraHash, program = '' }: ReadingKind,
    progress?: Pick<Progress, 'note'>,
  ) {
    this.#values = new ValueCache(folder, progress)
    const names = readers.map(({ id, version, sizeLimit }) => `${id}:${version}:${sizeLimit ?? ''}`).sort()
    this.#kind = [temperVersion(), program, extraHash, ...names].join(' ')
  }

  async get(layer: Digest): Promise<LayerReading | undefined> {
    return await this.#values.getJson<LayerReading>(this.#key(layer))
  }

  /** What is too large for one text is not kept. */
  async put(layer: Digest, reading: LayerReading): Promise<void> {
    const text = textOf(reading)
    if (text !== undefined && text.length <= sizeLimit) await this.#values.put(this.#key(layer), text)
  }

  #key(layer: Digest): Digest {
    return sha256(`${this.#kind} ${layer}`)
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

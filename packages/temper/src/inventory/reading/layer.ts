import { type ByteStream, bytesOf, collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { layerTar } from '../../formats/layer/tar.ts'
import { parseWhiteout, type Whiteout } from '../../formats/layer/whiteout.ts'
import { readTar, type TarItem } from '../../formats/tar/read.ts'
import type { Layer } from '../../model/image.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import type { FileReader } from '../cataloguer.ts'
import { readFile } from './file.ts'
import type { ExtraHash } from './file-hash.ts'
import type { LayerEntry, LayerFact, LayerNote, LayerReading } from './layer-reading.ts'
import { type InventoryLimits, layerRoom, sizeLimitOf } from './limits.ts'
import { type SelectedLink, selectedLinks } from './selected-links.ts'

export interface ReadLayerOptions {
  readonly readers: readonly FileReader<unknown>[]
  readonly extraHash: ExtraHash
  /** Whether entries are kept with owners, permissions and times. */
  readonly attributes: boolean
  readonly limits: InventoryLimits
  /** Waits for room in memory for a file of this size; what it gives back is called when done. */
  readonly reserve: (size: number) => Promise<() => void>
  readonly onBytes?: (amount: number) => void
  readonly signal?: AbortSignal
}

/**
 * Reads one layer once, as a stream. Errors: `bad-archive`, `bad-image`, `limit-exceeded`, `digest-mismatch` and
 * what opening the layer throws.
 */
export async function readLayer(layer: Layer, options: ReadLayerOptions): Promise<LayerReading> {
  const what = `layer ${layer.descriptor.digest}`
  const collecting = new LayerCollecting(what, layerRoom(layer.descriptor.size, options.limits), options)
  for await (const item of itemsOf(layer, options)) await collecting.add(item)
  const links = selectedLinks(collecting.entries, options.readers)
  if (links.size > 0)
    for await (const item of itemsOf(layer, options))
      await collecting.addLinks(item, links.get(item.entry.path) ?? [])
  return collecting.reading()
}

async function* itemsOf(layer: Layer, { limits, onBytes, signal }: ReadLayerOptions) {
  const what = `layer ${layer.descriptor.digest}`
  const room = layerRoom(layer.descriptor.size, limits)
  const tar = await layerTar(counted(layer.open(), onBytes), what, { limit: room })
  const options = {
    what,
    limits: { entries: limits.entries },
    endMarker: 'optional',
    names: 'escape',
  } as const
  for await (const item of readTar(tar, options)) {
    signal?.throwIfAborted()
    yield item
  }
}

class LayerCollecting {
  readonly #what: string
  readonly #options: ReadLayerOptions
  readonly #whiteouts: Whiteout[] = []
  readonly #entries: LayerEntry[] = []
  /** By path: what an archive has twice is what it has last. */
  readonly #facts = new Map<string, LayerFact[]>()
  readonly #notes: LayerNote[] = []
  #leftOut = 0
  #room: number
  #factRoom: number

  constructor(what: string, room: number, options: ReadLayerOptions) {
    this.#what = what
    this.#options = options
    this.#room = room
    this.#factRoom = options.limits.factBytes
  }

  async add({ entry, content }: TarItem): Promise<void> {
    const { path, type, mode, size, target } = entry
    const attributes = this.#options.attributes ? attributesOf(entry) : {}
    this.#facts.delete(path)
    const whiteout = parseWhiteout(path)
    if (whiteout !== undefined) {
      this.#whiteouts.push(whiteout)
      return
    }
    if (type !== 'file') {
      this.#entries.push({ path, type, ...attributes, ...(target === undefined ? {} : { target }) })
      return
    }
    this.#spend(size)
    const { readers, extraHash, reserve } = this.#options
    const read = await readFile({ path, size, mode }, content, { readers, extraHash, reserve })
    this.#entries.push({ path, type, size, ...attributes, ...read.hashes })
    for (const fact of read.facts) this.#keep(fact)
    this.#note(read.notes)
  }

  get entries(): readonly LayerEntry[] {
    return this.#entries
  }

  /** Shows a file to the readers that select it by the names of its hard links. */
  async addLinks({ entry, content }: TarItem, links: readonly SelectedLink[]): Promise<void> {
    const { size, mode, type } = entry
    if (links.length === 0 || type !== 'file') return
    const limit = Math.max(...links.flatMap(({ readers }) => readers.map(sizeLimitOf)))
    const release = await this.#options.reserve(Math.min(size, limit))
    try {
      const bytes = size > limit ? new Uint8Array() : await collect(content, { limit, what: entry.path })
      for (const { path, readers } of links) {
        // Any number of links may share one large file.
        this.#spend(size)
        const read = await readFile({ path, size, mode }, bytesOf(bytes), { readers, extraHash: 'none' })
        for (const fact of read.facts) this.#keep(fact)
        this.#note(read.notes)
      }
    } finally {
      release()
    }
  }

  reading(): LayerReading {
    return {
      whiteouts: this.#whiteouts,
      entries: this.#entries,
      facts: [...this.#facts.values()].flat(),
      notes: this.#leftOut === 0 ? this.#notes : [...this.#notes, leftOut(this.#what, this.#leftOut)],
    }
  }

  /** Holes cost nothing in the archive, but hashing. */
  #spend(size: number): void {
    this.#room -= size
    if (this.#room < 0) throw this.#tooLarge('files')
  }

  #note(notes: readonly LayerNote[]): void {
    for (const note of notes)
      if (this.#notes.length < this.#options.limits.notes) this.#notes.push(note)
      else this.#leftOut++
  }

  #keep(fact: LayerFact): void {
    this.#factRoom -= sizeOf(fact.fact) + fact.path.length
    if (this.#factRoom < 0) throw this.#tooLarge('facts')
    const facts = this.#facts.get(fact.path)
    if (facts === undefined) this.#facts.set(fact.path, [fact])
    else facts.push(fact)
  }

  #tooLarge(kind: string): TemperError {
    return new TemperError(
      'limit-exceeded',
      `${this.#what}: more ${kind} than the limits of an inventory allow`,
      {
        hint: 'The image may be made to fill disks or memory.',
        next: { action: 'inspect-image' },
      },
    )
  }
}

function attributesOf({ mode, uid, gid, mtime, xattrs }: FileEntry) {
  return { mode, uid, gid, mtime, ...(xattrs === undefined ? {} : { xattrs }) }
}

function leftOut(what: string, count: number): LayerNote {
  return { code: 'limit-exceeded', message: `${count} more notes about ${what} were left out` }
}

/** A rough measure of what plain JSON takes. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 8
  if (typeof value !== 'object' || value === null) return 8
  let sum = 16
  for (const [key, member] of Object.entries(value)) sum += key.length + sizeOf(member)
  return sum
}

async function* counted(source: ByteStream, onBytes: ((amount: number) => void) | undefined) {
  for await (const chunk of source) {
    onBytes?.(chunk.length)
    yield chunk
  }
}

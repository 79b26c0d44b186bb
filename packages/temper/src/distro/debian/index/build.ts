import { createHash } from 'node:crypto'
import type { ByteStream } from '../../../base/bytes.ts'
import { TemperError } from '../../../base/error.ts'
import { streamStanzas } from '../../../formats/deb822.ts'
import { parseProvides } from '../packages/relation.ts'
import { type IndexHeader, writeHeader } from './layout.ts'
import { encodeRecord, recordFields } from './record.ts'

const slabSize = 1024 * 1024
const recordLimit = 1024 * 1024
const recordsLimit = 1_000_000

interface Entry {
  readonly name: string
  /** Its record: where it lies in the slabs. */
  readonly slab: number
  readonly start: number
  readonly end: number
}

/**
 * Converts a Packages text, as a stream, into the compact form (layout.ts). The same text gives the same bytes.
 * Errors: `bad-index`, `limit-exceeded`.
 */
export async function* buildIndex(packages: ByteStream, what: string): ByteStream {
  const entries: Entry[] = []
  const provided = new Map<string, Set<Entry>>()
  const slabs = createSlabs()
  const options = { what, only: recordFields, fieldLimit: recordLimit, stanzasLimit: recordsLimit }
  for await (const stanza of streamStanzas(packages, options)) {
    const { name, record } = encodeRecord(stanza, what)
    const entry = { name: detached(name), ...slabs.keep(record) }
    entries.push(entry)
    const provides = stanza.get('provides')
    if (provides) addProvided(provided, entry, parseProvides(provides, `Provides of ${name}`))
  }
  const digest = createHash('sha256')
  for (const bytes of emit(sortEntries(entries), provided, slabs)) {
    digest.update(bytes)
    yield bytes
  }
  yield digest.digest()
}

function addProvided(
  provided: Map<string, Set<Entry>>,
  entry: Entry,
  names: readonly { readonly name: string }[],
): void {
  for (const { name } of names) {
    if (name === entry.name) continue
    const providers = provided.get(name)
    if (providers) providers.add(entry)
    else provided.set(detached(name), new Set([entry]))
  }
}

/** By name, code unit order; packages of one name stay in the order of the file. */
function sortEntries(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** A copy of a piece of text: the piece itself would keep all of the text that it was cut from in memory. */
function detached(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

interface Slabs {
  keep(text: string): { readonly slab: number; readonly start: number; readonly end: number }
  bytes(entry: Entry): Uint8Array
}

/** Keeps texts as UTF-8 in large buffers: half the memory of strings, and nothing for the collector to walk. */
function createSlabs(): Slabs {
  const slabs: Buffer[] = []
  let used = slabSize
  return {
    keep(text) {
      const size = Buffer.byteLength(text)
      if (size > recordLimit * 4) throw new TemperError('limit-exceeded', 'A package stanza is too large')
      let slab = slabs.at(-1)
      if (!slab || used + size > slab.length) {
        slab = Buffer.allocUnsafe(Math.max(slabSize, size))
        slabs.push(slab)
        used = 0
      }
      slab.write(text, used)
      used += size
      return { slab: slabs.length - 1, start: used - size, end: used }
    },
    bytes: (entry) => slabs[entry.slab]?.subarray(entry.start, entry.end) ?? new Uint8Array(),
  }
}

function* emit(
  entries: readonly Entry[],
  provided: ReadonlyMap<string, ReadonlySet<Entry>>,
  slabs: Slabs,
): Generator<Uint8Array, void, void> {
  const names: string[] = []
  const firstRecords: number[] = []
  const position = new Map<Entry, number>()
  for (const [index, entry] of entries.entries()) {
    position.set(entry, index)
    if (names.at(-1) === entry.name) continue
    names.push(entry.name)
    firstRecords.push(index)
  }
  firstRecords.push(entries.length)
  const virtual = [...provided.keys()].sort()
  const lists = virtual.map((name) => {
    const providers = [...(provided.get(name) ?? [])].map((entry) => position.get(entry) ?? 0)
    return providers.sort((a, b) => a - b)
  })
  const nameBytes = Buffer.from(names.join(''))
  const virtualBytes = Buffer.from(virtual.join(''))
  const header: IndexHeader = {
    names: names.length,
    records: entries.length,
    virtual: virtual.length,
    providers: lists.reduce((sum, list) => sum + list.length, 0),
    nameBytes: nameBytes.length,
    virtualBytes: virtualBytes.length,
    recordBytes: entries.reduce((sum, entry) => sum + entry.end - entry.start, 0),
  }
  yield writeHeader(header)
  yield numbers(offsets(names.map((name) => name.length)))
  yield numbers(firstRecords)
  yield numbers(offsets(entries.map((entry) => entry.end - entry.start)))
  yield numbers(offsets(virtual.map((name) => name.length)))
  yield numbers(offsets(lists.map((list) => list.length)))
  yield numbers(lists.flat())
  yield nameBytes
  yield virtualBytes
  yield* batches(entries, slabs)
}

/** 0 and the running sums. */
function offsets(lengths: readonly number[]): number[] {
  const sums = [0]
  let sum = 0
  for (const length of lengths) {
    sum += length
    sums.push(sum)
  }
  return sums
}

function numbers(values: readonly number[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(values.length * 4)
  for (let i = 0; i < values.length; i++) bytes.writeUInt32LE(values[i] ?? 0, i * 4)
  return bytes
}

/** Records together in writes of about a slab. */
function* batches(entries: readonly Entry[], slabs: Slabs): Generator<Uint8Array, void, void> {
  let batch: Uint8Array[] = []
  let size = 0
  for (const entry of entries) {
    const bytes = slabs.bytes(entry)
    batch.push(bytes)
    size += bytes.length
    if (size < slabSize) continue
    yield Buffer.concat(batch)
    batch = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(batch)
}

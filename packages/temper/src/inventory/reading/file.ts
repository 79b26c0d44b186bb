import type { ByteStream } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { releaseBytes } from '../../base/release.ts'
import type { FileContent, FileFollowing, FileHead, FileReader } from '../cataloguer.ts'
import { type ExtraHash, FileHasher, type FileHashes } from './file-hash.ts'
import type { LayerFact, LayerNote } from './layer-reading.ts'
import { sizeLimitOf } from './limits.ts'

/** Bytes that `FileHead.start` shows. */
const startSize = 32

export interface FileReading {
  readonly hashes: FileHashes
  readonly facts: readonly LayerFact[]
  readonly notes: readonly LayerNote[]
}

export interface ReadFileOptions {
  readonly readers: readonly FileReader<unknown>[]
  readonly extraHash: ExtraHash
  /** Called before the content of a larger file is held in memory. */
  readonly reserve?: (size: number) => Promise<() => void>
}

/**
 * Hashes a file and shows it to the readers that select it. Its bytes are held only when one does, and only up to
 * that reader's limit. What a reader cannot make sense of becomes a note. All chunks of the content but the first are
 * released once they are read.
 */
export async function readFile(
  file: Omit<FileHead, 'start'>,
  content: ByteStream,
  options: ReadFileOptions,
): Promise<FileReading> {
  const hasher = new FileHasher(file.size, options.extraHash)
  const chunks = content[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let size = 0
  while (size < Math.min(startSize, file.size)) {
    const next = await chunks.next()
    if (next.done) break
    held.push(next.value)
    hasher.update(next.value)
    size += next.value.length
  }
  const first = held.length === 1 && held[0] ? held[0] : Buffer.concat(held)
  const head: FileHead = { ...file, start: first.subarray(0, startSize) }
  const { chosen, notes } = choose(head, options.readers)
  const { holding, following } = follow(head, chosen)
  const passing = (chunk: Uint8Array) => {
    for (const { sink } of following) sink.write(chunk)
  }
  passing(first)
  const update = (chunk: Uint8Array) => {
    hasher.update(chunk)
    passing(chunk)
  }
  const followed = () => finished(file.path, following, notes)
  if (holding.length === 0) {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      update(next.value)
      // Its decoder made it, and nobody else has a part of it: it can be had again.
      releaseBytes(next.value)
    }
    return { hashes: hasher.finish(), facts: followed(), notes }
  }
  const release = await options.reserve?.(file.size)
  try {
    const bytes = await wholeOf(first, { chunks, size: file.size, update })
    const facts = await factsOf({ ...head, bytes }, holding, notes)
    return { hashes: hasher.finish(), facts: [...facts, ...followed()], notes }
  } finally {
    release?.()
  }
}

interface Follower {
  readonly id: string
  readonly sink: FileFollowing<unknown>
}

/** Who needs the file whole, and who follows its bytes. */
function follow(head: FileHead, chosen: readonly FileReader<unknown>[]) {
  const holding: FileReader<unknown>[] = []
  const following: Follower[] = []
  for (const reader of chosen) {
    const sink = reader.follow?.(head)
    if (sink === undefined) holding.push(reader)
    else following.push({ id: reader.id, sink })
  }
  return { holding, following }
}

function finished(path: string, following: readonly Follower[], notes: LayerNote[]): LayerFact[] {
  return following.flatMap(({ id, sink }) => {
    try {
      const fact = sink.finish()
      return fact === undefined ? [] : [{ by: id, path, fact }]
    } catch (error) {
      notes.push(unreadable(error, id, path))
      return []
    }
  })
}

function choose(head: FileHead, readers: readonly FileReader<unknown>[]) {
  const notes: LayerNote[] = []
  const chosen: FileReader<unknown>[] = []
  for (const reader of readers) {
    if (!reader.select(head)) continue
    const limit = sizeLimitOf(reader)
    if (head.size <= limit) chosen.push(reader)
    else
      notes.push({
        code: 'limit-exceeded',
        message: `${head.path} has ${head.size} bytes, more than the ${limit} that ${reader.id} reads`,
        path: head.path,
      })
  }
  return { chosen, notes }
}

/** The whole file; without a copy when it came in one piece. */
async function wholeOf(
  first: Uint8Array,
  rest: { chunks: AsyncIterator<Uint8Array>; size: number; update: (chunk: Uint8Array) => void },
): Promise<Uint8Array> {
  if (first.length === rest.size) return first
  const bytes = Buffer.allocUnsafeSlow(rest.size)
  bytes.set(first)
  let at = first.length
  for (let next = await rest.chunks.next(); !next.done; next = await rest.chunks.next()) {
    rest.update(next.value)
    bytes.set(next.value, at)
    at += next.value.length
    releaseBytes(next.value)
  }
  return bytes.subarray(0, at)
}

async function factsOf(file: FileContent, readers: readonly FileReader<unknown>[], notes: LayerNote[]) {
  const facts: LayerFact[] = []
  for (const { id, read } of readers.map((reader) => ({ id: reader.id, read: reader.read.bind(reader) }))) {
    try {
      const fact = await read(file)
      if (fact !== undefined) facts.push({ by: id, path: file.path, fact })
    } catch (error) {
      notes.push(unreadable(error, id, file.path))
    }
  }
  return facts
}

/** One bad file spoils nothing else: not even one that a reader did not foresee. */
function unreadable(error: unknown, id: string, path: string): LayerNote {
  if (!(error instanceof Error)) throw error
  const code =
    error instanceof TemperError && error.code === 'limit-exceeded' ? error.code : 'unreadable-file'
  return { code, message: `${path} could not be read (${id}): ${error.message}`, path }
}

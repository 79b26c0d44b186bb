import { type ByteStream, bytesOf, collect } from '../../base/bytes.ts'
import { createHasher, type Digest } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { layerTar } from '../../formats/layer/tar.ts'
import { readTar } from '../../formats/tar/read.ts'
import type { Layer } from '../../model/image.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { type ByteRange, differingRange } from './differing-range.ts'

/** One place where two layers differ. */
export interface LayerDifference {
  /** Path of the file; absent when it is about the layer as a whole. */
  readonly path?: string
  /** What differs: "content", "mode", "missing"… */
  readonly what: string
  readonly expected?: string
  readonly rebuilt?: string
  /** Range of bytes in the file, or in the layer. */
  readonly range?: ByteRange
}

/** Files larger than this are only said to differ, and together not more than four times of it are held. */
const rangeLimit = 64 << 20

/** Most differences of one layer: after so many, more of them tell nothing. */
const differenceLimit = 100

interface ListedEntry {
  readonly entry: FileEntry
  /** Of the content. */
  readonly digest: Digest
}

/** Where two layers with different digests differ. */
export async function compareLayers(expected: Layer, rebuilt: Layer): Promise<readonly LayerDifference[]> {
  if (expected.diffId === rebuilt.diffId) {
    const range = await differingRange(expected.open(), rebuilt.open())
    return [{ what: 'compression: the same files are packed into different bytes', ...(range && { range }) }]
  }
  const [left, right] = [await listed(expected), await listed(rebuilt)]
  const differences = compareEntries(left, right).slice(0, differenceLimit)
  if (differences.length > 0) return await withRanges(differences, expected, rebuilt)
  const range = await differingRange(await tarOf(expected), await tarOf(rebuilt))
  return [{ what: 'archive: the same files in a different order or notation', ...(range && { range }) }]
}

async function tarOf(layer: Layer): Promise<ByteStream> {
  return await layerTar(layer.open(), `layer ${layer.descriptor.digest}`)
}

async function listed(layer: Layer): Promise<ReadonlyMap<string, ListedEntry>> {
  const entries = new Map<string, ListedEntry>()
  const what = `layer ${layer.descriptor.digest}`
  for await (const { entry, content } of readTar(await tarOf(layer), { what, endMarker: 'optional' })) {
    const hasher = createHasher()
    for await (const chunk of content) hasher.update(chunk)
    entries.set(entry.path, { entry, digest: hasher.digest() })
  }
  return entries
}

function compareEntries(
  left: ReadonlyMap<string, ListedEntry>,
  right: ReadonlyMap<string, ListedEntry>,
): LayerDifference[] {
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort()
  return paths.flatMap((path) => {
    const [expected, rebuilt] = [left.get(path), right.get(path)]
    if (expected === undefined) return [{ path, what: 'only in the rebuilt image' }]
    if (rebuilt === undefined) return [{ path, what: 'missing in the rebuilt image' }]
    return compareEntry(path, expected, rebuilt)
  })
}

function compareEntry(path: string, expected: ListedEntry, rebuilt: ListedEntry): LayerDifference[] {
  const differences: LayerDifference[] = []
  for (const name of ['type', 'mode', 'uid', 'gid', 'mtime', 'target', 'xattrs', 'device'] as const) {
    const [before, after] = [show(name, expected.entry), show(name, rebuilt.entry)]
    if (before !== after) differences.push({ path, what: name, expected: before, rebuilt: after })
  }
  if (expected.digest !== rebuilt.digest)
    differences.push({ path, what: 'content', expected: expected.digest, rebuilt: rebuilt.digest })
  return differences
}

function show(name: keyof FileEntry, entry: FileEntry): string {
  const value = entry[name]
  if (name === 'mode' && typeof value === 'number') return value.toString(8).padStart(4, '0')
  return value === undefined ? 'none' : typeof value === 'object' ? canonicalJson(value) : String(value)
}

/** Adds to each file whose content differs which of its bytes do. */
async function withRanges(
  differences: readonly LayerDifference[],
  expected: Layer,
  rebuilt: Layer,
): Promise<readonly LayerDifference[]> {
  const paths = new Set(differences.filter(({ what }) => what === 'content').map(({ path }) => path ?? ''))
  if (paths.size === 0) return differences
  const [left, right] = [await contents(expected, paths), await contents(rebuilt, paths)]
  return await Promise.all(
    differences.map(async (difference) => {
      const [before, after] = [left.get(difference.path ?? ''), right.get(difference.path ?? '')]
      if (difference.what !== 'content' || before === undefined || after === undefined) return difference
      const range = await differingRange(bytesOf(before), bytesOf(after))
      return { ...difference, ...(range && { range }) }
    }),
  )
}

async function contents(layer: Layer, paths: ReadonlySet<string>): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  let room = 4 * rangeLimit
  const what = `layer ${layer.descriptor.digest}`
  for await (const { entry, content } of readTar(await tarOf(layer), { what, endMarker: 'optional' })) {
    if (!paths.has(entry.path) || entry.size > Math.min(rangeLimit, room)) continue
    const bytes = await collect(content, { limit: rangeLimit, what: entry.path })
    // Chunks are views of a buffer that is used again.
    files.set(entry.path, Uint8Array.from(bytes))
    room -= bytes.length
  }
  return files
}

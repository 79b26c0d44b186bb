import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ByteStream } from '../../base/bytes.ts'
import { fileError } from '../../base/file.ts'
import { compressionOf, decompress } from '../../formats/compress/decompress.ts'
import type { FeedState } from '../../model/advisory/advisory.ts'
import type { FeedItems } from '../feed-item.ts'
import { archives } from './archives.ts'
import { debianTracker } from './debian-tracker.ts'
import { detectFormat, detectionSize, type FeedFormat } from './detect.ts'
import { notThat } from './document.ts'
import { epss } from './epss.ts'
import { kev } from './kev.ts'
import { osvLines, osvValues } from './osv/osv.ts'
import { osvZip } from './osv/zip.ts'
import { peek } from './peek.ts'
import { secdb } from './secdb.ts'

/** A file that holds a feed, ready to be read. */
export interface OpenedFeed {
  readonly kind: FeedState['kind']
  readonly items: FeedItems
}

/** Most bytes of a feed once decompressed: ten times the largest real one. */
const sizeLimit = 24 * 2 ** 30

/** Compressed inside compressed is a trick. */
const layerLimit = 2

const kinds: Readonly<Record<Exclude<FeedFormat, 'compressed' | 'index'>, FeedState['kind']>> = {
  zip: 'osv',
  'osv-lines': 'osv',
  'osv-values': 'osv',
  'osv-array': 'osv',
  'debian-tracker': 'debian-tracker',
  secdb: 'secdb',
  kev: 'kev',
  epss: 'epss',
  archives: 'archives',
}

/**
 * Opens a file and recognises by its content which feed it holds: OSV as zip, NDJSON, array or single records,
 * Debian's tracker, secdb, KEV, EPSS, names of archives, each also compressed; "index" for a file that Temper
 * exported. Throws `bad-index` for anything else.
 */
export async function openFeed(path: string, what: string): Promise<OpenedFeed | 'index'> {
  const start = await readStart(path)
  const format = detectFormat(start)
  if (format === 'index') return 'index'
  if (format === 'zip') return { kind: 'osv', items: osvZip(path, what) }
  if (format === 'compressed') return openStream(fileStream(path), what)
  return reader(format, fileStream(path), what)
}

/** The format that the file's first bytes show, inside its compression. */
export async function formatOfFile(path: string): Promise<FeedFormat | undefined> {
  const start = await readStart(path)
  const format = detectFormat(start)
  if (format !== 'compressed') return format
  const stream = decompress(compressionOf(start), fileStream(path), { what: path, limit: sizeLimit })
  const inner = await peek(stream, detectionSize)
  await stream.return(undefined)
  return detectFormat(inner.start)
}

async function openStream(source: ByteStream, what: string): Promise<OpenedFeed> {
  let stream = source
  for (let layer = 0; layer <= layerLimit; layer++) {
    const peeked = await peek(stream, detectionSize)
    const format = detectFormat(peeked.start)
    if (format !== 'compressed') return reader(format, peeked.stream, what)
    stream = decompress(compressionOf(peeked.start), peeked.stream, { what, limit: sizeLimit })
  }
  throw notThat(what, 'it is compressed more than twice')
}

function reader(format: FeedFormat | undefined, stream: ByteStream, what: string): OpenedFeed {
  switch (format) {
    case 'osv-lines':
      return { kind: kinds[format], items: osvLines(stream, what) }
    case 'osv-values':
      return { kind: kinds[format], items: osvValues(stream, { what, mode: 'values' }) }
    case 'osv-array':
      return { kind: kinds[format], items: osvValues(stream, { what, mode: 'members' }) }
    case 'debian-tracker':
      return { kind: kinds[format], items: debianTracker(stream, what) }
    case 'secdb':
      return { kind: kinds[format], items: secdb(stream, what) }
    case 'kev':
      return { kind: kinds[format], items: kev(stream, what) }
    case 'epss':
      return { kind: kinds[format], items: epss(stream, what) }
    case 'archives':
      return { kind: kinds[format], items: archives(stream, what) }
    case 'zip':
      throw notThat(what, 'a zip archive that is compressed again')
    case 'index':
      throw notThat(what, 'a compressed export: decompress it first')
    default:
      throw notThat(what, 'it is none of OSV, KEV, EPSS, the Debian tracker, secdb or names of archives')
  }
}

async function readStart(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(detectionSize), 0, detectionSize, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw fileError('read', path, error)
  }
}

async function* fileStream(path: string): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* createReadStream(path, { highWaterMark: 1024 * 1024 })
  } catch (error) {
    throw fileError('read', path, error)
  }
}

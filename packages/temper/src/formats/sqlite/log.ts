import type { SqlitePages } from './table.ts'

/** The committed content of a write-ahead log (sqlite.org/fileformat2.html, "The Write-Ahead Log"). */
export interface SqliteLog extends SqlitePages {
  /** Numbers of the pages in the log, each as the last commit left it. */
  readonly numbers: readonly number[]
}

const headerBytes = 32
const frameHeaderBytes = 24
const [littleEndian, bigEndian] = [0x377f0682, 0x377f0683]
/** The only version that there is. */
const version = 3007000

/**
 * Reads a write-ahead log. Frames count up to the last one that commits, as long as their salts match the header and
 * their cumulative checksums are right; whatever follows is left over or half written. Undefined for anything that is
 * not a database log.
 */
export function readSqliteLog(file: Uint8Array): SqliteLog | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length)
  if (bytes.length < headerBytes || bytes.readUInt32BE(4) !== version) return undefined
  const order = bytes.readUInt32BE(0)
  const pageSize = bytes.readUInt32BE(8)
  const isPossible = pageSize >= 512 && pageSize <= 65536 && (pageSize & (pageSize - 1)) === 0
  if ((order !== littleEndian && order !== bigEndian) || !isPossible) return undefined
  const sum = new Checksum(order === bigEndian)
  sum.add(bytes.subarray(0, 24))
  if (!sum.is(bytes, 24)) return undefined
  const committed = new Map<number, Buffer>()
  const pending = new Map<number, Buffer>()
  for (
    let at = headerBytes;
    at + frameHeaderBytes + pageSize <= bytes.length;
    at += frameHeaderBytes + pageSize
  ) {
    const page = bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + pageSize)
    // The salts are those of the header: frames of an earlier round have others.
    if (bytes.compare(bytes, 16, 24, at + 8, at + 16) !== 0) break
    sum.add(bytes.subarray(at, at + 8))
    sum.add(page)
    if (!sum.is(bytes, at + 16)) break
    pending.set(bytes.readUInt32BE(at), page)
    if (bytes.readUInt32BE(at + 4) === 0) continue
    for (const [number, content] of pending) committed.set(number, content)
    pending.clear()
  }
  return {
    pageSize,
    bytes: bytes.length,
    numbers: [...committed.keys()].sort((a, b) => a - b),
    page: (number) => committed.get(number),
  }
}

/** Over pairs of 32-bit numbers, each sum with the other ("Checksum Algorithm"). */
class Checksum {
  readonly #isBigEndian: boolean
  #first = 0
  #second = 0

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian
  }

  add(bytes: Buffer): void {
    const read = (at: number) => (this.#isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at))
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      this.#first = (this.#first + read(at) + this.#second) >>> 0
      this.#second = (this.#second + read(at + 4) + this.#first) >>> 0
    }
  }

  /** Whether two big-endian numbers equal the sums so far. */
  is(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#first && bytes.readUInt32BE(at + 4) === this.#second
  }
}

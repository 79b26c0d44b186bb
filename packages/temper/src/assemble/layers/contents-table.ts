import { createHash } from 'node:crypto'
import type { ByteStream } from '../../base/bytes.ts'
import { createHasher, type Digest, sha256 } from '../../base/digest.ts'
import type { MemberCompressor } from '../../formats/compress/compress.ts'
import { memberDecompressor } from '../../formats/compress/decompress-member.ts'
import { readTar } from '../../formats/tar/read.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../../formats/tar/write.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { memberSize } from '../packages/members.ts'

/** Name of the table among the entries of a layer (containerd/stargz-snapshotter, docs/estargz.md). */
const tableName = 'stargz.index.json'

/** Annotations of a layer's descriptor that snapshotters look for: the digest of the table, and the bytes of the tar. */
export const tableAnnotations = {
  digest: 'containerd.io/snapshot/stargz/toc.digest',
  size: 'io.containers.estargz.uncompressed-size',
} as const

/**
 * The table of contents that lets a client fetch single files of a layer (eStargz), to be written after its members.
 */
export interface ContentsTable {
  /** The table as the last entry of the tar, the end of the tar, and the footer: complete gzip members. */
  readonly end: Uint8Array
  /** Digest of the table itself. */
  readonly digest: Digest
  /** Of the whole layer before compression: digest and size in bytes. */
  readonly diffId: Digest
  readonly uncompressedSize: number
  /** Of the whole layer as it is stored. */
  readonly layer: { readonly digest: Digest; readonly size: number }
}

/** A member of the layer: where it begins, and what of the tar it begins with. */
interface Member {
  readonly offset: number
  readonly start: number
  readonly end: number
}

interface TableEntry {
  readonly name: string
  readonly type: string
  readonly [key: string]: unknown
}

/**
 * Reads a layer that `cutByFiles` made, one member per chunk, and makes its table of contents: a member with bytes of
 * a file is a chunk of that file.
 */
export async function contentsTable(
  open: () => ByteStream,
  compressor: MemberCompressor,
): Promise<ContentsTable> {
  const decompress = memberDecompressor('gzip', { what: 'a member of a layer', limit: memberSize })
  const members: Member[] = []
  const compressed = createHasher()
  const uncompressed = createHasher()
  let [offset, position] = [0, 0]
  const content = async function* (): ByteStream {
    for await (const member of open()) {
      compressed.update(member)
      const pieces = await decompress(member)
      const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
      members.push({ offset, start: position, end: position + size })
      offset += member.length
      position += size
      for (const piece of pieces) {
        uncompressed.update(piece)
        yield piece
      }
    }
  }
  const entries: TableEntry[] = []
  for await (const { entry, content: bytes, offset: start } of readTar(content(), {
    what: 'a layer',
    endMarker: 'optional',
  })) {
    if (entry.type !== 'file' || entry.size === 0) entries.push(plainEntry(entry))
    else entries.push(...(await fileEntries(entry, { bytes, start: start ?? 0, members })))
  }
  const table = Buffer.from(JSON.stringify({ version: 1, entries }))
  const last: FileEntry = {
    path: tableName,
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: table.length,
    mtime: 0,
  }
  const tail = Buffer.concat([encodeTarHeader(last), table, tarPadding(table.length), tarEnd])
  const written: Uint8Array[] = []
  for (let at = 0; at < tail.length; at += memberSize)
    written.push(await compressor.compress(tail.subarray(at, at + memberSize)))
  const end = Buffer.concat([...written, footer(offset)])
  compressed.update(end)
  uncompressed.update(tail)
  return {
    end,
    digest: sha256(table),
    diffId: uncompressed.digest(),
    uncompressedSize: position + tail.length,
    layer: { digest: compressed.digest(), size: offset + end.length },
  }
}

/**
 * Divides a layer into new members so that the bytes of each file begin a member, since readers of the table find a
 * chunk by its offset alone. Headers and padding between files are members of their own.
 */
export async function* cutByFiles(open: () => ByteStream, compressor: MemberCompressor): ByteStream {
  const cuts: number[] = []
  for await (const { entry, offset } of readTar(plain(open), { what: 'a layer', endMarker: 'optional' })) {
    if (entry.type !== 'file' || entry.size === 0 || offset === undefined) continue
    for (let at = offset; at < offset + entry.size; at += memberSize) cuts.push(at)
    cuts.push(offset + entry.size)
  }
  let pending: Uint8Array[] = []
  let [position, held, next] = [0, 0, 0]
  for await (const piece of plain(open)) {
    let rest = piece
    while (rest.length > 0) {
      const cut = cuts[next] ?? Number.POSITIVE_INFINITY
      const room = Math.min(cut - position, memberSize - held, rest.length)
      pending.push(rest.slice(0, room))
      rest = rest.subarray(room)
      position += room
      held += room
      if (position !== cut && held < memberSize) continue
      while (cuts[next] === position) next++
      if (held > 0) yield await compressor.compress(Buffer.concat(pending))
      pending = []
      held = 0
    }
  }
  if (held > 0) yield await compressor.compress(Buffer.concat(pending))
}

async function* plain(open: () => ByteStream): ByteStream {
  const decompress = memberDecompressor('gzip', { what: 'a member of a layer', limit: memberSize })
  for await (const member of open()) yield* await decompress(member)
}

const types: Readonly<Record<FileEntry['type'], string>> = {
  file: 'reg',
  directory: 'dir',
  symlink: 'symlink',
  hardlink: 'hardlink',
  character: 'char',
  block: 'block',
  fifo: 'fifo',
}

function plainEntry(entry: FileEntry): TableEntry {
  const { path, type, mode, uid, gid, size, mtime, target, xattrs } = entry
  return {
    name: type === 'directory' ? `${path}/` : path,
    type: types[type],
    ...(size === 0 ? {} : { size }),
    modtime: new Date(mtime * 1000).toISOString().replace('.000Z', 'Z'),
    ...(target === undefined ? {} : { linkName: target }),
    mode,
    ...(uid === 0 ? {} : { uid }),
    ...(gid === 0 ? {} : { gid }),
    ...(xattrs === undefined || Object.keys(xattrs).length === 0 ? {} : { xattrs }),
    ...(type === 'file' ? { digest: sha256(new Uint8Array()) } : {}),
  }
}

/** One entry for each member that the file lies in; the first says all of the file. */
async function fileEntries(
  entry: FileEntry,
  file: { readonly bytes: ByteStream; readonly start: number; readonly members: readonly Member[] },
): Promise<readonly TableEntry[]> {
  const { bytes, start, members } = file
  const whole = createHash('sha256')
  const chunks: { offset: number; size: number; hash: ReturnType<typeof createHash> }[] = []
  let at = start
  for await (const piece of bytes) {
    whole.update(piece)
    for (let used = 0; used < piece.length; ) {
      const member = memberAt(members, at)
      const size = Math.min(piece.length - used, member.end - at)
      const last = chunks.at(-1)
      const chunk =
        last !== undefined && memberAt(members, start + last.offset) === member
          ? last
          : { offset: at - start, size: 0, hash: createHash('sha256') }
      if (chunk !== last) chunks.push(chunk)
      chunk.hash.update(piece.subarray(used, used + size))
      chunk.size += size
      used += size
      at += size
    }
  }
  const isOne = chunks.length === 1
  return chunks.map(({ offset, size, hash }, index): TableEntry => {
    const member = memberAt(members, start + offset)
    const place = {
      offset: member.offset,
      ...(offset === 0 ? {} : { chunkOffset: offset }),
      ...(isOne ? {} : { chunkSize: size }),
      chunkDigest: `sha256:${hash.digest('hex')}`,
    }
    if (index > 0) return { name: entry.path, type: 'chunk', ...place }
    return { ...plainEntry(entry), digest: `sha256:${whole.digest('hex')}`, ...place }
  })
}

/** The member that a place of the tar lies in: bytes are asked for once their member was read. */
function memberAt(members: readonly Member[], position: number): Member {
  let [low, high] = [0, members.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((members[middle]?.end ?? 0) <= position) low = middle + 1
    else high = middle
  }
  return members[low] as Member
}

/** An empty gzip member whose extra field says where the table begins (docs/estargz.md, "Footer"): 51 bytes. */
function footer(offset: number): Uint8Array {
  const text = `${offset.toString(16).padStart(16, '0')}STARGZ`
  const extra = Buffer.from([0x53, 0x47, text.length, 0, ...Buffer.from(text)])
  const head = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, extra.length, 0])
  const empty = Buffer.from([1, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0])
  return Buffer.concat([head, extra, empty])
}

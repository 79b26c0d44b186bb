import { crc32 } from 'node:zlib'
import { bytesOf, collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { compressionOf, decompress } from '../../formats/compress/decompress.ts'
import { readTar } from '../../formats/tar/read.ts'

/** What one package may hold; the archive has no 64-bit lengths. */
const limits = { entries: 200_000, bytes: 1024 * 1024 * 1024 }

interface Stored {
  readonly name: string
  readonly mode: number
  content: Buffer
}

/**
 * The archive that yarn 2 and later make of a package's tarball, whose SHA-512 their lock files have: files as they follow
 * each other, stored without compression ("c0"), each folder before what is in it, at one fixed time. Throws `bad-archive`.
 */
export async function berryArchive(tarball: Uint8Array, name: string, what: string): Promise<Uint8Array> {
  const tar = decompress(compressionOf(tarball), bytesOf(tarball), { what, limit: limits.bytes })
  const entries = new Map<string, Stored>()
  const addFolders = (path: string) => {
    for (let cut = path.indexOf('/'); cut >= 0; cut = path.indexOf('/', cut + 1)) {
      const folder = path.slice(0, cut + 1)
      if (!entries.has(folder)) entries.set(folder, { name: folder, mode: 0o40755, content: Buffer.alloc(0) })
    }
  }
  for await (const { entry, content } of readTar(tar, {
    what,
    limits: { entries: limits.entries },
    endMarker: 'optional',
  })) {
    const below = entry.path.split('/').slice(1).join('/').replace(/\/$/, '')
    if (below === '') continue
    const path = `node_modules/${name}/${below}`
    addFolders(entry.type === 'directory' ? `${path}/` : path)
    if (entry.type === 'symlink')
      entries.set(path, { name: path, mode: 0o120777, content: Buffer.from(entry.target ?? '') })
    if (entry.type !== 'file') continue
    const whole = Buffer.from(await collect(content, { limit: entry.size, what }))
    const before = entries.get(path)
    if (before !== undefined) before.content = whole
    else
      entries.set(path, {
        name: path,
        mode: (entry.mode & 0o111) === 0 ? 0o100644 : 0o100755,
        content: whole,
      })
  }
  return archive([...entries.values()], what)
}

/** 1984-06-22 21:50:00, as MS-DOS has it. */
const [time, date] = [0xae40, 0x08d6]

function archive(entries: readonly Stored[], what: string): Uint8Array {
  if (entries.length > 0xffff) throw new TemperError('bad-archive', `${what}: it has too many files`)
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []]
  let offset = 0
  for (const { name, mode, content } of entries) {
    const path = Buffer.from(name)
    const isFolder = name.endsWith('/')
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(isFolder ? 20 : 10, 0)
    fields.writeUInt16LE(time, 6)
    fields.writeUInt16LE(date, 8)
    fields.writeUInt32LE(crc32(content), 10)
    fields.writeUInt32LE(content.length, 14)
    fields.writeUInt32LE(content.length, 18)
    fields.writeUInt16LE(path.length, 22)
    const end = Buffer.alloc(14)
    end.writeUInt32LE((mode << 16) >>> 0, 6)
    end.writeUInt32LE(offset, 10)
    bodies.push(Buffer.from('PK\x03\x04'), fields, path, content)
    directory.push(Buffer.from('PK\x01\x02\x3f\x03', 'latin1'), fields, end, path)
    offset += 30 + path.length + content.length
  }
  const index = Buffer.concat(directory)
  const last = Buffer.alloc(18)
  last.writeUInt16LE(entries.length, 4)
  last.writeUInt16LE(entries.length, 6)
  last.writeUInt32LE(index.length, 8)
  last.writeUInt32LE(offset, 12)
  return Buffer.concat([...bodies, index, Buffer.from('PK\x05\x06'), last])
}

import { createHash, sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type SigningKey, signed } from '../../src/distro/apk/fixtures/repository.ts'
import { readGzipMember } from '../../src/formats/apk/members.ts'
import { formatPax } from '../../src/formats/tar/pax.ts'
import { tarEnd } from '../../src/formats/tar/write.ts'
import { type RawEntry, rawEntry } from './raw-tar.ts'

/** A package or an index as its parts, each of which may be wrong by itself while the others fit it. */
export interface Parts {
  /** Lines of .PKGINFO, or the text of APKINDEX. */
  readonly text: string
  /** Entries of the control member, or of the index, before and after the one with the text. */
  readonly before: readonly RawEntry[]
  readonly after: readonly RawEntry[]
  /** Entries of the data member; an index has none. */
  readonly files: readonly RawEntry[]
  readonly signature: 'good' | 'none' | 'other key' | 'other name' | 'damaged' | 'twice'
  readonly dataHash: 'good' | 'wrong' | 'none' | 'twice'
  /** What becomes of the gzip members, in order: signature, control or index, data. */
  readonly members: readonly MemberFault[]
}

export type MemberFault =
  | 'none'
  | 'no end'
  | 'bytes after'
  | 'lying size'
  | 'lying sum'
  | 'flags'
  | 'name'
  | 'halved'

export interface Keys {
  readonly trusted: SigningKey
  readonly other: SigningKey
}

export const soundParts: Omit<Parts, 'text' | 'files'> = {
  before: [],
  after: [],
  signature: 'good',
  dataHash: 'good',
  members: ['none', 'none', 'none'],
}

/** Packs an archive of version 2: signature, control, data. */
export function packPackage(parts: Parts, keys: Keys): Buffer {
  const data = member(tarOf(parts.files), parts.members[2])
  const hash = createHash('sha256').update(data).digest('hex')
  const hashes = { good: [hash], wrong: ['0'.repeat(64)], none: [], twice: ['0'.repeat(64), hash] }
  const info = `${parts.text}${hashes[parts.dataHash].map((value) => `datahash = ${value}\n`).join('')}`
  const own = { name: '.PKGINFO', content: Buffer.from(info) }
  // Control members are cut before the end of their archive, so that all three unpack as one.
  const control = member(Buffer.concat(entriesOf([...parts.before, own, ...parts.after])), parts.members[1])
  return Buffer.concat([signatureOf(control, parts, keys), control, data])
}

/** Packs APKINDEX.tar.gz. */
export function packIndex(parts: Parts, keys: Keys): Buffer {
  const own = { name: 'APKINDEX', content: Buffer.from(parts.text) }
  const index = member(tarOf([...parts.before, own, ...parts.after]), parts.members[1])
  return Buffer.concat([signatureOf(index, parts, keys), index])
}

function signatureOf(content: Buffer, { signature, members }: Parts, { trusted, other }: Keys): Buffer {
  if (signature === 'none') return Buffer.alloc(0)
  const by = signature === 'other key' || signature === 'other name' ? other : trusted
  const name = signature === 'other name' ? trusted.name : by.name
  const bytes = sign('sha256', content, by.privateKey)
  if (signature === 'damaged') bytes[7] = (bytes[7] ?? 0) ^ 1
  const entry = rawEntry({ name: `.SIGN.RSA256.${name}`, content: bytes })
  return member(signature === 'twice' ? Buffer.concat([entry, entry]) : entry, members[0])
}

/** An index that was signed by a key of another run, signed by this one's; what has no signature stays as it is. */
export function signedAgain(bytes: Buffer, { trusted }: Keys): Buffer {
  try {
    const { end } = readGzipMember(bytes, 0, { what: 'signature', limit: 1 << 20 })
    return end === bytes.length ? bytes : signed(bytes.subarray(end), { key: trusted, hash: 'RSA256' })
  } catch {
    return bytes
  }
}

const entriesOf = (entries: readonly RawEntry[]) => entries.map(rawEntry)
const tarOf = (entries: readonly RawEntry[]) => Buffer.concat([...entriesOf(entries), tarEnd])

/** A gzip member with a fault. */
export function member(content: Uint8Array, fault: MemberFault = 'none'): Buffer {
  const bytes = gzipSync(content)
  switch (fault) {
    case 'no end':
      return bytes.subarray(0, -4)
    case 'bytes after':
      return Buffer.concat([bytes, Buffer.from('more of it')])
    case 'lying size':
      bytes.writeUInt32LE((bytes.readUInt32LE(bytes.length - 4) ^ 512) >>> 0, bytes.length - 4)
      return bytes
    case 'lying sum':
      bytes.writeUInt32LE((bytes.readUInt32LE(bytes.length - 8) ^ 1) >>> 0, bytes.length - 8)
      return bytes
    case 'flags':
      bytes[3] = 0xff
      return bytes
    case 'name':
      bytes[3] = 0x08
      return Buffer.concat([bytes.subarray(0, 10), Buffer.from('../../name\0'), bytes.subarray(10)])
    case 'halved': {
      const half = Math.floor(content.length / 1024) * 512
      return Buffer.concat([gzipSync(content.subarray(0, half)), gzipSync(content.subarray(half))])
    }
    default:
      return bytes
  }
}

/** The extended header that apk puts before a file. */
export function apkFile(name: string, content: Uint8Array): RawEntry {
  const value = Buffer.from(createHash('sha1').update(content).digest('hex'))
  return { name, content, paxBody: formatPax([{ key: 'APK-TOOLS.checksum.SHA1', value }]) }
}

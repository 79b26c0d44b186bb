import { crc32, deflateRawSync } from 'node:zlib'

export interface SampleEntry {
  readonly name: string
  readonly content: Uint8Array | string
  readonly stored?: boolean
  /** Overrides what the directory says. */
  readonly lie?: {
    readonly size?: number
    readonly packedSize?: number
    readonly crc32?: number
    readonly flags?: number
    readonly method?: number
    readonly offset?: number
  }
}

export interface SampleZip {
  readonly entries: readonly SampleEntry[]
  /** Put before the archive; offsets do not count it. */
  readonly prefix?: Uint8Array
  readonly comment?: string
  /** Writes all sizes and offsets in zip64 fields. */
  readonly zip64?: boolean
}

/** Writes a zip archive for tests (APPNOTE.TXT). */
export function buildZip({
  entries,
  prefix = Buffer.alloc(0),
  comment = '',
  zip64 = false,
}: SampleZip): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const made = buildEntry(entry, offset, zip64)
    locals.push(made.local)
    central.push(made.central)
    offset += made.local.length
  }
  const directory = Buffer.concat(central)
  const end = buildEnd({ count: entries.length, size: directory.length, offset }, zip64)
  const tail = Buffer.from(comment)
  end.writeUInt16LE(tail.length, end.length - 2)
  return Buffer.concat([prefix, ...locals, directory, end, tail])
}

function buildEntry({ name, content, stored, lie = {} }: SampleEntry, offset: number, zip64: boolean) {
  const bytes = Buffer.from(content as string)
  const packed = stored ? bytes : deflateRawSync(bytes)
  const nameBytes = Buffer.from(name)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(nameBytes.length, 26)
  const sizes = [lie.size ?? bytes.length, lie.packedSize ?? packed.length, lie.offset ?? offset]
  const extra = zip64 ? Buffer.alloc(28) : Buffer.alloc(0)
  if (zip64) {
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(24, 2)
    for (const [index, size] of sizes.entries()) extra.writeBigUInt64LE(BigInt(size), 4 + 8 * index)
  }
  const [size = 0, packedSize = 0, at = 0] = zip64 ? [0xffffffff, 0xffffffff, 0xffffffff] : sizes
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(lie.flags ?? 0, 8)
  header.writeUInt16LE(lie.method ?? (stored ? 0 : 8), 10)
  header.writeUInt32LE(lie.crc32 ?? crc32(bytes), 16)
  header.writeUInt32LE(packedSize, 20)
  header.writeUInt32LE(size, 24)
  header.writeUInt16LE(nameBytes.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(at, 42)
  return {
    local: Buffer.concat([local, nameBytes, packed]),
    central: Buffer.concat([header, nameBytes, extra]),
  }
}

function buildEnd(at: { count: number; size: number; offset: number }, zip64: boolean): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(zip64 ? 0xffff : at.count, 10)
  end.writeUInt32LE(zip64 ? 0xffffffff : at.size, 12)
  end.writeUInt32LE(zip64 ? 0xffffffff : at.offset, 16)
  if (!zip64) return end
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(BigInt(at.count), 32)
  record.writeBigUInt64LE(BigInt(at.size), 40)
  record.writeBigUInt64LE(BigInt(at.offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(at.offset + at.size), 8)
  return Buffer.concat([record, locator, end])
}

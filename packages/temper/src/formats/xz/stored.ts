import { crc32 } from 'node:zlib'

/**
 * Writes xz data (the .xz file format 1.1.0) that store their content uncompressed, one block for each part:
 * for tests of what reads xz, without a compressor.
 */
export function storedXz(parts: readonly Uint8Array[]): Buffer {
  const flags = Buffer.from([0, 1])
  const header = Buffer.concat([Buffer.from('fd377a585a00', 'hex'), flags, littleEndian(crc32(flags))])
  const blocks = parts.map(storedBlock)
  const records = parts.flatMap((part, i) => [variable(blocks[i]?.unpaddedSize ?? 0), variable(part.length)])
  const index = padded(Buffer.concat([Buffer.from([0]), variable(parts.length), ...records]))
  const sizeAndFlags = Buffer.concat([littleEndian(index.length / 4), flags])
  return Buffer.concat([
    header,
    ...blocks.map(({ bytes }) => bytes),
    index,
    littleEndian(crc32(index)),
    littleEndian(crc32(sizeAndFlags)),
    sizeAndFlags,
    Buffer.from('YZ'),
  ])
}

function storedBlock(content: Uint8Array): { bytes: Buffer; unpaddedSize: number } {
  // 12 bytes: size, no flags, LZMA2 (0x21) with one byte of properties, a dictionary of 64 KiB, padding.
  const head = Buffer.from([2, 0, 0x21, 1, 8, 0, 0, 0])
  const chunks: Buffer[] = []
  for (let at = 0; at < content.length; at += 65536) {
    const part = content.subarray(at, at + 65536)
    const size = part.length - 1
    chunks.push(Buffer.from([at === 0 ? 1 : 2, size >> 8, size & 255]), Buffer.from(part))
  }
  const data = Buffer.concat([head, littleEndian(crc32(head)), ...chunks, Buffer.from([0])])
  return { bytes: Buffer.concat([padded(data), littleEndian(crc32(content))]), unpaddedSize: data.length + 4 }
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function variable(value: number): Buffer {
  const bytes: number[] = []
  for (; value >= 0x80; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80)
  return Buffer.from([...bytes, value])
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}

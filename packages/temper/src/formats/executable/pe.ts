import { type Executable, type ExecutableSegment, inside, nameAt, tableLimit } from './image.ts'

const entrySize = 40

/**
 * Sections of a Windows executable (Microsoft's PE format, "COFF File Header" and "Section Table"); undefined when it is
 * none. Addresses count from the image base.
 */
export function readPe(file: Buffer): Executable | undefined {
  if (file.length < 64 || file.readUInt16LE(0) !== 0x5a4d) return undefined
  const header = file.readUInt32LE(60)
  if (header + 24 > file.length || file.readUInt32LE(header) !== 0x4550) return undefined
  const count = file.readUInt16LE(header + 6)
  const optional = file.readUInt16LE(header + 20)
  const start = header + 24 + optional
  if (count > tableLimit || start + count * entrySize > file.length) return undefined
  const base = optional < 32 ? 0 : imageBase(file, header + 24)
  const segments: ExecutableSegment[] = []
  for (let at = start; at < start + count * entrySize; at += entrySize) {
    const flags = file.readUInt32LE(at + 36)
    segments.push({
      name: nameAt(file, at, 8),
      address: base + file.readUInt32LE(at + 12),
      size: file.readUInt32LE(at + 16),
      offset: file.readUInt32LE(at + 20),
      writable: (flags & 0x80000000) !== 0,
      executable: (flags & 0x20000000) !== 0,
    })
  }
  const loaded = inside(segments, file.length)
  return { format: 'pe', sections: loaded, segments: loaded }
}

function imageBase(file: Buffer, optional: number): number {
  const isWide = file.readUInt16LE(optional) === 0x20b
  return isWide ? Number(file.readBigUInt64LE(optional + 24)) : file.readUInt32LE(optional + 28)
}

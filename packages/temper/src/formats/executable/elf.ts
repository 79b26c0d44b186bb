import {
  type Executable,
  type ExecutableSection,
  type ExecutableSegment,
  inside,
  nameAt,
  tableLimit,
} from './image.ts'

/** Reads numbers in a file's own byte order and word size. */
interface Words {
  /** Whether addresses have 64 bits, which also decides where fields are. */
  readonly wide: boolean
  half(at: number): number
  word(at: number): number
  /** An address or a size: 32 or 64 bits. */
  size(at: number): number
}

/**
 * Sections and loaded segments of an ELF file of either size and byte order (System V ABI, chapters 4 and 5);
 * undefined when it is not one. Tables that are outside the file count as empty, since files are stripped in many
 * ways.
 */
export function readElf(file: Buffer): Executable | undefined {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46) return undefined
  const words = wordsOf(file, { wide: file[4] === 2, little: file[5] === 1 })
  return {
    format: 'elf',
    sections: inside(readSections(file, words), file.length),
    segments: inside(readSegments(file, words), file.length),
  }
}

function wordsOf(file: Buffer, { wide, little }: { wide: boolean; little: boolean }): Words {
  const word = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at))
  const long = (at: number) => Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at))
  return {
    wide,
    half: (at) => (little ? file.readUInt16LE(at) : file.readUInt16BE(at)),
    word,
    size: wide ? long : word,
  }
}

function readSegments(file: Buffer, words: Words): ExecutableSegment[] {
  const { wide } = words
  const start = words.size(wide ? 32 : 28)
  const step = words.half(wide ? 54 : 42)
  const count = words.half(wide ? 56 : 44)
  if (step < (wide ? 56 : 32) || count > tableLimit || !(start + step * count <= file.length)) return []
  const segments: ExecutableSegment[] = []
  for (let at = start; at < start + step * count; at += step) {
    // PT_LOAD
    if (words.word(at) !== 1) continue
    const flags = words.word(at + (wide ? 4 : 24))
    segments.push({
      name: '',
      offset: words.size(at + (wide ? 8 : 4)),
      address: words.size(at + (wide ? 16 : 8)),
      size: words.size(at + (wide ? 32 : 16)),
      writable: (flags & 2) !== 0,
      executable: (flags & 1) !== 0,
    })
  }
  return segments
}

function readSections(file: Buffer, words: Words): ExecutableSection[] {
  const { wide } = words
  const start = words.size(wide ? 40 : 32)
  const step = words.half(wide ? 58 : 46)
  const count = words.half(wide ? 60 : 48)
  if (step < (wide ? 64 : 40) || count > tableLimit || !(start + step * count <= file.length)) return []
  const offsetOf = (index: number) => words.size(start + index * step + (wide ? 24 : 16))
  const sizeOf = (index: number) => words.size(start + index * step + (wide ? 32 : 20))
  const namesAt = words.half(wide ? 62 : 50)
  if (namesAt >= count) return []
  const [namesStart, namesSize] = [offsetOf(namesAt), sizeOf(namesAt)]
  if (!(namesStart + namesSize <= file.length)) return []
  const names = file.subarray(namesStart, namesStart + namesSize)
  return Array.from({ length: count }, (_, index) => ({
    name: nameAt(names, words.word(start + index * step), 64),
    offset: offsetOf(index),
    // SHT_NOBITS takes no room in the file.
    size: words.word(start + index * step + 4) === 8 ? 0 : sizeOf(index),
  }))
}

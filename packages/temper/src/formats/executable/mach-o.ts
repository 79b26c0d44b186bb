import {
  type Executable,
  type ExecutableSection,
  type ExecutableSegment,
  inside,
  nameAt,
  tableLimit,
} from './image.ts'

const magic32 = 0xfeedface
const magic64 = 0xfeedfacf

/**
 * Segments and sections of a little-endian Mach-O file (Apple's mach-o/loader.h), named "__SEGMENT,__section";
 * undefined when it is not one. Universal binaries, which hold several such files, are not supported.
 */
export function readMachO(file: Buffer): Executable | undefined {
  if (file.length < 32) return undefined
  const magic = file.readUInt32LE(0)
  if (magic !== magic32 && magic !== magic64) return undefined
  const wide = magic === magic64
  const count = file.readUInt32LE(16)
  if (count > tableLimit) return undefined
  const sections: ExecutableSection[] = []
  const segments: ExecutableSegment[] = []
  let at = wide ? 32 : 28
  for (let index = 0; index < count && at + 8 <= file.length; index++) {
    const [kind, size] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)]
    if (size < 8 || at + size > file.length) break
    // LC_SEGMENT_64 and LC_SEGMENT
    if (kind === (wide ? 0x19 : 1)) readSegment(file.subarray(at, at + size), { wide, sections, segments })
    at += size
  }
  return {
    format: 'mach-o',
    sections: inside(sections, file.length),
    segments: inside(segments, file.length),
  }
}

function readSegment(
  command: Buffer,
  into: { readonly wide: boolean; sections: ExecutableSection[]; segments: ExecutableSegment[] },
): void {
  const { wide } = into
  const head = wide ? 72 : 56
  if (command.length < head) return
  const number = (at: number) => (wide ? Number(command.readBigUInt64LE(at)) : command.readUInt32LE(at))
  const width = wide ? 8 : 4
  const name = nameAt(command, 8, 16)
  const protection = command.readUInt32LE(24 + 4 * width + 4)
  into.segments.push({
    name,
    address: number(24),
    offset: number(24 + 2 * width),
    size: number(24 + 3 * width),
    writable: (protection & 2) !== 0,
    executable: (protection & 4) !== 0,
  })
  const step = wide ? 80 : 68
  const count = Math.min(command.readUInt32LE(head - 8), Math.floor((command.length - head) / step))
  for (let at = head; at < head + count * step; at += step) {
    const size = number(at + 32 + width)
    const offset = command.readUInt32LE(at + 32 + 2 * width)
    into.sections.push({ name: `${name},${nameAt(command, at, 16)}`, offset, size })
  }
}

import type { Executable, ExecutableSegment } from '../../../formats/executable/read.ts'

/** What Go's linker puts into every program (Go's debug/buildinfo). */
export interface BuildInfo {
  /** "go1.22.1", perhaps with more after a space. */
  readonly goVersion: string
  /** Lines of "path", "mod", "dep", "=>" and "build"; empty for programs that were built without modules. */
  readonly modules: string
}

const magic = Buffer.from('\xff Go buildinf:', 'latin1')
const headerSize = 32
/** Kubernetes' largest programs have 60 KB. */
const longestText = 4 << 20

/**
 * Finds and reads the build information: in its own section, or, where sections were stripped, in the writable data,
 * where it is aligned to 16 bytes. Up to Go 1.17 it holds pointers to two strings, later the strings.
 */
export function findBuildInfo(file: Buffer, executable: Executable): BuildInfo | undefined {
  const start = findStart(file, executable)
  if (start === undefined) return undefined
  const flags = file[start + 15] ?? 0
  return (flags & 2) !== 0 ? inlined(file, start) : pointed(file, start, executable)
}

function findStart(file: Buffer, { sections, segments }: Executable): number | undefined {
  const own = sections.find(({ name }) => /^(\.go\.buildinfo|__DATA(_CONST)?,__go_buildinfo)$/.test(name))
  const places = own ? [own] : segments.filter(({ writable, executable }) => writable && !executable)
  for (const { offset, size } of places) {
    const place = file.subarray(offset, offset + size)
    for (let at = place.indexOf(magic); at >= 0; at = place.indexOf(magic, at + 1)) {
      // A section is aligned by itself; in the data other copies may lie about.
      if (at % 16 === 0 && at + headerSize <= place.length) return offset + at
    }
  }
  return undefined
}

function inlined(file: Buffer, start: number): BuildInfo | undefined {
  const version = readCounted(file, start + headerSize)
  const modules = version && readCounted(file, version.end)
  if (version === undefined) return undefined
  return { goVersion: version.bytes.toString('utf8'), modules: unframed(modules?.bytes) }
}

/** A string after its length as a varint. */
function readCounted(file: Buffer, start: number): { bytes: Buffer; end: number } | undefined {
  let length = 0
  let at = start
  for (let shift = 0; shift <= 28; shift += 7) {
    const byte = file[at++]
    if (byte === undefined) return undefined
    length += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) {
      if (length > longestText || at + length > file.length) return undefined
      return { bytes: file.subarray(at, at + length), end: at + length }
    }
  }
  return undefined
}

function pointed(file: Buffer, start: number, executable: Executable): BuildInfo | undefined {
  const wide = file[start + 14] === 8
  const width = wide ? 8 : 4
  if (file[start + 14] !== width) return undefined
  const big = ((file[start + 15] ?? 0) & 1) !== 0
  const pointer = (at: number): number => {
    if (at < 0 || at + width > file.length) return 0
    if (wide) return Number(big ? file.readBigUInt64BE(at) : file.readBigUInt64LE(at))
    return big ? file.readUInt32BE(at) : file.readUInt32LE(at)
  }
  /** A Go string: where it is, and how long. */
  const text = (at: number): Buffer | undefined => {
    const header = offsetOf(executable.segments, pointer(at))
    if (header === undefined) return undefined
    const data = offsetOf(executable.segments, pointer(header))
    const length = pointer(header + width)
    if (data === undefined || length > longestText || data + length > file.length) return undefined
    return file.subarray(data, data + length)
  }
  const goVersion = text(start + 16)?.toString('utf8')
  return goVersion === undefined ? undefined : { goVersion, modules: unframed(text(start + 16 + width)) }
}

function offsetOf(segments: readonly ExecutableSegment[], address: number): number | undefined {
  const segment = segments.find((one) => address >= one.address && address < one.address + one.size)
  return segment && segment.offset + (address - segment.address)
}

/** The text stands between two marks of 16 bytes, by which it can be found in a core file. */
function unframed(bytes: Buffer | undefined): string {
  if (bytes === undefined || bytes.length < 33 || bytes[bytes.length - 17] !== 0x0a) return ''
  return bytes.toString('utf8', 16, bytes.length - 16)
}

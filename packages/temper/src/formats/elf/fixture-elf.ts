/** What a generated ELF file says; everything else about it is as small as can be. */
export interface FixtureElf {
  readonly type?: number
  readonly machine?: number
  readonly interpreter?: string
  readonly needed?: readonly string[]
  readonly soname?: string
  readonly runpath?: string
  readonly rpath?: string
  readonly pie?: boolean
  /** What protects it; default: nothing does. */
  readonly relro?: 'partial' | 'full'
  readonly executableStack?: boolean
  readonly writableCode?: boolean
  readonly stackProtector?: boolean
  /** `weak` versions are written with VER_FLG_WEAK. */
  readonly needs?: Readonly<
    Record<string, { readonly strong?: readonly string[]; readonly weak?: readonly string[] }>
  >
  readonly definitions?: readonly string[]
  /** Bytes of code between the header and the tables; the first segment is then executable. */
  readonly code?: number
  /** Puts strings and versions into a read-only segment of their own behind the code (as Go does). */
  readonly ownSegment?: boolean
  /** Puts strings into a writable segment behind all others, so many bytes after its start (as patchelf does). */
  readonly lateStrings?: number
  /** Puts the program headers at the end of the file (as patchelf does). */
  readonly lateHeaders?: boolean
}

const base = 0x400000

/** Builds a little-endian 64-bit ELF file by hand: header, code, tables, dynamic section. */
export function buildElf(elf: FixtureElf): Buffer {
  const strings = new Strings()
  const needs = needTable(elf.needs ?? {}, strings)
  const definitions = definitionTable(elf.definitions ?? [], strings)
  const entries: [number, number][] = (elf.needed ?? []).map((name) => [1, strings.add(name)])
  if (elf.soname !== undefined) entries.push([14, strings.add(elf.soname)])
  if (elf.rpath !== undefined) entries.push([15, strings.add(elf.rpath)])
  if (elf.runpath !== undefined) entries.push([29, strings.add(elf.runpath)])
  if (elf.pie) entries.push([0x6ffffffb, 0x0800_0000])
  if (elf.relro === 'full') entries.push([24, 0])
  if (elf.stackProtector) strings.add('__stack_chk_fail')

  const segmentCount = 6
  const tableAt = elf.lateHeaders ? -1 : 64
  const codeAt = elf.lateHeaders ? 64 : 64 + segmentCount * 56
  const blocks: Buffer[] = []
  let at = codeAt + (elf.code ?? 0)
  const place = (bytes: Buffer): number => {
    const where = at
    blocks.push(bytes)
    at += bytes.length
    return where
  }
  const tablesAt = at
  const interpreterText = Buffer.from(`${elf.interpreter ?? ''}\0`)
  const interpreterAt = place(interpreterText)
  if (needs.count > 0) entries.push([0x6ffffffe, base + place(needs.bytes)], [0x6fffffff, needs.count])
  if (definitions.count > 0) {
    entries.push([0x6ffffffc, base + place(definitions.bytes)], [0x6ffffffd, definitions.count])
  }
  const stringBytes = strings.bytes()
  const { lateStrings } = elf
  const dynamicSize = (entries.length + 3) * 16
  const stringsAt = lateStrings === undefined ? place(stringBytes) : at + dynamicSize + lateStrings
  entries.push([5, base + stringsAt], [10, stringBytes.length], [0, 0])
  const dynamic = Buffer.alloc(dynamicSize)
  entries.forEach(([tag, value], i) => {
    dynamic.writeBigUInt64LE(BigInt(tag), i * 16)
    dynamic.writeBigUInt64LE(BigInt(value), i * 16 + 8)
  })
  const dynamicAt = place(dynamic)
  const behind = at
  if (lateStrings !== undefined) place(Buffer.concat([Buffer.alloc(lateStrings), stringBytes]))
  const end = at
  const load = elf.ownSegment
    ? [segment(1, 5, 0, tablesAt), segment(1, 4, tablesAt, end - tablesAt)]
    : [
        segment(1, (elf.code ? 5 : 4) | (elf.writableCode ? 2 : 0), 0, behind),
        lateStrings === undefined ? segment(0, 0, 0, 0) : segment(1, 6, behind, end - behind),
      ]
  const table = Buffer.concat([
    ...load,
    elf.interpreter === undefined
      ? segment(0, 0, 0, 0)
      : segment(3, 4, interpreterAt, interpreterText.length),
    segment(2, 6, dynamicAt, dynamic.length),
    segment(0x6474e551, elf.executableStack ? 7 : 6, 0, 0),
    elf.relro === undefined ? segment(0, 0, 0, 0) : segment(0x6474e552, 4, dynamicAt, dynamic.length),
  ])
  const header = fileHeader(elf, tableAt === -1 ? end : tableAt, segmentCount)
  const code = Buffer.alloc(elf.code ?? 0, 0x90)
  return Buffer.concat(elf.lateHeaders ? [header, code, ...blocks, table] : [header, table, code, ...blocks])
}

function fileHeader(elf: FixtureElf, tableAt: number, segmentCount: number): Buffer {
  const header = Buffer.alloc(64)
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  header.writeUInt16LE(elf.type ?? 3, 16)
  header.writeUInt16LE(elf.machine ?? 62, 18)
  header.writeUInt32LE(1, 20)
  header.writeBigUInt64LE(BigInt(tableAt), 32)
  header.writeUInt16LE(64, 52)
  header.writeUInt16LE(56, 54)
  header.writeUInt16LE(segmentCount, 56)
  return header
}

function segment(type: number, flags: number, offset: number, size: number): Buffer {
  const bytes = Buffer.alloc(56)
  bytes.writeUInt32LE(type, 0)
  bytes.writeUInt32LE(flags, 4)
  bytes.writeBigUInt64LE(BigInt(offset), 8)
  bytes.writeBigUInt64LE(BigInt(base + offset), 16)
  bytes.writeBigUInt64LE(BigInt(base + offset), 24)
  bytes.writeBigUInt64LE(BigInt(size), 32)
  bytes.writeBigUInt64LE(BigInt(size), 40)
  return bytes
}

class Strings {
  #text = '\0'

  add(text: string): number {
    const at = Buffer.byteLength(this.#text)
    this.#text += `${text}\0`
    return at
  }

  bytes(): Buffer {
    return Buffer.from(this.#text)
  }
}

function needTable(
  needs: NonNullable<FixtureElf['needs']>,
  strings: Strings,
): { bytes: Buffer; count: number } {
  const files = Object.entries(needs)
  const parts = files.map(([file, { strong = [], weak = [] }], i) => {
    const versions = [
      ...strong.map((name) => ({ name, flags: 0 })),
      ...weak.map((name) => ({ name, flags: 2 })),
    ]
    const bytes = Buffer.alloc(16 + 16 * versions.length)
    bytes.writeUInt16LE(1, 0)
    bytes.writeUInt16LE(versions.length, 2)
    bytes.writeUInt32LE(strings.add(file), 4)
    bytes.writeUInt32LE(16, 8)
    bytes.writeUInt32LE(i === files.length - 1 ? 0 : bytes.length, 12)
    versions.forEach(({ name, flags }, v) => {
      const at = 16 + v * 16
      bytes.writeUInt16LE(flags, at + 4)
      bytes.writeUInt32LE(strings.add(name), at + 8)
      bytes.writeUInt32LE(v === versions.length - 1 ? 0 : 16, at + 12)
    })
    return bytes
  })
  return { bytes: Buffer.concat(parts), count: files.length }
}

function definitionTable(names: readonly string[], strings: Strings): { bytes: Buffer; count: number } {
  const bytes = Buffer.alloc(names.length * 28)
  names.forEach((name, i) => {
    const at = i * 28
    bytes.writeUInt16LE(1, at)
    bytes.writeUInt16LE(i + 1, at + 4)
    bytes.writeUInt16LE(1, at + 6)
    bytes.writeUInt32LE(20, at + 12)
    bytes.writeUInt32LE(i === names.length - 1 ? 0 : 28, at + 16)
    bytes.writeUInt32LE(strings.add(name), at + 20)
  })
  return { bytes, count: names.length }
}

/** A section of a program that tests make up. */
export interface FixtureSection {
  readonly name: string
  readonly content: Uint8Array
  /** Loaded at this address, as writable data. */
  readonly address?: number
}

export interface FixtureProgram {
  readonly sections: readonly FixtureSection[]
  /** Leaves the section table out. */
  readonly stripped?: boolean
  readonly bits?: 32 | 64
  readonly bigEndian?: boolean
}

/** Writes an ELF file with the given sections, each aligned to 16 bytes (System V ABI). */
export function buildProgram({ sections, stripped, bits = 64, bigEndian = false }: FixtureProgram): Buffer {
  const wide = bits === 64
  const loaded = sections.filter(({ address }) => address !== undefined)
  const headSize = wide ? 64 : 52
  const [segmentSize, sectionSize] = wide ? [56, 64] : [32, 40]
  const names = Buffer.from(`\0${[...sections.map(({ name }) => name), '.shstrtab'].join('\0')}\0`)
  const parts = [...sections, { name: '.shstrtab', content: names }]
  let end = headSize + loaded.length * segmentSize
  const offsets = parts.map(({ content }) => {
    const offset = Math.ceil(end / 16) * 16
    end = offset + content.length
    return offset
  })
  const tableAt = Math.ceil(end / 16) * 16
  const file = Buffer.alloc(Math.max(8192, tableAt + (parts.length + 1) * sectionSize))
  const half = (value: number, at: number) =>
    bigEndian ? file.writeUInt16BE(value, at) : file.writeUInt16LE(value, at)
  const word = (value: number, at: number) =>
    bigEndian ? file.writeUInt32BE(value, at) : file.writeUInt32LE(value, at)
  const long = (value: number, at: number) => {
    if (!wide) word(value, at)
    else if (bigEndian) file.writeBigUInt64BE(BigInt(value), at)
    else file.writeBigUInt64LE(BigInt(value), at)
  }
  file.write('\x7fELF', 'latin1')
  file[4] = wide ? 2 : 1
  file[5] = bigEndian ? 2 : 1
  half(2, 16)
  long(headSize, wide ? 32 : 28)
  long(stripped ? 0 : tableAt, wide ? 40 : 32)
  half(segmentSize, wide ? 54 : 42)
  half(loaded.length, wide ? 56 : 44)
  half(sectionSize, wide ? 58 : 46)
  half(stripped ? 0 : parts.length, wide ? 60 : 48)
  half(parts.length - 1, wide ? 62 : 50)
  for (const [index, { address = 0, content, name }] of loaded.entries()) {
    const at = headSize + index * segmentSize
    const offset = offsets[sections.findIndex((section) => section.name === name)] ?? 0
    word(1, at)
    word(6, at + (wide ? 4 : 24))
    long(offset, at + (wide ? 8 : 4))
    long(address, at + (wide ? 16 : 8))
    long(content.length, at + (wide ? 32 : 16))
  }
  for (const [index, { name, content }] of parts.entries()) {
    file.set(content, offsets[index] ?? 0)
    if (stripped) continue
    const at = tableAt + index * sectionSize
    word(names.indexOf(`\0${name}\0`) + 1, at)
    word(1, at + 4)
    long(offsets[index] ?? 0, at + (wide ? 24 : 16))
    long(content.length, at + (wide ? 32 : 20))
  }
  return file
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { looksExecutable, readExecutable } from './read.ts'

/** Writes numbers of a byte order, each at its place. */
function writer(size: number, little: boolean) {
  const bytes = Buffer.alloc(size)
  return {
    bytes,
    half: (at: number, value: number) =>
      little ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at),
    word: (at: number, value: number) =>
      little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at),
    long: (at: number, value: number) =>
      little ? bytes.writeBigUInt64LE(BigInt(value), at) : bytes.writeBigUInt64BE(BigInt(value), at),
  }
}

interface Shape {
  readonly wide: boolean
  readonly little: boolean
}

/** An ELF file with the sections ".text" (16 bytes), ".bss" (no room in the file) and ".shstrtab", and one segment. */
function elf({ wide, little }: Shape): Buffer {
  const w = writer(700, little)
  w.bytes.write('\x7fELF', 0, 'latin1')
  w.bytes[4] = wide ? 2 : 1
  w.bytes[5] = little ? 1 : 2
  w.half(16, 2)
  const size = wide ? w.long : w.word
  size(wide ? 32 : 28, 100)
  size(wide ? 40 : 32, 300)
  for (const [at, value] of wide
    ? [
        [54, 56],
        [56, 1],
        [58, 64],
        [60, 3],
        [62, 2],
      ]
    : [
        [42, 32],
        [44, 1],
        [46, 40],
        [48, 3],
        [50, 2],
      ])
    w.half(at ?? 0, value ?? 0)
  w.word(100, 1)
  w.word(100 + (wide ? 4 : 24), 5)
  size(100 + (wide ? 8 : 4), 200)
  size(100 + (wide ? 16 : 8), 0x400000)
  size(100 + (wide ? 32 : 16), 16)
  w.bytes.write('.text\0.bss\0.shstrtab\0', 600, 'latin1')
  const sections = [
    [0, 1, 200, 16],
    [6, 8, 200, 4096],
    [11, 3, 600, 21],
  ] as const
  for (const [index, [name, type, offset, length]] of sections.entries()) {
    const at = 300 + index * (wide ? 64 : 40)
    w.word(at, name)
    w.word(at + 4, type)
    size(at + (wide ? 24 : 16), offset)
    size(at + (wide ? 32 : 20), length)
  }
  return w.bytes
}

/** A Windows program with ".text", and with ".data" that leads out of the file. */
function pe(wide: boolean): Buffer {
  const w = writer(600, true)
  w.bytes.write('MZ', 0, 'latin1')
  w.word(60, 64)
  w.bytes.write('PE\0\0', 64, 'latin1')
  w.half(70, 2)
  w.half(84, 40)
  w.half(88, wide ? 0x20b : 0x10b)
  if (wide) w.long(88 + 24, 0x140000000)
  else w.word(88 + 28, 0x400000)
  for (const [index, [name, offset, flags]] of (
    [
      ['.text', 300, 0x20000000],
      ['.data', 595, 0x80000000],
    ] as const
  ).entries()) {
    const at = 128 + index * 40
    w.bytes.write(name, at, 'latin1')
    w.word(at + 12, 0x1000)
    w.word(at + 16, 16)
    w.word(at + 20, offset)
    w.word(at + 36, flags)
  }
  return w.bytes
}

/** A program of macOS with one segment of two sections, the second of which leads out of the file. */
function machO(wide: boolean): Buffer {
  const w = writer(500, true)
  const size = wide ? w.long : w.word
  const [width, head, step] = wide ? [8, 72, 80] : [4, 56, 68]
  w.word(0, wide ? 0xfeedfacf : 0xfeedface)
  w.word(16, 1)
  const at = wide ? 32 : 28
  w.word(at, wide ? 0x19 : 1)
  w.word(at + 4, head + 2 * step)
  w.bytes.write('__TEXT', at + 8, 'latin1')
  size(at + 24, 0x1000)
  size(at + 24 + 2 * width, 400)
  size(at + 24 + 3 * width, 50)
  w.word(at + 24 + 4 * width + 4, 5)
  w.word(at + head - 8, 2)
  for (const [index, [name, offset]] of (
    [
      ['__text', 400],
      ['__far', 490],
    ] as const
  ).entries()) {
    const section = at + head + index * step
    w.bytes.write(name, section, 'latin1')
    size(section + 32 + width, 20)
    w.word(section + 32 + 2 * width, offset)
  }
  return w.bytes
}

const shapes: readonly Shape[] = [
  { wide: true, little: true },
  { wide: true, little: false },
  { wide: false, little: true },
  { wide: false, little: false },
]

describe('an executable file', () => {
  it.each(shapes)('of ELF, %j', (shape) => {
    expect(readExecutable(elf(shape))).toEqual({
      format: 'elf',
      sections: [
        { name: '.text', offset: 200, size: 16 },
        { name: '.shstrtab', offset: 600, size: 21 },
      ],
      segments: [{ name: '', offset: 200, address: 0x400000, size: 16, writable: false, executable: true }],
    })
  })

  it.each([
    [true, 0x140000000],
    [false, 0x400000],
  ])('of Windows, with 64 bits: %j', (wide, base) => {
    const text = {
      name: '.text',
      offset: 300,
      size: 16,
      address: base + 0x1000,
      writable: false,
      executable: true,
    }
    expect(readExecutable(pe(wide))).toEqual({ format: 'pe', sections: [text], segments: [text] })
  })

  it.each([true, false])('of macOS, with 64 bits: %j', (wide) => {
    expect(readExecutable(machO(wide))).toEqual({
      format: 'mach-o',
      sections: [{ name: '__TEXT,__text', offset: 400, size: 20 }],
      segments: [
        { name: '__TEXT', offset: 400, address: 0x1000, size: 50, writable: false, executable: true },
      ],
    })
  })

  const all = [...shapes.map(elf), pe(true), pe(false), machO(true), machO(false)]

  it('of any kind whose bytes are others, or fewer, tells only of what is in it', () => {
    const change = fc.record({ at: fc.nat(699), value: fc.constantFrom(0, 1, 2, 8, 0x7f, 0x80, 0xff) })
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.array(change, { maxLength: 6 }),
        fc.nat(700),
        (sound, changes, length) => {
          const bytes = Buffer.from(sound)
          for (const { at, value } of changes) if (at < bytes.length) bytes[at] = value
          const file = bytes.subarray(0, length)
          const read = readExecutable(file)
          for (const { offset, size } of [...(read?.sections ?? []), ...(read?.segments ?? [])]) {
            expect(size).toBeGreaterThan(0)
            expect(offset).toBeGreaterThanOrEqual(0)
            expect(offset + size).toBeLessThanOrEqual(file.length)
          }
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('is known by its start; objects, core files and texts are none', () => {
    expect(all.map((bytes) => looksExecutable(bytes))).toEqual(all.map(() => true))
    const object = Buffer.from(elf({ wide: true, little: true }))
    object.writeUInt16LE(1, 16)
    const others = [
      object,
      Buffer.from('#!/bin/sh\n'),
      Buffer.alloc(0),
      Buffer.from('\x7fELV'),
      Buffer.from('MA'),
    ]
    expect(others.map((bytes) => looksExecutable(bytes))).toEqual(others.map(() => false))
    expect(others.slice(1).map((bytes) => readExecutable(bytes))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})

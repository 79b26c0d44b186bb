import { describe, expect, it } from 'vitest'
import { serialise, serialiseMembers, serialiseVariant } from './serialise.ts'
import { parseText } from './text.ts'
import { GVariantError } from './type.ts'

const hex = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/..(?!$)/g, '$& ')
const bytesOf = (text: string, type: string) => hex(serialise(parseText(text), type))

describe('values of GVariant', () => {
  // "GVariant specification", section 2.5 ("Examples"), little-endian.
  it.each([
    ["'hello world'", 's', '68 65 6c 6c 6f 20 77 6f 72 6c 64 00'],
    ["just 'hello world'", 'ms', '68 65 6c 6c 6f 20 77 6f 72 6c 64 00 00'],
    ['[true, false, false, true, true]', 'ab', '01 00 00 01 01'],
    ["('foo', -1)", '(si)', '66 6f 6f 00 ff ff ff ff 04'],
    [
      "[('hi', -2), ('bye', -1)]",
      'a(si)',
      '68 69 00 00 fe ff ff ff 03 00 00 00 62 79 65 00 ff ff ff ff 04 09 15',
    ],
    [
      "['i', 'can', 'has', 'strings?']",
      'as',
      '69 00 63 61 6e 00 68 61 73 00 73 74 72 69 6e 67 73 3f 00 02 06 0a 13',
    ],
    [
      "((0x69, 'can'), ['has', 'strings?'])",
      '((ys)as)',
      '69 63 61 6e 00 68 61 73 00 73 74 72 69 6e 67 73 3f 00 04 0d 05',
    ],
    ["{'a key', 514}", '{si}', '61 20 6b 65 79 00 00 00 02 02 00 00 06'],
    ['[4, 5, 6]', 'ay', '04 05 06'],
    ['[4, 258]', 'ai', '04 00 00 00 02 01 00 00'],
    ['(0x70, 0x80)', '(yy)', '70 80'],
    ['(0x60, 0x70)', '(iy)', '60 00 00 00 70 00 00 00'],
    ['[(96, 0x70), (648, 0xf7)]', 'a(iy)', '60 00 00 00 70 00 00 00 88 02 00 00 f7 00 00 00'],
  ])('%s as %s', (text, type, expected) => {
    expect(bytesOf(text, type)).toBe(expected)
  })

  it.each([
    ['true', 'b', '01'],
    ['255', 'y', 'ff'],
    ['-32768', 'n', '00 80'],
    ['65535', 'q', 'ff ff'],
    ['0x10', 'u', '10 00 00 00'],
    ['010', 'u', '08 00 00 00'],
    ['+7', 'i', '07 00 00 00'],
    ['-1', 'x', 'ff ff ff ff ff ff ff ff'],
    ['18446744073709551615', 't', 'ff ff ff ff ff ff ff ff'],
    ['1.5', 'd', '00 00 00 00 00 00 f8 3f'],
    ['-inf', 'd', '00 00 00 00 00 00 f0 ff'],
    ['1e3', 'd', '00 00 00 00 00 40 8f 40'],
    ['5', 'd', '00 00 00 00 00 00 14 40'],
    ["b'abc'", 'ay', '61 62 63 00'],
    ['[]', 'as', ''],
    ['nothing', 'mi', ''],
    ['just 5', 'mi', '05 00 00 00'],
    ['5', 'mi', '05 00 00 00'],
    ['just nothing', 'mms', '00'],
    ['()', '()', '00'],
    ["{'a': <1>}", 'a{sv}', '61 00 00 00 00 00 00 00 01 00 00 00 00 69 02 0f'],
    ['<@y 1>', 'v', '01 00 79'],
    ["<'x'>", 'v', '78 00 00 73'],
    ['<[1, 2]>', 'v', '01 00 00 00 02 00 00 00 00 61 69'],
    ['<<true>>', 'v', '01 00 62 00 76'],
    ['<uint16 3>', 'v', '03 00 00 71'],
    ['<(1, 2.5)>', 'v', '01 00 00 00 00 00 00 00 00 00 00 00 00 00 04 40 00 28 69 64 29'],
    ["<{'k': 1}>", 'v', '6b 00 00 00 01 00 00 00 02 09 00 61 7b 73 69 7d'],
    ["objectpath '/a'", 'o', '2f 61 00'],
    ['@as []', 'as', ''],
  ])('%s as %s', (text, type, expected) => {
    expect(bytesOf(text, type)).toBe(expected)
  })

  it.each([
    ['256', 'y'],
    ['-1', 'y'],
    ['32768', 'n'],
    ['-32769', 'n'],
    ['2147483648', 'i'],
    ['-1', 'u'],
    ['4294967296', 'u'],
    ['18446744073709551616', 't'],
    ['1.5', 'i'],
    ['09', 'i'],
    ['0x', 'i'],
    ['1e5', 'i'],
    ['inf', 'i'],
    ['1.2.3', 'd'],
    ["'x'", 'i'],
    ['1', 's'],
    ['1', 'b'],
    ['true', 'i'],
    ['[1]', 'i'],
    ['1', 'ai'],
    ["['x']", 'ai'],
    ['(1, 2)', '(i)'],
    ['(1)', '(ii)'],
    ['1', '(i)'],
    ["b'x'", 'ai'],
    ["{'a': 1}", 'ai'],
    ["{'a': 1}", 'a{ss}'],
    ['1', 'v'],
    ['<[]>', 'v'],
    ['<nothing>', 'v'],
    ["<[1, 'x']>", 'v'],
    ['@s 1', 's'],
    ['uint32 1', 'i'],
    ['@i 1', 'u'],
  ])('%s is no value of %s', (text, type) => {
    expect(() => bytesOf(text, type)).toThrow(GVariantError)
  })

  it.each([
    [254, 1],
    [255, 2],
    [65_000, 2],
    [65_534, 4],
  ])('of %i bytes take offsets of %i bytes', (size, width) => {
    const bytes = serialise(parseText(`['${'x'.repeat(size - 1)}']`), 'as')
    expect(bytes.length).toBe(size + width)
    expect(Buffer.from(bytes).readUIntLE(size, width)).toBe(size)
  })

  it('are put together from their members', () => {
    const members = [serialise(parseText("'a'"), 's'), serialise(parseText('7'), 'i')]
    expect(hex(serialiseMembers(members, '(si)'))).toBe(bytesOf("('a', 7)", '(si)'))
    expect(() => serialiseMembers(members, '(s)')).toThrow(GVariantError)
    expect(hex(serialiseVariant(Uint8Array.of(1), 'y'))).toBe('01 00 79')
  })
})

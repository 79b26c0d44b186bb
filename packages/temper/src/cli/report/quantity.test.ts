import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { count, formatBytes, formatDuration, parseAge, parseBytes } from './quantity.ts'
import { facts, table } from './table.ts'

describe('quantities', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [99_949, '99.9 kB'],
    [99_950, '100 kB'],
    [999_499, '999 kB'],
    [999_999, '1.0 MB'],
    [35_204_112, '35.2 MB'],
    [1_234_567_890_123, '1.2 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it.each([
    [0, '0 ms'],
    [85.4, '85 ms'],
    [999.6, '1.0 s'],
    [2431, '2.4 s'],
    [59_960, '1 min 0 s'],
    [185_000, '3 min 5 s'],
  ])('%d milliseconds are %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })

  it('reads sizes and ages as people write them', () => {
    expect(parseBytes('500MB')).toBe(500e6)
    expect(parseBytes('1.5 GB')).toBe(1.5e9)
    expect(parseBytes('42')).toBe(42)
    for (const text of ['', 'MB', '-1', '1e9', '5 XB']) expect(parseBytes(text)).toBeUndefined()
    expect(parseAge('90m')).toBe(5400)
    expect(parseAge('2w')).toBe(1_209_600)
    for (const text of ['', '5', 'd', '1y', '-1d']) expect(parseAge(text)).toBeUndefined()
  })

  it('reads back what it writes, to the digits shown', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_000_000_000 }), (bytes) => {
        const back = parseBytes(formatBytes(bytes)) ?? Number.NaN
        expect(Math.abs(back - bytes)).toBeLessThanOrEqual(Math.max(bytes * 0.051, 0))
      }),
    )
  })

  it('counts in words', () => {
    expect([count(1, 'package'), count(2, 'package'), count(0, 'entry')]).toEqual([
      '1 package',
      '2 packages',
      '0 entries',
    ])
  })
})

describe('tables', () => {
  it('aligns columns and leaves no blanks at line ends', () => {
    const text = table(
      [
        ['name', '1 B'],
        ['longer name', '22 kB'],
        ['x', ''],
      ],
      [{}, { align: 'right' }],
    )
    expect(text).toBe('name           1 B\nlonger name  22 kB\nx\n')
    expect(
      facts([
        ['a', '1'],
        ['long', '2'],
      ]),
    ).toBe('  a     1\n  long  2\n')
  })
})

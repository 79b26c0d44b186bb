import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseInstalled } from './installed.ts'

const musl = `C:Q1abc=
P:musl
V:1.2.5-r0
A:x86_64
L:MIT
o:musl
m:Timo <timo@example.org>
D:
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
F:
R:root-file
`

describe("apk's database of what is installed", () => {
  test('packages with their files; what is empty says nothing', () => {
    const { packages, damaged } = parseInstalled(`${musl}\nP:busybox\nV:1.36.1-r5 \n`, 'installed')
    expect(damaged).toBe(0)
    expect(packages).toEqual([
      {
        name: 'musl',
        version: '1.2.5-r0',
        architecture: 'x86_64',
        licence: 'MIT',
        origin: 'musl',
        maintainer: 'Timo <timo@example.org>',
        provides: 'so:libc.musl-x86_64.so.1=1',
        files: 'lib/ld-musl-x86_64.so.1\nroot-file',
      },
      { name: 'busybox', version: '1.36.1-r5', files: '' },
    ])
  })

  test.each([
    ['nothing', '', 0, 0],
    ['empty lines', '\n\n\n', 0, 0],
    ['no version', 'P:a\n\nP:b\nV:1\n', 1, 1],
    ['lines that are none', 'P:a\nnonsense\nV:1\n', 1, 0],
    ['no line end', 'P:a\nV:1', 1, 0],
  ])('%s', (_, text, count, damaged) => {
    const read = parseInstalled(text, 'installed')
    expect([read.packages.length, read.damaged]).toEqual([count, damaged])
  })

  test.each([
    ['a line', `P:${'a'.repeat(2 << 20)}\n`],
    ['packages', 'P:a\nV:1\n\n'.repeat(100_001)],
  ])('too long a list of %s is refused', (_, text) => {
    expect(() => parseInstalled(text, 'installed')).toThrow(/installed: (?:a line of )?more than/)
  })

  test('whatever it is, packages have a name and a version', () => {
    const line = fc.oneof(
      fc.constantFrom('P:a', 'V:1', '', 'F:x', 'R:y', 'P:', 'V:'),
      fc.string({ maxLength: 8 }),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const { name, version } of parseInstalled(lines.join('\n'), 'installed').packages)
          expect(name !== '' && version !== '').toBe(true)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAccountFile, rulesRead, supplementaryGroups } from './accounts-file.ts'

const bytes = (text: string) => Buffer.from(text)

describe('account files', () => {
  it.each<[string, string[][]]>([
    ['', []],
    ['\n\n', []],
    ['a:x:1', [['a', 'x', '1']]],
    ['a:x:1\n', [['a', 'x', '1']]],
    [
      'a::\n:b:\n',
      [
        ['a', '', ''],
        ['', 'b', ''],
      ],
    ],
    ['no colon\n', [['no colon']]],
    ['ü:x:1\n', [['ü', 'x', '1']]],
  ])('%j', (text, expected) => {
    expect(parseAccountFile(bytes(text))).toEqual(expected)
  })

  it.each([
    [99_999, 99_999],
    [100_000, 100_000],
    [100_001, 100_000],
    [250_000, 100_000],
  ])('of %i lines have %i that are read', (lines, read) => {
    expect(parseAccountFile(bytes('a:x\n'.repeat(lines)))).toHaveLength(read)
  })

  it('are read whatever is in them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
        for (const fields of parseAccountFile(content)) expect(fields.length).toBeGreaterThan(0)
      }),
    )
  })

  it.each([
    ['etc/passwd', true],
    ['etc/shadow', true],
    ['etc/group', true],
    ['etc/gshadow', true],
    ['etc/passwd-', false],
    ['/etc/passwd', false],
    ['usr/etc/passwd', false],
  ])('%s is one: %s', (path, expected) => {
    expect(rulesRead(path)).toBe(expected)
  })
})

describe('supplementary groups', () => {
  const passwd = 'a:x:10:1::/:/x\nalias:x:10:1::/:/x\nb:x:11:1::/:/x\n'
  const group = 'one:x:1:a\ntwo:x:2:b,alias\nthree:x:3:\nfour:x:4:ab\nfive:x:five:a\nsix:x::a\nseven:x:7\n'

  it.each([
    [10, [1, 2]],
    [11, [2]],
    [12, []],
    [1, []],
  ])('of uid %i', (uid, expected) => {
    const groups = supplementaryGroups(uid, { passwd: bytes(passwd), group: bytes(group) })
    expect([...groups]).toEqual(expected)
  })

  it('of nobody are none, not those of members without a name', () => {
    const files = { passwd: bytes(':x:10:1::/:/x\n'), group: bytes('one:x:1:\ntwo:x:2:,\n') }
    expect(supplementaryGroups(10, files).size).toBe(0)
  })
})

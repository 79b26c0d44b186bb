import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TemperError } from '../../../base/error.ts'
import { parseReleaseDate } from './release-date.ts'
import { parseReleaseFile } from './release-file.ts'

const hex = 'ab'.repeat(32)
const text = `Origin: Debian
Suite: stable
Codename: trixie
Version: 13.7
Date: Sat, 12 Sep 2026 07:55:41 UTC
Valid-Until: Sat, 19 Sep 2026 07:55:41 UTC
Acquire-By-Hash: yes
No-Support-for-Architecture-all: Packages
Architectures: all amd64 arm64
Components: main contrib
SHA256:
 ${hex}     1234 main/binary-amd64/Packages
 ${hex}  99 main/binary-amd64/Packages.xz`

test('reads a Release file', () => {
  const file = parseReleaseFile(text, 'a test')
  expect(file).toMatchObject({
    suite: 'stable',
    codename: 'trixie',
    version: '13.7',
    acquireByHash: true,
    architectures: ['all', 'amd64', 'arm64'],
    components: ['main', 'contrib'],
    allInEach: true,
  })
  expect(file.date.toISOString()).toBe('2026-09-12T07:55:41.000Z')
  expect(file.validUntil?.toISOString()).toBe('2026-09-19T07:55:41.000Z')
  expect(file.files.get('main/binary-amd64/Packages.xz')).toEqual({ digest: `sha256:${hex}`, size: 99 })
})

test('all packages are kept apart where the architecture is named and nothing else is said', () => {
  const change = (from: RegExp, to: string) => parseReleaseFile(text.replace(from, to), 'a test').allInEach
  expect(change(/^No-Support.*\n/m, '')).toBe(false)
  expect(change(/all amd64/, 'amd64')).toBe(true)
})

test.each([
  ['no date', /^Date:.*\n/m, ''],
  ['a bad date', /^Date:.*/m, 'Date: now'],
  ['a bad end', /^Valid-Until:.*/m, 'Valid-Until: 2026-09-19'],
  ['no digests', /^SHA256:[\s\S]*/m, ''],
  ['a short digest', /abab/, ''],
  ['a size that is none', /1234/, 'many'],
  ['a negative size', /1234/, '-1'],
  ['a path that leads out', /main\/binary-amd64\/Packages\.xz/, '../x'],
  ['a line with more', /Packages\.xz/, 'Packages.xz more'],
  ['two paragraphs', /^Components:/m, '\nComponents:'],
])('refuses %s', (_title, from, to) => {
  expect(() => parseReleaseFile(text.replace(from, to), 'a test')).toThrow(
    expect.objectContaining({ code: 'bad-index', message: expect.stringContaining('a test') }),
  )
})

test('any change of the text is read or refused with a clear error', () => {
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(20), fc.string({ maxLength: 5 }), (at, length, insert) => {
      try {
        parseReleaseFile(text.slice(0, at) + insert + text.slice(at + length), 'a test')
      } catch (error) {
        expect(error).toBeInstanceOf(TemperError)
      }
    }),
  )
})

test('reads the dates that archives write', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['Sat, 12 Sep 2026 07:55:41 UTC', '2026-09-12T07:55:41.000Z'],
    ['Sat, 12 Sep 2026 07:55:41 +0000', '2026-09-12T07:55:41.000Z'],
    ['Sat, 12 Sep 2026  7:55:41 GMT', '2026-09-12T07:55:41.000Z'],
    ['1 Sep 2026 00:30:00 +0200', '2026-08-31T22:30:00.000Z'],
    ['Mon, 31 Feb 2026 07:55:41 UTC', undefined],
    ['Sat, 12 Sep 2026 24:00:00 UTC', undefined],
    ['Sat, 12 Foo 2026 07:55:41 UTC', undefined],
    ['Sat, 12 Sep 2026 07:55:41', undefined],
    ['2026-09-12', undefined],
    ['', undefined],
  ]
  for (const [written, expected] of cases) expect(parseReleaseDate(written)?.toISOString()).toBe(expected)
})

test('a date that is written is read back', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('2999-12-31'), noInvalidDate: true }), (date) => {
      date.setUTCMilliseconds(0)
      expect(parseReleaseDate(date.toUTCString())).toEqual(date)
    }),
  )
})

import { execFileSync, spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareDebianVersions, debianVersionProblem, isDebianVersion } from './dpkg.ts'

/** Ascending; each is smaller than every later one. */
const ascending = [
  '0~~',
  '0~',
  '0',
  '0+',
  '0.1~rc1',
  '0.1',
  '1~~a',
  '1~',
  '1',
  '1-0+b1',
  '1-1~bpo12+1',
  '1-1',
  '1-1+b1',
  '1-1+deb13u1',
  '1-1.1',
  '1-10',
  '1a~b-1',
  '1a',

  '1a.b',
  '1b',
  '1+b',
  '1.0~beta2',
  '1.0~beta10',
  '1.0',
  '1.0a',
  '1.0+dfsg',
  '1.0.1',
  '1.09',
  '1.10',
  '1.10.00000000000000000000000000001',
  '1.10.99999999999999999999999999999',
  '2:0~',
  '2:1',
  '10:0',
]

const pieces = ['0', '1', '9', '10', '007', '~', '+', '.', 'a', 'z', 'B', 'rc', 'dfsg', '~~']
const looseVersion = fc
  .array(fc.constantFrom(...pieces, '-', ':', '1:'), { maxLength: 8 })
  .map((all) => all.join(''))
const strictVersion = fc
  .tuple(
    fc.option(fc.nat(12), { nil: undefined }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 6 }),
    fc.option(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }), { nil: undefined }),
  )
  .map(([epoch, upstream, revision]) => {
    const front = epoch === undefined ? '' : `${epoch}:`
    return `${front}1${upstream.join('')}${revision === undefined ? '' : `-${revision.join('')}`}`
  })

describe('compareDebianVersions', () => {
  it('orders the table, each pair both ways', () => {
    for (const [i, a] of ascending.entries()) {
      for (const [j, b] of ascending.entries()) {
        expect([a, b, compareDebianVersions(a, b)]).toEqual([a, b, Math.sign(i - j)])
      }
    }
  })

  it.each([
    ['1.0', '1.00'],
    ['1', '0:1'],
    ['1', '1-0'],
    ['1-', '1'],
    ['1.0-1', '1.0-01'],
    ['0', '00000'],
    ['1', ' 1 '],
    ['1a0', '1a'],
  ])('holds %s and %s equal', (a, b) => {
    expect(compareDebianVersions(a, b)).toBe(0)
    expect(compareDebianVersions(b, a)).toBe(0)
  })

  it('takes the last hyphen as the start of the revision', () => {
    expect(compareDebianVersions('1-2-3', '1-2-4')).toBe(-1)
    expect(compareDebianVersions('1-9-1', '1-10-1')).toBe(-1)
  })

  it('is a total order over any text', () => {
    const any = fc.oneof(looseVersion, strictVersion, fc.string({ maxLength: 6 }))
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(compareDebianVersions(a, a)).toBe(0)
        expect(compareDebianVersions(a, b) + compareDebianVersions(b, a)).toBe(0)
        const [x, y, z] = [a, b, c].sort(compareDebianVersions) as [string, string, string]
        expect(compareDebianVersions(x, y)).toBeLessThanOrEqual(0)
        expect(compareDebianVersions(y, z)).toBeLessThanOrEqual(0)
        expect(compareDebianVersions(x, z)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 1000 },
    )
  })

  it('puts a tilde before the end and anything else after it', () => {
    fc.assert(
      fc.property(strictVersion, (version) => {
        expect(compareDebianVersions(`${version}~`, version)).toBe(-1)
        expect(compareDebianVersions(`${version}+b1`, version)).toBe(1)
      }),
    )
  })

  const hasDpkg = spawnSync('dpkg', ['--version']).status === 0

  it.skipIf(!hasDpkg)('agrees with dpkg', () => {
    const pairs = fc.sample(fc.tuple(strictVersion, strictVersion), { numRuns: 120, seed: 7 })
    const script =
      'while read -r a b; do for o in lt eq gt; do dpkg --compare-versions "$a" $o "$b" && echo $o; done; done'
    const input = pairs.map(([a, b]) => `${a} ${b}\n`).join('')
    const answers = execFileSync('sh', ['-c', script], { input, encoding: 'utf8' }).trim().split('\n')
    const ours = pairs.map(([a, b]) => ['lt', 'eq', 'gt'][compareDebianVersions(a, b) + 1])
    expect(ours).toEqual(answers)
  })
})

describe('debianVersionProblem', () => {
  it.each([
    '1',
    '0',
    '1.26.3-3+deb13u1',
    '1:2.41-12',
    '2:1:3-4',
    '1.0~rc1-1~bpo12+1',
    '1-2-3',
    '2147483647:1',
    '1A',
  ])('accepts %s', (version) => {
    expect(debianVersionProblem(version)).toBeUndefined()
    expect(isDebianVersion(version)).toBe(true)
  })

  it.each([
    ['', 'it is empty'],
    [':1', 'the epoch before the colon is empty'],
    ['a:1', 'the epoch "a" is not a number'],
    ['-1:1', 'the epoch "-1" is not a number'],
    ['2147483648:1', 'the epoch is larger than 2147483647'],
    ['1:', 'the upstream version is empty'],
    ['-1', 'the upstream version is empty'],
    ['1-', 'the revision after the hyphen is empty'],
    ['v1', 'the upstream version "v1" does not start with a digit'],
    ['1 2', 'the upstream version has the character " "'],
    ['1_2', 'the upstream version has the character "_"'],
    ['1é', 'the upstream version has the character "é"'],
    ['1-2_3', 'the revision has the character "_"'],
    ['1\n', 'the upstream version has the character "\\n"'],
    ['1'.repeat(1025), 'it is longer than 1024 characters'],
  ])('refuses %j: %s', (version, problem) => {
    expect(debianVersionProblem(version)).toBe(problem)
    expect(isDebianVersion(version)).toBe(false)
  })
})

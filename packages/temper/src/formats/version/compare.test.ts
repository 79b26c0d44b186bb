import { compare as comparePython } from '@renovatebot/pep440'
import { gt as laterGem, eq as sameGem } from '@renovatebot/ruby-semver'
import fc from 'fast-check'
import semver from 'semver'
import { describe, expect, it } from 'vitest'
import { type VersionScheme, versionSchemes } from '../../model/version-scheme.ts'
import { compareVersions, isVersion, rangeOrderOf } from './compare.ts'

/** Ascending; each is lower than every later one. Written for these tests from the schemes' descriptions. */
const ascending: Readonly<Record<VersionScheme, readonly string[]>> = {
  dpkg: [
    '0~',
    '0',
    '1~rc1-1',
    '1-1~bpo12+1',
    '1-1',
    '1-1ubuntu1',
    '1-1+b2',
    '1-1+deb12u1',
    '1.9',
    '1.10',
    '1:0.1',
  ],
  apk: [
    '0.9-r9',
    '1_alpha',
    '1_alpha2',
    '1_beta',
    '1_pre1',
    '1_rc',
    '1_rc2',
    '1',
    '1-r0',
    '1-r2',
    '1-r10',
    '1~1a2b',
    '1_git20240101',
    '1_git20250101',
    '1_p1',
    '1_p2-r1',
    '1a',
    '1b',
    '1.0',
    '1.01',
    '1.0101',
    '1.1',
    '1.2',
    '1.10-r0',
    '2',
    '10',
  ],
  rpm: [
    '1~rc1-1',
    '1~rc2-1',
    '1-1',
    '1-1.el9',
    '1-1.el9_4.1',
    '1-2.el9',
    '1^20240101git1-1',
    '1a-1',
    '1.a-2',
    '1.0-1',
    '1.1-1',
    '1.9-1',
    '1.10-1',
    '1:0.1-1',
    '2:0-1',
  ],
  pub: [
    'unknown',
    '1.0.0-dev.9',
    '1.0.0-dev.10',
    '1.0.0-dev.10+1',
    '1.0.0',
    '1.0.0+1',
    '1.0.0+1.1',
    '1.0.0+2',
    '1.0.0+10',
    '1.0.0+a',
    '1.0.1-0+9',
    '1.0.1',
  ],
  semver: [
    'unknown',
    '0.0.1-0',
    '0.0.1',
    '1.0.0-0',
    '1.0.0-1',
    '1.0.0-10',
    '1.0.0-alpha',
    '1.0.0-alpha.0',
    '1.0.0-alpha.0.1',
    '1.0.0-alpha.a',
    '1.0.0-alpha-1',
    '1.0.0-beta',
    '1.0.0',
    '1.0.1-rc',
    '1.0.1',
    '1.9.0',
    '1.10.0',
    '2',
    '2.0.0.1',
    '123456789012345678901234567890.0.0',
    '123456789012345678901234567891.0.0',
  ],
  pep440: [
    'latest',
    '1.0.dev1',
    '1.0a1.dev2',
    '1.0a1',
    '1.0a1.post1.dev1',
    '1.0a1.post1',
    '1.0b1',
    '1.0rc1',
    '1.0',
    '1.0+abc',
    '1.0+abc.1',
    '1.0+1',
    '1.0+1.1',
    '1.0.post1.dev1',
    '1.0.post1',
    '1.0.1.dev1',
    '1.0.1',
    '1.9',
    '1.10',
    '1!0.1',
    '12!0',
  ],
  maven: [
    '1-alpha-1',
    '1-alpha-2',
    '1-beta',
    '1-milestone-1',
    '1-rc-1',
    '1-SNAPSHOT',
    '1',
    '1-sp',
    '1-abc',
    '1-jre',
    '1-1',
    '1-2',
    '1.0.1-alpha',
    '1.0.1',
    '1.1.Beta2',
    '1.1.Final',
    '1.2',
    '1.10',
    '12345678901234567890.1',
  ],
  gem: [
    '0.9',
    '1.0.a',
    '1.0.a.2',
    '1.0.a.10',
    '1.0.b1',
    '1.0-1',
    '1.0.pre.2',
    '1.0.rc1',
    '1.0',
    '1.0.0.1',
    '1.0.1',
    '1.9',
    '1.10',
    '2.0.0.rc1',
    '2',
  ],
  composer: [
    'dev-main',
    '1.0-dev',
    '1.0-alpha1',
    '1.0-alpha2',
    '1.0-beta',
    '1.0-RC1',
    '1.0-RC10',
    '1.0',
    '1.0.0',
    '1.0.1',
    '1.0-pl1',
    '1.1',
    '1.9',
    '1.10',
    'v2.0.0',
  ],
  nuget: [
    '1.0.0-alpha',
    '1.0.0-Alpha.1',
    '1.0.0-alpha.2',
    '1.0.0-beta',
    '1.0.0-RC',
    '1.0.0',
    '1.0.0.1-pre',
    '1.0.0.1',
    '1.0.0.10',
    '1.0.1',
    '1.9',
    '1.10',
  ],
  golang: [
    '(devel)',
    'v0.0.0-20190101000000-abcdefabcdef',
    'v0.0.0-20200101000000-000000000000',
    'v0.1.0-rc.1',
    'v0.1.0',
    'go1.20rc1',
    'go1.20',
    'go1.20.1',
    '1.21.0-0',
    'go1.21beta1',
    'go1.21rc2',
    'go1.21rc10',
    'go1.21.0-vendor X:none',
    'go1.21.3',
    '1.22.0',
    'v2.0.0+incompatible',
  ],
}

const equal: readonly (readonly [VersionScheme, string, string])[] = [
  ['dpkg', '1.0-0', '0:1.00'],
  ['apk', '1.2-r01', '1.2-r1'],
  ['rpm', '0:1.0-1', '1_0-01'],
  ['semver', 'v1.2.3+build.5', '=1.2.3'],
  ['semver', '1.2', '1.2.0'],
  ['pep440', '1.0', 'v1.0.0'],
  ['pep440', '1.0-alpha.1', '1.0a1'],
  ['pep440', '1.0-1', '1.0.post1'],
  ['pep440', '1.0c1', '1.0-PREVIEW_1'],
  ['pep440', '1.0+ubuntu-1', '1.0+UBUNTU.1'],
  ['maven', '1.0.0', '1-ga'],
  ['maven', '1.0.RELEASE', '1.0.0.Final'],
  ['maven', '1a1', '1.0-ALPHA-1'],
  ['maven', '1.0.alpha', '1-alpha'],
  ['gem', '1.0.0', '1'],
  ['gem', '1.0-rc1', '1.0.pre.rc.1'],
  ['composer', 'V1.0-RC1', '1.0rc1'],
  ['composer', '1.0_beta+2', '1.0b2'],
  ['nuget', '1.0', '1.0.0.0+anything'],
  ['nuget', '1.0.0-BETA', '1.0.0-beta'],
  ['golang', 'go1.21', '1.21.0'],
  ['golang', 'v2.0.0+incompatible', '2.0.0'],
]

describe.each(versionSchemes)('%s', (scheme) => {
  it('orders its table, each pair both ways', () => {
    const table = ascending[scheme]
    for (const [i, a] of table.entries())
      for (const [j, b] of table.entries())
        expect([a, b, compareVersions(scheme, a, b)]).toEqual([a, b, Math.sign(i - j)])
  })

  const alphabet = [
    '0',
    '1',
    '01',
    '9',
    '10',
    '.',
    '-',
    '_',
    '+',
    '~',
    '^',
    ':',
    '!',
    'a',
    'b',
    'rc',
    'alpha',
    'dev',
  ]
  const words = ['final', 'ga', 'SNAPSHOT', 'pre', 'p', 'post', '-r', 'go', 'v', ' ', 'é', '\0', '\n']
  const pieces = fc.array(fc.constantFrom(...alphabet, ...words), { maxLength: 9 }).map((all) => all.join(''))
  const numbered = pieces.map((rest) => `1${rest}`)
  const text = fc.oneof(pieces, numbered, fc.constantFrom(...ascending[scheme]), fc.string({ maxLength: 8 }))

  it('is a total order over any text', () => {
    fc.assert(
      // PHP takes "#" for any number, see composer.ts.
      fc.property(
        fc.array(scheme === 'composer' ? text.map((each) => each.replaceAll('#', '')) : text, {
          minLength: 3,
          maxLength: 5,
        }),
        (all) => {
          const sorted = all.toSorted((a, b) => compareVersions(scheme, a, b))
          for (const [i, a] of sorted.entries()) {
            expect(compareVersions(scheme, a, a)).toBe(0)
            for (const b of sorted.slice(i)) {
              expect(compareVersions(scheme, a, b)).toBeLessThanOrEqual(0)
              expect(compareVersions(scheme, a, b) + compareVersions(scheme, b, a)).toBe(0)
            }
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  it('takes text made to be slow', () => {
    const long = [
      '1.'.repeat(50_000),
      '1-'.repeat(50_000),
      `1${'0'.repeat(100_000)}`,
      `1${'_alpha'.repeat(20_000)}`,
      `1${'a1'.repeat(50_000)}`,
      `1.0${'-.'.repeat(50_000)}!`,
      '~^'.repeat(50_000),
    ]
    for (const a of long)
      for (const b of long) {
        expect(Math.abs(compareVersions(scheme, a, b))).toBe(
          a === b ? 0 : Math.abs(compareVersions(scheme, b, a)),
        )
      }
  })

  it('keeps versions apart that differ only where they are no longer parsed', () => {
    const start = '1.'.repeat(600)
    expect(compareVersions(scheme, `${start}1`, `${start}2`)).toBe(-1)
    expect(compareVersions(scheme, `${start}2`, `${start}1`)).toBe(1)
  })

  it('tells versions from other text', () => {
    const noVersion = ['latest', '', '(devel)']
    expect(noVersion.filter((each) => scheme !== 'rpm' && isVersion(scheme, each))).toEqual([])
    expect(isVersion(scheme, '1.2.3')).toBe(true)
  })
})

describe('compareVersions', () => {
  it.each(equal)('%s holds %s and %s equal', (scheme, a, b) => {
    expect(compareVersions(scheme, a, b)).toBe(0)
    expect(compareVersions(scheme, b, a)).toBe(0)
  })

  it('puts what is no version below all versions where the scheme can tell', () => {
    for (const scheme of ['semver', 'golang', 'nuget', 'pep440'] as const) {
      expect(compareVersions(scheme, 'nightly', '0')).toBe(-1)
      expect(compareVersions(scheme, 'main', 'nightly')).toBe(-1)
    }
  })

  it('ends apk versions at the first character that does not fit', () => {
    expect(isVersion('apk', '1.0bc')).toBe(false)
    expect(compareVersions('apk', '1.0', '1.0?')).toBe(1)
    expect(compareVersions('apk', '1.0!', '1.0?')).toBe(0)
  })
})

describe('other implementations', () => {
  const numbers = fc.array(fc.nat(12), { minLength: 3, maxLength: 3 }).map((all) => all.join('.'))
  const tail = (...tails: string[]) =>
    fc.tuple(numbers, fc.constantFrom('', ...tails)).map((parts) => parts.join(''))

  it('agrees with node-semver', () => {
    const version = tail('-0', '-1', '-10', '-rc', '-rc.1', '-rc.10', '-rc.1.a', '-rc-1', '+b', '-x.7.z.92+b')
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(compareVersions('semver', a, b)).toBe(semver.compare(a, b))
        expect(compareVersions('golang', `v${a}`, `v${b}`)).toBe(semver.compare(a, b))
      }),
      { numRuns: 300 },
    )
  })

  it('agrees with a PEP 440 of others', () => {
    const version = tail(
      'a1',
      'b2',
      'rc1',
      '.dev3',
      'a1.dev1',
      '.post1',
      '.post1.dev2',
      '+local.1',
      '+abc',
      'rc1.post2',
    )
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(compareVersions('pep440', a, b)).toBe(Math.sign(comparePython(a, b)))
      }),
      { numRuns: 300 },
    )
  })

  it('agrees with a RubyGems order of others', () => {
    const version = tail('.a', '.b1', '.rc1', '.pre.2', '.0', '.1', '.a.10', '.0.0')
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(compareVersions('gem', a, b)).toBe(sameGem(a, b) ? 0 : laterGem(a, b) ? 1 : -1)
      }),
      { numRuns: 300 },
    )
  })
})

describe('rangeOrderOf', () => {
  it.each([
    ['1.9.5p2-r0', '1.9.5p1-r4', 1],
    ['1.9.5p2-r0', '1.9.5p10-r0', -1],
    ['1.9.5p2-r0', '1.9.5p2-r1', -1],
    ['1.9.5p2-r0', '1.9.5-r7', 1],
    ['1.9.5p2-r0', '1.9.5a-r0', 1],
    ['1.9.5p2-r0', '1.9.6-r0', -1],
    ['6.8.0p2.1-r0', '6.8.0p2-r9', 1],
    ['1.2.3-r0', '1.2.3-r1', -1],
  ])('takes versions of apk-tools 2, which had numbers after letters: %s to %s is %d', (a, b, expected) => {
    const order = rangeOrderOf('apk')
    expect(order.compare(order.parse(a), order.parse(b))).toBe(expected)
    expect(order.isVersion(order.parse(a))).toBe(true)
  })

  it('leaves to apk-tools 3 what it calls a version', () => {
    expect(isVersion('apk', '1.9.5p2-r0')).toBe(false)
    const order = rangeOrderOf('apk')
    expect(order.isVersion(order.parse('1.0bc'))).toBe(false)
    expect(order.isVersion(order.parse('1.0-2'))).toBe(false)
  })

  it('writes Composer versions out to four numbers', () => {
    const order = rangeOrderOf('composer')
    const compare = (a: string, b: string) => order.compare(order.parse(a), order.parse(b))
    expect(compareVersions('composer', 'v2.0', '2.0.0')).toBe(-1)
    expect(compare('v2.0', '2.0.0')).toBe(0)
    expect(compare('2.0-beta1', '2.0.0')).toBe(-1)
    expect(compare('dev-main', '0')).toBe(-1)
  })

  it.each([
    ['v4.4.50-stable', '4.4.50', 0],
    ['4.4.50.stable', '4.4.50', 0],
    ['1.2.3+build.7', '1.2.3', 0],
    ['1.2.3-beta1+x', '1.2.3-beta1', 0],
    ['1.2.3@dev', '1.2.3', 0],
    ['1.0.x-dev as 1.0.5', '1.0.x-dev', 0],
    ['1.2.3-dev', '1.2.3', -1],
    ['1.2.3-dev', '1.2.3-alpha', -1],
    ['2.x-dev', '2.99.1', 1],
    ['2.x-dev', '3.0.0', -1],
    ['2.1.x-dev', '2.1.40', 1],
    ['2.1.x-dev', '2.2.0-beta1', -1],
    ['1.2.3-patch1', '1.2.3', 1],
  ])('normalises Composer versions: %s to %s is %d', (a, b, expected) => {
    const order = rangeOrderOf('composer')
    expect(order.compare(order.parse(a), order.parse(b))).toBe(expected)
  })
})

it.each(['constructor', 'toString', 'valueOf'])('Maven versions may have the word %s', (word) => {
  const order = (a: string, b: string) => compareVersions('maven', a, b)
  expect([order(`1-${word}1`, `1-${word}1`), order(`1-${word}1`, `1-${word}2`)]).toEqual([0, -1])
  expect(order(`1-${word}1`, '1-alpha1')).toBe(1)
})

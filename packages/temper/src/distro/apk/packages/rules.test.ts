import { describe, expect, test } from 'vitest'
import { TemperError } from '../../../base/error.ts'
import { parseRecords } from '../../../formats/apk/index.ts'
import { makePackage, type SamplePackage } from '../fixtures/repository.ts'
import { ApkPackageIndex } from '../index/package-index.ts'
import { readDependencies } from './requirement.ts'
import { apkRules } from './rules.ts'

const rules = apkRules(() => undefined)

/** An index of packages, as a repository would list them. */
function indexOf(packages: readonly SamplePackage[]): ApkPackageIndex {
  const text = packages.map((sample) => `${makePackage(sample).paragraph}\n`).join('')
  const origin = { repository: 'alpine', suite: 'v3.23', component: 'main', folder: 'v3.23/main/x86_64' }
  return new ApkPackageIndex([{ origin, records: parseRecords(text, 'index') }])
}

const satisfies = (sample: SamplePackage, text: string) => {
  const [candidate] = indexOf([sample]).versions(sample.name)
  const [requirement] = readDependencies(text, 'test').depends[0] ?? []
  if (candidate === undefined || requirement === undefined) throw new Error('nothing to compare')
  return rules.satisfies(candidate, requirement, 'amd64')
}

describe('a dependency', () => {
  const sample = {
    name: 'tool',
    version: '1.2.3-r4',
    provides: 'cmd:tool=1.2.3-r4 so:libtool.so.1=1.5 plain',
  }
  test.each([
    ['tool', true],
    ['tool=1.2.3-r4', true],
    ['tool=1.2.3', false],
    ['tool>1.2.3', true],
    ['tool<1.2.3-r4', false],
    ['tool>=1.2.3_rc1', true],
    ['tool~1.2', true],
    ['tool=~1.2.3', true],
    ['tool~1.2.3-r4', true],
    ['tool~1', true],
    ['tool~1.20', false],
    ['tool~1.2.3.4', false],
    ['cmd:tool', true],
    ['so:libtool.so.1>=1.4', true],
    ['so:libtool.so.1>1.5', false],
    ['plain', true],
    // What is provided without a version comes before every version.
    ['plain>0', false],
    ['plain>=0', false],
    ['plain=1', false],
    ['plain~1', false],
    ['plain<1', true],
    ['plain<=1', true],
  ])('%s on tool 1.2.3-r4: %s', (text, expected) => {
    expect(satisfies(sample, text)).toBe(expected)
  })

  test.each(['', '=1', 'a=', 'a>>1', 'a><Q1x', '!', 'a b=c=d', '@tag'])(
    '%j is refused or nothing',
    (text) => {
      try {
        expect(readDependencies(text, 'test').depends.length).toBe(0)
      } catch (error) {
        expect(error).toBeInstanceOf(TemperError)
      }
    },
  )
})

test('of packages that provide a name in a version there is only one, whatever the number of those without', () => {
  const index = indexOf([
    { name: 'a', provides: 'cmd:x=1 common' },
    { name: 'b', provides: 'cmd:x=2 common' },
    { name: 'c', provides: 'common', depends: '!d' },
    { name: 'd' },
    { name: 'e', provides: 'd' },
    { name: 'f', provides: 'cmd:x' },
    { name: 'g', provides: 'cmd:x' },
  ])
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => index.versions(name)[0])
  if (!a || !b || !c || !d) throw new Error('missing')
  const forbids = (owner: typeof a, other: typeof a) =>
    owner.conflicts.some((requirement) => rules.forbids({ owner, requirement }, other, 'amd64'))
  expect(forbids(a, b)).toBe(true)
  // A package has its own name in its own version, and what is provided in a version is nobody else's at all.
  const [e, f, g] = ['e', 'f', 'g'].map((name) => index.versions(name)[0])
  if (!e || !f || !g) throw new Error('missing')
  expect([forbids(e, d), forbids(f, a), forbids(a, f), forbids(f, g)]).toEqual([true, true, true, false])
  expect(forbids(a, c)).toBe(false)
  expect(forbids(c, d)).toBe(true)
  expect(forbids(a, a)).toBe(false)
})

test('a higher priority comes first, and packages of other architectures do not fit', () => {
  const index = indexOf([
    { name: 'a', priority: 10 },
    { name: 'b', priority: 100 },
    { name: 'c', architecture: 'aarch64' },
  ])
  const rank = (name: string) => index.versions(name)[0]?.providerRank ?? 0
  expect(rank('b')).toBeLessThan(rank('a'))
  expect(rank('a')).toBeLessThan(rank('c'))
  const [c] = index.versions('c')
  expect(c && ['amd64' as const, 'arm64' as const].map((each) => rules.fitsArchitecture(c, each))).toEqual([
    false,
    true,
  ])
})

test('the higher version of what is provided comes before the priority, and any version before none', () => {
  const index = indexOf([
    { name: 'a', provides: 'so:x=1', priority: 100 },
    { name: 'b', provides: 'so:x=2' },
    { name: 'c', provides: 'so:x', priority: 100 },
  ])
  const order = [...index.providers('so:x')].sort((x, y) => rules.compareProviders?.('so:x', x, y) ?? 0)
  expect(order.map(({ name }) => name)).toEqual(['b', 'a', 'c'])
})

import { describe, expect, test } from 'vitest'
import type { LockedPackage } from '../../model/lock.ts'
import type { PackagePlan } from '../plan.ts'
import { groupLayers } from './group.ts'

function plan(name: string, source: string, size: number): PackagePlan {
  const locked: LockedPackage = {
    name,
    version: '1',
    architecture: 'amd64',
    source: { name: source, version: '1' },
    digest: `sha256:${'0'.repeat(64)}`,
    size,
    installedSize: size,
    origin: { repository: 'debian', suite: 'trixie', component: 'main', location: '' },
    wantedBy: 'recipe',
  }
  const entry = {
    archivePath: name,
    path: name,
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size,
    mtime: 0,
  } as const
  const content = {
    digest: locked.digest,
    identity: locked,
    about: {},
    own: {},
    entries: [],
    captured: {},
  }
  return { package: locked, content, entries: [entry] }
}

const MiB = 2 ** 20
const names = (groups: ReturnType<typeof groupLayers>) =>
  groups.map((group) => group.packages.map((p) => p.package.name))

describe('groupLayers', () => {
  const packages = [
    plan('libssl3t64', 'openssl', 6 * MiB),
    plan('openssl', 'openssl', 2 * MiB),
    plan('libc6', 'glibc', 12 * MiB),
    plan('nginx', 'nginx', 1.5 * MiB),
    plan('zlib1g', 'zlib', 100_000),
    plan('tzdata', 'tzdata', 3 * MiB),
  ]

  test('keeps a source together and gives the largest their own layer', () => {
    expect(names(groupLayers(packages, 3))).toEqual([
      ['libc6'],
      ['libssl3t64', 'openssl'],
      ['nginx', 'tzdata', 'zlib1g'],
    ])
  })

  test('one layer holds everything', () => {
    expect(names(groupLayers(packages, 1))).toHaveLength(1)
  })

  test('small packages never get a layer of their own', () => {
    expect(names(groupLayers(packages, 100)).at(-1)).toEqual(['zlib1g'])
  })

  test('a package that grows a little moves nothing', () => {
    const grown = packages.map((p) => (p.package.name === 'tzdata' ? plan('tzdata', 'tzdata', 3.9 * MiB) : p))
    expect(names(groupLayers(grown, 3))).toEqual(names(groupLayers(packages, 3)))
  })

  test('does not depend on the order of packages', () => {
    const sorted = groupLayers(packages, 3).map((group) => group.sources)
    expect(groupLayers([...packages].reverse(), 3).map((group) => group.sources)).toEqual(sorted)
  })
})

import { expect, it } from 'vitest'
import type { Distro, DistroFamily } from '../../model/distro.ts'
import type { Component, Inventory } from '../../model/inventory.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { compareWithArchive } from './archive.ts'

const archive: Readonly<Record<string, readonly string[]>> = {
  zlib1g: ['1:1.3.1-1', '1:1.3.1-1+deb13u1'],
  libc6: ['2.41-12'],
  newer: ['1.0-1'],
}

/** A release whose archive has these versions. */
const debian: DistroFamily = {
  id: 'debian',
  packageType: 'deb',
  releases: [{ id: 'debian-13', version: '13', osRelease: {} }],
  open: async () =>
    ({
      openSource: async () => ({
        index: async () => ({
          versions: (name: string) => (archive[name] ?? []).map((version) => ({ name, version })),
        }),
      }),
    }) as unknown as Distro,
}

const component = (name: string, version: string, type: Component['type'] = 'deb'): Component => ({
  type,
  name,
  version,
  purl: `pkg:${type}/${name}@${version}`,
  locations: [],
  foundBy: 'dpkg',
})

function compare(components: readonly Component[], distribution = { id: 'debian', version: '13' }) {
  const inventory: Inventory = { distribution, components, layers: [], files: [], notes: [] }
  const context = sampleContext('/nonexistent', { distributions: [debian] })
  return compareWithArchive(inventory, 'linux/amd64', context)
}

it('tells the packages that the archive has newer, by the order of their versions', async () => {
  const comparison = await compare([
    component('zlib1g', '1:1.3.1-1'),
    component('libc6', '2.41-12'),
    component('newer', '1.0-2'),
    component('own', '1'),
    component('zlib1g', '0.1', 'pypi'),
  ])
  expect(comparison?.behind.map(({ component: { name }, newest }) => [name, newest])).toEqual([
    ['zlib1g', '1:1.3.1-1+deb13u1'],
  ])
})

it('is not known of another release, and of no distribution', async () => {
  expect(await compare([], { id: 'debian', version: '99' })).toBeUndefined()
  const none = { components: [], layers: [], files: [], notes: [] }
  const context = sampleContext('/nonexistent', { distributions: [debian] })
  expect(await compareWithArchive(none, 'linux/amd64', context)).toBeUndefined()
})

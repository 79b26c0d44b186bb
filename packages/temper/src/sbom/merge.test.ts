import { expect, test } from 'vitest'
import { sha256 } from '../base/digest.ts'
import type { Component, Inventory } from '../model/inventory.ts'
import { compareInventories, isEqual } from './compare.ts'
import { mergeInventories } from './merge.ts'

const component = (name: string, version: string, more: Partial<Component> = {}): Component => ({
  type: 'deb',
  name,
  version,
  purl: `pkg:deb/debian/${name}@${version}`,
  locations: [{ path: 'var/lib/dpkg/status', layer: 3 }],
  foundBy: 'dpkg',
  ...more,
})

const inventory = (components: readonly Component[], more: Partial<Inventory> = {}): Inventory => ({
  components,
  layers: [],
  notes: [],
  ...more,
})

const debian = { id: 'debian', version: '13' }

test('merged inventories have what any of them has, once', () => {
  const merged = mergeInventories([
    inventory([component('b', '1', { files: ['x'] }), component('c', '1')], {
      distribution: debian,
      files: [{ path: 'x', digest: sha256('x'), layer: 0 }],
      notes: [{ code: 'n', message: 'N.' }],
    }),
    inventory([component('b', '1', { files: ['y'], licence: 'MIT' }), component('a', '2')], {
      architecture: 'amd64',
      files: [
        { path: 'x', digest: sha256('other') },
        { path: 'a', digest: sha256('a') },
      ],
    }),
  ])
  expect(merged).toEqual({
    distribution: debian,
    architecture: 'amd64',
    components: [
      { ...component('a', '2'), locations: [{ path: 'var/lib/dpkg/status' }] },
      {
        ...component('b', '1', { files: ['x', 'y'], licence: 'MIT' }),
        locations: [{ path: 'var/lib/dpkg/status' }],
      },
      { ...component('c', '1'), locations: [{ path: 'var/lib/dpkg/status' }] },
    ],
    files: [
      { path: 'a', digest: sha256('a') },
      { path: 'x', digest: sha256('x') },
    ],
    layers: [],
    notes: [{ code: 'n', message: 'N.' }, expect.objectContaining({ code: 'files-differ' })],
  })
})

test('components of two distributions keep their own', () => {
  const alpine = { id: 'alpine', version: '3.20' }
  const { distribution, components, files } = mergeInventories([
    inventory([component('a', '1')], { distribution: debian }),
    inventory([component('b', '1')], { distribution: alpine }),
  ])
  expect(distribution).toBeUndefined()
  expect(components.map((each) => each.distribution)).toEqual([debian, alpine])
  expect(files).toBeUndefined()
})

test('one version on either side is a change, several come and go', () => {
  const old = inventory([
    component('a', '1'),
    component('b', '1'),
    component('k', '1'),
    component('k', '2'),
    component('s', '1'),
  ])
  const young = inventory([
    component('a', '2'),
    component('c', '1'),
    component('k', '2'),
    component('k', '3'),
    component('k', '4'),
    component('s', '1', { locations: [] }),
  ])
  const { packages, files } = compareInventories(old, young)
  expect(packages.changed).toEqual([
    { type: 'deb', name: 'a', from: '1', to: '2', purl: 'pkg:deb/debian/a@2' },
  ])
  expect(packages.removed.map(({ name, version }) => name + version)).toEqual(['b1', 'k1'])
  expect(packages.added.map(({ name, version }) => name + version)).toEqual(['c1', 'k3', 'k4'])
  expect(files).toBeUndefined()
  expect(isEqual({ packages })).toBe(false)
})

test('the same name for another architecture is another package', () => {
  const { packages } = compareInventories(
    inventory([component('a', '1', { architecture: 'amd64' })]),
    inventory([
      component('a', '1', { architecture: 'amd64' }),
      component('a', '1', { architecture: 'i386' }),
    ]),
  )
  expect([packages.added.length, packages.changed.length, packages.removed.length]).toEqual([1, 0, 0])
})

test('files are compared where both sides list them', () => {
  const file = (path: string, content: string) => ({ path, digest: sha256(content) })
  const old = inventory([], { files: [file('a', 'a'), file('b', 'b'), file('c', 'c')] })
  const young = inventory([], { files: [file('a', 'a'), file('b', 'other'), file('d', 'd')] })
  expect(compareInventories(old, young).files).toEqual({
    added: ['d'],
    removed: ['c'],
    changed: [{ path: 'b', from: sha256('b'), to: sha256('other') }],
  })
  expect(compareInventories(old, inventory([])).files).toBeUndefined()
  expect(isEqual(compareInventories(old, old))).toBe(true)
})

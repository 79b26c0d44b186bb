import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../base/digest.ts'
import type { Component, Inventory } from '../model/inventory.ts'
import { compareInventories, isEqual } from './compare.ts'

const component = fc
  .record({
    type: fc.constantFrom('deb', 'npm'),
    name: fc.constantFrom('a', 'b', 'c'),
    version: fc.constantFrom('1', '2', '3'),
    path: fc.constantFrom('x', 'y'),
  })
  .map(
    ({ type, name, version, path }): Component => ({
      type,
      name,
      version,
      purl: `pkg:${type}/${name}@${version}`,
      foundBy: 'test',
      locations: [{ path }],
    }),
  )
const file = fc
  .record({ path: fc.constantFrom('p', 'q', 'r'), content: fc.constantFrom('x', 'y') })
  .map(({ path, content }) => ({ path, size: 1, digest: sha256(content), layer: 0 }))
const inventory = fc
  .record({
    components: fc.array(component, { maxLength: 8 }),
    files: fc.option(fc.uniqueArray(file, { selector: ({ path }) => path }), { nil: undefined }),
  })
  .map(
    ({ components, files }): Inventory => ({
      components,
      layers: [],
      notes: [],
      ...(files === undefined ? {} : { files }),
    }),
  )

const versions = ({ components }: Inventory) =>
  new Set(components.map(({ type, name, version }) => `${type} ${name} ${version}`))

describe('what changed between two inventories', () => {
  it('leads from the one to the other, package by package and file by file', () => {
    fc.assert(
      fc.property(inventory, inventory, (old, young) => {
        const { packages, files } = compareInventories(old, young)
        const { added, removed, changed } = packages
        const gone = new Set([
          ...removed.map(({ type, name, version }) => `${type} ${name} ${version}`),
          ...changed.map(({ type, name, from }) => `${type} ${name} ${from}`),
        ])
        const came = new Set([
          ...added.map(({ type, name, version }) => `${type} ${name} ${version}`),
          ...changed.map(({ type, name, to }) => `${type} ${name} ${to}`),
        ])
        expect(versions(old).difference(gone).union(came)).toEqual(versions(young))
        expect(gone.isSubsetOf(versions(old)) && came.isDisjointFrom(versions(old))).toBe(true)
        expect(files === undefined).toBe(old.files === undefined || young.files === undefined)
        if (files === undefined) return
        const digests = new Map(old.files?.map(({ path, digest }) => [path, digest]))
        for (const path of files.removed) expect(digests.delete(path)).toBe(true)
        for (const { path, from, to } of files.changed) {
          expect(digests.get(path)).toBe(from)
          digests.set(path, to)
        }
        for (const path of files.added) {
          expect(digests.has(path)).toBe(false)
          digests.set(path, young.files?.find((each) => each.path === path)?.digest ?? sha256(''))
        }
        expect(digests).toEqual(new Map(young.files?.map(({ path, digest }) => [path, digest])))
      }),
    )
  })

  it('is nothing for the same packages, wherever they lie and in whatever order', () => {
    fc.assert(
      fc.property(inventory, (one) => {
        const moved = one.components
          .map((each) => ({ ...each, locations: [{ path: 'elsewhere' }] }))
          .toReversed()
        expect(isEqual(compareInventories(one, { ...one, components: moved }))).toBe(true)
      }),
    )
  })

  it('swapped has swapped sides', () => {
    fc.assert(
      fc.property(inventory, inventory, (a, b) => {
        const [there, back] = [compareInventories(a, b), compareInventories(b, a)]
        expect(back.packages.added).toEqual(there.packages.removed)
        expect(back.files?.added).toEqual(there.files?.removed)
        expect(back.packages.changed.map(({ from, to }) => [to, from])).toHaveLength(
          there.packages.changed.length,
        )
        expect(isEqual(back)).toBe(isEqual(there))
      }),
    )
  })
})

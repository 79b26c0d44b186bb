import { describe, expect, test } from 'vitest'
import type { Component, ComponentType, Distribution } from '../../model/inventory.ts'
import { parseDistribution, withStatedDistribution } from './stated-distribution.ts'

const component = (type: ComponentType, distribution?: Distribution): Component => ({
  type,
  name: 'a',
  version: '1',
  purl: `pkg:${type}/a@1`,
  locations: [],
  foundBy: 'test',
  ...(distribution === undefined ? {} : { distribution }),
})
const debian = { id: 'debian', version: '12' }

test.each([
  ['debian-12', 'debian', '12'],
  ['ubuntu:22.04', 'ubuntu', '22.04'],
  ['jammy', 'ubuntu', '22.04'],
  ['alpine-v3.20', 'alpine', '3.20'],
  ['opensuse-leap-15.5', 'opensuse-leap', '15.5'],
  ['redhat-9.4', 'rhel', '9.4'],
  ['wolfi', 'wolfi', ''],
])('%s is %s %s', (text, id, version) => {
  expect(parseDistribution(text)).toMatchObject({ id, version })
})

test.each(['', '12', 'a\nb', 'x'.repeat(100)])('%j is refused', (text) => {
  expect(() => parseDistribution(text)).toThrow('Expected a distribution')
})

describe('what a person says of a distribution', () => {
  const stated = (components: readonly Component[], distribution?: Distribution) =>
    withStatedDistribution(
      { components, layers: [], notes: [], ...(distribution === undefined ? {} : { distribution }) },
      debian,
    )

  test('holds where nothing else does', () => {
    const { distribution, components } = stated([component('deb'), component('npm')])
    expect(distribution).toEqual(debian)
    expect(components).toEqual([component('deb'), component('npm')])
  })

  test('completes what has no release', () => {
    const open = { id: 'debian', version: '' }
    const { distribution, components } = stated([component('deb', open)], open)
    expect(distribution).toEqual(debian)
    expect(components).toEqual([component('deb')])
  })

  test('never overrules what is said', () => {
    const other = { id: 'debian', version: '11' }
    const { distribution, components } = stated([component('deb', other), component('deb')], other)
    expect(distribution).toEqual(other)
    expect(components).toEqual([component('deb', other), component('deb')])
  })

  test('is of packages of its kind alone', () => {
    const alpine = { id: 'alpine', version: '3.20' }
    const { distribution, components } = stated([component('deb'), component('apk')], alpine)
    expect(distribution).toEqual(alpine)
    expect(components).toEqual([component('deb', debian), component('apk')])
  })
})

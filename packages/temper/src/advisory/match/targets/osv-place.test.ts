import { describe, expect, it } from 'vitest'
import type { Component } from '../../../model/inventory.ts'
import { osvPlaceOf } from './osv-place.ts'

const component = (more: Partial<Component>): Component => ({
  type: 'deb',
  name: 'libssl3t64',
  version: '3.5.1-1',
  purl: 'pkg:deb/debian/libssl3t64@3.5.1-1',
  locations: [],
  foundBy: 'dpkg',
  ...more,
})
const source = { name: 'openssl', version: '3.5.1-1' }

describe('the place of a component in OSV', () => {
  it.each([
    [
      component({ source, distribution: { id: 'debian', version: '13' } }),
      { ecosystem: 'Debian:13', name: 'openssl', version: '3.5.1-1' },
    ],
    [
      component({
        type: 'apk',
        name: 'zlib',
        version: '1.3.1-r2',
        distribution: { id: 'alpine', version: '3.22.1' },
      }),
      { ecosystem: 'Alpine:v3.22', name: 'zlib', version: '1.3.1-r2' },
    ],
    [
      component({
        type: 'apk',
        name: 'zlib',
        version: '1.3.1-r2',
        distribution: { id: 'wolfi', version: '20230201' },
      }),
      { ecosystem: 'Wolfi', name: 'zlib', version: '1.3.1-r2' },
    ],
    [
      component({ type: 'pypi', name: 'flask', version: '3.0.0' }),
      { ecosystem: 'PyPI', name: 'flask', version: '3.0.0' },
    ],
    // Red Hat has a list for each product, and a component does not say which.
    [component({ type: 'rpm', distribution: { id: 'rhel', version: '9.4' } }), undefined],
    [component({ distribution: { id: 'nobody', version: '1' } }), undefined],
    [component({ type: 'generic' as Component['type'] }), undefined],
  ])('is where its advisories are', (given, expected) => {
    expect(osvPlaceOf(given)).toEqual(expected)
  })
})

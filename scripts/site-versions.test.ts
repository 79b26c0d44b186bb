import { expect, test } from 'vitest'
import { siteVersions } from './site-versions.ts'

test('without a release there is only what is not released', () => {
  expect(siteVersions(['nightly', 'v1', 'v1.0.0-rc.1', '1.0.0'])).toEqual([{ name: 'unreleased', base: '/' }])
})

test('the newest release comes first on the site, older ones have folders, newer patches take the place of older ones', () => {
  expect(siteVersions(['v0.9.0', 'v0.10.0', 'v0.9.12', 'v0.9.2'])).toEqual([
    { name: 'unreleased', base: '/unreleased/' },
    { name: '0.10.0', tag: 'v0.10.0', base: '/' },
    { name: '0.9.12', tag: 'v0.9.12', base: '/0.9.12/' },
  ])
})

test('ten of them are kept', () => {
  const tags = Array.from({ length: 15 }, (_, minor) => `v1.${minor}.0`)
  expect(siteVersions(tags).map(({ name }) => name)).toEqual([
    'unreleased',
    ...Array.from({ length: 10 }, (_, i) => `1.${14 - i}.0`),
  ])
})

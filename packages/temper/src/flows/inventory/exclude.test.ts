import { describe, expect, it } from 'vitest'
import { excludedPlaces, withoutPlaces } from './exclude.ts'
import type { TargetInventory } from './target-inventory.ts'

describe('places that are left out', () => {
  it.each([
    ['usr/lib/node_modules', 'usr/lib/node_modules/npm/package.json', true],
    ['/usr/lib/node_modules/', 'usr/lib/node_modules/npm/package.json', true],
    ['./vendor', 'vendor/a/go.sum', true],
    ['./vendor', 'src/vendor/a/go.sum', false],
    ['**/vendor', 'src/vendor/a/go.sum', true],
    ['**/vendor', 'vendor/a/go.sum', true],
    ['**/vendor/**', 'src/vendor/a/go.sum', true],
    ['vendor', 'vendored/go.sum', false],
    ['./out/**/*.json', 'out/a/b/package.json', true],
    ['./out/**/*.json', 'out/a/b/go.sum', false],
    ['*.jar', 'app.jar!/lib/inner.jar', true],
    ['app', 'app/a.war!/WEB-INF/lib/b.jar', true],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(excludedPlaces([pattern])(path)).toBe(expected)
  })

  it('may be named as the folder that is scanned is', () => {
    const excluded = excludedPlaces(['./web/vendor'], { kind: 'directory', path: './web' })
    expect(excluded('vendor/go.sum')).toBe(true)
    expect(excluded('src/go.sum')).toBe(false)
  })

  it('take packages away that are nowhere else, and say how many', () => {
    const component = (name: string, ...paths: string[]) => ({
      type: 'npm' as const,
      name,
      version: '1',
      purl: `pkg:npm/${name}@1`,
      foundBy: 'npm',
      locations: paths.map((path) => ({ path })),
    })
    const read: TargetInventory = {
      inventory: {
        components: [component('a', 'vendor/a'), component('b', 'vendor/b', 'src/b'), component('c')],
        layers: [],
        notes: [],
      },
      kind: 'directory',
      name: 'dir:.',
      from: 'files',
    }
    const { inventory } = withoutPlaces(read, excludedPlaces(['vendor']))
    expect(inventory.components.map(({ name, locations }) => [name, locations.length])).toEqual([
      ['b', 1],
      ['c', 0],
    ])
    expect(inventory.notes).toEqual([
      { code: 'places-left-out', message: '1 package in places that were left out as asked.' },
    ])
  })
})

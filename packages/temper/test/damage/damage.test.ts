import { expect, it } from 'vitest'
import { damageRounds } from './rounds.ts'

it('a damaged cache changes nothing in silence, and heals', async () => {
  const { silent, unhealed, kinds } = await damageRounds({ rounds: 100, together: 10, seed: 20260601 })
  expect({ silent, unhealed }).toEqual({ silent: [], unhealed: [] })
  // Every kind of file that a lock, a build and a scan keep.
  expect(
    Object.keys(kinds)
      .map((kind) => kind.replace(/-\d+/, ''))
      .sort(),
  ).toEqual([
    'advisories index',
    'advisories json',
    'advisories part',
    'builds',
    'choices',
    'compressors',
    'contents',
    'effects',
    'feeds index',
    'feeds json',
    'feeds part',
    'files',
    'indices',
    'inventories',
    'layers',
    'packages',
    'prepared',
    'recipes',
    'releases',
    'seen',
    'segments',
  ])
}, 600_000)

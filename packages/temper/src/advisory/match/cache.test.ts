import { describe, expect, it } from 'vitest'
import type { AdvisoryIndex } from '../../model/advisory/advisory.ts'
import { MatchCache, type Matched } from './cache.ts'
import { component, findingsIn, inventory, record, sampleIndex } from './fixtures/sample.ts'
import { matchInventory } from './match.ts'

/** An index that writes down what it is asked. */
function counting(index: AdvisoryIndex): { readonly index: AdvisoryIndex; readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    index: {
      ...index,
      lookup: (ecosystem, name) => {
        asked.push(`${ecosystem} ${name}`)
        return index.lookup(ecosystem, name)
      },
      facts: (id) => {
        asked.push(`facts of ${id}`)
        return index.facts(id)
      },
    },
  }
}

const records = ['a', 'b', 'c'].map((name) =>
  record(`GHSA-${name}`, { in: 'npm', name }, { aliases: [`CVE-2024-000${name.charCodeAt(0) - 96}`] }),
)
const generous = { entries: 100, templates: 100, matches: 100, names: 100 }

describe('what was read from an index', () => {
  it('is not read again for the next inventory', () => {
    const { index, asked } = counting(sampleIndex({ osv: records }))
    const components = [
      component('npm', 'a', { version: '1.0.0' }),
      component('npm', 'x', { version: '1.0.0' }),
    ]
    const first = findingsIn(inventory(components), index)
    const once = asked.length
    expect(asked).toContain('npm a')
    expect(findingsIn(inventory(components), index)).toEqual(first)
    expect(asked).toHaveLength(once)
  })

  it('is kept apart from what another index says', () => {
    const component1 = inventory([component('npm', 'a', { version: '1.0.0' })])
    expect(findingsIn(component1, sampleIndex({ osv: records }))).toHaveLength(1)
    expect(findingsIn(component1, sampleIndex({ osv: [] }))).toEqual([])
  })

  it('of packages is forgotten when it is more than the limit, a package counting as one more than its entries', () => {
    const { index, asked } = counting(sampleIndex({ osv: records }))
    const cache = new MatchCache(index, { ...generous, entries: 4 })
    const ask = (...names: readonly string[]) => {
      asked.length = 0
      for (const name of names) cache.entries('npm', name)
      return asked.length
    }
    // Two each: the third finds four, which is no more than the limit; the fourth finds six.
    expect(ask('a', 'b', 'c')).toBe(3)
    expect(ask('a', 'b', 'c')).toBe(0)
    expect(ask('none')).toBe(1)
    expect(ask('none')).toBe(0)
    expect(ask('a')).toBe(1)
  })

  it.each([
    ['templates', { ...generous, templates: 2 }],
    ['names and versions', { ...generous, matches: 2 }],
  ])('of matches is forgotten when it is more %s than the limit', (_, limits) => {
    const cache = new MatchCache(sampleIndex({ osv: [] }), limits)
    let runs = 0
    const one = { templates: [{}], unusable: [] } as unknown as Matched
    const ask = (...keys: readonly string[]) => {
      runs = 0
      for (const key of keys)
        cache.matched(key, () => {
          runs++
          return one
        })
      return runs
    }
    expect(ask('1', '2', '3')).toBe(3)
    expect(ask('1', '2', '3')).toBe(0)
    expect(ask('4')).toBe(1)
    expect(ask('4')).toBe(0)
    expect(ask('1')).toBe(1)
  })

  it('of other names are CVEs alone, and forgotten beyond the limit', () => {
    const { index, asked } = counting(
      sampleIndex({
        osv: [record('GHSA-x', { in: 'npm', name: 'x' }, { aliases: ['CVE-2024-0009', 'PYSEC-1'] })],
      }),
    )
    const cache = new MatchCache(index, { ...generous, names: 1 })
    expect(cache.cvesOf('GHSA-x')).toEqual(['CVE-2024-0009'])
    expect(cache.cvesOf('none')).toEqual([])
    expect(cache.cvesOf('GHSA-x')).toHaveLength(1)
    expect(asked).toHaveLength(2)
    expect(cache.cvesOf('more')).toEqual([])
    cache.cvesOf('more')
    expect(asked).toHaveLength(3)
    cache.cvesOf('GHSA-x')
    expect(asked).toHaveLength(4)
  })
})

describe('a day of which no state was kept', () => {
  it.each([
    ['2026-01-09T23:59:59Z', false, false],
    ['2026-01-10T08:00:00Z', false, false],
    ['2026-01-11T00:00:00Z', false, true],
    ['2026-01-11T00:00:00Z', true, false],
  ])('is not known by a feed that began at %s (state kept: %s): %s', (since, exact, unknown) => {
    const { index } = counting(sampleIndex({ osv: records }))
    const feeds = index.feeds.map((feed) => ({ ...feed, since }))
    const asked = inventory([component('npm', 'a', { version: '1.0.0' })])
    const { ledger } = matchInventory(asked, { ...index, feeds, asOf: { day: '2026-01-10', exact } })
    expect(ledger[0]?.compared).toBe(!unknown)
  })
})

import { describe, expect, it } from 'vitest'
import { sampleIndex, sampleOptions, sampleRequests } from './fixtures/sample-index.ts'
import { solve } from './solve.ts'
import { droppedDependencies, indexWithout } from './without.ts'

const index = sampleIndex(`
  cache 1: depends libc (>= 2), perl | perl-base, mta
  libc 2
  perl 5: depends libperl
  libperl 5
  perl-base 5
  exim 4: provides mta
`)

function chosen(requests: string, ...without: readonly string[]): readonly string[] {
  const excluded = without.map((name) => ({ name, excluded: true }))
  const relaxed = indexWithout(index, new Set(without))
  const { packages } = solve([...sampleRequests(requests), ...excluded], relaxed, sampleOptions)
  return packages.map((each) => each.package.name).sort()
}

it('leaves the named packages out, with what only they need', () => {
  expect(chosen('cache')).toEqual(['cache', 'exim', 'libc', 'libperl', 'perl'])
  expect(chosen('cache', 'perl', 'perl-base')).toEqual(['cache', 'exim', 'libc'])
})

it('takes another package where there is a choice', () => {
  expect(chosen('cache', 'perl')).toEqual(['cache', 'exim', 'libc', 'perl-base'])
})

it('leaves all others as they were', () => {
  const names = new Set(['nothing'])
  expect(indexWithout(index, names).versions('cache')).toEqual(index.versions('cache'))
  expect(() => chosen('cache', 'exim')).toThrow(/mta/)
})

it('tells what a package depends on no more', () => {
  const [cache] = index.versions('cache')
  if (cache === undefined) throw new Error('it is there')
  expect(droppedDependencies(cache, new Set(['libc', 'perl']))).toEqual(['libc (>= 2)'])
})

describe('an index without packages', () => {
  const conditional = sampleIndex('a\nb: depends a, c\nc\nd: depends c; with a')

  it('is the index itself when nothing is taken away', () => {
    expect(indexWithout(conditional, new Set())).toBe(conditional)
  })

  it('has the same packages whenever it is asked, and those that lose nothing as they were', () => {
    const relaxed = indexWithout(conditional, new Set(['a']))
    const [b] = relaxed.versions('b')
    expect(relaxed.versions('b')[0]).toBe(b)
    expect(b?.depends).toEqual([[{ name: 'c' }]])
    expect(relaxed.versions('c')[0]).toBe(conditional.versions('c')[0])
    expect(relaxed.names()).toEqual(conditional.names())
  })

  it('relaxes those that wait for others, where there are such', () => {
    const [d] = indexWithout(conditional, new Set(['c'])).conditional?.() ?? []
    expect(d).toMatchObject({ name: 'd', depends: [] })
    const { conditional: _, ...plain } = conditional
    expect(indexWithout(plain, new Set(['c']))).not.toHaveProperty('conditional')
  })

  it('keeps a dependency on nothing, which no package satisfies', () => {
    const bare = { depends: [[]], preDepends: [] }
    expect(droppedDependencies(bare, new Set(['a']))).toEqual([])
  })
})

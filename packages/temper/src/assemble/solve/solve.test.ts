import { describe, expect, it } from 'vitest'
import { sampleIndex, sampleOptions, sampleRequests, sampleRules } from './fixtures/sample-index.ts'
import type { SolveOptions } from './options.ts'
import { solve } from './solve.ts'

function chosen(index: string, requests: string, options: Partial<SolveOptions> = {}): string[] {
  const solution = solve(sampleRequests(requests), sampleIndex(index), { ...sampleOptions, ...options })
  return solution.packages.map((entry) => `${entry.package.name} ${entry.package.version}`)
}

function failure(index: string, requests: string, options: Partial<SolveOptions> = {}): unknown {
  try {
    return chosen(index, requests, options)
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

/** [what it shows, index, requests, chosen packages]. */
const universes: readonly (readonly [string, string, string, readonly string[]])[] = [
  [
    'Depends and Pre-Depends, not what is unrelated',
    'a: depends b\nb: pre-depends c\nc\nd',
    'a',
    ['a 1', 'b 1', 'c 1'],
  ],
  ['the highest version', 'a 1\na 3\na 2', 'a', ['a 3']],
  ['the highest version over all suites', 'a 1\na 2 @security', 'a', ['a 2']],
  ['a lower version when the highest cannot be had', 'a 1\na 2: depends nothing', 'a', ['a 1']],
  ['the range of a version', 'a: depends b (<< 3), b (>> 1)\nb 1\nb 2\nb 3', 'a', ['a 1', 'b 2']],
  ['an exact version', 'a: depends b (= 2)\nb 1\nb 2\nb 3', 'a', ['a 1', 'b 2']],
  ['the first alternative', 'a: depends b | c\nb\nc', 'a', ['a 1', 'b 1']],
  ['the next alternative when the first does not exist', 'a: depends b | c\nc', 'a', ['a 1', 'c 1']],
  [
    'the next alternative when the first cannot be installed',
    'a: depends b | c\nb: depends x\nc',
    'a',
    ['a 1', 'c 1'],
  ],
  ['an alternative that is chosen already', 'a: depends b | c\nb\nc', 'a c', ['a 1', 'c 1']],
  [
    'an alternative that another package needs',
    'a: depends b | c, d\nb\nc\nd: depends c',
    'a',
    ['a 1', 'c 1', 'd 1'],
  ],
  [
    'no alternative that turns out not to be needed',
    'a: depends b | c, d | e\nb\nc\nd: depends c\ne',
    'a',
    ['a 1', 'c 1', 'd 1'],
  ],
  ['a provider of a virtual name', 'a: depends mta\nb: provides mta', 'a', ['a 1', 'b 1']],
  ['a real package before a provider', 'a: depends b\nb\nc: provides b', 'a', ['a 1', 'b 1']],
  [
    'a provider when the real package cannot be had',
    'a: depends b\nb: conflicts a\nc: provides b',
    'a',
    ['a 1', 'c 1'],
  ],
  [
    'the provider of higher priority',
    'a: depends v\nb: provides v\nc: provides v; priority required',
    'a',
    ['a 1', 'c 1'],
  ],
  ['the only provider when the recipe names a virtual package', 'b: provides v', 'v', ['b 1']],
  [
    'a versioned Provides for a versioned need',
    'a: depends v (>= 2)\nb: provides v (= 1)\nc: provides v (= 2)',
    'a',
    ['a 1', 'c 1'],
  ],
  [
    'no unversioned Provides for a versioned need',
    'a: depends v (>= 2) | d\nb: provides v\nd',
    'a',
    ['a 1', 'd 1'],
  ],
  ...(['<<', '<=', '>=', '>>'] as const).map((relation): (typeof universes)[number] => [
    `no Provides with ${relation}, which names no version, for a versioned need`,
    `a: depends v (>= 1) | d\nb: provides v (${relation} 2)\nd`,
    'a',
    ['a 1', 'd 1'],
  ]),
  ['a package that provides what it needs itself', 'a: depends v; provides v', 'a', ['a 1']],
  ['Conflicts', 'a: depends b | c\nb: conflicts d\nc\nd', 'a d', ['a 1', 'c 1', 'd 1']],
  ['Breaks with a version', 'a: breaks b (<< 2)\nb 1\nb 2', 'a b', ['a 1', 'b 2']],
  ['Breaks that force a lower version', 'a: breaks b (>= 2)\nb 1\nb 2', 'a b', ['a 1', 'b 1']],
  [
    'Conflicts found late',
    'a: depends b | c\nb: depends d\nd: depends e\ne: conflicts f\nc\nf',
    'a f',
    ['a 1', 'c 1', 'f 1'],
  ],
  ['no conflict with itself through its Provides', 'a: provides mta; conflicts mta', 'a', ['a 1']],
  [
    'conflicts with other providers',
    'a: provides v; conflicts v\nb: provides v\nc: depends b | d\nd',
    'a c',
    ['a 1', 'c 1', 'd 1'],
  ],
  [
    'no versioned conflict with an unversioned Provides',
    'a: conflicts v (<< 9)\nb: provides v',
    'a b',
    ['a 1', 'b 1'],
  ],
  ['Multi-Arch: allowed for :any', 'a: depends p:any\np 1 allowed', 'a', ['a 1', 'p 1']],
  ['Multi-Arch: foreign for :any', 'a: depends p:any\np 1 foreign', 'a', ['a 1', 'p 1']],
  ['nothing else for :any', 'a: depends p:any | q\np 1 same\nq', 'a', ['a 1', 'q 1']],
  [
    'the architecture as qualifier',
    'a: depends p:amd64, q:native, r:amd64\np\nq\nr 1 all',
    'a',
    ['a 1', 'p 1', 'q 1', 'r 1'],
  ],
  ['another architecture as qualifier', 'a: depends p:arm64 | q\np\nq', 'a', ['a 1', 'q 1']],
  ['packages of the image only', 'a 2 arm64\na 1', 'a', ['a 1']],
  ['no conflict with another architecture', 'a: conflicts b:arm64\nb', 'a b', ['a 1', 'b 1']],
  ['a pin', 'a 1.26.1\na 1.26.3\na 1.27.0', 'a=1.26.*', ['a 1.26.3']],
  ['a pin of a dependency', 'a: depends b\nb 1\nb 2', 'a b=1*', ['a 1', 'b 1']],
  ['a pin without the epoch', 'a 1:2.5\na 1:3.0', 'a=2.*', ['a 1:2.5']],
  ['a suite', 'a 1 @old\na 2 @new', 'a@old', ['a 1']],
  [
    'a suite that a pin of another package leaves alone',
    'a 1 @old: depends b\na 2 @new\nb 1 @old\nb 2 @new',
    'a@old',
    ['a 1', 'b 2'],
  ],
  ['a repository in place of a suite', 'a 1 @old', 'a@debian', ['a 1']],
  ['an exclusion', 'a: depends b | c\nb\nc', 'a !b', ['a 1', 'c 1']],
  ['an exclusion of one version', 'a 1\na 2', 'a !a=2', ['a 1']],
  [
    'the best version before an alternative that rules it out',
    'a: depends b | c, d\nb: conflicts d (>= 2)\nc\nd 1: depends c\nd 2: depends c',
    'a',
    ['a 1', 'c 1', 'd 2'],
  ],
  ['a cycle', 'a: depends b\nb: depends c\nc: depends a', 'a', ['a 1', 'b 1', 'c 1']],
  [
    'the versions that fit together',
    'a 1: depends c (= 1)\na 2: depends c (= 2)\nb: depends c (= 1)\nc 1\nc 2',
    'a b',
    ['a 1', 'b 1', 'c 1'],
  ],
]

describe('solve', () => {
  it.each(universes)('chooses %s', (_, index, requests, expected) => {
    expect(chosen(index, requests)).toEqual(expected)
  })

  it.each([
    ['a dependency that nothing satisfies', 'a: depends b', 'a'],
    ['a version that nothing has', 'a: depends b (>= 2)\nb 1', 'a'],
    ['two that conflict', 'a: conflicts b\nb', 'a b'],
    ['an exclusion without an alternative', 'a: depends b\nb', 'a !b'],
    ['a name both asked for and excluded', 'a', 'a !a'],
    ['an exclusion of all that provides a name', 'b: provides v', 'v !b'],
    ['two pins of one name', 'a 1\na 2', 'a=1 a=2'],
    [
      'pins in a circle',
      'a 1: depends b (= 1)\na 2: depends b (= 2)\nb 1: depends a (= 1)\nb 2: depends a (= 2)',
      'a=1 b=2',
    ],
  ])('refuses %s', (_, index, requests) => {
    expect(failure(index, requests)).toBe('unsatisfiable')
  })

  it('says who wanted each package first, and what satisfies its needs', () => {
    const index = sampleIndex('a: depends c | b, d\nb: depends d\nc\nd: depends c')
    const { packages } = solve(sampleRequests('a b'), index, sampleOptions)
    expect(packages.map((entry) => [entry.package.name, entry.wantedBy, entry.needs])).toEqual([
      ['a', 'recipe', [['c', 'b'], ['d']]],
      ['b', 'recipe', [['d']]],
      ['c', 'd', []],
      ['d', 'a', [['c']]],
    ])
  })

  it('names the recipe as the one who wanted what it asks for, whichever version is chosen', () => {
    const { packages } = solve(sampleRequests('a b'), sampleIndex('a 1\na 2\nb: depends a'), sampleOptions)
    expect(packages.map((entry) => `${entry.package.name} < ${entry.wantedBy}`)).toEqual([
      'a < recipe',
      'b < recipe',
    ])
  })

  it('chooses the next provider of what the recipe asks for when the first cannot be installed', () => {
    const index = 'p: provides v; priority required; depends none\nq: provides v'
    const rules = { ...sampleOptions.rules, compareProviders: () => 0 }
    expect(chosen(index, 'v', { rules })).toEqual(['q 1'])
  })

  it('leaves out what was chosen for alternatives that others turned out to serve', () => {
    const index = sampleIndex(
      'a: depends b | c, d | e, g | h, i | j\nb\nc\nd\ne\ng: depends c, e\nh\ni: depends h\nj',
    )
    const { packages } = solve(sampleRequests('a'), index, sampleOptions)
    expect(packages.map((entry) => entry.package.name)).toEqual(['a', 'b', 'd', 'h', 'i'])
    expect(packages[0]?.needs).toEqual([['b'], ['d'], ['h'], ['i']])
  })

  it('uses optional suites only when pinned or when nothing else will do', () => {
    const index = 'a 1\na 2 @backports: depends b (>= 2)\nb 1\nb 2 @backports\nc 1 @backports'
    expect(chosen(index, 'a b')).toEqual(['a 1', 'b 1'])
    expect(chosen(index, 'a@backports')).toEqual(['a 2', 'b 2'])
    expect(chosen(index, 'c')).toEqual(['c 1'])
  })

  it('names the preferred suite of an archive that is in several', () => {
    const suites = (preferSuites: readonly string[], requests = 'a') =>
      solve(sampleRequests(requests), sampleIndex('a 1 @one\na 1 @two'), {
        ...sampleOptions,
        preferSuites,
      }).packages.map((entry) => entry.package.origin.suite)
    expect(suites([])).toEqual(['one'])
    expect(suites(['two', 'one'])).toEqual(['two'])
    expect(suites(['two'], 'a@one')).toEqual(['one'])
  })

  it('keeps versions of an earlier lock while they fit', () => {
    const index = 'a: depends b, c (>= 2)\nb 1\nb 2\nc 1\nc 2\nc 3'
    const keepVersions = new Map([
      ['b', '1'],
      ['c', '1'],
    ])
    expect(chosen(index, 'a', { keepVersions })).toEqual(['a 1', 'b 1', 'c 3'])
  })

  it('lets an excluded package fulfil a need that pruning drops, and no other', () => {
    const installOnly = (name: string, neededBy: string) =>
      name === 'debconf' || (name === 'tool' && neededBy === 'a') ? { reason: 'x' } : undefined
    const options = { rules: { ...sampleRules, installOnly } }
    const index = 'a: depends debconf | other, tool\nb: depends tool\ndebconf\nother\ntool'
    expect(chosen(index, 'a !debconf !tool', options)).toEqual(['a 1', 'debconf 1', 'tool 1'])
    expect(failure(index, 'a b !tool', options)).toBe('unsatisfiable')
    expect(failure(index, 'debconf !debconf', options)).toBe('unsatisfiable')
  })

  it('takes as many steps as the limit says, and not one more', () => {
    expect(chosen('a: depends b\nb', 'a', { stepLimit: 0 })).toEqual(['a 1', 'b 1'])
    const choice = 'a: depends b | c\nb\nc'
    expect(chosen(choice, 'a', { stepLimit: 1 })).toEqual(['a 1', 'b 1'])
    expect(() => chosen(choice, 'a', { stepLimit: 0 })).toThrow(
      expect.objectContaining({
        code: 'limit-exceeded',
        message: 'Gave up choosing packages after 0 steps without a result',
        hint: 'Pin or exclude some packages, to leave less to choose from.',
      }),
    )
  })

  it('gives up after the step limit', () => {
    const pigeons = [1, 2, 3, 4, 5, 6, 7]
    const holes = [1, 2, 3, 4, 5, 6]
    const lines = pigeons.flatMap((pigeon) => [
      `p${pigeon}: depends ${holes.map((hole) => `p${pigeon}h${hole}`).join(' | ')}`,
      ...holes.map((hole) => `p${pigeon}h${hole}: provides h${hole}; conflicts h${hole}`),
    ])
    const requests = pigeons.map((pigeon) => `p${pigeon}`).join(' ')
    expect(failure(lines.join('\n'), requests, { stepLimit: 50 })).toBe('limit-exceeded')
    expect(failure(lines.join('\n'), requests)).toBe('unsatisfiable')
  })
})

import { describe, expect, it } from 'vitest'
import type { IndexedPackage, Requirement } from '../../model/package/package.ts'
import { indexOf, sampleOptions, samplePackage, sampleRequests } from './fixtures/sample-index.ts'
import type { SolveOptions } from './options.ts'
import { Universe } from './universe.ts'

/** `line` of a sample, of a repository. */
function of(line: string, repository = 'debian', digest?: string): IndexedPackage {
  const sample = samplePackage(line)
  return {
    ...sample,
    origin: { ...sample.origin, repository },
    ...(digest === undefined ? {} : { digest: `sha256:${digest.padEnd(64, '0')}` as const }),
  }
}

interface World extends Partial<SolveOptions> {
  readonly requests?: string
}

function universe(packages: readonly IndexedPackage[], { requests = 'x', ...options }: World = {}): Universe {
  return new Universe(sampleRequests(requests), indexOf(packages), { ...sampleOptions, ...options })
}

const rules = (more: Partial<SolveOptions['rules']>) => ({ rules: { ...sampleOptions.rules, ...more } })

const text = ({ name, version, origin }: IndexedPackage) =>
  `${name} ${version} ${origin.repository}/${origin.suite}`
const texts = (packages: readonly IndexedPackage[]) => packages.map(text)

/** In this order and in the other. */
function versionsOf(packages: readonly IndexedPackage[], world: World = {}): readonly string[] {
  const [name = ''] = packages.map((each) => each.name)
  const versions = texts(universe(packages, world).versions(name))
  expect(texts(universe(packages.toReversed(), world).versions(name))).toEqual(versions)
  return versions
}

describe('versions of a package', () => {
  it('come best first, and those of optional suites last', () => {
    expect(versionsOf([of('a 1'), of('a 3 @backports'), of('a 2')])).toEqual([
      'a 2 debian/stable',
      'a 1 debian/stable',
      'a 3 debian/backports',
    ])
  })

  it('begin with what an earlier lock has', () => {
    const keepVersions = new Map([['a', '1']])
    expect(versionsOf([of('a 1'), of('a 2')], { keepVersions })[0]).toBe('a 1 debian/stable')
    expect(versionsOf([of('a 2'), of('a 1 @backports')], { keepVersions })[0]).toBe('a 1 debian/backports')
    expect(versionsOf([of('a 2'), of('a 3')], { keepVersions })[0]).toBe('a 3 debian/stable')
  })

  it('are of the suite or repository that is preferred', () => {
    const all = [of('a 1 @x', 'one'), of('a 1 @y', 'two'), of('a 1 @z', 'three')]
    expect(versionsOf(all)).toEqual(['a 1 one/x', 'a 1 three/z', 'a 1 two/y'])
    expect(versionsOf(all, { preferSuites: ['y'] })[0]).toBe('a 1 two/y')
    expect(versionsOf(all, { preferSuites: ['three', 'y'] })).toEqual([
      'a 1 three/z',
      'a 1 two/y',
      'a 1 one/x',
    ])
    // Named twice, the better place counts.
    expect(versionsOf(all, { preferSuites: ['z', 'y', 'three'] })).toEqual([
      'a 1 three/z',
      'a 1 two/y',
      'a 1 one/x',
    ])
    expect(versionsOf(all, { preferSuites: ['other', 'x'] })[0]).toBe('a 1 one/x')
  })

  it('are in one order, whatever else is the same', () => {
    expect(versionsOf([of('a 1 @y', 'same'), of('a 1 @x', 'same')])).toEqual(['a 1 same/x', 'a 1 same/y'])
    const [first, second] = universe([of('a 1', 'same', 'b'), of('a 1', 'same', 'a')]).versions('a')
    expect([first?.digest.slice(7, 8), second?.digest.slice(7, 8)]).toEqual(['a', 'b'])
    expect(versionsOf([of('a 01'), of('a 1')])).toEqual(['a 01 debian/stable', 'a 1 debian/stable'])
  })

  it('are those of the architecture', () => {
    expect(versionsOf([of('a 2 arm64'), of('a 1 all'), of('a 0')])).toEqual([
      'a 1 debian/stable',
      'a 0 debian/stable',
    ])
  })
})

describe('what can be chosen', () => {
  it('is what pins and exclusions leave, each archive once', () => {
    const all = [of('a 1'), of('a 2'), of('a 2 @other'), of('a 3')]
    expect(texts(universe(all).selectable('a'))).toEqual([
      'a 3 debian/stable',
      'a 2 debian/other',
      'a 1 debian/stable',
    ])
    expect(texts(universe(all, { requests: 'a=2' }).selectable('a'))).toEqual(['a 2 debian/other'])
    expect(texts(universe(all, { requests: '!a=3' }).selectable('a'))).toEqual([
      'a 2 debian/other',
      'a 1 debian/stable',
    ])
    expect(texts(universe(all, { requests: '!a' }).selectable('a'))).toEqual([])
  })

  it('is what pins leave of an excluded package that may be left out of the image', () => {
    const all = [of('a 1'), of('a 2')]
    const lenient = rules({ installOnly: () => ({ reason: 'x' }) })
    expect(texts(universe(all, { requests: '!a', ...lenient }).selectable('a'))).toEqual([
      'a 2 debian/stable',
      'a 1 debian/stable',
    ])
    expect(texts(universe(all, { requests: '!a a=1', ...lenient }).selectable('a'))).toEqual([
      'a 1 debian/stable',
    ])
    expect(texts(universe(all, { requests: '!a a=1' }).selectable('a'))).toEqual([])
  })

  it.each([
    ['1.5', '1.5', true],
    ['12:1.5', '1.5', true],
    ['12:1.5', '12:1.*', true],
    ['1:1.5', '2:1.5', false],
    ['a1:5', 'a5', false],
    ['1.5-2', '1.5', false],
    ['1.5-2', '1.5*', true],
  ])('%s matches %s: %s', (version, pin, expected) => {
    const request = { name: 'a', version: pin, excluded: false }
    expect(universe([]).matches(of(`a ${version}`), request)).toBe(expected)
  })
})

describe('suites of which nothing is taken unasked', () => {
  const closed = rules({ isClosedSuite: (suite) => suite === 'edge' })
  const edge = of('a 1 @edge', 'repository')
  const isOpen = (requests: string, neededBy?: IndexedPackage) =>
    universe([edge], { requests, ...closed }).isOpen(edge, neededBy)

  it.each([
    ['x', false],
    ['a', false],
    ['a=1', false],
    ['a@edge', true],
    ['a@repository', true],
    ['a=1@edge', true],
    ['a=2@edge', false],
    ['a=1 a@edge', true],
    ['a@edge a=1', true],
    ['!a@edge', false],
    ['!a=1 a@edge', true],
    ['b@edge', false],
  ])('are asked by "%s": %s', (requests, expected) => {
    expect(isOpen(requests)).toBe(expected)
  })

  it('serve packages of the same suite', () => {
    expect(isOpen('x', of('b 1 @edge'))).toBe(true)
    expect(isOpen('x', of('b 1 @main'))).toBe(false)
    expect(isOpen('a@edge', of('b 1 @main'))).toBe(true)
  })

  it('are others where there are such', () => {
    expect(universe([edge]).isOpen(edge)).toBe(true)
    expect(universe([edge], rules({ isClosedSuite: () => false })).isOpen(edge)).toBe(true)
  })

  it('have no candidates for others', () => {
    const both = [of('a 2 @edge'), of('a 1 @main')]
    const needing = of('b 1 @main: depends a')
    const candidates = (requests: string, by = needing) =>
      texts(universe(both, { requests, ...closed }).candidates([{ name: 'a' }], by))
    expect(candidates('x')).toEqual(['a 1 debian/main'])
    expect(candidates('a@edge')).toEqual(['a 2 debian/edge'])
    expect(candidates('x', of('b 1 @edge'))).toEqual(['a 2 debian/edge', 'a 1 debian/main'])
    expect(texts(universe(both, closed).requested({ name: 'a', excluded: false }))).toEqual([
      'a 1 debian/main',
    ])
  })
})

const by = of('needing 1')
const need: Requirement = { name: 'v' }

describe('providers', () => {
  const providers = (packages: readonly IndexedPackage[], world: World = {}) => {
    const candidates = universe(packages, world)
      .candidates([need], by)
      .map((each) => `${each.name} ${each.version}`)
    const other = universe(packages.toReversed(), world).candidates([need], by)
    expect(other.map((each) => `${each.name} ${each.version}`)).toEqual(candidates)
    return candidates
  }

  it('are only those versions that provide the name, whatever else they provide', () => {
    expect(
      providers([of('p 1: provides v'), of('p 2'), of('q 1: provides w, v'), of('r 1: provides w')]),
    ).toEqual(['p 1', 'q 1'])
  })

  it('come after packages of the name', () => {
    expect(providers([of('p 1: provides v'), of('v 1')])).toEqual(['v 1', 'p 1'])
  })

  it('come by what was there before, their suite, what the distribution says, their rank and their name', () => {
    const all = [of('c 1: provides v'), of('b 1: provides v'), of('a 1: provides v')]
    expect(providers(all)).toEqual(['a 1', 'b 1', 'c 1'])
    expect(providers([...all, of('z 1: provides v; priority required')])).toEqual([
      'z 1',
      'a 1',
      'b 1',
      'c 1',
    ])
    const compareProviders = (name: string, a: IndexedPackage, b: IndexedPackage) =>
      name === 'v' ? Number(b.name === 'c') - Number(a.name === 'c') : 0
    expect(
      providers([...all, of('z 1: provides v; priority required')], rules({ compareProviders })),
    ).toEqual(['c 1', 'z 1', 'a 1', 'b 1'])
    expect(
      providers([of('a 1 @backports: provides v'), of('b 1: provides v')], rules({ compareProviders })),
    ).toEqual(['b 1', 'a 1'])
    const keepVersions = new Map([['b', 'any']])
    expect(providers(all, { keepVersions })).toEqual(['b 1', 'a 1', 'c 1'])
    expect(
      providers([...all, of('d 1 @backports: provides v')], { keepVersions: new Map([['d', '1']]) }),
    ).toEqual(['d 1', 'a 1', 'b 1', 'c 1'])
    expect(
      providers(all, {
        keepVersions: new Map([
          ['b', '1'],
          ['c', '1'],
        ]),
      }),
    ).toEqual(['b 1', 'c 1', 'a 1'])
  })

  it('have their best version first', () => {
    expect(providers([of('p 1: provides v'), of('p 2: provides v')])).toEqual(['p 2', 'p 1'])
    expect(providers([of('p 1: provides v; priority required'), of('p 2: provides v')])).toEqual([
      'p 2',
      'p 1',
    ])
  })

  it.each<[string, readonly IndexedPackage[], Partial<SolveOptions['rules']>, boolean]>([
    ['none', [], {}, false],
    ['one', [of('p 1: provides v')], {}, false],
    ['one in two versions', [of('p 1: provides v'), of('p 2: provides v')], {}, false],
    ['two', [of('p 1: provides v'), of('q 1: provides v')], {}, true],
    [
      'two that compare the same',
      [of('p 1: provides v'), of('q 1: provides v')],
      { compareProviders: () => 0 },
      true,
    ],
    [
      'two of which one is better',
      [of('p 1: provides v'), of('q 1: provides v')],
      { compareProviders: (_, a, b) => Number(b.name === 'q') - Number(a.name === 'q') },
      false,
    ],
    [
      'two of other ranks',
      [of('p 1: provides v'), of('q 1: provides v; priority required')],
      { compareProviders: () => 0 },
      false,
    ],
    [
      'a better one among equal ones',
      [of('p 1: provides v'), of('q 1: provides v'), of('r 1: provides v')],
      { compareProviders: (_, a, b) => Number(b.name === 'r') - Number(a.name === 'r') },
      false,
    ],
  ])('are undecided when there is %s', (_title, packages, more, expected) => {
    expect(universe(packages, rules(more)).undecided('v')).toBe(expected)
  })

  it('are asked for by name only where no package has it', () => {
    const request = { name: 'v', excluded: false }
    expect(texts(universe([of('p 1: provides v')]).requested(request))).toEqual(['p 1 debian/stable'])
    expect(texts(universe([of('p 1: provides v'), of('v 1')]).requested(request))).toEqual([
      'v 1 debian/stable',
    ])
  })
})

describe('packages that wait for others', () => {
  const all = [
    of('b 1: with x'),
    of('a 1: with x'),
    of('a 2: with x, y'),
    of('c 1: with x'),
    of('c 2'),
    of('plain 1'),
  ]

  it('come by name, the best version first, and only those that wait', () => {
    expect(texts(universe(all).conditional())).toEqual([
      'a 2 debian/stable',
      'a 1 debian/stable',
      'b 1 debian/stable',
      'c 1 debian/stable',
    ])
  })

  it('wait for something', () => {
    const idle = { ...of('idle 1'), installIf: [] }
    expect(texts(universe([idle]).conditional())).toEqual([])
  })

  it('do not when the recipe excludes them, or nothing is taken of their suite', () => {
    expect(
      texts(
        universe(all, { requests: '!a', ...rules({ installOnly: () => ({ reason: 'x' }) }) }).conditional(),
      ),
    ).toEqual(['b 1 debian/stable', 'c 1 debian/stable'])
    const closed = rules({ isClosedSuite: (suite) => suite === 'edge' })
    expect(texts(universe([of('a 1 @edge: with x'), of('b 1: with x')], closed).conditional())).toEqual([
      'b 1 debian/stable',
    ])
  })

  it('are none where the index knows none', () => {
    const { conditional: _, ...index } = indexOf(all)
    expect(new Universe([], index, sampleOptions).conditional()).toEqual([])
  })
})

describe('excluded packages', () => {
  const all = [of('debconf 1'), of('other 1')]
  const installOnly = (name: string, neededBy: string) =>
    name === 'debconf' && neededBy === 'needing' ? { reason: 'x' } : undefined

  it('serve those alone for whom they are left out again', () => {
    const lenient = { requests: '!debconf', ...rules({ installOnly }) }
    const candidatesFor = (neededBy: IndexedPackage) =>
      texts(universe(all, lenient).candidates([{ name: 'debconf' }], neededBy))
    expect(candidatesFor(by)).toEqual(['debconf 1 debian/stable'])
    expect(candidatesFor(of('another 1'))).toEqual([])
    expect(
      texts(universe(all, { requests: '!debconf' }).candidates([{ name: 'debconf' }, { name: 'other' }], by)),
    ).toEqual(['other 1 debian/stable'])
  })
})

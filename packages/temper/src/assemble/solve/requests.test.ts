import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import {
  indexOf,
  sampleIndex,
  sampleOptions,
  samplePackage,
  sampleRequests,
} from './fixtures/sample-index.ts'
import { checkRequests, formatRequest, idleExclusions, listed, listVersions } from './requests.ts'
import { Universe } from './universe.ts'

const index = sampleIndex(`
  nginx 1.24 @bookworm
  nginx 1.26 @trixie
  nginx 2:1.28 @backports
  exim 4: provides mta
  postfix 3: provides mta
  mawk 1: provides awk
  arm 1 arm64
`)

/** What is wrong with the requests, or undefined. */
function problem(text: string): TemperError | undefined {
  const requests = sampleRequests(text)
  try {
    checkRequests(requests, new Universe(requests, index, sampleOptions))
    return undefined
  } catch (error) {
    if (error instanceof TemperError) return error
    throw error
  }
}

describe('requests of a recipe', () => {
  it.each([
    'nginx',
    'nginx=1.26',
    'nginx=1.*',
    'nginx=1.28',
    'nginx=2:1.28',
    'nginx@trixie',
    'nginx@debian',
    'nginx=1.24@bookworm',
    '!nginx=1.24 nginx',
    // What is not there is kept out.
    'nginx !ngnix',
    // One package alone provides it.
    'awk',
  ])('"%s" can be met', (text) => {
    expect(problem(text)).toBeUndefined()
  })

  it.each([
    ['ngnix', 'package-not-found', 'No repository has a package "ngnix" for amd64', 'nginx'],
    ['arm', 'package-not-found', 'No repository has a package "arm"', ''],
    ['zzzzzzzz', 'package-not-found', '"zzzzzzzz"', 'Check the spelling'],
    ['nginx=9', 'package-not-found', 'No version of nginx matches "nginx=9"', 'Change the pin'],
    ['nginx@sid', 'package-not-found', 'No suite or repository "sid" has nginx', 'Change the pin'],
    ['nginx=1.24@trixie', 'package-not-found', 'matches "nginx=1.24@trixie"', 'Change the pin'],
    ['mta', 'package-not-found', 'virtual name, provided by exim, postfix', 'Ask for one'],
    ['awk=1', 'package-not-found', 'virtual name, provided by mawk', 'Ask for one'],
    ['awk@trixie', 'package-not-found', 'virtual name, provided by mawk', 'Ask for one'],
    ['!awk', 'package-not-found', 'virtual name', 'Ask for one'],
    ['nginx=1.24 nginx=1.26', 'unsatisfiable', 'no version of nginx fits both', 'Remove one'],
    ['nginx=1.24 !nginx@bookworm', 'unsatisfiable', 'no version of nginx fits both', 'Remove one'],
  ])('"%s" is %s', (text, code, message, hint) => {
    const fault = problem(text)
    expect(fault).toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    })
  })

  it('contradict each other where one has a pin, not where it has none', () => {
    expect(problem('nginx nginx=1.24 nginx=1.26')?.details['reasons']).toEqual([
      expect.stringContaining('asks for "nginx" and also says "nginx=1.24", "nginx=1.26": no'),
      expect.stringContaining('asks for "nginx=1.24" and also says "nginx=1.26": no'),
      expect.stringContaining('asks for "nginx=1.26" and also says "nginx=1.24": no'),
    ])
  })

  it('name those that provide a name in order, and none of another architecture', () => {
    const other = sampleIndex('z: provides v\nb: provides v\na: provides v\nforeign 1 arm64: provides w')
    const messageOf = (name: string) => {
      const requests = sampleRequests(name)
      try {
        checkRequests(requests, new Universe(requests, other, sampleOptions))
      } catch (error) {
        return error instanceof TemperError ? error.message : undefined
      }
      return undefined
    }
    expect(messageOf('v')).toBe('"v" is not a package but a virtual name, provided by a, b, z')
    expect(messageOf('w')).toBe('No repository has a package "w" for amd64')
  })

  it('may keep out what is not there', () => {
    expect(idleExclusions(sampleRequests('nginx !ngnix !mawk exin'), index)).toEqual(['ngnix'])
  })

  it('are all told at once', () => {
    expect(problem('ngnix mta nginx=9')?.message.split('\n')).toHaveLength(3)
  })
})

describe('requests with a range', () => {
  const ranges = (name: string, relation: '<<' | '<=' | '=' | '>=' | '>>' | '~', version: string) => ({
    name,
    excluded: false,
    range: { relation, version },
  })

  function problemOf(request: ReturnType<typeof ranges>, options = sampleOptions): TemperError | undefined {
    try {
      checkRequests([request], new Universe([request], index, options))
      return undefined
    } catch (error) {
      if (error instanceof TemperError) return error
      throw error
    }
  }

  it.each([
    ['>>', 'nginx>1'],
    ['<<', 'nginx<1'],
    ['>=', 'nginx>=1'],
    ['<=', 'nginx<=1'],
    ['=', 'nginx=1'],
    ['~', 'nginx~1'],
  ] as const)('are written with %s as %s', (relation, text) => {
    expect(formatRequest(ranges('nginx', relation, '1'))).toBe(text)
  })

  it('can be met by any version in it', () => {
    expect(problemOf(ranges('nginx', '>=', '1.26'))).toBeUndefined()
    expect(problemOf(ranges('nginx', '<<', '1.26'))).toBeUndefined()
    expect(problemOf(ranges('awk', '>=', '1'))).toMatchObject({ code: 'package-not-found' })
  })

  it('cannot be met by others', () => {
    expect(problemOf(ranges('nginx', '<<', '1.24'))).toMatchObject({
      code: 'package-not-found',
      message:
        'No version of nginx is in "nginx<1.24": there is 2:1.28 (backports), 1.26 (trixie), 1.24 (bookworm)'.replace(
          '2:1.28 (backports), 1.26 (trixie), 1.24 (bookworm)',
          '1.26 (trixie), 1.24 (bookworm), 2:1.28 (backports)',
        ),
      hint: 'Change the version that the recipe asks of nginx, or leave it out.',
    })
  })

  it('are told when only another version is provided', () => {
    expect(problemOf(ranges('awk', '>=', '2'))).toMatchObject({
      message: 'mawk provides awk, but not in "awk>=2"',
      hint: 'Change the version that the recipe asks of awk, or leave it out.',
    })
  })

  it('are told of all that provide another version, and met by one that provides this one', () => {
    const requestsOf = (version: string) => [ranges('v', '>=', version)]
    const options = { ...sampleOptions, rules: { ...sampleOptions.rules, compareProviders: () => 0 } }
    const provided = sampleIndex(`
      p 1: provides v (= 1); priority required
      p 2: provides v (= 2); priority required
      q 1: provides v (= 1)
    `)
    const check = (version: string) => () =>
      checkRequests(requestsOf(version), new Universe(requestsOf(version), provided, options))
    expect(check('2')).not.toThrow()
    expect(check('3')).toThrow('p, q provide v, but not in "v>=3"')
  })

  it('are compared part by part only where versions are', () => {
    expect(problemOf(ranges('nginx', '~', '1.2'))).toMatchObject({
      message: '"nginx~1.2": versions of this distribution are not compared part by part',
      hint: 'Write nginx=1.2.* instead.',
    })
    const rules = { ...sampleOptions.rules, hasFuzzyVersions: true }
    expect(problemOf(ranges('nginx', '~', '1.2'), { ...sampleOptions, rules })?.hint).not.toContain('instead')
  })
})

describe('requests for what only pinned repositories have', () => {
  const pinned = indexOf(
    ['edge 2 @edge', 'edge 1 @edge', 'both 2 @edge', 'both 1 @main'].map((line) => {
      const sample = samplePackage(line)
      return { ...sample, origin: { ...sample.origin, repository: `repository-${sample.origin.suite}` } }
    }),
  )
  const rules = { ...sampleOptions.rules, isClosedSuite: (suite: string) => suite === 'edge' }

  function problemOf(text: string): TemperError | undefined {
    const requests = sampleRequests(text)
    try {
      checkRequests(requests, new Universe(requests, pinned, { ...sampleOptions, rules }))
      return undefined
    } catch (error) {
      if (error instanceof TemperError) return error
      throw error
    }
  }

  it('are told also where an open one is in no range that is asked for', () => {
    const request = { name: 'both', excluded: false, range: { relation: '>=', version: '2' } } as const
    const check = () => checkRequests([request], new Universe([request], pinned, { ...sampleOptions, rules }))
    expect(check).toThrow('"both>=2" is only in a pinned repository')
  })

  it.each(['edge@edge', 'edge@repository-edge', 'both', 'both=1', '!edge', 'both=2@edge'])(
    '"%s" can be met',
    (text) => {
      expect(problemOf(text)).toBeUndefined()
    },
  )

  it.each([
    [
      'edge',
      '"edge" is only in a pinned repository, and nothing is taken from those unless the recipe names it: 2 (edge), 1 (edge)',
      'Write "edge@repository-edge" to take it from there.',
    ],
    [
      'edge=1',
      '"edge=1" is only in a pinned repository, and nothing is taken from those unless the recipe names it: 1 (edge)',
      'Write "edge=1@repository-edge" to take it from there.',
    ],
    [
      'both=2',
      '"both=2" is only in a pinned repository, and nothing is taken from those unless the recipe names it: 2 (edge)',
      'Write "both=2@repository-edge" to take it from there.',
    ],
  ])('"%s": %s', (text, message, hint) => {
    expect(problemOf(text)).toMatchObject({ code: 'package-not-found', message, hint })
  })
})

describe('texts', () => {
  it.each(['nginx', '!nginx', 'nginx=1.*', 'nginx@trixie', '!nginx=1.*@trixie'])(
    '%s is written as it was',
    (text) => {
      expect(sampleRequests(text).map(formatRequest)).toEqual([text])
    },
  )

  it('list versions once, with all suites that have them', () => {
    const versions = ['nginx 1 @trixie', 'nginx 1 @sid', 'nginx 2 @sid'].map(samplePackage)
    expect(listVersions(versions)).toBe('1 (trixie, sid), 2 (sid)')
    const many = Array.from({ length: 10 }, (_, at) => samplePackage(`nginx ${at} @sid`))
    expect(listVersions(many)).toMatch(/7 \(sid\) and 2 more$/)
  })

  it.each([
    [[], 2, ''],
    [['a', 'b'], 2, 'a, b'],
    [['a', 'b', 'c'], 2, 'a, b and 1 more'],
  ])('%j in %d are "%s"', (items, limit, text) => {
    expect(listed(items, limit)).toBe(text)
  })
})

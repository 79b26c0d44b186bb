import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { sampleIndex, sampleOptions, sampleRequests } from './fixtures/sample-index.ts'
import { solve } from './solve.ts'

function error(index: string, requests: string): TemperError {
  try {
    solve(sampleRequests(requests), sampleIndex(index), sampleOptions)
  } catch (thrown) {
    if (thrown instanceof TemperError) return thrown
    throw thrown
  }
  throw new Error('expected an error')
}

/** [index, requests, reasons, hint]. */
const conflicts: readonly (readonly [string, string, readonly string[], string])[] = [
  [
    'a: depends b\nb: depends c (>= 2)\nc 1.5\nx: depends y\ny',
    'x a',
    [
      'the recipe asks for a',
      'a 1 (stable) depends on b',
      'b 1 (stable) depends on c (>= 2), but the only c is 1.5 (stable)',
    ],
    'Add the repository or suite that has c (>= 2), or ask for another package.',
  ],
  [
    'a 1: depends c (= 1)\na 2 @security: depends c (= 1)\nc 2\nc 3 @security',
    'a',
    [
      'the recipe asks for a',
      'a 2 (security), 1 (stable) depends on c (= 1), but there is only c 3 (security), 2 (stable)',
    ],
    'Add the repository or suite that has c (= 1), or ask for another package.',
  ],
  [
    'a: depends b | c',
    'a',
    ['the recipe asks for a', 'a 1 (stable) depends on b | c, but no repository has b; no repository has c'],
    'Add the repository or suite that has b, c, or ask for another package.',
  ],
  [
    'a: depends v (>= 2)\nb: provides v\nc: provides v (= 1)',
    'a',
    [
      'the recipe asks for a',
      'a 1 (stable) depends on v (>= 2), but b, c provide v only in another version or in none',
    ],
    'Add the repository or suite that has v (>= 2), or ask for another package.',
  ],
  [
    'a: depends mail\nb: provides mail; conflicts mail\nc: provides mail; conflicts mail',
    'b c',
    ['the recipe asks for b', 'b 1 (stable) conflicts with mail, which c provides', 'the recipe asks for c'],
    'Leave out one of b, c.',
  ],
  [
    'a: depends d\nb: depends e\nd: breaks e (<< 2)\ne 1',
    'a b',
    [
      'the recipe asks for a',
      'a 1 (stable) depends on d',
      'd 1 (stable) breaks e (<< 2)',
      'the recipe asks for b',
      'b 1 (stable) depends on e',
    ],
    'Leave out one of a, b.',
  ],
  [
    'a: depends c (= 1)\nb: depends c (= 2)\nc 1\nc 2',
    'a b',
    [
      'the recipe asks for a',
      'a 1 (stable) depends on c (= 1)',
      'the recipe asks for b',
      'b 1 (stable) depends on c (= 2)',
      'only one version of c can be in an image',
    ],
    'Leave out one of a, b.',
  ],
  [
    'a: depends b (>= 2)\nb 1\nb 2',
    'a b=1',
    [
      'the recipe asks for a',
      'a 1 (stable) depends on b (>= 2), but the recipe says "b=1", which rules out b 2',
    ],
    'Change or remove "b=1" in the recipe.',
  ],
  [
    'a: depends b | v\nb\nc: provides v',
    'a !b !c',
    [
      'the recipe asks for a',
      'a 1 (stable) depends on b | v, but the recipe says "!b", which rules out b 1; the recipe says "!c", which rules out c 1',
    ],
    'Change or remove "!b" or "!c" in the recipe. contents.without leaves out what others need: [b, c].',
  ],
  [
    'a: depends v\nb: provides v; depends x\nc: provides v; conflicts d\nd',
    'a d',
    [
      'the recipe asks for a',
      'a 1 (stable) depends on v, provided by b, c',
      'b 1 (stable) depends on x, but no repository has x',
      'c 1 (stable) conflicts with d',
      'the recipe asks for d',
    ],
    'Add the repository or suite that has x, or ask for another package.',
  ],
]

describe('a contradiction', () => {
  it.each(conflicts)('is told in words: %j, %s', (index, requests, reasons, hint) => {
    const problem = error(index, requests)
    expect(problem.code).toBe('unsatisfiable')
    expect(problem.details['reasons']).toEqual(reasons)
    expect(problem.message.split('\n').slice(1)).toEqual(reasons.map((reason) => `- ${reason}`))
    expect(problem.hint).toBe(hint)
  })

  it('names only the requests that have a part in it', () => {
    const index = 'a: conflicts b\nb\nc\nd'
    expect(error(index, 'c a d b').message).toMatch(/^a, b cannot be installed together:\n/)
    expect(error('a: depends x', 'a').message).toMatch(/^a cannot be installed:\n/)
  })
})

describe('a request that nothing fulfils', () => {
  const index = 'nginx 1.26.3\nnginx 1.26.1 @old\nnginx-light\nb: provides mta\nc: provides mta'

  it.each([
    ['nginx-lite', 'No repository has a package "nginx-lite" for amd64', 'Did you mean nginx-light?'],
    [
      'qq',
      'No repository has a package "qq" for amd64',
      'Check the spelling, or add the repository that has it.',
    ],
    [
      'mta',
      '"mta" is not a package but a virtual name, provided by b, c',
      'Ask for one of the packages that provide mta.',
    ],
    [
      'nginx=1.27.*',
      'No version of nginx matches "nginx=1.27.*": there is 1.26.3 (stable), 1.26.1 (old)',
      'Change the pin of nginx to one of these versions, or leave it out.',
    ],
    [
      'nginx=1.26.3@old',
      'No version of nginx matches "nginx=1.26.3@old": there is 1.26.3 (stable), 1.26.1 (old)',
      'Change the pin of nginx to one of these versions, or leave it out.',
    ],
    [
      'nginx@sid',
      'No suite or repository "sid" has nginx: it is in 1.26.3 (stable), 1.26.1 (old)',
      'Change the pin of nginx to one of these versions, or leave it out.',
    ],
  ])('%s: %s', (request, message, hint) => {
    const problem = error(index, request)
    expect([problem.code, problem.message, problem.hint]).toEqual(['package-not-found', message, hint])
  })

  it('tells all mistakes at once', () => {
    const problem = error(index, 'ngimx nginx redis')
    expect(problem.details['packages']).toEqual(['ngimx', 'redis'])
    expect(problem.message.split('\n')).toHaveLength(2)
  })

  it('says that two lines of the recipe contradict each other', () => {
    const problem = error(index, 'nginx=1.26.3 nginx@old')
    expect(problem.code).toBe('unsatisfiable')
    expect(problem.message).toContain('The recipe asks for "nginx=1.26.3" and also says "nginx@old"')
  })
})

describe('what only pinned repositories have', () => {
  const rules = { ...sampleOptions.rules, isClosedSuite: (suite: string) => suite === 'edge' }
  const failure = (index: string, requests: string) => {
    try {
      solve(sampleRequests(requests), sampleIndex(index), { ...sampleOptions, rules })
    } catch (thrown) {
      if (thrown instanceof TemperError) return thrown
    }
    throw new Error('expected an error')
  }

  it('is told, with what takes it from there', () => {
    const problem = failure('a: depends b\nb 2 @edge\nb 1 @edge', 'a')
    expect(problem.details['reasons']).toEqual([
      'the recipe asks for a',
      'a 1 (stable) depends on b, but b 2, b 1 is only in a pinned repository, and nothing is taken from those unless the recipe names it',
    ])
    expect(problem.hint).toBe('Ask for "b@debian" in the recipe too, to take it from there.')
  })

  it('is told of each, once', () => {
    const problem = failure('a: depends b | c, d | b\nb 1 @edge\nc 1 @edge\nd 1 @edge', 'a')
    expect(problem.hint).toBe('Ask for "d@debian" or "b@debian" in the recipe too, to take it from there.')
  })

  it('is none when one that is open fits, too', () => {
    const problem = failure('a: depends b\nb 2 @edge\nb 1: depends c', 'a')
    expect(problem.details['reasons']).toEqual([
      'the recipe asks for a',
      'a 1 (stable) depends on b',
      'b 1 (stable) depends on c, but no repository has c',
    ])
  })
})

describe('what rules of the recipe leave', () => {
  it.each<[string, string, string, readonly string[]]>([
    [
      'nothing that provides a virtual name',
      'b: provides v',
      'v !b',
      ['the recipe asks for v, but the recipe says "!b", which rules out b 1'],
    ],
    [
      'one version that cannot be installed',
      'a 1: depends none\na 2',
      'a=1',
      [
        'the recipe asks for a=1 (the recipe says "a=1", which rules out a 2)',
        'a 1 (stable) depends on none, but no repository has none',
      ],
    ],
    [
      'an alternative that cannot be installed, and one that does not exist',
      'a: depends b | c\nb: depends none',
      'a',
      [
        'the recipe asks for a',
        'a 1 (stable) depends on b | c (no repository has c)',
        'b 1 (stable) depends on none, but no repository has none',
      ],
    ],
    [
      'other versions than the one that is needed',
      'a: depends b (= 2)\nb 1\nb 2\nb 3',
      'a b=1 !b=3',
      [
        'the recipe asks for a',
        'a 1 (stable) depends on b (= 2), but the recipe says "b=1", which rules out b 2',
      ],
    ],
  ])('is told: %s', (_title, index, requests, reasons) => {
    expect(error(index, requests).details['reasons']).toEqual(reasons)
  })

  it('is told of the request that nothing fulfils, whatever else is asked for', () => {
    expect(error('b: provides v\nx', 'v x !b').message).toMatch(/^v cannot be installed:\n/)
    expect(error('b: provides v\nx', 'x v !b').message).toMatch(/^v cannot be installed:\n/)
  })
})

describe('a long story', () => {
  it('is told in forty reasons, and the rest is counted', () => {
    const chain = Array.from({ length: 60 }, (_, at) => `p${at}: depends p${at + 1}`).join('\n')
    const { message, details } = error(chain, 'p0')
    const lines = message.split('\n')
    expect(lines).toHaveLength(42)
    expect(lines.at(-1)).toBe('- (21 more reasons)')
    expect(details['reasons']).toHaveLength(61)
    const short = error(chain.split('\n').slice(0, 39).join('\n'), 'p0')
    expect(short.message.split('\n')).toHaveLength(41)
    expect(short.message).not.toContain('more reasons')
  })

  it('names suites that the recipe pins', () => {
    const problem = error('a: depends b (>= 2)\nb 1 @old\nb 2 @new', 'a b@old')
    expect(problem.hint).toBe('Change or remove "b@old" in the recipe.')
  })

  it('names providers apart from what was asked for', () => {
    const problem = error(
      'a: depends v | w\nv: depends none\np: provides v; depends none\nw: depends none',
      'a',
    )
    expect(problem.details['reasons']).toContain('a 1 (stable) depends on v | w, provided by p')
  })

  it('says what one alone provides in another version', () => {
    const problem = error('a: depends v (>= 2)\nb: provides v (= 1)', 'a')
    expect(problem.details['reasons']).toContain(
      'a 1 (stable) depends on v (>= 2), but b provides v only in another version or in none',
    )
  })

  it('says by which package a virtual name of the recipe is had', () => {
    const problem = error('p: provides v; depends none', 'v')
    expect(problem.details['reasons']).toEqual([
      'the recipe asks for v, which p provides',
      'p 1 (stable) depends on none, but no repository has none',
    ])
    expect(problem.hint).toBe('Add the repository or suite that has none, or ask for another package.')
  })

  it('ends with asking for another package when nothing else can be changed', () => {
    expect(error('a: conflicts b; depends b\nb', 'a').hint).toBe('Ask for another package.')
  })
})

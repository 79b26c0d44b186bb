import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { InstallOnlyRule } from '../../model/package/install-only.ts'
import type { RelaxableRule } from '../../model/recipe.ts'
import { sampleIndex, sampleOptions, sampleRequests, sampleRules } from './fixtures/sample-index.ts'
import { type Pruning, prunePackages } from './prune.ts'
import { solve } from './solve.ts'

const installOnly: InstallOnlyRule = (name, neededBy) => {
  if (name === 'debconf') return { reason: 'asks questions' }
  if (name === 'sh' || name === 'awk') return { reason: 'is a shell', relaxedBy: 'shell' }
  if (name === 'tool' && neededBy === 'certificates') return { reason: 'builds the bundle' }
  return undefined
}

function prune(index: string, requests: string, ...allow: RelaxableRule[]): Pruning {
  const requested = sampleRequests(requests)
  const solution = solve(requested, sampleIndex(index), {
    ...sampleOptions,
    rules: { ...sampleRules, installOnly },
  })
  return prunePackages(solution, { installOnly, requested, allow: allow.map((rule) => ({ rule })) })
}

const kept = (pruning: Pruning) => pruning.kept.map((entry) => `${entry.package.name} < ${entry.wantedBy}`)
const pruned = (pruning: Pruning) => pruning.pruned.map((entry) => `${entry.name}: ${entry.reason}`)

describe('reasons of pruning', () => {
  it('name up to three who needed a package, and count the others', () => {
    const index = (...names: readonly string[]) =>
      `a: depends debconf\ndebconf: depends ${names.join(', ')}\n${names.map((name) => `${name}: depends z`).join('\n')}\nz`
    const last = (...names: readonly string[]) => pruned(prune(index(...names), 'a')).at(-1)
    expect(last('x')).toBe('z: only needed by x, also left out')
    expect(last('x', 'y')).toBe('z: only needed by x and y, also left out')
    expect(last('w', 'x', 'y')).toBe('z: only needed by w, x and y, also left out')
    expect(last('v', 'w', 'x', 'y')).toBe('z: only needed by v, w and 2 more, also left out')
    expect(last('u', 'v', 'w', 'x', 'y')).toBe('z: only needed by u, v and 3 more, also left out')
  })

  it('are the first that was found', () => {
    const index = 'a: depends tool, certificates\ncertificates: depends sh\nsh: depends tool\ntool'
    expect(kept(prune(index, 'a'))).toEqual(['a < recipe', 'certificates < a', 'tool < a'])
    const both =
      'a: depends certificates\ncertificates: depends tool, b\nb: depends debconf\ntool\ndebconf: depends tool'
    expect(pruned(prune(both, 'a'))).toEqual(['debconf: asks questions', 'tool: builds the bundle'])
  })

  it('are there also where another package serves in its place, and nobody else needs it', () => {
    const index = 'certificates: depends tool | b\ntool: depends b\nb'
    const result = prune(index, 'certificates')
    expect(kept(result)).toEqual(['b < certificates', 'certificates < recipe'])
    expect(pruned(result)).toEqual(['tool: builds the bundle'])
  })

  it('are not that a package needs itself', () => {
    const own = 'a: depends debconf\ndebconf: depends x\nx: depends v; provides v'
    expect(pruned(prune(own, 'a'))).toEqual([
      'debconf: asks questions',
      'x: only needed by debconf, also left out',
    ])
    const other = 'a: depends c, debconf\nc: depends y | x; provides x\ndebconf: depends y\ny'
    expect(kept(prune(other, 'a'))).toEqual(['a < recipe', 'c < a'])
    expect(pruned(prune(other, 'a'))).toEqual([
      'debconf: asks questions',
      'y: only needed by debconf, also left out',
    ])
  })

  it('are that the recipe excludes it, also where the recipe asks for it besides', () => {
    const requested = sampleRequests('a !a')
    const solution = solve(sampleRequests('a'), sampleIndex('a'), sampleOptions)
    const result = prunePackages(solution, { installOnly, requested, allow: [] })
    expect([kept(result), pruned(result)]).toEqual([[], ['a: the recipe excludes it']])
  })

  it('are none for a package of which the recipe excludes one version or suite', () => {
    const index = 'a: depends lib\nlib 1\nlib 2\nlib 3 @backports'
    expect(kept(prune(index, 'a !lib=2'))).toEqual(['a < recipe', 'lib < a'])
    expect(kept(prune(index, 'a !lib@backports'))).toEqual(['a < recipe', 'lib < a'])
    expect(kept(prune(index, 'a !lib=3@backports'))).toEqual(['a < recipe', 'lib < a'])
  })

  it('let another package serve that is there, and nothing that the package is itself', () => {
    const index = 'a: depends debconf | b, c\nb: provides x\nc: depends x | y; provides x\ndebconf\ny'
    expect(kept(prune(index, 'a b debconf'))).toEqual([
      'a < recipe',
      'b < recipe',
      'c < a',
      'debconf < recipe',
    ])
    expect(kept(prune('a: depends sh | b\nb\nsh', 'a b'))).toEqual(['a < recipe', 'b < recipe'])
  })

  it('do not hold for what files of others need', () => {
    const solution = solve(
      sampleRequests('a'),
      sampleIndex('a: depends debconf\ndebconf: depends x\nx'),
      sampleOptions,
    )
    const needed = new Map([
      ['x', 'a'],
      ['absent', 'a'],
    ])
    const result = prunePackages(solution, { installOnly, requested: sampleRequests('a'), allow: [], needed })
    expect(kept(result)).toEqual(['a < recipe', 'x < a'])
  })
})

describe('prunePackages', () => {
  it('leaves out what serves installing and what only that needs, naming through whom', () => {
    const result = prune(
      'a: depends lib, debconf\ndebconf: depends x, lib\nx: depends y\ny: depends x\nlib',
      'a',
    )
    expect(kept(result)).toEqual(['a < recipe', 'lib < a'])
    expect(pruned(result)).toEqual([
      'debconf: asks questions',
      'x: only needed by debconf and y, also left out',
      'y: only needed by x, also left out',
    ])
  })

  it('names a keeper as the one who wanted a package', () => {
    const index = 'a: depends debconf, b\nb: depends lib\ndebconf: depends lib\nlib'
    expect(kept(prune(index, 'a'))).toEqual(['a < recipe', 'b < a', 'lib < b'])
  })

  it('names the first keeper in the order of the recipe', () => {
    const index = 'a: depends c\nb: depends c\nc'
    expect(kept(prune(index, 'b a'))).toEqual(['a < recipe', 'b < recipe', 'c < b'])
    expect(kept(prune(index, 'a b'))).toEqual(['a < recipe', 'b < recipe', 'c < a'])
  })

  it('keeps what the recipe names, whoever else needs it', () => {
    expect(kept(prune('a: depends debconf\ndebconf: depends x\nx', 'a debconf'))).toEqual([
      'a < recipe',
      'debconf < recipe',
      'x < debconf',
    ])
  })

  it('keeps what a relaxation allows', () => {
    const index = 'a: depends sh, debconf\nsh\ndebconf'
    expect(kept(prune(index, 'a'))).toEqual(['a < recipe'])
    expect(kept(prune(index, 'a', 'shell'))).toEqual(['a < recipe', 'sh < a'])
    expect(kept(prune(index, 'a', 'compiler'))).toEqual(['a < recipe'])
  })

  it('lets a package that the recipe names keep others of its kind', () => {
    const result = prune('sh: depends awk, debconf\nawk\ndebconf', 'sh')
    expect(kept(result)).toEqual(['awk < sh', 'sh < recipe'])
    expect(pruned(result)).toEqual(['debconf: asks questions'])
  })

  it('judges a dependency by who needs it', () => {
    const index = 'certificates: depends tool\ntool: depends lib\nlib\nb: depends tool'
    const result = prune(index, 'certificates')
    expect(kept(result)).toEqual(['certificates < recipe'])
    expect(pruned(result)).toEqual(['lib: only needed by tool, also left out', 'tool: builds the bundle'])
    expect(kept(prune(index, 'certificates b'))).toEqual([
      'b < recipe',
      'certificates < recipe',
      'lib < tool',
      'tool < b',
    ])
  })

  it('takes another alternative that is there when the first is left out', () => {
    const index = 'a: depends sh | b\nsh\nb\nc: depends b\nd: depends sh'
    expect(kept(prune(index, 'a c d'))).toEqual(['a < recipe', 'b < a', 'c < recipe', 'd < recipe'])
  })

  it('says that the recipe excludes a package', () => {
    const result = prune('a: depends debconf\ndebconf: depends x\nx', 'a !debconf', 'shell')
    expect(pruned(result)).toEqual([
      'debconf: the recipe excludes it',
      'x: only needed by debconf, also left out',
    ])
  })

  it('keeps what stands for a virtual name that the recipe asks for', () => {
    expect(kept(prune('debconf: provides questions', 'questions'))).toEqual(['debconf < recipe'])
  })

  it('parts every solution in two, and kept packages need only kept ones or those judged', () => {
    const names = ['a', 'b', 'c', 'sh', 'awk', 'debconf', 'tool', 'certificates']
    const graph = fc.tuple(...names.map(() => fc.subarray(names)))
    fc.assert(
      fc.property(graph, fc.subarray(names, { minLength: 1 }), (needs, wanted) => {
        const lines = names.map((name, at) => {
          const list = needs[at] ?? []
          return list.length > 0 ? `${name}: depends ${list.join(', ')}` : name
        })
        const result = prune(lines.join('\n'), wanted.join(' '))
        const keptNames = new Set(result.kept.map((entry) => entry.package.name))
        for (const name of wanted) expect(keptNames).toContain(name)
        for (const entry of result.pruned) expect(keptNames).not.toContain(entry.name)
        for (const { package: keptPackage } of result.kept) {
          for (const need of keptPackage.depends.flat().map((each) => each.name)) {
            const dropped = result.pruned.some((entry) => entry.name === need)
            expect(
              keptNames.has(need) || (dropped && installOnly(need, keptPackage.name) !== undefined),
            ).toBe(true)
          }
        }
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { InstallOnlyRule } from '../../model/package/install-only.ts'
import type { RelaxableRule } from '../../model/recipe.ts'
import { type Pruning, prunePackages } from './prune.ts'
import { sampleIndex, sampleOptions, sampleRequests, sampleRules } from './sample-index.ts'
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

describe('prunePackages', () => {
  it('leaves out what serves installing and what only that needs, naming through whom', () => {
    const result = prune(
      'a: depends lib, debconf\ndebconf: depends x, lib\nx: depends y\ny: depends x\nlib',
      'a',
    )
    expect(kept(result)).toEqual(['a < recipe', 'lib < a'])
    expect(pruned(result)).toEqual([
      'debconf: asks questions',
      'x: only needed by debconf and y, left out as well',
      'y: only needed by x, left out as well',
    ])
  })

  it('names a keeper as the one who wanted a package', () => {
    const index = 'a: depends debconf, b\nb: depends lib\ndebconf: depends lib\nlib'
    expect(kept(prune(index, 'a'))).toEqual(['a < recipe', 'b < a', 'lib < b'])
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
    expect(pruned(result)).toEqual(['lib: only needed by tool, left out as well', 'tool: builds the bundle'])
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
      'x: only needed by debconf, left out as well',
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
        for (const { package: found } of result.kept) {
          for (const need of found.depends.flat().map((each) => each.name)) {
            const dropped = result.pruned.some((entry) => entry.name === need)
            expect(keptNames.has(need) || (dropped && installOnly(need, found.name) !== undefined)).toBe(true)
          }
        }
      }),
    )
  })
})

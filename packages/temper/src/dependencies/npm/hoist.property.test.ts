import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NpmEdge, NpmGraph, NpmNode } from './graph.ts'
import { layHoisted } from './hoist.ts'

const names = ['a', 'b', 'c', 'd', 'e'] as const
const key = fc.tuple(fc.constantFrom(...names), fc.integer({ min: 1, max: 3 }))
const edges = fc
  .uniqueArray(key, { selector: ([name]) => name, maxLength: 4 })
  .map((all) =>
    all.map(([name, version]): NpmEdge => ({ name, key: `${name}@${version}`, isOptional: false })),
  )

const graph: fc.Arbitrary<NpmGraph> = fc
  .tuple(edges, fc.array(edges, { minLength: 15, maxLength: 15 }))
  .map(([roots, all]) => {
    const keys = names.flatMap((name) => [1, 2, 3].map((version) => ({ name, version })))
    const nodes = keys.map(({ name, version }, i): NpmNode => {
      const about = { hashes: [], noDigest: '', hasInstallScript: false, where: '' }
      const needs = (all[i] ?? []).filter((edge) => edge.name > name || edge.key === 'a@1')
      return { ...about, key: `${name}@${version}`, name, version: `${version}`, needs, peers: [] }
    })
    return { roots, nodes: new Map(nodes.map((node) => [node.key, node])) }
  })

/** Node's rule: node_modules of the folder itself, then of each above. */
function resolvedFrom(places: ReadonlyMap<string, string>, from: string, name: string): string | undefined {
  for (
    let folder = from;
    ;
    folder = folder.slice(0, folder.lastIndexOf('node_modules/')).replace(/\/$/, '')
  ) {
    const there = places.get(`${folder}${folder === '' ? '' : '/'}node_modules/${name}`)
    if (there !== undefined || folder === '') return there
  }
}

describe('packages in nested folders', () => {
  it('all find what the lock file gives them, whatever it is', () => {
    fc.assert(
      fc.property(graph, ({ roots, nodes }) => {
        const laid = layHoisted({ roots, nodes })
        const places = new Map(laid.map(({ place, node }) => [place, node.key]))
        expect(places.size).toBe(laid.length)
        for (const edge of roots) expect(resolvedFrom(places, '', edge.name)).toBe(edge.key)
        for (const { place, node } of laid)
          for (const edge of node.needs) expect(resolvedFrom(places, place, edge.name)).toBe(edge.key)
      }),
    )
  })

  it('are refused where they lead around in ever new versions, which no folders can have', () => {
    const needs = (key: string) => [{ name: key.slice(0, 1), key, isOptional: false }]
    const around = { 'a@1': 'b@1', 'b@1': 'a@2', 'a@2': 'b@2', 'b@2': 'a@1' }
    const nodes = Object.entries(around).map(([key, next]): NpmNode => {
      const about = { hashes: [], noDigest: '', hasInstallScript: false, where: '', peers: [] }
      return { ...about, key, name: key.slice(0, 1), version: key.slice(2), needs: needs(next) }
    })
    const graph = { roots: needs('a@1'), nodes: new Map(nodes.map((node) => [node.key, node])) }
    expect(() => layHoisted(graph)).toThrow('deeper than 100 folders')
  })

  it('see the same peers as who needs them', () => {
    const node = (
      name: string,
      version: string,
      needs: readonly NpmEdge[],
      peers: readonly string[] = [],
    ): NpmNode => ({
      key: `${name}@${version}`,
      name,
      version,
      needs,
      peers,
      hashes: [],
      noDigest: '',
      where: '',
      hasInstallScript: false,
    })
    const edge = (name: string, version: string): NpmEdge => ({
      name,
      key: `${name}@${version}`,
      isOptional: false,
    })
    const nodes = [
      node('react', '17', []),
      node('react', '18', []),
      node('hook', '1', [], ['react']),
      node('old', '1', [edge('hook', '1'), edge('react', '17')]),
    ]
    const laid = layHoisted({
      roots: [edge('hook', '1'), edge('old', '1'), edge('react', '18')],
      nodes: new Map(nodes.map((each) => [each.key, each])),
    })
    expect(laid.map(({ place, node: { version } }) => `${place} ${version}`)).toEqual([
      'node_modules/old 1',
      'node_modules/react 18',
      'node_modules/hook 1',
      'node_modules/old/node_modules/react 17',
      'node_modules/old/node_modules/hook 1',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import type { RootNode } from '../../model/root.ts'
import { splitDependencies } from './dependencies.ts'

function node(path: string, more: Partial<RootNode> = {}): RootNode {
  const attributes = { mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 1000 }
  return { path, type: 'file', ...attributes, origin: { kind: 'recipe' }, ...more }
}

function of(dependency: string, path: string, size = 1000): RootNode {
  return node(path, { size, origin: { kind: 'recipe', dependency } })
}

const folder = (path: string) => node(path, { type: 'directory', size: 0 })
const many = (count: number, size: number) =>
  Array.from({ length: count }, (_, i) => of(`p${i}`, `app/node_modules/p${i}/index.js`, size))

describe('the packages of an application', () => {
  it('are taken out with the folders that lead to nothing else', () => {
    const own = [
      ...[folder('app'), folder('app/node_modules'), folder('app/node_modules/a'), folder('app/empty')],
      ...[node('app/main.js'), of('a', 'app/node_modules/a/index.js')],
    ]
    const { groups, rest } = splitDependencies(own, 10)
    expect(groups.map(({ names }) => names)).toEqual([['a']])
    expect(rest.map(({ path }) => path)).toEqual(['app', 'app/empty', 'app/main.js'])
  })

  it('are where they were when there are none', () => {
    const own = [folder('app'), node('app/main.js')]
    expect(splitDependencies(own, 10)).toEqual({ groups: [], rest: own })
  })

  it('stay with a hard link to them', () => {
    const own = [of('a', 'app/a.js'), node('app/b.js', { type: 'hardlink', target: 'app/a.js' })]
    expect(splitDependencies(own, 10)).toEqual({ groups: [], rest: own })
  })

  it('have layers of their own where they are large, and share few others', () => {
    const { groups } = splitDependencies([...many(200, 50_000), of('big', 'app/big.so', 9_000_000)], 10)
    expect(groups[0]?.names).toEqual(['big'])
    expect(groups.length).toBeLessThanOrEqual(10)
    expect(groups.length).toBeGreaterThan(4)
  })

  it.each([1, 2, 3, 100])('keep a budget of %d layers', (budget) => {
    const { groups } = splitDependencies([...many(50, 900_000), ...many(300, 20_000)], budget)
    expect(groups.length).toBeLessThanOrEqual(budget)
  })

  it('move no other when one of them comes, goes or grows', () => {
    const all = many(100, 30_000)
    const before = splitDependencies(all, 10).groups
    const fewer = splitDependencies(
      all.filter(({ path }) => path !== 'app/node_modules/p7/index.js'),
      10,
    ).groups
    const isSame = ({ names }: { readonly names: readonly string[] }) =>
      before.some((group) => group.names.join() === names.join())
    expect(fewer.filter((group) => !isSame(group))).toHaveLength(1)
  })
})

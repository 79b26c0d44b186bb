import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TreeNode } from './file-tree.ts'
import { linkChain, lookUp } from './look-up.ts'
import { linkLimit } from './resolve-path.ts'

/** A tree of paths, each with "" for a file, "/" for a folder, or the target of a link. */
function treeOf(paths: Readonly<Record<string, string>>) {
  const nodes = new Map<string, TreeNode>()
  const attributes = { mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 }
  for (const [path, what] of Object.entries(paths)) {
    if (what === '') nodes.set(path, { ...attributes, path, type: 'file' })
    else if (what === '/') nodes.set(path, { ...attributes, path, type: 'directory' })
    else nodes.set(path, { ...attributes, path, type: 'symlink', target: what.slice(1) })
  }
  return { get: (path: string) => nodes.get(path) }
}

const chain = (tree: ReturnType<typeof treeOf>, path: string) =>
  [...linkChain(tree, path)].map((node) => node.path)

describe('the links that a path leads through', () => {
  const tree = treeOf({
    bin: '>usr/bin',
    usr: '/',
    'usr/bin': '/',
    'usr/bin/java': '>../../etc/alternatives/java',
    'usr/bin/jvm': '>/opt/jvm/java',
    etc: '/',
    'etc/alternatives': '/',
    'etc/alternatives/java': '>/opt/jvm/java',
    opt: '/',
    'opt/jvm': '/',
    'opt/jvm/java': '',
    dangling: '>opt/none',
    circle: '>circle',
    empty: '>',
  })

  it.each([
    ['opt/jvm/java', ['opt/jvm/java']],
    ['/bin/java', ['usr/bin/java', 'etc/alternatives/java', 'opt/jvm/java']],
    ['bin/jvm', ['usr/bin/jvm', 'opt/jvm/java']],
    ['opt/../bin/java', ['usr/bin/java', 'etc/alternatives/java', 'opt/jvm/java']],
    ['dangling', ['dangling']],
    ['opt/none', []],
    ['opt/jvm/java/x', []],
  ])('%s: %j', (path, places) => {
    expect(chain(tree, path)).toEqual(places)
  })

  it('end in a circle, after as many as Linux follows', () => {
    expect(chain(tree, 'circle')).toEqual(Array.from({ length: linkLimit + 1 }, () => 'circle'))
  })

  it('end where the path leads, if it leads anywhere', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd')
    const path = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '..', '.'), { minLength: 1, maxLength: 3 })
    const what = fc.oneof(
      fc.constantFrom('', '/'),
      fc.tuple(fc.boolean(), path).map(([isRooted, parts]) => `>${isRooted ? '/' : ''}${parts.join('/')}`),
    )
    fc.assert(
      fc.property(fc.dictionary(name, what), fc.dictionary(name, what), path, (top, inside, asked) => {
        const below = top.a === '/' ? Object.entries(inside).map(([key, value]) => [`a/${key}`, value]) : []
        const made = treeOf({ ...top, ...Object.fromEntries(below) })
        const end = lookUp(made, asked.join('/'))
        const places = [...linkChain(made, asked.join('/'))]
        // A path to the root stands for no node.
        if (end.outcome === 'found' && end.path !== '') expect(places.at(-1)?.path).toBe(end.path)
        else if (end.outcome !== 'found') expect(places.every(({ type }) => type === 'symlink')).toBe(true)
      }),
    )
  })
})

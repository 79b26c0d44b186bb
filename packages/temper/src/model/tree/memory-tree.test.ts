import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TreeNode } from './file-tree.ts'
import { MemoryTree } from './memory-tree.ts'

const attributes = { mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 }
const file = (path: string): TreeNode => ({ ...attributes, path, type: 'file' })
const folder = (path: string): TreeNode => ({ ...attributes, path, type: 'directory' })
const link = (path: string, target: string): TreeNode => ({ ...attributes, path, type: 'symlink', target })

function treeOf(nodes: readonly TreeNode[], detours?: number): MemoryTree<TreeNode> {
  const tree = new MemoryTree<TreeNode>({
    folder: (path) => folder(path),
    ...(detours === undefined ? {} : { detours }),
  })
  for (const node of nodes) tree.put(node)
  return tree
}

const listing = (tree: MemoryTree<TreeNode>) => [...tree.nodes()].map(({ path, type }) => `${path} ${type}`)

describe('a tree in memory', () => {
  it('tells where a new object would be', () => {
    const tree = treeOf([folder('usr/lib'), link('lib', 'usr/lib'), link('gone', 'none'), file('file')])
    expect(tree.canonical('/lib/x')).toBe('usr/lib/x')
    expect(tree.canonical('lib')).toBe('lib')
    expect(tree.canonical('/lib')).toBe('lib')
    expect(tree.canonical('/new')).toBe('new')
    expect(tree.canonical('gone/x')).toBe('none/x')
    expect(tree.canonical('new/../lib/x')).toBe('usr/lib/x')
    expect(tree.canonical('file/x')).toBe('file/x')
    expect(tree.canonical('../..')).toBe('')
    expect(treeOf([link('l', 'l')]).canonical('/l/x/')).toBe('l/x')
  })

  it('has no node for its root, though paths may lead there', () => {
    const tree = treeOf([link('top', '/'), file('a')])
    expect(tree.resolve('top')).toBeUndefined()
    expect(tree.resolve('top/a')?.path).toBe('a')
    expect(tree.list('/')).toEqual(['a', 'top'])
    expect(() => tree.put(folder('top/.'))).toThrow('root folder')
  })

  it('replaces a folder with all below it, but keeps what is in a folder that comes again', () => {
    const tree = treeOf([file('a/b/c'), file('d')])
    tree.put({ ...folder('a'), mode: 0o700 })
    expect(tree.get('a')?.mode).toBe(0o700)
    expect(tree.list('a')).toEqual(['b'])
    tree.put(file('a'))
    expect(listing(tree)).toEqual(['a file', 'd file'])
    expect(tree.size).toBe(2)
  })

  it('stops at links that lead through ever more folders', () => {
    const far = link('far', 'a/../'.repeat(100))
    const tree = treeOf([folder('a'), far], 1000)
    for (let again = 0; again < 4; again++) expect(tree.resolve('far/a')?.path).toBe('a')
    expect(() => tree.resolve('far/a')).toThrow('too many folders')
  })

  it('refuses what links in a circle lead to, and leaves these as they are', () => {
    const tree = treeOf([link('a', 'b'), link('a/b', 'b')])
    expect(listing(tree)).toEqual(['a symlink', 'b directory', 'b/b symlink'])
    expect(() => tree.put(file('a/b/a'))).toThrow('Cannot put /a/b/a: links on the way lead in a circle')
    expect(listing(tree)).toEqual(['a symlink', 'b directory', 'b/b symlink'])
  })

  it('never has an object below something that is no folder', () => {
    const name = fc.constantFrom('a', 'b')
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
    const step = fc.record({ path, kind: fc.constantFrom('file', 'folder', 'link', 'remove'), target: path })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const tree = treeOf([])
        for (const { path: at, kind, target } of steps) {
          try {
            if (kind === 'remove') tree.remove(at)
            else if (kind === 'link') tree.put(link(at, target))
            else tree.put(kind === 'file' ? file(at) : folder(at))
          } catch (error) {
            expect(error).toMatchObject({ code: 'bad-archive' })
          }
        }
        for (const { path: at } of tree.nodes()) {
          const above = at.slice(0, Math.max(0, at.lastIndexOf('/')))
          if (above !== '') expect(tree.get(above)?.type).toBe('directory')
          expect(tree.list(above)).toContain(at.slice(above === '' ? 0 : above.length + 1))
        }
      }),
      { numRuns: 1000 },
    )
  })
})

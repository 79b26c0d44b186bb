import { describe, expect, test } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { LayeredTree } from './tree.ts'

const paths = (tree: LayeredTree<string>) => [...tree.entries()].map(([path]) => path).sort()

describe('a tree of layers', () => {
  test('has what is at a path, and what it leads to', () => {
    const tree = new LayeredTree<string>()
    tree.place({ path: 'usr/lib/x', type: 'file' }, 'x')
    tree.place({ path: 'lib', type: 'symlink', target: 'usr/lib' }, 'link')
    tree.place({ path: 'y', type: 'symlink', target: '/lib/x' }, 'link')
    expect(tree.at('lib/x')).toEqual({ path: 'usr/lib/x', type: 'file', value: 'x' })
    expect(tree.at('y')).toMatchObject({ path: 'y', type: 'symlink' })
    expect(tree.find('y')).toEqual({ path: 'usr/lib/x', type: 'file', value: 'x' })
    expect(tree.find('usr')).toEqual({ path: 'usr', type: 'directory' })
    expect(tree.find('none/x')).toBeUndefined()
  })

  test('follows links anew when one came since the last file', () => {
    const tree = new LayeredTree<string>()
    tree.place({ path: 'a/one', type: 'file' }, '1')
    tree.place({ path: 'b', type: 'directory' }, 'b')
    tree.place({ path: 'a', type: 'symlink', target: 'b' }, 'link')
    tree.place({ path: 'a/two', type: 'file' }, '2')
    tree.hide({ kind: 'name', parent: '', name: 'b' })
    tree.place({ path: 'a/three', type: 'file' }, '3')
    expect(paths(tree)).toEqual(['a', 'b/three'])
  })

  test('never leads out, and ends where links go in a circle', () => {
    const tree = new LayeredTree<string>()
    tree.place({ path: 'up', type: 'symlink', target: '../../..' }, 'link')
    tree.place({ path: 'up/etc/x', type: 'file' }, 'x')
    tree.place({ path: 'loop', type: 'symlink', target: 'loop' }, 'link')
    tree.place({ path: 'loop/x', type: 'file' }, 'x')
    expect(paths(tree)).toEqual(['etc/x', 'loop', 'up'])
    expect(tree.find('loop')).toBeUndefined()
  })

  test('has limits for objects and for the ways that links lead', () => {
    const small = new LayeredTree<string>({ limit: 3 })
    expect(() => small.place({ path: 'a/b/c/d', type: 'file' }, 'x')).toThrow(TemperError)
    const three = new LayeredTree<string>({ limit: 3 })
    three.place({ path: 'a/b/c', type: 'file' }, 'x')
    expect(paths(three)).toEqual(['a/b/c'])
    three.place({ path: 'a', type: 'directory' }, 'named at last')
    expect(() => three.place({ path: 'd', type: 'file' }, 'x')).toThrow(
      'more than 3 files, folders and links',
    )
    const slow = new LayeredTree<string>({ detours: 1000 })
    slow.place({ path: 'far', type: 'symlink', target: 'a/../'.repeat(300) }, 'link')
    slow.place({ path: 'a', type: 'directory' }, 'a')
    const fill = () => {
      for (let i = 0; i < 100; i++) slow.place({ path: `far/${i}/x`, type: 'file' }, 'x')
    }
    expect(fill).toThrow(/detours/)
  })

  test('counts the names that links add, and takes as many as the limit', () => {
    const detours = (limit: number) => {
      const tree = new LayeredTree<string>({ detours: limit })
      tree.place({ path: 'long', type: 'symlink', target: 'a/b/c' }, 'link')
      tree.place({ path: 'long/x', type: 'file' }, 'x')
      tree.place({ path: 'a/b/c/far', type: 'symlink', target: '/long' }, 'link')
      return tree.find('long/far/x')
    }
    // Three for placing long/x; three, two and three for finding it.
    expect(detours(11)).toMatchObject({ path: 'a/b/c/x' })
    expect(() => detours(10)).toThrow('links with detours of more than 10 folders')
  })
})

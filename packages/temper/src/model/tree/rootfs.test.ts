import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RootNode } from '../root.ts'
import { Rootfs } from './rootfs.ts'

function node(path: string, fields: Partial<RootNode> = {}): RootNode {
  return {
    path,
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: 7,
    origin: { kind: 'recipe' },
    ...fields,
  }
}

function link(path: string, target: string): RootNode {
  return node(path, { type: 'symlink', mode: 0o777, target })
}

describe('whiteouts', () => {
  const origins: readonly [code: string, who: string, origin: RootNode['origin']][] = [
    ['bad-archive', 'The package evil', { kind: 'package', package: 'evil', path: './usr/x' }],
    ['bad-archive', 'The package evil', { kind: 'database', package: 'evil' }],
    ['bad-archive', 'The effect "link"', { kind: 'effect', effect: 'link' }],
    ['bad-recipe', 'The recipe', { kind: 'recipe' }],
  ]

  test.each(origins)('are refused: %s, %s', (code, who, origin) => {
    for (const name of ['.wh.nginx', '.wh..wh..opq', '.wh..wh.plnk', '.wh.'])
      for (const type of ['file', 'directory', 'symlink'] as const) {
        const whiteout = node(`usr/sbin/${name}`, { type, origin, target: 'x' })
        expect(() => new Rootfs().put(whiteout)).toThrow(
          expect.objectContaining({
            code,
            message: expect.stringContaining(`${who}`),
            details: expect.objectContaining({ path: `/usr/sbin/${name}` }),
          }),
        )
      }
  })

  test('are refused as folders that nobody named, behind links, and when something is moved there', () => {
    const root = new Rootfs()
    expect(() => root.put(node('usr/.wh.lib/inner/file'))).toThrow('/usr/.wh.lib')
    root.put(link('lib', 'usr/lib'))
    expect(() => root.put(node('lib/.wh.libc.so.6'))).toThrow('/usr/lib/.wh.libc.so.6')
    root.put(node('usr/bin/tool'))
    const move = { kind: 'move', from: 'usr/bin/tool', to: 'usr/bin/.wh.tool' } as const
    expect(() => root.apply(move, { kind: 'effect', effect: 'divert' })).toThrow('/usr/bin/.wh.tool')
  })

  test('are names that begin so, and no others', () => {
    const root = new Rootfs()
    for (const name of ['.wh', '.whx', 'a.wh.b', 'wh.', '.WH.x']) root.put(node(`usr/${name}`))
    expect(root.list('usr')).toEqual(['.WH.x', '.wh', '.whx', 'a.wh.b', 'wh.'])
  })
})

describe('Rootfs', () => {
  test('makes missing parents', () => {
    const root = new Rootfs()
    root.put(node('a/b/c'))
    expect([...root.nodes()].map((each) => `${each.path} ${each.type}`)).toEqual([
      'a directory',
      'a/b directory',
      'a/b/c file',
    ])
  })

  test('puts nodes where the symlinks in their path lead', () => {
    const root = new Rootfs()
    root.put(link('lib', 'usr/lib'))
    root.put(node('lib/x/libc.so'))
    expect(root.get('usr/lib/x/libc.so')?.type).toBe('file')
    expect(root.resolve('/lib/x/libc.so')?.path).toBe('usr/lib/x/libc.so')
    expect(root.list('lib')).toEqual([])
  })

  test('follows relative, absolute and chained links, and stops at loops', () => {
    const root = new Rootfs()
    root.put(node('usr/bin/java'))
    root.put(link('etc/alternatives/java', '/usr/bin/java'))
    root.put(link('usr/local/java', '../../etc/alternatives/java'))
    root.put(link('loop', 'loop'))
    expect(root.resolve('usr/local/java')?.path).toBe('usr/bin/java')
    expect(root.resolve('loop')).toBeUndefined()
    expect(root.resolve('../../usr/bin/java')?.path).toBe('usr/bin/java')
    expect(root.resolve('usr/bin/missing')).toBeUndefined()
  })

  test('removes a folder with all below it', () => {
    const root = new Rootfs()
    root.put(node('a/b/c'))
    root.put(node('a/d'))
    root.remove('a/b')
    expect([...root.nodes()].map((each) => each.path)).toEqual(['a', 'a/d'])
    expect(root.list('a')).toEqual(['d'])
  })

  test('a file cannot become a parent', () => {
    const root = new Rootfs()
    root.put(node('a'))
    expect(() => root.put(node('a/b'))).toThrow(/\/a is a file, not a folder/)
  })

  test('changes attributes of a tree, but not of links', () => {
    const root = new Rootfs()
    root.put(node('a/b'))
    root.put(link('a/l', '/b'))
    root.apply({ kind: 'attributes', path: 'a', uid: 5, recursive: true }, { kind: 'recipe' })
    expect([...root.nodes()].map((each) => each.uid)).toEqual([5, 5, 0])
  })

  test('lists what was put, whatever the order', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd')
    const path = fc.array(name, { minLength: 2, maxLength: 4 }).map((parts) => `d/${parts.join('/')}/f`)
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 12 }), (paths) => {
        const trees = [paths, [...paths].reverse()].map((order) => {
          const root = new Rootfs()
          for (const each of order) root.put(node(each))
          return [...root.nodes()].map((each) => `${each.path} ${each.type}`)
        })
        expect(trees[0]).toEqual(trees[1])
        for (const each of paths) expect(trees[0]).toContain(`${each} file`)
      }),
    )
  })
})

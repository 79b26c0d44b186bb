import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linkLimit, type Resolution, resolvePath, type Walkable } from './resolve-path.ts'

/** A tree as text: a folder's members, "file", or "-> target". */
type Tree = { readonly [name: string]: Tree | string }

function walkable(root: Tree): Walkable<Tree | string> {
  return {
    root,
    child: (folder, name) => (typeof folder === 'string' ? undefined : folder[name]),
    linkTarget: (place) =>
      typeof place === 'string' && place.startsWith('-> ') ? place.slice(3) : undefined,
    isFolder: (place) => typeof place !== 'string',
  }
}

const shown = ({ place: _place, ...rest }: Resolution<unknown> & { place?: unknown }) => rest

describe('following a path', () => {
  const tree: Tree = {
    file: 'file',
    usr: { bin: { env: 'file' }, lib: { deep: {} } },
    bin: '-> usr/bin',
    rooted: '-> /usr',
    up: '-> usr/lib/../bin',
    out: '-> ../../../usr',
    top: '-> /',
    a: '-> b',
    b: '-> a',
    dangling: '-> usr/none/more',
    through: '-> file/x',
    slash: '-> file/',
    empty: '-> ',
  }

  it.each<[string, object]>([
    ['', { outcome: 'found', path: '' }],
    ['/', { outcome: 'found', path: '' }],
    ['usr//bin/./env', { outcome: 'found', path: 'usr/bin/env' }],
    ['/bin/env', { outcome: 'found', path: 'usr/bin/env' }],
    ['rooted/lib', { outcome: 'found', path: 'usr/lib' }],
    ['up/env', { outcome: 'found', path: 'usr/bin/env' }],
    ['../../file', { outcome: 'found', path: 'file' }],
    ['out/bin', { outcome: 'found', path: 'usr/bin' }],
    ['top', { outcome: 'found', path: '' }],
    ['empty', { outcome: 'found', path: '' }],
    // The folder above the real one, not above the link.
    ['bin/../lib', { outcome: 'found', path: 'usr/lib' }],
    ['usr/none', { outcome: 'missing', path: 'usr/none', rest: [] }],
    ['none/../file', { outcome: 'missing', path: 'none', rest: ['..', 'file'] }],
    ['dangling/on', { outcome: 'missing', path: 'usr/none', rest: ['more', 'on'] }],
    ['file/x', { outcome: 'not-a-folder', path: 'file', rest: ['x'] }],
    ['file/..', { outcome: 'not-a-folder', path: 'file', rest: ['..'] }],
    ['file/', { outcome: 'not-a-folder', path: 'file', rest: [''] }],
    ['through', { outcome: 'not-a-folder', path: 'file', rest: ['x'] }],
    ['slash', { outcome: 'not-a-folder', path: 'file', rest: [''] }],
    ['a', { outcome: 'loop', path: 'a' }],
    ['b/x', { outcome: 'loop', path: 'b' }],
  ])('leads from %j to %j', (path, end) => {
    expect(shown(resolvePath(walkable(tree), path))).toEqual(end)
  })

  it('leaves a last link alone when asked to, but not one with a slash behind it', () => {
    const to = (path: string) => shown(resolvePath(walkable(tree), path, { followLast: false }))
    expect(to('bin')).toEqual({ outcome: 'found', path: 'bin' })
    expect(to('rooted/../bin')).toEqual({ outcome: 'found', path: 'bin' })
    expect(to('bin/')).toEqual({ outcome: 'found', path: 'usr/bin' })
    expect(to('bin/env')).toEqual({ outcome: 'found', path: 'usr/bin/env' })
    expect(to('a')).toEqual({ outcome: 'found', path: 'a' })
  })

  it('tells how far links lead, so that somebody can lose patience', () => {
    const names: number[] = []
    resolvePath(walkable(tree), 'bin/../../out/lib', { onLink: (count) => names.push(count) })
    expect(names).toEqual([2, 4])
  })
})

describe('beside the kernel', () => {
  let home = ''
  let root = ''
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'temper-resolve-')))
    root = join(home, 'up/up/up/up/up/up/root')
    mkdirSync(root, { recursive: true })
  })
  afterEach(() => rmSync(home, { recursive: true }))

  /** Makes the tree below `root`, absolute links included. */
  function make(tree: Tree, folder: string): void {
    for (const [name, member] of Object.entries(tree)) {
      const path = `${folder}/${name}`
      if (typeof member !== 'string') {
        mkdirSync(path)
        make(member, path)
      } else if (member === 'file') writeFileSync(path, '')
      else {
        const target = member.slice(3)
        symlinkSync(target.startsWith('/') ? `${root}${target}` : target, path)
      }
    }
  }

  /**
   * `..` of a real root is the root itself. So the folders above have every name that the root has, as links to
   * there: going up and down again leads to the same object.
   */
  function mirrorAbove(names: readonly string[]): void {
    for (let above = dirname(root); above.length > home.length; above = dirname(above))
      for (const name of names) symlinkSync(`${root}/${name}`, `${above}/${name}`)
  }

  function byKernel(path: string): Pick<Resolution<unknown>, 'outcome'> & { readonly path?: string } {
    const full = `${root}/${path}`
    try {
      statSync(full)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const outcomes = { ENOENT: 'missing', ENOTDIR: 'not-a-folder', ELOOP: 'loop' } as const
      return { outcome: outcomes[code as keyof typeof outcomes] }
    }
    const real = realpathSync.native(full)
    const isAbove = `${root}/`.startsWith(`${real}/`)
    return { outcome: 'found', path: isAbove ? '' : real.slice(root.length + 1) }
  }

  const name = fc.constantFrom('a', 'b', 'c')
  const way = fc
    .tuple(
      fc.boolean(),
      fc.array(fc.oneof({ weight: 4, arbitrary: name }, fc.constantFrom('..', '.', '')), {
        minLength: 1,
        maxLength: 4,
      }),
    )
    .map(([absolute, parts]) => `${absolute ? '/' : ''}${parts.join('/')}`)
  const { tree } = fc.letrec<{ tree: Tree; member: Tree | string }>((tie) => ({
    tree: fc.dictionary(name, tie('member'), { maxKeys: 3, noNullPrototype: true }),
    member: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constant('file'),
      // Linux makes no link without a text.
      way.map((target) => `-> ${target || '.'}`),
      tie('tree'),
    ),
  }))

  it('leads to the same object, or to the same error', () => {
    fc.assert(
      fc.property(tree, fc.array(way, { minLength: 1, maxLength: 8 }), (shape, ways) => {
        rmSync(join(home, 'up'), { recursive: true })
        mkdirSync(root, { recursive: true })
        make(shape, root)
        mirrorAbove(Object.keys(shape))
        for (const path of ways) {
          const ours = resolvePath(walkable(shape), path)
          // The links above the root count too.
          if (ours.outcome === 'loop') continue
          const { outcome } = ours
          expect({ path, outcome, ...(outcome === 'found' ? { real: ours.path } : {}) }).toEqual({
            path,
            ...(({ path: real, ...rest }) => ({ ...rest, ...(real === undefined ? {} : { real }) }))(
              byKernel(path),
            ),
          })
        }
      }),
      { numRuns: 150 },
    )
  })

  it.each([linkLimit - 1, linkLimit, linkLimit + 1])('follows %d links, or not', (count) => {
    const links = Array.from({ length: count }, (_, at): [string, string] => [
      `l${at}`,
      `-> ${at + 1 === count ? 'end' : `l${at + 1}`}`,
    ])
    const shape: Tree = { end: 'file', ...Object.fromEntries(links) }
    make(shape, root)
    const end = resolvePath(walkable(shape), 'l0')
    expect(end.outcome).toBe(count > 40 ? 'loop' : 'found')
    expect(byKernel('l0').outcome).toBe(end.outcome)
  })
})

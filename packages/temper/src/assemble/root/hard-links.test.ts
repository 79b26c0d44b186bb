import { describe, expect, it } from 'vitest'
import { Rootfs } from '../../model/tree/rootfs.ts'
import {
  lockedPackage,
  packageContent,
  type SampleFile,
  type SamplePackage,
  sampleDistro,
  sampleHardening,
} from '../fixtures/sample.ts'
import { checkRecipeLinks, settlePackageLinks } from './hard-links.ts'
import { populate } from './populate.ts'

const distro = sampleDistro()
const options = { mergedPath: distro.mergedPath, hardening: sampleHardening, hasInterpreter: () => true }
const link = (path: string, target: string): SampleFile => [path, '', { type: 'hardlink', target }]

/** The tree of the packages, changed by `between`, with its hard links settled. */
function settled(packages: readonly SamplePackage[], between: (root: Rootfs) => void = () => {}): Rootfs {
  const plans = packages.map((sample) => ({
    package: lockedPackage(sample),
    content: packageContent(sample),
  }))
  const { root } = populate(plans, { ...options, distro })
  between(root)
  settlePackageLinks(root, plans, options)
  return root
}

const shown = (root: Rootfs, path: string) => {
  const node = root.get(path)
  return node && [node.type, node.target, node.origin.kind === 'package' ? node.origin.path : '']
}

describe('hard links of packages', () => {
  const tool: SamplePackage = {
    name: 'tool',
    files: [
      ['bin/tool', 'x', { mode: 0o755, uid: 3 }],
      link('bin/alias', 'bin/tool'),
      link('bin/third', 'bin/alias'),
    ],
  }

  it('share the file under the name that it has in the image, also over another link', () => {
    const root = settled([tool])
    for (const path of ['usr/bin/alias', 'usr/bin/third']) {
      expect(root.get(path)).toMatchObject({ type: 'hardlink', target: 'usr/bin/tool', mode: 0o755, uid: 3 })
    }
  })

  it('follow a file that effects moved', () => {
    const root = settled([tool], (tree) =>
      tree.apply({ kind: 'move', from: 'usr/bin/tool', to: 'usr/bin/tool.real' }, { kind: 'recipe' }),
    )
    expect(shown(root, 'usr/bin/alias')).toEqual(['hardlink', 'usr/bin/tool.real', 'bin/alias'])
  })

  it('become the file when it is gone: the first by path, with bytes from where the archive has them', () => {
    const root = settled([tool], (tree) => tree.remove('usr/bin/tool'))
    expect(shown(root, 'usr/bin/alias')).toEqual(['file', undefined, 'bin/tool'])
    expect(shown(root, 'usr/bin/third')).toEqual(['hardlink', 'usr/bin/alias', 'bin/third'])
    expect(root.get('usr/bin/alias')).toMatchObject({ size: 1, mode: 0o755 })
  })

  it('become the file when something else took its place', () => {
    const root = settled([tool], (tree) =>
      tree.put({ ...(tree.get('usr/bin/tool') ?? fail()), origin: { kind: 'recipe' } }),
    )
    expect(shown(root, 'usr/bin/alias')).toEqual(['file', undefined, 'bin/tool'])
  })

  it('are each the business of their own package', () => {
    const other: SamplePackage = {
      name: 'other',
      files: [['usr/lib/o', 'o'], link('usr/lib/p', 'usr/lib/o')],
    }
    const root = settled([tool, other], (tree) => tree.remove('usr/lib/o'))
    expect(shown(root, 'usr/bin/alias')).toEqual(['hardlink', 'usr/bin/tool', 'bin/alias'])
    expect(shown(root, 'usr/lib/p')).toEqual(['file', undefined, 'usr/lib/o'])
  })

  it('may share a symlink', () => {
    const root = settled([{ name: 'links', files: ['usr/a -> b', link('usr/c', 'usr/a')] }])
    expect(shown(root, 'usr/c')).toEqual(['hardlink', 'usr/a', 'usr/c'])
  })

  it.each<[string, readonly SampleFile[]]>([
    ['nothing', [link('usr/a', 'usr/none')]],
    ['what comes after them', [link('usr/a', 'usr/b'), ['usr/b', 'x']]],
    ['a folder', ['usr/lib/', link('usr/a', 'usr/lib')]],
    ['themselves', [link('usr/a', 'usr/a')]],
  ])('to %s are refused', (_, files) => {
    expect(() => settled([{ name: 'broken', files }])).toThrow(
      expect.objectContaining({ code: 'bad-archive', details: { path: '/usr/a' } }),
    )
  })
})

describe('hard links of the recipe', () => {
  const attributes = { mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0, origin: { kind: 'recipe' } } as const
  function rootWith(target: object | undefined): Rootfs {
    const root = new Rootfs()
    if (target !== undefined)
      root.put({ ...attributes, path: 'a', type: 'file', content: new Uint8Array(), ...target })
    root.put({ ...attributes, path: 'b', type: 'hardlink', target: 'a' })
    return root
  }

  it('are fine while their file is one whose bytes are at hand', () => {
    expect(() => checkRecipeLinks(rootWith({}))).not.toThrow()
  })

  it.each([
    ['is gone', undefined],
    ['became a link', { type: 'symlink', target: 'c' }],
    ['is a hard link itself', { type: 'hardlink', target: 'a' }],
  ])('are refused when it %s', (_, target) => {
    expect(() => checkRecipeLinks(rootWith(target))).toThrow(
      expect.objectContaining({ code: 'bad-recipe', details: { path: expect.stringMatching(/^\/[ab]$/) } }),
    )
  })
})

function fail(): never {
  throw new Error('the tool should be there')
}

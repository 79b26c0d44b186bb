import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfinedFolder } from '../src/container/confined-folder.ts'
import { Stage } from '../src/distro/shared/effects/stage.ts'
import { type SampleEntry, sampleImage } from '../src/formats/layer/fixtures/sample-image.ts'
import { LayeredTree } from '../src/formats/layer/tree.ts'
import { node } from '../src/model/tree/fixtures/fixture-root.ts'
import { Rootfs } from '../src/model/tree/rootfs.ts'
import { readFolderTree } from '../src/tree/fixtures/folder.ts'
import { readImageTree } from '../src/tree/image.ts'
import { danglingSymlinks } from '../src/tree/proof/symlinks.ts'

/** Links, by path, in a tree with the folder `real/deep` and the file `real/file`. */
const links: Readonly<Record<string, string>> = {
  absolute: '/real/deep',
  relative: 'real/../real/deep',
  outside: '../../../real/deep',
  'real/back': '../real/deep',
  circle: 'circle',
  nowhere: 'none/deep',
  below: 'real/file/deep',
  ...chain('near', 40),
  ...chain('far', 41),
}

/** So many links, one leading to the next, the last to the folder. */
function chain(name: string, count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      at === 0 ? name : `${name}${at}`,
      at + 1 === count ? 'real/deep' : `${name}${at + 1}`,
    ]),
  )
}

const entries: readonly SampleEntry[] = [
  { path: 'real', type: 'directory' },
  { path: 'real/deep', type: 'directory' },
  { path: 'real/file', type: 'file' },
  ...Object.entries(links).map(([path, target]): SampleEntry => ({ path, type: 'symlink', target })),
]

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-resolution-'))
  mkdirSync(join(home, 'real/deep'), { recursive: true })
  writeFileSync(join(home, 'real/file'), '')
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(home, path))
})
afterAll(() => rmSync(home, { recursive: true }))

function rootfs(): Rootfs {
  const root = new Rootfs()
  for (const { path, type, target } of entries)
    root.put(node(path, { type, ...(target === undefined ? {} : { target }) }))
  return root
}

/** Every way in which Temper follows a path: gives the real path, or undefined. */
const walkers: Readonly<Record<string, (path: string) => Promise<string | undefined>>> = {
  'the tree that is being built': async (path) => rootfs().resolve(path)?.path,
  'the tree with the changes of effects': async (path) => new Stage(rootfs(), () => undefined).realPath(path),
  'the proof, of links': async (path) => {
    const dangling = danglingSymlinks(rootfs()).some((link) => link.node.path === path)
    return dangling ? undefined : 'real/deep'
  },
  'layers laid over each other': async (path) => {
    const tree = new LayeredTree<true>()
    for (const entry of entries) tree.place(entry, true)
    return tree.find(path)?.path
  },
  'the tree of an image': async (path) =>
    (await readImageTree(sampleImage([entries]), { keep: () => false })).resolve(path)?.path,
  'the tree of a folder': async (path) =>
    (await readFolderTree(home, { keep: () => false })).tree.resolve(path)?.path,
  'a folder that is filled': async (path) => {
    try {
      return new ConfinedFolder(home).existing(path)
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad-image' })
      return undefined
    }
  },
}

describe.each(Object.entries(walkers))('paths in %s', (_name, walk) => {
  it.each(['absolute', 'relative', 'outside', 'real/back', 'near'])('lead through %s', async (path) => {
    expect(await walk(path)).toBe('real/deep')
  })

  it.each(['circle', 'nowhere', 'below', 'far'])('end at %s', async (path) => {
    expect(await walk(path)).toBeUndefined()
  })
})

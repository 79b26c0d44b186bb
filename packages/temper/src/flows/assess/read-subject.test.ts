import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildElf } from '../../formats/elf/fixtures/fixture-elf.ts'
import { type SampleEntry, sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import { file, folder, link } from '../../rules/image/fixtures/example.ts'
import { keptContents } from '../../rules/image/kept-contents.ts'
import { readImageTree } from '../../tree/image.ts'
import { readImageFacts } from './read-subject.ts'

const keep = (path: string) => keptContents.some((pattern) => pattern.test(path))
const facts = async (layers: readonly (readonly SampleEntry[])[]) =>
  await readImageFacts(sampleImage(layers), {}, {})

/** SHA-1 is only made where somebody asks for it. */
const comparable = (nodes: Iterable<TreeNode>) => [...nodes].map(({ sha1: _, ...node }) => node)

const names = fc.constantFrom('etc', 'a', 'b', 'passwd')
const paths = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
const owners = fc.record({ mode: fc.constantFrom(0o644, 0o4755, 0o600), uid: fc.nat(3), gid: fc.nat(3) })
const contents = fc.constantFrom('x', '#!/bin/sh\n', buildElf({ needed: ['libc.so.6'] }), '')
const entries = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(paths, contents, owners).map((parts) => file(...parts)) },
  fc.tuple(paths, owners).map((parts) => folder(...parts)),
  fc.tuple(paths, paths).map((parts) => link(...parts)),
  fc.tuple(paths, paths).map(([path, target]): SampleEntry => ({ path, target, type: 'hardlink' })),
  paths.map((path) => file(path.replace(/[^/]+$/, '.wh.$&'), '')),
  paths.map((path) => file(`${path}/.wh..wh..opq`, '')),
)

/** Of what an archive has twice, facts are those of the last, also where that shares nothing: unlike here. */
const layer = fc.uniqueArray(entries, { maxLength: 6, selector: ({ path }) => path })

describe('the tree of the pass that an inventory takes', () => {
  it('is the tree that is read alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { minLength: 1, maxLength: 3 }), async (layers) => {
        const alone = await readImageTree(sampleImage(layers), { keep })
        expect(comparable((await facts(layers)).tree.nodes())).toEqual(comparable(alone.nodes()))
      }),
      { numRuns: 150 },
    )
  })
})

type Hiding = readonly [by: string, lower: readonly SampleEntry[], upper: readonly SampleEntry[]]

describe('what layers hide', () => {
  it.each([
    ['deleted', [file('a/b', 'old')], [file('a/.wh.b', '')]],
    ['deleted', [file('a/b', 'old')], [file('.wh.a', '')]],
    ['deleted', [file('a/b', 'old')], [file('a/.wh..wh..opq', ''), file('a/c')]],
    ['replaced', [file('a/b', 'old')], [file('a/b', 'new')]],
    ['replaced', [file('a/b', 'old')], [file('a', 'a file now')]],
    ['replaced', [file('a/b', 'old')], [link('a/b', 'c')]],
    ['repeated', [file('a/b', 'old')], [file('a/b', 'old', { uid: 7 })]],
  ] as readonly Hiding[])('is %s', async (by, ...layers) => {
    const { layers: seen } = await facts(layers)
    expect(seen[0]?.hidden).toMatchObject([{ path: 'a/b', size: 3, by, hiddenIn: 1 }])
    expect(seen[1]?.hidden).toEqual([])
  })

  it('is nothing where files stay, are in the same folder, or share a name that stays', async () => {
    const { layers } = await facts([
      [file('a/b', 'old'), { path: 'a/same', target: 'a/b', type: 'hardlink' }, folder('c')],
      [folder('a'), file('a/.wh.b', ''), folder('c', { uid: 3 })],
    ])
    expect(layers.map(({ hidden }) => hidden)).toEqual([[], []])
  })
})

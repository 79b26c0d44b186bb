import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SampleEntry, sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import type { Layer } from '../../model/image.ts'
import { compareLayers } from './compare-layers.ts'

function layerOf(entries: readonly SampleEntry[]): Layer {
  const [layer] = sampleImage([entries]).layers
  if (layer === undefined) throw new Error('there is a layer')
  return layer
}

type Change = 'none' | 'missing' | 'content' | 'mode' | 'uid' | 'gid' | 'type'
const changes: readonly Change[] = [
  'none',
  'none',
  'none',
  'missing',
  'content',
  'mode',
  'uid',
  'gid',
  'type',
]

const paths = ['usr/bin/a', 'usr/bin/b', 'etc/c.conf', 'opt/d e', 'var/ü']
const file = (path: string): SampleEntry => ({
  path,
  type: 'file',
  content: `content of ${path}`,
  mode: 0o644,
  uid: 0,
  gid: 0,
})

function changed(entry: SampleEntry, change: Change): readonly SampleEntry[] {
  switch (change) {
    case 'none':
      return [entry]
    case 'missing':
      return []
    case 'content':
      return [{ ...entry, content: `Content of ${entry.path}` }]
    case 'mode':
      return [{ ...entry, mode: 0o755 }]
    case 'uid':
      return [{ ...entry, uid: 7 }]
    case 'gid':
      return [{ ...entry, gid: 8 }]
    case 'type':
      return [{ path: entry.path, type: 'symlink', target: 'x', mode: 0o644, uid: 0, gid: 0 }]
  }
}

/** What is to be told of a change; of another type there is more that differs. */
const words: Readonly<Record<Change, readonly string[]>> = {
  none: [],
  missing: ['missing in the rebuilt image'],
  content: ['content'],
  mode: ['mode'],
  uid: ['uid'],
  gid: ['gid'],
  type: ['type', 'target', 'content'],
}

describe('two layers', () => {
  it('differ in what was changed, each in its place, and in nothing else', async () => {
    const plan = fc.tuple(
      fc.array(fc.constantFrom(...changes), { minLength: paths.length, maxLength: paths.length }),
      fc.subarray(['usr/new', 'zzz']),
    )
    await fc.assert(
      fc.asyncProperty(plan, async ([how, more]) => {
        const before = layerOf(paths.map(file))
        const after = layerOf([
          ...paths.flatMap((path, index) => changed(file(path), how[index] ?? 'none')),
          ...more.map(file),
        ])
        if (before.diffId === after.diffId) return
        const differences = await compareLayers(before, after)
        const told = differences.map(({ path, what }) => `${path}: ${what}`).sort()
        const expected = [
          ...paths.flatMap((path, index) => words[how[index] ?? 'none'].map((what) => `${path}: ${what}`)),
          ...more.map((path) => `${path}: only in the rebuilt image`),
        ]
        expect(told).toEqual(expected.sort())
        // The other way round the same places differ.
        const back = await compareLayers(after, before)
        expect(new Set(back.map(({ path }) => path))).toEqual(new Set(differences.map(({ path }) => path)))
        for (const { what, expected: was, rebuilt, range } of differences) {
          if (what === 'mode') expect([was, rebuilt]).toEqual(['0644', '0755'])
          if (what === 'uid' || what === 'gid') expect(was).toBe('0')
          // "C" for "c".
          if (what === 'content' && rebuilt !== undefined && range !== undefined)
            expect(range).toMatchObject({ start: 0 })
        }
      }),
      { numRuns: 60, seed: 61 },
    )
  })

  it('with the same files in a different order differ as archives', async () => {
    const [first, second] = [layerOf(paths.map(file)), layerOf(paths.toReversed().map(file))]
    expect(await compareLayers(first, second)).toMatchObject([
      { what: 'archive: the same files in a different order or notation' },
    ])
  })

  it('that are packed otherwise differ in that alone', async () => {
    const layer = layerOf(paths.map(file))
    const bytes: Uint8Array[] = []
    for await (const chunk of layer.open()) bytes.push(Uint8Array.from(chunk))
    const packed = Buffer.concat(bytes)
    // The time in the header of a gzip file is nobody's content.
    packed[4] = (packed[4] ?? 0) ^ 1
    const other: Layer = {
      ...layer,
      open: async function* () {
        yield packed
      },
    }
    const [difference] = await compareLayers(layer, other)
    expect(difference?.what).toMatch(/^compression/)
    expect(difference?.path).toBeUndefined()
  })

  it('of which everything differs are told in part', async () => {
    const many = (content: string) =>
      layerOf(
        Array.from(
          { length: 150 },
          (_, index): SampleEntry => ({ ...file(`f${String(index).padStart(3, '0')}`), content }),
        ),
      )
    const differences = await compareLayers(many('a'), many('b'))
    expect(differences).toHaveLength(100)
    expect(differences[0]).toMatchObject({ path: 'f000', what: 'content' })
  })
})

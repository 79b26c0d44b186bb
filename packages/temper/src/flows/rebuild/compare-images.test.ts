import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../../formats/tar/write.ts'
import { type Image, type Layer, mediaTypes } from '../../model/image.ts'
import { blobOf, jsonBlob } from '../../oci/fixtures/sample.ts'
import { compareImages } from './compare-images.ts'

interface File {
  readonly content: string
  readonly mode?: number
}

function layer(files: Readonly<Record<string, File>>, level = 6): Layer {
  const parts = Object.entries(files).flatMap(([path, { content, mode = 0o644 }]) => {
    const bytes = Buffer.from(content)
    const entry = { path, type: 'file', mode, uid: 0, gid: 0, size: bytes.length, mtime: 0 } as const
    return [encodeTarHeader(entry), bytes, tarPadding(bytes.length)]
  })
  const tar = Buffer.concat([...parts, tarEnd])
  return { ...blobOf(gzipSync(tar, { level }), mediaTypes.ociLayerGzip), diffId: sha256(tar) }
}

function image(
  layers: readonly Layer[],
  change: { readonly user?: string; readonly note?: string } = {},
): Image {
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { User: change.user ?? '65532' },
    rootfs: { type: 'layers' as const, diff_ids: layers.map(({ diffId }) => diffId) },
  }
  const manifest = {
    schemaVersion: 2 as const,
    mediaType: mediaTypes.ociManifest,
    config: jsonBlob(config, mediaTypes.ociConfig).descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    annotations: { note: change.note ?? 'a' },
  }
  return { descriptor: jsonBlob(manifest, mediaTypes.ociManifest).descriptor, manifest, config, layers }
}

const base = { 'etc/a': { content: 'hello world' }, 'etc/b': { content: 'same' } }
const place = { platform: 'linux/amd64', in: 'layer', layer: 0 }
const compare = (before: Image, after: Image) => compareImages(before, after, 'linux/amd64')

describe('two images', () => {
  it('that are equal have no differences', async () => {
    expect(await compare(image([layer(base)]), image([layer(base)]))).toEqual([])
  })

  it.each([
    [
      'content',
      { ...base, 'etc/a': { content: 'hello WORLD' } },
      [{ path: 'etc/a', what: 'content', range: { start: 6, end: 11 } }],
    ],
    [
      'mode',
      { ...base, 'etc/b': { content: 'same', mode: 0o4755 } },
      [{ path: 'etc/b', what: 'mode', expected: '0644', rebuilt: '4755' }],
    ],
    [
      'a file more',
      { ...base, 'etc/c': { content: '' } },
      [{ path: 'etc/c', what: 'only in the rebuilt image' }],
    ],
    ['a file less', { 'etc/a': base['etc/a'] }, [{ path: 'etc/b', what: 'missing in the rebuilt image' }]],
    [
      'different order',
      { 'etc/b': base['etc/b'], 'etc/a': base['etc/a'] },
      [
        {
          what: expect.stringMatching(/different order/),
          range: { start: expect.any(Number), end: expect.any(Number) },
        },
      ],
    ],
  ])('differ by %s', async (_what, files, expected) => {
    const differences = await compare(image([layer(base)]), image([layer(files)]))
    expect(differences).toMatchObject(expected.map((each) => ({ ...place, ...each })))
    expect(differences).toHaveLength(expected.length)
  })

  it('differ by compression only', async () => {
    const stored = layer(base, 0)
    expect(await compare(image([layer(base)]), image([stored]))).toMatchObject([
      { ...place, what: expect.stringMatching(/compression/), range: { end: stored.descriptor.size } },
    ])
  })

  it('differ by a layer', async () => {
    const one = layer(base)
    expect(await compare(image([one]), image([one, one]))).toMatchObject([
      { layer: 1, what: 'only in the rebuilt image' },
    ])
    expect(await compare(image([one, one]), image([one]))).toMatchObject([
      { layer: 1, what: 'missing in the rebuilt image' },
    ])
  })

  it('differ by what configuration and manifest say', async () => {
    const one = layer(base)
    expect(await compare(image([one]), image([one], { user: 'root', note: 'b' }))).toEqual([
      {
        platform: 'linux/amd64',
        in: 'configuration',
        what: 'config.User',
        expected: '"65532"',
        rebuilt: '"root"',
      },
      { platform: 'linux/amd64', in: 'manifest', what: 'note', expected: '"a"', rebuilt: '"b"' },
    ])
  })
})

describe('the files of two layers', () => {
  const files = fc.dictionary(
    fc.constantFrom('a', 'etc/b', 'etc/c', 'usr/d', 'z'),
    fc.record({ content: fc.constantFrom('', 'x', 'y', 'xy'), mode: fc.constantFrom(0o644, 0o755, 0o4755) }),
  )

  it('that differ are named with what differs, and no others', async () => {
    await fc.assert(
      fc.asyncProperty(files, files, async (before, after) => {
        const [one, two] = [layer(before), layer(after)]
        const differences = await compare(image([one]), image([two]))
        const told = differences.flatMap(({ path, what }) => (path === undefined ? [] : [`${path}: ${what}`]))
        const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
        const expected = paths.flatMap((path) => {
          const [old, young] = [before[path], after[path]]
          if (old === undefined) return [`${path}: only in the rebuilt image`]
          if (young === undefined) return [`${path}: missing in the rebuilt image`]
          return [
            ...(old.mode === young.mode ? [] : [`${path}: mode`]),
            ...(old.content === young.content ? [] : [`${path}: content`]),
          ]
        })
        expect(told).toEqual(expected)
        if (one.diffId === two.diffId) expect(differences).toEqual([])
        else expect(differences.length).toBeGreaterThan(0)
      }),
      { numRuns: 60 },
    )
  })

  it('are told up to a hundred', async () => {
    const many = (content: string) =>
      Object.fromEntries(
        Array.from({ length: 130 }, (_, i) => [`f${String(i).padStart(3, '0')}`, { content }]),
      )
    const differences = await compare(image([layer(many('x'))]), image([layer(many('y'))]))
    expect(differences.filter(({ in: where }) => where === 'layer')).toHaveLength(100)
  })
})

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytesOf, collect } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import { createCompressor, defaultCompressor } from '../../formats/compress/compress.ts'
import { decompress } from '../../formats/compress/decompress.ts'
import { readTar } from '../../formats/tar/read.ts'
import type { Layer } from '../../model/image.ts'
import type { Recipe } from '../../model/recipe.ts'
import {
  lockedPackage,
  type SamplePackage,
  sampleDistro,
  sampleHardening,
  sampleRecipe,
} from '../fixtures/sample.ts'
import { AssemblyCache } from '../packages/cache.ts'
import { readContents } from '../packages/contents.ts'
import { planImage } from '../plan.ts'
import { composeLayers } from './compose.ts'
import type { DescribedLayer } from './image.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-compose-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const big = 'x'.repeat(3 * 1024 * 1024)
const samples: readonly SamplePackage[] = [
  {
    name: 'libbig',
    source: 'big',
    files: ['usr/', 'usr/lib/', ['usr/lib/big.so', big], ['usr/share/doc/libbig/copyright', 'MIT']],
  },
  {
    name: 'tool',
    files: [
      ['usr/bin/tool', 'tool', { mode: 0o755 }],
      ['usr/bin/alias', '', { type: 'hardlink', target: 'usr/bin/tool', mode: 0o755 }],
      'usr/bin/link -> tool',
      ['usr/share/doc/tool/README', 'left out'],
      'var/lib/tool/',
    ],
  },
]

async function compose(
  packages: readonly SamplePackage[],
  options: {
    readonly recipe?: Partial<Recipe>
    readonly format?: 'gzip' | 'zstd'
    readonly cache?: string
  } = {},
): Promise<DescribedLayer[]> {
  const recipe = sampleRecipe(options.recipe)
  const distro = sampleDistro(packages)
  const spec = defaultCompressor(options.format ?? 'gzip')
  const tools = {
    distro,
    cache: new AssemblyCache(join(folder, options.cache ?? 'cache')),
    compressor: await createCompressor(spec),
    spec,
    concurrency: 2,
  }
  const contents = await readContents(packages.map(lockedPackage), {
    ...tools,
    decide: { mergedPath: distro.mergedPath, hardening: sampleHardening, hasInterpreter: () => true },
    captures: () => false,
    openArchive: ({ name }) => distro.openArchive(name),
  })
  const plan = planImage({
    recipe,
    architecture: 'amd64',
    packages: contents,
    files: [],
    distro,
    hardening: sampleHardening,
  })
  return await composeLayers(plan, {
    ...tools,
    recipe,
    sourceDateEpoch: undefined,
    openArchive: ({ name }) => distro.openArchive(name),
  })
}

async function bytesOfLayer(layer: Layer): Promise<Uint8Array> {
  return await collect(layer.open(), { limit: 2 ** 30, what: 'layer' })
}

async function entriesOf(layer: Layer, format: 'gzip' | 'zstd' = 'gzip'): Promise<string[]> {
  const tar = decompress(format, layer.open(), { what: 'layer', limit: 2 ** 30 })
  const entries: string[] = []
  for await (const { entry } of readTar(tar, { what: 'layer' }))
    entries.push(`${entry.path}${entry.type === 'directory' ? '/' : ''}`)
  return entries
}

const digests = (layers: readonly DescribedLayer[]) => layers.map(({ layer }) => layer.descriptor.digest)

describe('composeLayers', () => {
  test('a layer stays what it is when a package of another one gets newer files in the same folders', async () => {
    const shared = {
      name: 'other',
      files: ['usr/', 'usr/lib/', 'usr/share/', ['usr/lib/other.so', 'new']],
    } as const
    const newer = shared.files.map((file) =>
      typeof file === 'string' ? ([file, '', { mtime: 1_800_000_000 }] as const) : file,
    )
    const before = await compose([...samples, shared])
    const after = await compose([...samples, { ...shared, files: newer }], { cache: 'other' })
    const changed = after.filter(({ layer }, at) => layer.descriptor.digest !== digests(before)[at])
    expect(changed.map(({ createdBy }) => createdBy)).toEqual([
      'temper: other 1.0-1, tool 1.0-1',
      expect.stringContaining('accounts'),
    ])
  })

  test('each layer is a whole archive: folders once and before what they hold', async () => {
    const layers = await compose(samples)
    expect(layers).toHaveLength(3)
    expect(await entriesOf(layers[0]?.layer as Layer)).toEqual([
      'usr/',
      'usr/lib/',
      'usr/share/',
      'usr/share/doc/',
      'usr/share/doc/libbig/',
      'var/',
      'var/lib/',
      'var/lib/db/',
      'usr/lib/big.so',
      'usr/share/doc/libbig/copyright',
      'var/lib/db/libbig',
    ])
    expect(await entriesOf(layers[1]?.layer as Layer)).toEqual([
      'usr/',
      'usr/bin/',
      'var/',
      'var/lib/',
      'var/lib/db/',
      'var/lib/tool/',
      'usr/bin/tool',
      'usr/bin/alias',
      'usr/bin/link',
      'var/lib/db/tool',
    ])
    const own = await entriesOf(layers[2]?.layer as Layer)
    expect(own).toContain('etc/passwd')
    for (const { layer } of layers) {
      const entries = await entriesOf(layer)
      expect(new Set(entries).size).toBe(entries.length)
    }
  })

  test.each(['gzip', 'zstd'] as const)(
    '%s: digest, size and diff id are those of the bytes',
    async (format) => {
      for (const { layer } of await compose(samples, { format })) {
        const bytes = await bytesOfLayer(layer)
        expect(layer.descriptor).toMatchObject({ digest: sha256(bytes), size: bytes.length })
        const tar = decompress(format, layer.open(), { what: 'layer', limit: 2 ** 30 })
        expect(layer.diffId).toBe(sha256(await collect(tar, { limit: 2 ** 30, what: 'tar' })))
      }
    },
  )

  test('an empty cache, a warm one and another order give the same digests', async () => {
    const first = digests(await compose(samples))
    expect(digests(await compose(samples))).toEqual(first)
    expect(digests(await compose(samples, { cache: 'other' }))).toEqual(first)
  })

  test('reading contents already makes the segments that layers use', async () => {
    await compose(samples)
    expect(await segmentCount()).toBe(2)
  })

  test('a recipe that deletes a file changes the layer of its package only', async () => {
    const before = digests(await compose(samples))
    const after = digests(
      await compose(samples, { recipe: { paths: [{ type: 'delete', path: '/usr/bin/link' }] } }),
    )
    expect(after[0]).toBe(before[0])
    expect(after[1]).not.toBe(before[1])
    expect(after[2]).toBe(before[2])
    expect(await segmentCount()).toBe(3)
  })

  test('history names the packages of each layer', async () => {
    const layers = await compose(samples)
    expect(layers[0]?.createdBy).toBe('temper: libbig 1.0-1')
    expect(layers[1]?.createdBy).toBe('temper: tool 1.0-1')
  })

  test.each([
    [
      'two files',
      [
        ['usr/bin/x', 'short'],
        ['usr/bin/x', 'another content'],
      ],
    ],
    ['a file and a link', [['usr/bin/x', 'short'], 'usr/bin/x -> y']],
    ['a folder and a file', ['usr/x/', ['usr/x', 'file']]],
  ] satisfies [string, SamplePackage['files']][])(
    'a path that is in an archive twice (%s) is refused: headers and contents would not fit',
    async (_, files) => {
      await expect(compose([{ name: 'twice', files }])).rejects.toMatchObject({
        code: 'bad-archive',
        message: expect.stringContaining('twice 1.0-1: the archive has /usr/'),
      })
      expect(await segmentCount()).toBe(0)
    },
  )

  test('a hard link that takes the place of its file has its bytes', async () => {
    const files = [
      ['usr/share/doc/tool/tool', 'the content', { mode: 0o755 }],
      ['usr/bin/tool', '', { type: 'hardlink', target: 'usr/share/doc/tool/tool' }],
      ['usr/bin/alias', '', { type: 'hardlink', target: 'usr/share/doc/tool/tool' }],
    ] as const
    const layers = await compose([{ name: 'tool', files }])
    const tar = decompress('gzip', layers[0]?.layer.open() ?? bytesOf(new Uint8Array()), {
      what: 'layer',
      limit: 2 ** 20,
    })
    const contents = new Map<string, string>()
    for await (const { entry, content } of readTar(tar, { what: 'layer' }))
      contents.set(
        entry.path,
        entry.target ?? Buffer.from(await collect(content, { limit: 99, what: '' })).toString(),
      )
    expect(contents.get('usr/bin/alias')).toBe('the content')
    expect(contents.get('usr/bin/tool')).toBe('usr/bin/alias')
    expect(contents.has('usr/share/doc/tool/tool')).toBe(false)
  })

  test('a folder may be in an archive twice', async () => {
    const files = ['usr/x/', ['usr/x/a', 'a'], 'usr/x/'] as const
    expect(await compose([{ name: 'folders', files }])).toHaveLength(2)
  })

  test.each([
    ['name', '../../../etc/cron.d/x'],
    ['version', '9'],
    ['architecture', 'arm64'],
  ])('an archive whose own %s is another than the lock says is refused', async (field, value) => {
    const liar: SamplePackage = { name: 'liar', files: [['usr/bin/x', 'y']], identity: { [field]: value } }
    await expect(compose([liar])).rejects.toMatchObject({
      code: 'bad-archive',
      details: { field, found: value },
    })
    // Nor from the cache.
    await expect(compose([liar])).rejects.toMatchObject({ code: 'bad-archive' })
  })

  test('a damaged record of a package in the cache cannot bring headers and contents apart', async () => {
    const sample: SamplePackage = { name: 'tool', files: [['usr/bin/tool', 'content']] }
    await compose([sample])
    const cache = new AssemblyCache(join(folder, 'cache'))
    const { digest } = lockedPackage(sample)
    const content = await cache.content(digest)
    if (!content) throw new Error('the content should be in the cache')
    await cache.putContent({ ...content, entries: content.entries.map((entry) => ({ ...entry, size: 1 })) })
    await expect(compose([sample])).rejects.toThrow('1 bytes was planned')
  })

  test('an archive that breaks off leaves no segment behind', async () => {
    const broken: SamplePackage = { name: 'broken', files: [['usr/bin/x', 'y', { size: 1 }], 'a//../b'] }
    const distro = sampleDistro([broken])
    const failing = {
      ...distro,
      openArchive: async (path: string) => {
        const archive = await distro.openArchive(path)
        return {
          ...archive,
          entries: async function* () {
            for await (const item of archive.entries()) yield item
            throw new Error('cut off')
          },
        }
      },
    }
    const spec = defaultCompressor('gzip')
    const reading = readContents([lockedPackage(broken)], {
      distro: failing,
      cache: new AssemblyCache(join(folder, 'cache')),
      compressor: await createCompressor(spec),
      spec,
      concurrency: 1,
      decide: { mergedPath: distro.mergedPath, hardening: sampleHardening, hasInterpreter: () => true },
      captures: () => false,
      openArchive: ({ name }) => failing.openArchive(name),
    })
    await expect(reading).rejects.toThrow('cut off')
    expect(await segmentCount()).toBe(0)
  })

  test('stopping ends between two entries and leaves nothing half-made', async () => {
    const controller = new AbortController()
    const distro = sampleDistro(samples)
    const spec = defaultCompressor('gzip')
    const reading = readContents(samples.map(lockedPackage), {
      distro,
      cache: new AssemblyCache(join(folder, 'cache')),
      compressor: await createCompressor(spec),
      spec,
      concurrency: 1,
      decide: { mergedPath: distro.mergedPath, hardening: sampleHardening, hasInterpreter: () => true },
      captures: () => false,
      openArchive: ({ name }) => {
        controller.abort()
        return distro.openArchive(name)
      },
      signal: controller.signal,
    })
    await expect(reading).rejects.toMatchObject({ code: 'interrupted' })
    expect(await segmentCount()).toBe(0)
  })
})

/** Finished segments in the cache, and files that should not be there. */
async function segmentCount(): Promise<number> {
  const names = await readdir(join(folder, 'cache', 'segments-4'), { recursive: true, withFileTypes: true })
  return names.filter((entry) => entry.isFile()).length
}

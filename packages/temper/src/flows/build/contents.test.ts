import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  lockedPackage,
  type SamplePackage,
  sampleDistro,
  sampleRecipe,
} from '../../assemble/fixtures/sample.ts'
import { composeLayers } from '../../assemble/layers/compose.ts'
import { describeImage } from '../../assemble/layers/image.ts'
import { AssemblyCache } from '../../assemble/packages/cache.ts'
import { readContents } from '../../assemble/packages/contents.ts'
import { planImage } from '../../assemble/plan.ts'
import { collect } from '../../base/bytes.ts'
import { describeRelease } from '../../distro/open.ts'
import { createCompressor, defaultCompressor } from '../../formats/compress/compress.ts'
import { decompress } from '../../formats/compress/decompress.ts'
import { readTar } from '../../formats/tar/read.ts'
import type { Distro } from '../../model/distro.ts'
import type { Image } from '../../model/image.ts'
import type { Sbom } from '../../model/sbom.ts'
import { hardeningWith } from '../../rules/hardening/strip.ts'
import { contentsOf } from './contents.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-contents-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const samples: readonly SamplePackage[] = [
  {
    name: 'tool',
    own: { depends: 'library' },
    files: [
      ['bin/tool', 'tool', { mode: 0o755 }],
      ['bin/alias', '', { type: 'hardlink', target: 'bin/tool', mode: 0o755 }],
      'usr/bin/link -> tool',
      ['usr/share/doc/tool/copyright', 'free'],
      ['usr/share/doc/tool/README', 'left out'],
      ['etc/tool.conf', 'replaced by the recipe'],
      'var/lib/tool/',
    ],
  },
  {
    name: 'library',
    files: [
      ['usr/lib/library.so', 'x'.repeat(100_000)],
      ['usr/lib/empty', ''],
    ],
  },
]

/** The sample distribution, which states its licences. */
const distro: Distro = {
  ...sampleDistro(samples),
  statesLicence: (path) => path.endsWith('/copyright'),
  readLicence: (content) => ({ expression: `LicenseRef-${Buffer.from(content).toString()}`, texts: {} }),
}

const hardening = hardeningWith([])

const recipe = sampleRecipe({
  paths: [
    { type: 'file', path: '/etc/tool.conf', content: 'mine', mode: 0o644, uid: 0, gid: 0 },
    {
      type: 'file',
      path: '/srv/node_modules/left-pad/package.json',
      content: '{"name":"left-pad","version":"1.3.0","license":"WTFPL"}',
      mode: 0o644,
      uid: 0,
      gid: 0,
    },
    { type: 'hardlink', path: '/etc/tool.conf.again', source: '/etc/tool.conf' },
    { type: 'permissions', path: '/usr/lib/library.so', mode: 0o600, recursive: false },
  ],
})

async function build(): Promise<{ readonly image: Image; readonly sbom: Sbom }> {
  const spec = defaultCompressor('gzip')
  const tools = {
    distro,
    cache: new AssemblyCache(folder),
    compressor: await createCompressor(spec),
    spec,
    concurrency: 2,
    openArchive: ({ name }: { readonly name: string }) => distro.openArchive(name),
  }
  const packages = await readContents(samples.map(lockedPackage), {
    ...tools,
    decide: { mergedPath: distro.mergedPath, hardening, hasInterpreter: () => true },
    captures: () => false,
  })
  const plan = planImage({
    recipe,
    architecture: 'amd64',
    packages,
    files: [],
    distro,
    hardening,
  })
  const layers = await composeLayers(plan, { ...tools, recipe, sourceDateEpoch: undefined })
  const image = describeImage(plan, layers, { recipe, architecture: 'amd64', annotations: {} })
  return {
    image,
    sbom: await contentsOf(plan, image, { recipe, distro, release: describeRelease('debian-13', {}) }),
  }
}

/** Path → SHA-256 of everything with bytes, as whoever unpacks the layers gets it. */
async function unpack(image: Image): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const layer of image.layers) {
    const tar = decompress('gzip', layer.open(), { what: 'layer', limit: 2 ** 30 })
    for await (const { entry, content } of readTar(tar, { what: 'layer' })) {
      if (entry.type === 'hardlink') files[entry.path] = files[entry.target ?? ''] ?? 'dangling'
      if (entry.type !== 'file') continue
      const bytes = await collect(content, { limit: 2 ** 30, what: entry.path })
      files[entry.path] = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    }
  }
  return files
}

test('the files of the bill of materials are those of the layers, with their digests', async () => {
  const { image, sbom } = await build()
  const unpacked = await unpack(image)
  expect(Object.keys(unpacked)).toEqual(
    expect.arrayContaining(['usr/bin/alias', 'etc/tool.conf.again', 'var/lib/db/tool', 'etc/passwd']),
  )
  expect(Object.fromEntries(sbom.files.map(({ path, digest }) => [path, digest]))).toEqual(unpacked)
})

test('modules that the recipe brings are packages too', async () => {
  const { sbom } = await build()
  expect(sbom.packages.filter(({ type }) => type !== 'deb')).toMatchObject([
    {
      type: 'npm',
      name: 'left-pad',
      version: '1.3.0',
      purl: 'pkg:npm/left-pad@1.3.0',
      licence: { expression: 'WTFPL' },
      places: ['srv/node_modules/left-pad/package.json'],
    },
  ])
})

test('each file is told as what it is', async () => {
  const { sbom } = await build()
  const told = new Map(sbom.files.map(({ path, origin, owner }) => [path, [origin, owner]]))
  expect(told.get('usr/bin/tool')).toEqual(['package', 'tool'])
  expect(told.get('usr/lib/library.so')).toEqual(['package', 'library'])
  expect(told.get('etc/tool.conf')).toEqual(['recipe', undefined])
  expect(told.get('etc/passwd')).toEqual(['effect', undefined])
  expect(told.get('var/lib/db/library')).toEqual(['database', 'library'])
})

test('packages come with their licence, their supplier and what they depend on; the cache forgets nothing', async () => {
  const first = await build()
  expect(first.sbom.packages.filter(({ type }) => type === 'deb')).toMatchObject([
    { name: 'library', dependsOn: [], supplier: 'Debian' },
    {
      name: 'tool',
      dependsOn: ['library'],
      licence: { expression: 'LicenseRef-free' },
      maintainer: 'Someone',
    },
  ])
  expect((await build()).sbom).toEqual(first.sbom)
})

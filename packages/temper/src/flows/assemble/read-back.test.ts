import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  lockedPackage,
  packageContent,
  type SamplePackage,
  sampleDistro,
  sampleRecipe,
} from '../../assemble/fixtures/sample.ts'
import { composeLayers } from '../../assemble/layers/compose.ts'
import { AssemblyCache } from '../../assemble/packages/cache.ts'
import { readContents } from '../../assemble/packages/contents.ts'
import { type ImagePlan, planImage } from '../../assemble/plan.ts'
import { createCompressor, defaultCompressor } from '../../formats/compress/compress.ts'
import { buildElf } from '../../formats/elf/fixtures/fixture-elf.ts'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import type { Layer } from '../../model/image.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { elfFacts } from '../../model/tree/fixtures/fixture-root.ts'
import { rulesRead } from '../../rules/hardening/accounts-file.ts'
import { checkHardening } from '../../rules/hardening/check.ts'
import { hardeningWith } from '../../rules/hardening/strip.ts'
import { readImageTree } from '../../tree/image.ts'
import { proofReads } from '../../tree/proof/plugins.ts'
import { proveClosed } from '../../tree/proof/prove.ts'
import { findUnloaded } from '../../tree/proof/unloaded.ts'

const loader = glibcLoader('amd64', 'lib/x86_64-linux-gnu')

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-read-back-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const samples: readonly SamplePackage[] = [
  {
    name: 'library',
    files: ['usr/', 'usr/lib/', ['usr/lib/data', 'data'], 'lib -> usr/lib', 'usr/lib/up -> ../../etc/passwd'],
  },
  {
    name: 'tool',
    files: [
      ['bin/tool', 'tool', { mode: 0o4755 }],
      ['bin/alias', '', { type: 'hardlink', target: 'bin/tool', mode: 0o755 }],
      ['usr/lib/tool/run', '#!/usr/bin/perl\n', { mode: 0o755 }],
      ['usr/share/doc/tool/README', 'left out'],
      'var/lib/tool/',
    ],
  },
]
const recipe = sampleRecipe({
  entrypoint: ['/usr/bin/tool'],
  volumes: ['/data'],
  paths: [
    { type: 'file', path: '/etc/tool.conf', content: 'x', mode: 0o666, uid: 0, gid: 0 },
    { type: 'hardlink', path: '/etc/tool.again', source: '/etc/tool.conf' },
    { type: 'symlink', path: '/etc/gone', source: '/nowhere' },
    { type: 'file', path: '/etc/script', content: '#!/usr/bin/ruby\n', mode: 0o755, uid: 0, gid: 0 },
  ],
})

async function build(): Promise<{ readonly plan: ImagePlan; readonly layers: readonly Layer[] }> {
  const distro = sampleDistro(samples)
  const hardening = hardeningWith([])
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
    captures: proofReads,
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
  return { plan, layers: layers.map(({ layer }) => layer) }
}

/** What an unpacked tree would show. A hard link is a further name of a file. */
function shown(tree: FileTree): Record<string, unknown> {
  const entries = [...tree.nodes()].map(({ path, type, mode, uid, gid, target, mtime, size }) => {
    const shared = type === 'hardlink' ? tree.get(target ?? '') : undefined
    return [
      path,
      shared === undefined
        ? { type, mode, uid, gid, mtime, size, ...(target === undefined ? {} : { target }) }
        : { type: shared.type, mode, uid, gid, mtime, size: shared.size },
    ]
  })
  return Object.fromEntries(entries)
}

it('the layers of an image are the tree that was planned', async () => {
  const { plan, layers } = await build()
  const tree = await readImageTree({ layers }, { keep: () => false })
  expect(shown(tree)).toEqual(shown(plan.root))
  expect(tree.get('usr/bin/alias')?.layer?.diffId).toBe(layers[0]?.diffId)
  expect(tree.get('etc/tool.again')?.layer?.diffId).toBe(layers.at(-1)?.diffId)
})

it('whoever judges the layers finds what was found while building', async () => {
  const { plan, layers } = await build()
  const read = await readImageTree({ layers }, { keep: (path) => rulesRead(path) || proofReads(path) })
  const judge = (tree: FileTree) => {
    const needs = proveClosed(tree, { recipe, loader }).violations
    const broken = checkHardening(tree, { recipe, user: plan.user }).violations
    return [...needs, ...broken].map(({ rule, subject, found }) => `${rule} ${subject}: ${found}`)
  }
  const judged = judge(plan.root)
  expect(judged.map((line) => line.split(' ', 2).join(' '))).toEqual([
    'missing-interpreter /etc/script:',
    'dangling-symlink /etc/gone:',
    'world-writable /etc/tool.again:',
    'world-writable /etc/tool.conf:',
  ])
  expect(judge(read)).toEqual(judged)
})

it('a library that only a program of the recipe loads is loaded', () => {
  const sample: SamplePackage = {
    name: 'libs',
    files: [
      ['usr/lib/libz.so.1', 'z'],
      ['usr/lib/libspare.so.1', 's'],
    ],
  }
  const content = packageContent(sample)
  const entries = content.entries.map((entry) => ({
    ...entry,
    elf: elfFacts({ soname: entry.path.slice('usr/lib/'.length) }),
  }))
  const app = buildElf({ type: 2, machine: 62, interpreter: '/lib64/ld.so', needed: ['libz.so.1'] })
  const request = { path: '/usr/bin/app', source: 'app', mode: 0o755, uid: 0, gid: 0 }
  const plan = planImage({
    recipe: sampleRecipe({ contents: { packages: [], repositories: [], keyring: [], files: [request] } }),
    architecture: 'amd64',
    packages: [{ package: lockedPackage(sample), content: { ...content, entries } }],
    files: [{ request, content: app }],
    distro: sampleDistro(),
    hardening: hardeningWith([]),
  })
  expect(findUnloaded(plan.root, { loader, recipe: sampleRecipe() })).toEqual({
    provable: true,
    libraries: new Set(['usr/lib/libspare.so.1']),
  })
})

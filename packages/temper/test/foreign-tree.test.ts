import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unpackImage } from '../src/container/runc/unpack.ts'
import { buildElf } from '../src/formats/elf/fixtures/fixture-elf.ts'
import { glibcLoader } from '../src/formats/elf/glibc-loader.ts'
import { resolveUser } from '../src/formats/image-user.ts'
import { type SampleEntry, sampleImage } from '../src/formats/layer/fixtures/sample-image.ts'
import type { Image } from '../src/model/image.ts'
import type { FileTree } from '../src/model/tree/file-tree.ts'
import { rulesRead } from '../src/rules/hardening/accounts-file.ts'
import { checkHardening } from '../src/rules/hardening/check.ts'
import { readFolderTree } from '../src/tree/fixtures/folder.ts'
import { readImageTree } from '../src/tree/image.ts'
import { proofReads } from '../src/tree/proof/plugins.ts'
import { proveClosed } from '../src/tree/proof/prove.ts'

/** What rules and proof ask for, of any tree. */
const keep = (path: string) => rulesRead(path) || proofReads(path)

const loader = '/lib64/ld-linux-x86-64.so.2'
const program = (...needed: string[]) => buildElf({ type: 2, machine: 62, interpreter: loader, needed })
const library = (soname: string) => buildElf({ type: 3, machine: 62, soname })
const file = (path: string, content: string | Uint8Array, mode = 0o644): SampleEntry => ({
  path,
  type: 'file',
  content,
  mode,
})
/** Whoever runs the tests owns what they make; images are mostly of root's files. */
const ofRoot = (layer: readonly SampleEntry[]) => layer.map((entry) => ({ ...entry, uid: 0, gid: 0 }))

/** An image as somebody else builds it: a base, an application over it, a clean-up over both. */
const base: SampleEntry[] = [
  { path: 'lib', type: 'symlink', target: 'usr/lib' },
  { path: 'lib64', type: 'symlink', target: 'usr/lib64' },
  file('usr/lib64/ld-linux-x86-64.so.2', library('ld-linux-x86-64.so.2'), 0o755),
  file('usr/lib/x86_64-linux-gnu/libc.so.6', library('libc.so.6')),
  file('usr/lib/x86_64-linux-gnu/libz.so.1', library('libz.so.1')),
  file('usr/bin/dash', program('libc.so.6'), 0o755),
  { path: 'usr/bin/sh', type: 'symlink', target: 'dash' },
  file('usr/bin/su', program('libc.so.6'), 0o4755),
  file('usr/share/doc/app/manual', 'read me'),
  file('etc/passwd', 'root:x:0:0:root:/root:/usr/bin/sh\nweb:x:33:33::/srv:/usr/sbin/nologin\n'),
]
const application: SampleEntry[] = [
  file('usr/bin/app', program('libz.so.1'), 0o755),
  file('usr/bin/start', '#!/usr/bin/sh\n', 0o755),
  file('srv/upload', '', 0o666),
]
const cleanUp: SampleEntry[] = [
  file('usr/bin/.wh.dash', ''),
  file('usr/lib/x86_64-linux-gnu/.wh.libz.so.1', ''),
  file('usr/share/doc/.wh..wh..opq', ''),
]
const config = { Entrypoint: ['/usr/bin/app'], User: 'web', Volumes: { '/data': {} } }

/** Judges a tree by the settings that its image states. */
function judge(tree: FileTree, { config: { config = {} }, layers }: Image) {
  const text = (path: string) => Buffer.from(tree.resolve(path)?.content ?? []).toString()
  const recipe = {
    entrypoint: config.Entrypoint ?? [],
    cmd: config.Cmd ?? [],
    environment: {},
    workDir: config.WorkingDir ?? '/',
    volumes: Object.keys(config.Volumes ?? {}),
    tests: [],
    paths: [],
    hardening: { allow: [] },
  }
  const { violations: needs } = proveClosed(tree, {
    recipe,
    loader: glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
  })
  const user = resolveUser(config.User ?? '', { passwd: text('etc/passwd'), group: text('etc/group') })
  const { violations } = checkHardening(tree, { recipe, user })
  return {
    needs: needs.map(({ kind, subject, need }) => `${kind} ${subject} ${need}`),
    violations: violations.map(({ rule, subject }) => `${rule} ${subject}`),
    /** Positions of the layers that brought what breaks a rule; -1 where no place says it. */
    layers: violations.map(({ place }) =>
      layers.findIndex(({ diffId }) => place.kind === 'path' && place.layer === diffId),
    ),
  }
}

let folder = ''
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'temper-foreign-')), 'root')
  mkdirSync(folder)
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

const unpacked = async (image: Image) => {
  await unpackImage(image, folder)
  return (await readFolderTree(folder, { keep })).tree
}

describe('proof and rules over what somebody else built', () => {
  it('find in layers what is missing and what breaks a rule, with the layer that brought it', async () => {
    const image = sampleImage([base, application].map(ofRoot), config)
    const { needs, violations, layers } = judge(await readImageTree(image, { keep }), image)
    expect(needs).toEqual([])
    expect(violations).toEqual([
      'shell /usr/bin/dash',
      'shell /usr/bin/sh',
      'setuid /usr/bin/su',
      'world-writable /srv/upload',
      'account /etc/passwd',
      'documentation /usr/share/doc/app/manual',
    ])
    expect(layers).toEqual([0, 0, 0, 1, 0, 0])
  })

  it('look through whiteouts: what they hide breaks no rule, and is missing', async () => {
    const image = sampleImage([base, application, cleanUp].map(ofRoot), config)
    const { needs, violations } = judge(await readImageTree(image, { keep }), image)
    expect(needs).toEqual([
      'interpreter /usr/bin/start /usr/bin/sh',
      'library /usr/bin/app libz.so.1',
      'symlink /usr/bin/sh /usr/bin/dash',
    ])
    expect(violations).toEqual([
      'shell /usr/bin/sh',
      'setuid /usr/bin/su',
      'world-writable /srv/upload',
      'account /etc/passwd',
    ])
  })

  it.each([[[base, application]], [[base, application, cleanUp]]])(
    'say of the unpacked folder what they say of the layers (%#)',
    async (layers) => {
      const image = sampleImage(layers, config)
      const inLayers = judge(await readImageTree(image, { keep }), image)
      const inFolder = judge(await unpacked(image), image)
      expect(inFolder).toEqual({ ...inLayers, layers: inLayers.layers.map(() => -1) })
    },
  )

  it('find nothing wrong with a tree that is closed and hardened', async () => {
    const closed = [
      ...base.filter(({ path }) => /^lib|libc|usr\/lib64/.test(path)),
      file('usr/bin/app', program('libc.so.6'), 0o755),
      file('etc/passwd', 'root:x:0:0:root:/root:/usr/sbin/nologin\nweb:x:33:33::/:/usr/sbin/nologin\n'),
    ]
    const image = sampleImage([ofRoot(closed)], config)
    expect(judge(await readImageTree(image, { keep }), image)).toEqual({
      needs: [],
      violations: [],
      layers: [],
    })
  })
})

/** Folders that entries are in and that have none of their own. */
function foldersAbove(entries: readonly SampleEntry[]): readonly SampleEntry[] {
  const above = entries.flatMap(({ path }) =>
    path.split('/').flatMap((_, depth, names) => (depth === 0 ? [] : [names.slice(0, depth).join('/')])),
  )
  const own = new Set(entries.map(({ path }) => path))
  return [...new Set(above)]
    .filter((path) => !own.has(path))
    .map((path) => ({ path, type: 'directory', mode: 0o755 }))
}

describe('the tree of an image', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'a/b', 'a/c', 'b/c', 'a/b/c')
  const entry: fc.Arbitrary<SampleEntry> = fc.oneof(
    fc
      .tuple(name, fc.constantFrom(0o700, 0o755, 0o1777))
      .map(([path, mode]) => ({ path, type: 'directory' as const, mode })),
    fc.tuple(name, fc.constantFrom('', 'one', 'another')).map(([path, content]) => file(path, content)),
    fc.tuple(name, name).map(([path, to]) => ({ path, type: 'symlink' as const, target: `/${to}` })),
    // To another file: what a link to itself leaves behind is each program's own affair.
    fc
      .tuple(name, name)
      .filter(([path, target]) => path !== target)
      .map(([path, target]) => ({ path, type: 'hardlink' as const, target })),
    fc.constantFrom('.wh.a', 'a/.wh.b', 'a/.wh..wh..opq', '.wh..wh..opq').map((path) => file(path, '')),
  )
  // As in real layers each path stands once, and what is above it is there and comes first.
  const layer = fc
    .uniqueArray(entry, { selector: ({ path }) => path, maxLength: 6 })
    .map((entries) => [...foldersAbove(entries), ...entries])
    .map((entries) => entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
    .filter((entries) =>
      entries.every(
        ({ path }) =>
          !entries.some((other) => other.type !== 'directory' && path.startsWith(`${other.path}/`)),
      ),
    )

  it('is that of the folder into which it is unpacked', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { minLength: 1, maxLength: 3 }), async (layers) => {
        const image = sampleImage(layers)
        rmSync(folder, { recursive: true })
        try {
          await unpackImage(image, folder)
        } catch (error) {
          // The tree is only looked at: what cannot be unpacked is left out of it.
          expect(error).toMatchObject({ code: 'bad-image' })
          mkdirSync(folder, { recursive: true })
          return
        }
        const shown = (tree: FileTree) =>
          [...tree.nodes()].map(({ path, type, mode, target, digest }) =>
            [path, type, type === 'symlink' ? target : mode.toString(8), digest].join(' '),
          )
        const all = () => true
        const { tree } = await readFolderTree(folder, { keep: all })
        expect(shown(await readImageTree(image, { keep: all }))).toEqual(shown(tree))
        compared++
      }),
      { numRuns: 100 },
    )
    expect(compared).toBeGreaterThan(20)
  })
})

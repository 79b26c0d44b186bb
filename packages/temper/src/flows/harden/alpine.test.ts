import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  makeKey,
  publish,
  type SampleMirror,
  startMirror,
  tarEntry,
} from '../../distro/apk/fixtures/repository.ts'
import type { SampleEntry } from '../../formats/layer/fixtures/sample-image.ts'
import { tarEnd } from '../../formats/tar/write.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { readImageTree } from '../../tree/image.ts'
import { writeLayout } from '../assess/fixtures/sample-layout.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { file, link, program } from './fixtures/sample-image.ts'
import { harden } from './harden.ts'
import type { HardenRequest } from './request.ts'

const names = ['4a6a0840', '5261cecb', '6165ee59'].map(
  (id) => `alpine-devel@lists.alpinelinux.org-${id}.rsa.pub`,
)
const key = makeKey(names[0] ?? '')
let home = ''
let mirror: SampleMirror
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'temper-alpine-'))
  mkdirSync(join(home, 'keys'))
  for (const name of names) writeFileSync(join(home, 'keys', name), key.publicKey)
  mirror = await startMirror()
})
afterEach(() => {
  mirror.close()
  rmSync(home, { recursive: true })
})

const sha1 = (text: string) => createHash('sha1').update(text).digest()
const sum = (text: string) => `Q1${sha1(text).toString('base64')}`

function paragraph(name: string, more: string, files: Readonly<Record<string, readonly string[]>>): string {
  const listed = Object.entries(files).flatMap(([folder, inside]) => [
    `F:${folder}`,
    ...inside.flatMap((each) => [`R:${each}`, `Z:${sum(each === 'tool.conf' ? 'old' : each)}`]),
  ])
  return [
    `C:${sum(name)}`,
    `P:${name}`,
    'V:1.0-r0',
    'A:x86_64',
    'S:1',
    'I:1',
    ...more.split('\n'),
    ...listed,
    '',
  ].join('\n')
}

const database = [
  paragraph('apk-tools', 'o:apk-tools', { sbin: ['apk'] }),
  paragraph('busybox', 'o:busybox\np:/bin/sh', { bin: ['busybox', 'sh'] }),
  paragraph('tool', 'o:tool\nD:libstuff', {
    'usr/bin': ['tool'],
    etc: ['tool.conf'],
    'usr/share/tool': ['old'],
  }),
  paragraph('libstuff', 'o:tool', { 'usr/share/libstuff': ['data'] }),
].join('\n')

const scripts = gzipSync(
  Buffer.concat([
    ...['tool', 'busybox'].map((name) =>
      tarEntry(`.${name}-1.0-r0.X1${sha1(name).toString('hex')}.post-install`, 'x'),
    ),
    tarEnd,
  ]),
)

const root: readonly SampleEntry[] = [
  file('etc/os-release', 'ID=alpine\nVERSION_ID=3.23.4\n'),
  file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'),
  file('etc/group', 'root:x:0:\n'),
  file('etc/apk/world', 'apk-tools\nbusybox\ntool>0\n'),
  file('lib64/ld-linux-x86-64.so.2', 'loader', 0o755),
  program('sbin/apk'),
  program('bin/busybox'),
  link('bin/sh', '/bin/busybox'),
  program('usr/bin/tool'),
  file('etc/tool.conf', 'old'),
  file('usr/share/tool/old', 'old'),
  file('usr/share/libstuff/data', 'data'),
  file('lib/apk/db/installed', database),
  file('lib/apk/db/triggers', `${sum('busybox')} /bin\n${sum('tool')} /usr/share/tool\n`),
  file('lib/apk/db/scripts.tar.gz', scripts),
]

async function hardened(more: Partial<HardenRequest>, over: readonly SampleEntry[] = []) {
  publish(mirror, 'v3.23/main/x86_64', {
    key,
    packages: [
      {
        name: 'tool',
        version: '1.1-r0',
        depends: 'libstuff libextra',
        scripts: { 'post-upgrade': '#!/bin/sh\necho "$1 from $2" > /etc/tool.state\n' },
        files: { 'usr/bin/tool': 'new tool', 'etc/tool.conf': 'new', 'usr/share/tool/new': 'new' },
      },
      { name: 'libextra', files: { 'usr/share/libextra/data': 'x' } },
      { name: 'libstuff', version: '0.9-r0', files: { 'usr/share/libstuff/data': 'older' } },
      { name: 'busybox', files: { 'bin/busybox': 'same version' } },
      { name: 'apk-tools', files: { 'sbin/apk': 'same version' } },
    ],
  })
  await writeLayout(join(home, 'in'), [root, over], { Entrypoint: ['/usr/bin/tool'] })
  const result = await harden(
    {
      image: { kind: 'oci', path: join(home, 'in') },
      layout: { path: join(home, 'out') },
      allow: [],
      writable: [],
      ...more,
    },
    sampleContext(home, {
      fetch: globalThis.fetch,
      offline: false,
      keysDir: join(home, 'keys'),
      now: () => new Date('2026-06-01T00:00:00Z'),
      mirrors: { alpine: [mirror.address] },
    }),
  )
  const store = openLayout(join(home, 'out'))
  const image = await readImage(store, await store.resolve('latest'), {})
  const tree = await readImageTree(image, { keep: () => true })
  const bytes = (path: string) => Buffer.from(tree.get(path)?.content ?? '')
  return { result, tree, image, bytes, text: (path: string) => bytes(path).toString('utf8') }
}

it('updates the packages of an Alpine as apk does', async () => {
  const { result, text, tree, bytes } = await hardened({ only: 'updates' })
  expect(result.left).toEqual([])
  expect(result.updated).toEqual([
    { package: 'libextra', from: '', to: '1.0-r0' },
    { package: 'tool', from: '1.0-r0', to: '1.1-r0' },
  ])
  expect(text('usr/bin/tool')).toBe('new tool')
  expect(text('usr/share/libstuff/data')).toBe('data')
  expect(text('etc/tool.conf')).toBe('new')
  expect(text('etc/tool.state')).toBe('1.1-r0 from 1.0-r0\n')
  expect(tree.get('usr/share/tool/old')).toBeUndefined()
  const installed = text('lib/apk/db/installed')
  expect(installed.match(/^P:.+$/gm)).toEqual([
    'P:apk-tools',
    'P:busybox',
    'P:tool',
    'P:libstuff',
    'P:libextra',
  ])
  expect(installed).toContain('V:1.1-r0\n')
  expect(installed).toContain(`F:usr/share/tool\nR:new\nZ:${sum('new')}\n`)
  expect(installed).not.toContain('R:old')
  expect(text('lib/apk/db/triggers')).toBe(`${sum('busybox')} /bin\n`)
  const kept = gunzipSync(bytes('lib/apk/db/scripts.tar.gz')).toString('latin1')
  expect(kept).toContain(`busybox-1.0-r0.X1${sha1('busybox').toString('hex')}.post-install`)
  expect(kept).toMatch(/tool-1\.1-r0\.X1[0-9a-f]{40}\.post-upgrade/)
  expect(kept).not.toContain('tool-1.0-r0')
})

it('keeps configuration that somebody changed', async () => {
  const { result, text } = await hardened({ only: 'updates' }, [file('etc/tool.conf', 'mine')])
  expect(text('etc/tool.conf')).toBe('mine')
  expect(result.left).toEqual([{ what: '/etc/tool.conf', why: expect.stringContaining('it was changed') }])
})

it('takes shell and package manager out, and lists no package that is gone', async () => {
  const { result, text, tree, image } = await hardened({})
  expect(result.left).toEqual([])
  expect(tree.get('bin/busybox')).toBeUndefined()
  expect(tree.get('sbin/apk')).toBeUndefined()
  expect(text('lib/apk/db/installed').match(/^P:.+$/gm)).toEqual(['P:tool', 'P:libstuff', 'P:libextra'])
  expect(tree.list('lib/apk/db')).toEqual(['installed'])
  expect(text('etc/apk/world')).toBe('tool>0\n')
  expect(image.config.config?.User).toBe('65532')
})

it('tells a program that is many once, with how many names it has', async () => {
  const names = ['ash', 'cat', 'ls', 'echo'].map((name) => link(`bin/${name}`, '/bin/busybox'))
  const script = file('usr/local/bin/run', '#!/bin/sh\n', 0o755)
  const { result, tree } = await hardened({ only: 'rules' }, [...names, script])
  const shells = result.left.filter(({ what }) => what.startsWith('shell: '))
  expect(shells).toEqual([
    { what: 'shell: /bin/busybox', why: expect.stringMatching(/script for it; so do 5 links to it$/) },
  ])
  expect(tree.get('bin/cat')?.target).toBe('/bin/busybox')
})

it('takes out a unit that is masked by a link to /dev/null', async () => {
  const { result, tree } = await hardened({}, [link('usr/lib/systemd/system/tool.service', '/dev/null')])
  expect(result.left).toEqual([])
  expect(tree.get('usr/lib/systemd/system/tool.service')).toBeUndefined()
})

it('puts all of it into one layer that has nothing else', async () => {
  const { result, image, tree } = await hardened({})
  const squashed = await hardened({ squash: true })
  expect(squashed.image.layers).toHaveLength(1)
  expect(image.layers).toHaveLength(3)
  expect(squashed.result.digest).not.toBe(result.digest)
  const listing = (from: typeof tree) =>
    [...from.nodes()].map(({ path, type, mode, uid, gid, digest, target }) => ({
      path,
      type,
      mode,
      uid,
      gid,
      digest,
      target,
    }))
  expect(listing(squashed.tree)).toEqual(listing(tree))
})

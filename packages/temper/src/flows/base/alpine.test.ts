import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeKey, publish, type SampleMirror, startMirror } from '../../distro/apk/fixtures/repository.ts'
import type { SampleEntry } from '../../formats/layer/fixtures/sample-image.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { readImageTree } from '../../tree/image.ts'
import { writeLayout } from '../assess/fixtures/sample-layout.ts'
import { build } from '../build/build.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { file } from '../harden/fixtures/sample-image.ts'

const names = ['4a6a0840', '5261cecb', '6165ee59'].map(
  (id) => `alpine-devel@lists.alpinelinux.org-${id}.rsa.pub`,
)
const key = makeKey(names[0] ?? '')
let home = ''
let mirror: SampleMirror
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'temper-alpine-base-'))
  mkdirSync(join(home, 'keys'))
  for (const name of names) writeFileSync(join(home, 'keys', name), key.publicKey)
  mirror = await startMirror()
})
afterEach(() => {
  mirror.close()
  rmSync(home, { recursive: true })
})

const sum = (text: string) => `Q1${createHash('sha1').update(text).digest('base64')}`
const database = [
  ...[`C:${sum('stuff')}`, 'P:stuff', 'V:1.0-r0', 'A:x86_64', 'S:1', 'I:1', 'o:stuff'],
  ...['F:usr/share/stuff', 'R:data', `Z:${sum('data')}`, ''],
].join('\n')

const root: readonly SampleEntry[] = [
  file('etc/os-release', 'ID=alpine\nVERSION_ID=3.23.4\n'),
  file('etc/passwd', 'root:x:0:0:root:/root:/sbin/nologin\n'),
  file('etc/group', 'root:x:0:\n'),
  file('etc/apk/world', 'stuff\n'),
  file('usr/share/stuff/data', 'data'),
  file('lib/apk/db/installed', database),
]

it('adds to the one database of apk what comes over a base', async () => {
  publish(mirror, 'v3.23/main/x86_64', {
    key,
    packages: [
      { name: 'tool', version: '1.0-r0', depends: 'stuff', files: { 'usr/share/tool/data': 'tool' } },
      { name: 'stuff', version: '9.0-r0', files: { 'usr/share/stuff/data': 'newer' } },
    ],
  })
  publish(mirror, 'v3.23/community/x86_64', { key, packages: [] })
  await writeLayout(join(home, 'below'), [root], {})
  writeFileSync(
    join(home, 'app.yaml'),
    'name: app\nbase: oci:below\ndistribution: alpine-3.23\ncontents: { packages: [tool] }\n',
  )
  const context = sampleContext(home, {
    fetch: globalThis.fetch,
    offline: false,
    keysDir: join(home, 'keys'),
    mirrors: { alpine: [mirror.address] },
  })
  const result = await build({ target: join(home, 'app.yaml') }, context)
  const store = openLayout(join(home, 'out/app'))
  const image = await readImage(store, await store.resolve(result.digest))
  const tree = await readImageTree(image, { keep: () => true })
  const text = (path: string) => Buffer.from(tree.resolve(path)?.content ?? '').toString('utf8')
  expect(text('usr/share/stuff/data')).toBe('data')
  expect(text('usr/share/tool/data')).toBe('tool')
  const installed = text('lib/apk/db/installed')
  expect(installed.match(/^P:.+$/gm)).toEqual(['P:stuff', 'P:tool'])
  expect(installed.match(/^V:.+$/gm)).toEqual(['V:1.0-r0', 'V:1.0-r0'])
  // Records are apart by one empty line.
  expect(installed.trim().split('\n\n')).toHaveLength(2)
  expect(text('etc/apk/world')).toBe('stuff\ntool\n')
  expect(text('etc/passwd')).toContain('nonroot:x:65532:')
  expect(result.platforms[0]?.packages).toBe(2)
})

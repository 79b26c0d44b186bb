import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { sampleDistro, sampleRecipe } from '../../assemble/fixtures/sample.ts'
import type { KnownEffects } from '../../assemble/root/known-effects.ts'
import { silentProgress } from '../../base/progress.ts'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import { build } from '../build/build.ts'
import { archiveContext, type SampleDeb, writeRecipe } from '../fixtures/sample-archive.ts'
import { EffectMemory } from './effect-memory.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-effects-'))
})
afterEach(() => rm(folder, { recursive: true }))
afterAll(cleanUp)

const entry = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 3, mtime: 0 } as const
const known: KnownEffects = {
  seen: `sha256:${'1'.repeat(64)}`,
  ways: [['package', 'tool', 'own', 'scripts', 'postinst']],
  found: `sha256:${'2'.repeat(64)}`,
  outcome: {
    changes: [
      { kind: 'put', entry: { ...entry, path: 'etc/a' }, content: Buffer.from([0, 255, 10]) },
      { kind: 'put', entry: { ...entry, path: 'etc/b', type: 'symlink', target: 'a', size: 0 } },
      { kind: 'remove', path: 'etc/c' },
      { kind: 'move', from: 'etc/d', to: 'etc/e' },
      { kind: 'attributes', path: 'etc/f', mode: 0o600, uid: 1, gid: 2 },
    ],
    applied: [{ effect: 'accounts', detail: '2 users' }],
    unmodelled: [{ package: 'tool', script: 'postinst', line: 3, command: 'odd' }],
  },
}

function memory(name: string, program = 'one') {
  const context = { cacheDir: folder, progress: silentProgress, program: () => program }
  const locked = { packages: [] }
  return new EffectMemory(
    { recipe: sampleRecipe({ name }), architecture: 'amd64', locked },
    { context, distro: sampleDistro() },
  )
}

it('recalls what was kept, for the same image and program', async () => {
  expect(await memory('web').recall()).toBeUndefined()
  await memory('web').keep(known)
  expect(await memory('web').recall()).toEqual(known)
  expect(await memory('other').recall()).toBeUndefined()
  expect(await memory('web', 'two').recall()).toBeUndefined()
})

it('recalls nothing that is damaged', async () => {
  await memory('web').keep(known)
  const [file] = (await readdir(folder, { recursive: true })).filter((path) => /[0-9a-f]{64}$/.test(path))
  const path = join(folder, file ?? '')
  const bytes = await readFile(path)
  bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
  await writeFile(path, bytes)
  expect(await memory('web').recall()).toBeUndefined()
})

/** Asks for an account and writes a setting that its package brings. */
const postinst = `#!/bin/sh
set -e
adduser --system --group web
sed "s/LEVEL=/level /" /usr/share/web/setting > /etc/web.conf
`
const web = (more: Partial<SampleDeb> = {}, level = 'one'): SampleDeb => ({
  name: 'web',
  fields: { Depends: 'plain' },
  postinst,
  files: { '/usr/share/web/setting': `LEVEL=${level}\n`, '/usr/share/web/page': 'hello' },
  ...more,
})
const plain = (text: string, version = '1.0-1'): SampleDeb => ({
  name: 'plain',
  version,
  files: { '/usr/share/plain/file': text },
})

it.each<[string, readonly SampleDeb[], boolean]>([
  ['a new version of what no script looks at', [web(), plain('longer', '1.0-2')], true],
  ['a new version of what has the script', [web({ version: '1.0-2' }), plain('one')], true],
  ['another setting', [web({}, 'two'), plain('one')], false],
  ['another script', [web({ postinst: `${postinst}chmod 600 /etc/web.conf\n` }), plain('one')], false],
  ['another path', [web(), { ...plain('one'), files: { '/usr/share/plain/other': 'one' } }], false],
])('gives the image that an empty cache gives after %s', async (_, changed, known) => {
  const { context, publish } = await archiveContext(folder, [web(), plain('one')])
  const target = await writeRecipe(folder, { name: 'web', packages: ['web'] })
  const remembered = async () => {
    const kind = join(context.cacheDir, 'effects-1')
    const paths = (await readdir(kind, { recursive: true })).filter((path) => /[0-9a-f]{64}$/.test(path))
    return await Promise.all(paths.map((path) => readFile(join(kind, path), 'latin1')))
  }
  await build({ target, layout: { path: 'before' } }, context)
  const before = await remembered()
  await publish(changed)
  const warm = await build({ target, layout: { path: 'warm' } }, context)
  const empty = { ...context, cacheDir: join(folder, 'empty') }
  const cold = await build({ target, layout: { path: 'cold' } }, empty)
  expect(warm.digest).toBe(cold.digest)
  expect(warm.platforms).toEqual(cold.platforms)
  expect(before).toHaveLength(1)
  expect((await remembered())[0] === before[0]).toBe(known)
})

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { silentProgress } from '../../base/progress.ts'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import type { Context } from '../context.ts'
import { archiveContext, type SampleDeb, writeRecipe } from '../fixtures/sample-archive.ts'
import { lock } from '../lock/lock.ts'
import { build } from './build.ts'

const debs: readonly SampleDeb[] = [
  {
    name: 'web',
    fields: { Depends: 'library' },
    files: { '/usr/share/web/page': 'hello' },
  },
  { name: 'library', version: '1.1-1', files: { '/usr/share/library/file': 'b'.repeat(3 << 20) } },
  { name: 'other', files: { '/usr/share/other/file': 'c'.repeat(5 << 20) } },
  { name: 'third', files: { '/usr/share/third/file': 'd'.repeat(1 << 20) } },
  { name: 'shelly', files: { '/usr/bin/sh': '#!/usr/bin/none\n' } },
]

const folders: string[] = []
let folder = ''
let context: Context
let told: string[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-prepared-'))
  folders.push(folder)
  told = []
  const tell = (text: string) => void told.push(text)
  const progress = { ...silentProgress, warn: tell, note: tell }
  ;({ context } = await archiveContext(folder, debs, { progress }))
})
afterAll(async () => {
  await cleanUp()
  for (const each of folders) await rm(each, { recursive: true, force: true })
})

const recipe = (packages: readonly string[], more = '') =>
  writeRecipe(folder, { name: 'web', packages, more })

/** Every file of a layout, and what it holds. */
async function written(name: string): Promise<Record<string, string>> {
  const root = join(folder, name)
  const files: Record<string, string> = {}
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      files[join(entry.parentPath, entry.name).slice(root.length)] = await readFile(
        join(entry.parentPath, entry.name),
        'latin1',
      )
  return files
}

/** The folders of the cache with such a name, whatever the number of their format. */
async function foldersOf(name: string): Promise<readonly string[]> {
  const all = await readdir(context.cacheDir)
  return all.filter((each) => each.replace(/-\d+$/, '') === name).map((each) => join(context.cacheDir, each))
}

async function forget(...names: readonly string[]): Promise<void> {
  for (const name of names) for (const path of await foldersOf(name)) await rm(path, { recursive: true })
}

async function filesOf(name: string): Promise<readonly string[]> {
  const [path = ''] = await foldersOf(name)
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Flips a bit of a file, in its middle if nothing else is said. */
async function damage(path: string, where?: number): Promise<void> {
  const bytes = await readFile(path)
  const at = where ?? bytes.length >> 1
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  await writeFile(path, bytes)
}

describe('what locking prepares', () => {
  it('is what the build writes, without a look at any package', async () => {
    const target = await recipe(['web'])
    await lock({ target, prepare: false }, context)
    expect(await readdir(context.cacheDir)).not.toContainEqual(expect.stringMatching(/^prepared/))
    const plain = await build({ target, layout: { path: 'plain' } }, context)
    await forget('prepared', 'layers')
    await lock({ target }, context)
    await forget('packages', 'contents', 'layers')
    const offline = { ...context, offline: true }
    const prepared = await build({ target, layout: { path: 'prepared' } }, offline)
    expect(prepared).toEqual({ ...plain, reference: prepared.reference })
    expect(await written('prepared')).toEqual(await written('plain'))
  })

  it('tells what there is to tell of the image, at the build', async () => {
    const target = await recipe(['web'], 'hardening: { allow: [{ rule: shell, why: none is there }] }\n')
    const about = () => told.filter((line) => line.includes('shell'))
    await lock({ target }, context)
    expect(about()).toEqual([])
    await build({ target }, context)
    expect(about()).toHaveLength(1)
    await build({ target, layout: { path: 'again' } }, context)
    expect(about()).toEqual([about()[0], about()[0]])
  })

  it.each(['missing', 'damaged'])('is made again where something of it is %s', async (how) => {
    const target = await recipe(['web'])
    await lock({ target }, context)
    const plain = await build({ target, layout: { path: 'plain' } }, context)
    for (const name of ['segments', 'prepared']) {
      for (const path of await filesOf(name)) await (how === 'missing' ? rm(path) : damage(path))
      const again = await build({ target, layout: { path: name } }, context)
      expect(again.digest).toBe(plain.digest)
      expect(await written(name)).toEqual(await written('plain'))
    }
  })

  it.each(['known', 'forgotten'])(
    'is made again where each segment lacks a member, its layers %s',
    async (how) => {
      const target = await recipe(['web', 'other', 'third'], 'output: { layers: 3 }\n')
      const plain = await build({ target, layout: { path: 'plain' } }, context)
      for (const path of await filesOf('segments')) await damage(path, 0)
      if (how === 'forgotten') await forget('layers')
      const again = await build({ target, layout: { path: 'again' } }, context)
      expect(again.digest).toBe(plain.digest)
      expect(await written('again')).toEqual(await written('plain'))
    },
  )

  it('is for one program only: another of the same version makes its own', async () => {
    const target = await recipe(['web'])
    await lock({ target }, context)
    const [before] = await filesOf('prepared')
    await build({ target }, { ...context, program: () => 'another' })
    expect(await filesOf('prepared')).toHaveLength(2)
    await lock({ target }, context)
    expect(await filesOf('prepared')).toContain(before)
  })
})

it('a lock is made although nothing can be built from it, and the build says why', async () => {
  const target = await recipe(['shelly'])
  await lock({ target }, context)
  expect(told).toContainEqual(expect.stringContaining('the next build is not prepared'))
  await expect(build({ target }, context)).rejects.toMatchObject({ code: 'not-hardened' })
})

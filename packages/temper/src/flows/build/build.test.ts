import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { silentProgress } from '../../base/progress.ts'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import type { Context } from '../context.ts'
import { archiveContext, type SampleDeb, writeRecipe } from '../fixtures/sample-archive.ts'
import { inspect } from '../image/inspect.ts'
import { lock } from '../lock/lock.ts'
import { type BuildRequest, build } from './build.ts'

const debs: readonly SampleDeb[] = [
  {
    name: 'web',
    version: '2.0-1',
    fields: { Depends: 'library, debconf' },
    files: { '/usr/share/web/page': 'hello', '/usr/share/doc/web/README': 'left out' },
  },
  { name: 'library', version: '1.1-1', files: { '/usr/share/library/file': 'b' } },
  { name: 'debconf', files: { '/usr/share/debconf/file': 'c' } },
  { name: 'odd', files: { '/usr/share/odd/file': 'd' }, postinst: '#!/bin/sh\nset -e\nfrobnicate --all\n' },
  { name: 'shelly', files: { '/usr/bin/sh': '#!/usr/bin/none\n' } },
]

let folder = ''
let context: Context
let warnings: string[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-build-'))
  const progress = { ...silentProgress, warn: (text: string) => void warnings.push(text) }
  ;({ context } = await archiveContext(folder, debs, { progress }))
})
beforeEach(() => {
  warnings = []
})
afterAll(async () => {
  await cleanUp()
  await rm(folder, { recursive: true, force: true })
})

let recipes = 0
/** Builds a recipe of its own that asks for packages, into a layout of its own. */
async function built(packages: readonly string[], more: Partial<BuildRequest> & { lines?: string } = {}) {
  const { lines, ...request } = more
  const name = `web${recipes++}`
  const target = await writeRecipe(folder, {
    name,
    packages,
    ...(lines === undefined ? {} : { more: lines }),
  })
  return { name, target, result: await build({ target, ...request }, context) }
}

describe('a build', () => {
  it('makes an image of what the packages bring, and says what it left out', async () => {
    const { name, result } = await built(['web'])
    expect(result).toMatchObject({
      cached: false,
      published: [],
      reference: `oci:${folder}/out/${name}:latest`,
    })
    expect(result).not.toHaveProperty('lock')
    const [platform] = result.platforms
    expect(platform).toMatchObject({
      platform: 'linux/amd64',
      digest: result.digest,
      packages: 2,
      user: '65532',
      unmodelledEffects: [],
      relaxations: [],
    })
    expect(platform?.pruned.map((each) => each.name)).toEqual(['debconf'])
    expect(Object.values(platform?.stripped ?? {}).reduce((a, b) => a + b, 0)).toBeGreaterThan(0)
    const inspection = await inspect(
      { reference: { kind: 'oci', path: join(folder, 'out', name) }, packages: true },
      context,
    )
    expect(inspection.images[0]?.packages?.map((each) => each.name)).toEqual(['library', 'web'])
  })

  it('finds the same image again without making it, wherever that was written', async () => {
    const { target, name, result } = await built(['web'])
    const again = await build({ target }, context)
    expect(again).toMatchObject({ cached: true, digest: result.digest, platforms: result.platforms })
    const elsewhere = await build({ target, layout: { path: 'elsewhere', tag: 'new' } }, context)
    expect(elsewhere).toMatchObject({
      cached: false,
      digest: result.digest,
      reference: `oci:${folder}/elsewhere:new`,
    })
    await rm(join(folder, 'out', name), { recursive: true })
    expect(await build({ target }, context)).toMatchObject({ cached: false, digest: result.digest })
  })

  it('takes what a lock says, and tells which', async () => {
    const { target, name, result } = await built(['web'])
    const { path } = await lock({ target }, context)
    expect(path).toBe(join(folder, `${name}.lock.json`))
    expect(await build({ target }, context)).toMatchObject({ lock: path, digest: result.digest })
    const text = await readFile(path, 'utf8')
    await writeFile(join(folder, 'other.lock.json'), text.replace(/"linux\/amd64"/, '"linux/arm64"'))
    await expect(build({ target, lock: 'other.lock.json' }, context)).rejects.toMatchObject({
      code: 'bad-lock',
      message: expect.stringContaining('has no packages for linux/amd64; it has linux/arm64'),
    })
    await expect(build({ target, lock: 'none.json' }, context)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is the same image a second later, and another one with another recipe', async () => {
    const { result } = await built(['web'])
    const { result: labelled } = await built(['web'], { lines: 'labels: {a: b}\n' })
    expect(labelled.digest).not.toBe(result.digest)
  })

  it('tells what scripts do that is not modelled, or refuses it where that was asked for', async () => {
    const { result, target } = await built(['odd'])
    expect(result.platforms[0]?.unmodelledEffects).toMatchObject([
      { package: 'odd', script: 'postinst', line: 3, command: 'frobnicate --all' },
    ])
    await expect(build({ target, strict: true }, context)).rejects.toMatchObject({
      code: 'unmodelled-effect',
      message: expect.stringContaining('  odd postinst:3: frobnicate --all'),
    })
    await expect(built(['odd'], { strict: true })).rejects.toMatchObject({ code: 'unmodelled-effect' })
    expect((await built(['web'], { strict: true })).result.digest).toMatch(/^sha256:/)
  })

  it('refuses what hardening forbids, and writes nothing', async () => {
    await expect(built(['shelly'])).rejects.toMatchObject({ exitCode: 1 })
    expect(await readdir(join(folder, 'out'))).not.toContain(`web${recipes - 1}`)
  })

  it('needs advisories where rules or statements ask for them, before it makes anything', async () => {
    await expect(built(['web'], { scan: { failOn: 'critical' } })).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(built(['web'], { vexFeeds: {} })).rejects.toMatchObject({ code: 'not-found' })
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import { buildElf, type FixtureElf } from '../../formats/elf/fixtures/fixture-elf.ts'
import type { Lock } from '../../model/lock.ts'
import { archiveContext, type SampleDeb, writeRecipe } from '../fixtures/sample-archive.ts'
import { loadTarget } from './recipe-target.ts'
import { resolve } from './resolve.ts'

/* Packages that were left out and come back, because files of others need theirs. */

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-returns-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(cleanUp)

const libraries = '/usr/lib/x86_64-linux-gnu'

async function resolved(debs: readonly SampleDeb[], packages: readonly string[], more = ''): Promise<Lock> {
  const { context } = await archiveContext(folder, debs)
  const target = await writeRecipe(folder, { name: 'web', packages, more })
  return await resolve(await loadTarget({ target }, context), context)
}

const kept = ({ platforms }: Lock) =>
  platforms[0]?.packages.map(({ name, wantedBy }) => `${name} by ${wantedBy}`)
const pruned = ({ platforms }: Lock) => platforms[0]?.pruned.map(({ name }) => name)

describe('modules of PAM', () => {
  const pam: readonly SampleDeb[] = [
    { name: 'libpam0g', files: { [`${libraries}/libpam.so.0`]: 'pam' } },
    { name: 'libpam-modules', files: { [`${libraries}/security/pam_ftp.so`]: 'ftp' } },
    { name: 'libpam-systemd', files: { [`${libraries}/security/pam_systemd.so`]: 'session' } },
  ]
  const server = (module: string, depends: string): SampleDeb => ({
    name: 'server',
    fields: { Depends: depends },
    files: { '/etc/pam.d/server': `auth required ${module}\n` },
  })

  it('come back when a file that is kept names one', async () => {
    const debs = [...pam, server('pam_systemd.so', 'libpam0g, libpam-systemd')]
    const lock = await resolved(debs, ['server'])
    expect(kept(lock)).toEqual(['libpam-systemd by server', 'libpam0g by server', 'server by recipe'])
    expect(pruned(lock)).toEqual([])
  })

  it('stay out when nothing names one', async () => {
    const debs = [...pam, server('pam_base.so', 'libpam0g, libpam-systemd')]
    expect(kept(await resolved(debs, ['libpam0g']))).toEqual(['libpam0g by recipe'])
    const other: SampleDeb = {
      name: 'other',
      fields: { Depends: 'libpam-systemd' },
      files: { '/usr/share/other/file': 'a' },
    }
    expect(pruned(await resolved([...pam, other], ['other']))).toEqual(['libpam-systemd'])
  })

  it('come even from what no package depends on, because every system has it', async () => {
    const debs = [...pam, server('pam_ftp.so', 'libpam0g')]
    const without = ['libpam0g by server', 'server by recipe']
    expect(kept(await resolved(debs, ['server']))).toEqual(['libpam-modules by recipe', ...without])
    expect(kept(await resolved(debs, ['server', '"!libpam-modules"']))).toEqual(without)
    const poor = debs.filter(({ name }) => name !== 'libpam-modules')
    expect(kept(await resolved(poor, ['server']))).toEqual(without)
  })
})

/** A package with a file that needs a library. */
const app = (name: string, depends: string, elf: FixtureElf): SampleDeb => ({
  name,
  fields: { Depends: depends },
  files: { [`/usr/bin/${name}`]: buildElf(elf) },
})
/** A package that is left out unless something needs its library, which has the same name. */
const asking = (at: number, of: number): SampleDeb => ({
  name: `cdebconf-${at}`,
  fields: at === of ? {} : { Depends: `cdebconf-${at + 1}` },
  files: {
    [`${libraries}/cdebconf-${at}`]: buildElf(at === of ? {} : { needed: [`cdebconf-${at + 1}`] }),
  },
})

describe('libraries', () => {
  it.each([4, 5])('come back one after the other, four times at most: %i', async (length) => {
    const chain = Array.from({ length }, (_, i) => asking(i + 1, length))
    const lock = await resolved([app('app', 'cdebconf-1', { needed: ['cdebconf-1'] }), ...chain], ['app'])
    expect(kept(lock)).toEqual([
      'app by recipe',
      'cdebconf-1 by app',
      'cdebconf-2 by cdebconf-1',
      'cdebconf-3 by cdebconf-2',
      'cdebconf-4 by cdebconf-3',
    ])
    expect(pruned(lock)).toEqual(length === 5 ? ['cdebconf-5'] : [])
  })

  it('come back for the first file that needs them, or for the recipe', async () => {
    const needs = { needed: ['cdebconf-1'] }
    const debs = [app('app', 'cdebconf-1', needs), app('bpp', 'cdebconf-1', needs), asking(1, 1)]
    const both = ['app by recipe', 'bpp by recipe']
    expect(kept(await resolved(debs, ['app', 'bpp']))).toEqual([...both, 'cdebconf-1 by app'])
    const plain = app('app', 'cdebconf-1', {})
    const preload = 'environment: { LD_PRELOAD: cdebconf-1 }\n'
    expect(kept(await resolved([plain, asking(1, 1)], ['app'], preload))).toEqual([
      'app by recipe',
      'cdebconf-1 by recipe',
    ])
  })

  it('come back for a version that the library in their place does not have', async () => {
    const soname = 'libdebconfclient.so.0'
    const library = (name: string, path: string, version: string): SampleDeb => ({
      name,
      files: { [`${path}/${soname}`]: buildElf({ soname, definitions: [soname, version] }) },
    })
    const depends = 'older, libdebconfclient0'
    const lock = await resolved(
      [
        app('app', depends, { needed: [soname], needs: { [soname]: { strong: ['V_2'] } } }),
        library('older', '/usr/lib', 'V_1'),
        library('libdebconfclient0', libraries, 'V_2'),
      ],
      ['app'],
    )
    expect(kept(lock)).toEqual(['app by recipe', 'libdebconfclient0 by app', 'older by app'])
  })

  it('stay out where only a relaxation of hardening would let them in', async () => {
    const gawk: SampleDeb = { name: 'gawk', files: { [`${libraries}/gawk`]: buildElf({}) } }
    const lock = await resolved([app('app', 'gawk', { needed: ['gawk'] }), gawk], ['app'])
    expect([kept(lock), pruned(lock)]).toEqual([['app by recipe'], ['gawk']])
  })
})

it('brings no program back: what the image is to start has to be asked for', async () => {
  const adduser: SampleDeb = { name: 'adduser', files: { '/usr/sbin/adduser': buildElf({}) } }
  const debs = [app('app', 'adduser', {}), adduser]
  const lock = await resolved(debs, ['app'], 'entrypoint: [/usr/sbin/adduser]\n')
  expect([kept(lock), pruned(lock)]).toEqual([['app by recipe'], ['adduser']])
})

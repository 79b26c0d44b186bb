import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import type { Lock } from '../../model/lock.ts'
import type { Context } from '../context.ts'
import { archiveContext, type SampleDeb, writeRecipe } from '../fixtures/sample-archive.ts'
import { loadTarget } from './recipe-target.ts'
import { type ResolveOptions, resolve } from './resolve.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-resolve-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(cleanUp)

const file = { '/usr/share/a/file': 'a' }
const debs: readonly SampleDeb[] = [
  { name: 'web', version: '2.0-1', fields: { Depends: 'library (>= 1.0), debconf' }, files: file },
  { name: 'library', version: '1.1-1', files: { '/usr/share/library/file': 'b' } },
  { name: 'debconf', files: { '/usr/share/debconf/file': 'c' } },
]

async function resolved(
  context: Context,
  packages: readonly string[],
  options: ResolveOptions = {},
): Promise<Lock> {
  const target = await writeRecipe(folder, { name: 'web', packages })
  return await resolve(await loadTarget({ target }, context), context, options)
}

const versions = ({ platforms }: Lock) =>
  platforms[0]?.packages.map(({ name, version }) => `${name} ${version}`)

describe('resolving', () => {
  it('leaves out what others depend on when the recipe says so, and tells whom it is missing', async () => {
    const { context } = await archiveContext(folder, debs)
    const warnings: string[] = []
    const progress = { ...context.progress, warn: (text: string) => void warnings.push(text) }
    const target = await writeRecipe(folder, {
      name: 'web',
      packages: ['web'],
      more: '  without: [library]\n',
    })
    const lock = await resolve(await loadTarget({ target }, context), { ...context, progress })
    expect(versions(lock)).toEqual(['web 2.0-1'])
    expect(warnings).toEqual(['web depends on library (>= 1.0), which contents.without leaves out'])
  })

  it.each([
    [['python3.13'], 1],
    [['python3.13', 'libc-bin'], 0],
    [['python3.13', '"!libc-bin"'], 0],
    [['libc-bin'], 0],
  ])('tells that Python will find no libraries without ldconfig: %j', async (packages, count) => {
    const { context } = await archiveContext(folder, [
      { name: 'python3.13', files: { '/usr/lib/python3.13/ctypes/util.py': '' } },
      { name: 'libc-bin', files: { '/usr/sbin/ldconfig': '' } },
    ])
    const warnings: string[] = []
    const progress = { ...context.progress, warn: (text: string) => void warnings.push(text) }
    await resolved({ ...context, progress }, packages)
    expect(warnings).toEqual(
      [
        'ctypes.util.find_library of Python finds no library: it asks /usr/sbin/ldconfig, which is not in the image. Add libc-bin to contents.packages, or "!libc-bin" if nothing needs it',
      ].slice(0, count),
    )
  })

  it('tells names that are kept out although nobody has them', async () => {
    const { context } = await archiveContext(folder, debs)
    const warnings: string[] = []
    const progress = { ...context.progress, warn: (text: string) => void warnings.push(text) }
    await resolved({ ...context, progress }, ['web', '"!webb"', '"!library-doc"'])
    const more = '  without: [libary]\n'
    const target = await writeRecipe(folder, { name: 'web', packages: ['web'], more })
    await resolve(await loadTarget({ target }, context), { ...context, progress })
    expect(warnings.splice(2)).toEqual([
      'contents.without: "libary" excludes nothing, because no repository has libary',
    ])
    expect(warnings).toEqual([
      'contents.packages: "!webb" excludes nothing, because no repository has webb',
      'contents.packages: "!library-doc" excludes nothing, because no repository has library-doc',
    ])
  })

  it('pins what is needed, leaves out what is for installing only, and says whence', async () => {
    const { context, mirror } = await archiveContext(folder, debs)
    const lock = await resolved(context, ['web'])
    expect(versions(lock)).toEqual(['library 1.1-1', 'web 2.0-1'])
    expect(lock.platforms[0]?.pruned.map(({ name }) => name)).toEqual(['debconf'])
    expect(lock.platforms[0]?.packages.map(({ wantedBy }) => wantedBy)).toEqual(['web', 'recipe'])
    expect(lock.suites.map(({ suite, address }) => [suite, address])).toContainEqual([
      'trixie',
      mirror.address,
    ])
    expect(lock).toMatchObject({ distribution: 'debian-13', recipe: { name: 'web' } })
    expect(await resolved(context, ['web'])).toEqual(lock)
  })

  it('keeps the versions that it is told to while they fit, and takes the newest without', async () => {
    const { context } = await archiveContext(folder, [
      ...debs,
      { name: 'library', version: '1.2-1', files: file },
    ])
    expect(versions(await resolved(context, ['library']))).toEqual(['library 1.2-1'])
    const keep = (version: string) => ({
      keep: new Map([['amd64', new Map([['library', version]])]] as const),
    })
    expect(versions(await resolved(context, ['library'], keep('1.1-1')))).toEqual(['library 1.1-1'])
    expect(versions(await resolved(context, ['library'], keep('0.9-1')))).toEqual(['library 1.2-1'])
  })

  describe('brings back what was left out', () => {
    const libraries = '/usr/lib/x86_64-linux-gnu'
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
    const names = ({ platforms }: Lock) =>
      platforms[0]?.packages.map(({ name, wantedBy }) => `${name} by ${wantedBy}`)

    it('when a file that is kept names a file of it', async () => {
      const { context } = await archiveContext(folder, [
        ...pam,
        server('pam_systemd.so', 'libpam0g, libpam-systemd'),
      ])
      const lock = await resolved(context, ['server'])
      expect(names(lock)).toEqual(['libpam-systemd by server', 'libpam0g by server', 'server by recipe'])
      expect(lock.platforms[0]?.pruned).toEqual([])
    })

    it('but not when nothing names one', async () => {
      const { context } = await archiveContext(folder, [
        ...pam,
        server('pam_base.so', 'libpam0g, libpam-systemd'),
      ])
      expect(names(await resolved(context, ['libpam0g']))).toEqual(['libpam0g by recipe'])
      const other: SampleDeb = { name: 'other', fields: { Depends: 'libpam-systemd' }, files: file }
      const { context: second } = await archiveContext(folder, [...pam, other])
      expect((await resolved(second, ['other'])).platforms[0]?.pruned).toMatchObject([
        { name: 'libpam-systemd' },
      ])
    })

    it('even what no package depends on, because every system has it', async () => {
      const { context } = await archiveContext(folder, [...pam, server('pam_ftp.so', 'libpam0g')])
      expect(names(await resolved(context, ['server']))).toEqual([
        'libpam-modules by recipe',
        'libpam0g by server',
        'server by recipe',
      ])
      const target = await writeRecipe(folder, { name: 'web', packages: ['server', '"!libpam-modules"'] })
      const lock = await resolve(await loadTarget({ target }, context), context)
      expect(names(lock)).toEqual(['libpam0g by server', 'server by recipe'])
    })
  })

  it('records scripts that are not modelled as one readable line', async () => {
    const postinst = `#!/bin/sh\nset -e\nfrobnicate "$(printf '\\033[31m')" ${'x'.repeat(3000)}\n`
    const { context } = await archiveContext(folder, [{ name: 'odd', files: file, postinst }])
    const [effect] = (await resolved(context, ['odd'])).platforms[0]?.unmodelledEffects ?? []
    expect(effect).toMatchObject({ package: 'odd', script: 'postinst', line: 3 })
    expect(effect?.command).toMatch(/^frobnicate/)
    expect(effect?.command.length).toBeLessThanOrEqual(2001)
    expect(effect?.command).not.toMatch(/\p{Cc}/u)
  })

  it.each([
    ['a package that nobody has', ['absent'], 'package-not-found'],
    ['a version that nobody has', ['library=9'], 'package-not-found'],
  ])('refuses %s', async (_, packages, code) => {
    const { context } = await archiveContext(folder, debs)
    await expect(resolved(context, packages)).rejects.toMatchObject({ code })
  })
})

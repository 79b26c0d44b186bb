import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import type { Lock } from '../../model/lock.ts'
import { parsePlatform } from '../../model/platform.ts'
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

/** Resolves a recipe that asks for "web" and has further lines. */
async function told(context: Context, more: string, options: ResolveOptions = {}) {
  const warnings: string[] = []
  const progress = { ...context.progress, warn: (text: string) => void warnings.push(text) }
  const target = await writeRecipe(folder, { name: 'web', packages: ['web'], more })
  const inContext = { ...context, progress }
  return { lock: await resolve(await loadTarget({ target }, inContext), inContext, options), warnings }
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

  it('tells of the version that is taken what it lacks', async () => {
    const { context } = await archiveContext(folder, [
      { name: 'web', version: '1.0-1', fields: { Depends: 'old' }, files: file },
      { name: 'web', version: '2.0-1', fields: { Depends: 'young' }, files: file },
      { name: 'old', files: file },
      { name: 'young', files: file },
    ])
    const more = '  without: [old, young]\n'
    const lacks = (name: string) => [`web depends on ${name}, which contents.without leaves out`]
    expect((await told(context, more)).warnings).toEqual(lacks('young'))
    const keep = new Map([['amd64', new Map([['web', '1.0-1']])]] as const)
    expect((await told(context, more, { keep })).warnings).toEqual(lacks('old'))
  })

  it('says nothing of ldconfig where no repository has it', async () => {
    const { context } = await archiveContext(folder, [
      { name: 'web', files: { '/usr/lib/python3.13/ctypes/util.py': '' } },
    ])
    expect((await told(context, '')).warnings).toEqual([])
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

  it('tells such a name only when it is unknown on every platform', async () => {
    const all = { Architecture: 'all' }
    const { context } = await archiveContext(folder, [
      { name: 'web', fields: all, files: file },
      { name: 'arm-only', fields: { Architecture: 'arm64' } },
    ])
    const warnings: string[] = []
    const progress = { ...context.progress, warn: (text: string) => void warnings.push(text) }
    const target = await writeRecipe(folder, { name: 'web', packages: ['web', '"!arm-only"', '"!neither"'] })
    const platforms = ['linux/amd64', 'linux/arm64']
    const loaded = await loadTarget({ target }, context)
    const both = { ...loaded, platforms: platforms.map(parsePlatform) }
    await resolve(both, { ...context, progress })
    expect(warnings).toEqual([
      'contents.packages: "!neither" excludes nothing, because no repository has neither',
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
    expect(Object.keys(lock.platforms[0] ?? {}).sort()).toEqual([
      'effects',
      'packages',
      'platform',
      'pruned',
      'unmodelledEffects',
    ])
    expect(await resolved(context, ['web'])).toEqual(lock)
  })

  it('records how layers are compressed, with the level that the recipe names', async () => {
    const { context } = await archiveContext(folder, debs)
    const levelOf = async (more: string) => (await told(context, more)).lock.compressor.level
    expect([await levelOf(''), await levelOf('output: { level: 9 }\n')]).toEqual([4, 9])
  })

  it('leaves out what only a relaxation of hardening keeps, unless the recipe itself names one', async () => {
    const { context } = await archiveContext(folder, [
      { name: 'web', fields: { Depends: 'locales' }, files: file },
      { name: 'locales', files: { '/usr/share/i18n/charmaps': 'a' } },
      { name: 'locales-all', files: { '/usr/lib/locale/de_DE.utf8/LC_TIME': 'a' } },
    ])
    const asks = 'locales: [de_DE.UTF-8]\n'
    const names = async (more: string) => versions((await told(context, more)).lock)
    expect(await names(asks)).toEqual(['locales-all 1.0-1', 'web 1.0-1'])
    const relaxes = 'hardening: { allow: [{ rule: locales, why: people choose a language }] }\n'
    expect(await names(relaxes)).toEqual(['locales 1.0-1', 'web 1.0-1'])
  })

  it('refuses a recipe of which nothing is left', async () => {
    const { context } = await archiveContext(folder, debs)
    await expect(resolved(context, ['"!web"'])).rejects.toMatchObject({
      code: 'bad-recipe',
      message: 'No package is left after pruning: the image would be empty',
      hint: 'Ask for at least one package under contents.packages.',
    })
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

  it('records scripts that are not modelled as one readable line', async () => {
    const postinst = `#!/bin/sh\nset -e\nfrobnicate "$(printf '\\033[31m')" ${'x'.repeat(3000)}\n`
    const { context } = await archiveContext(folder, [{ name: 'odd', files: file, postinst }])
    const [effect] = (await resolved(context, ['odd'])).platforms[0]?.unmodelledEffects ?? []
    expect(effect).toMatchObject({ package: 'odd', script: 'postinst', line: 3 })
    expect(effect?.command).toMatch(/^frobnicate/)
    expect(effect?.command.length).toBeLessThanOrEqual(200)
    expect(effect?.command).not.toMatch(/\p{Cc}/u)
  })

  it('records what was done in place of scripts, in as many characters as people may read', async () => {
    const users = Array.from({ length: 150 }, (_, i) => `adduser --system keeper-of-the-file-${i}\n`)
    const postinst = `#!/bin/sh\nset -e\n${users.join('')}`
    const { context } = await archiveContext(folder, [{ name: 'web', files: file, postinst }])
    const { effects = [] } = (await told(context, '')).lock.platforms[0] ?? {}
    const detail = effects.find(({ effect }) => effect === 'accounts')?.detail
    expect(detail).toMatch(/^15\d users, .*: keeper-of-the-file-0 \(\d+\), .*…$/)
    expect(detail).toHaveLength(2000)
  })

  it.each([
    ['a package that nobody has', ['absent'], 'package-not-found'],
    ['a version that nobody has', ['library=9'], 'package-not-found'],
  ])('refuses %s', async (_, packages, code) => {
    const { context } = await archiveContext(folder, debs)
    await expect(resolved(context, packages)).rejects.toMatchObject({ code })
  })
})

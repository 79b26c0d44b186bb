import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeHost } from '../../test/support/fake-host.ts'
import { silentProgress } from '../base/progress.ts'
import { createContext, sourceDate } from './context.ts'
import { HostPrograms } from './host-programs.ts'
import { parseConfiguration } from './settings/configuration.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-context-'))
})
afterEach(() => rm(folder, { recursive: true }))

function contextOf(env: Record<string, string>, options: Record<string, unknown> = {}) {
  return createContext(
    new FakeHost({ env: { HOME: folder, ...env }, workingDir: folder }),
    options,
    silentProgress,
  )
}

describe('cache folder', () => {
  it.each([
    ['--cache-dir', { TEMPER_CACHE_DIR: '/a' }, { cacheDir: '/option' }, '/option'],
    ['TEMPER_CACHE_DIR', { TEMPER_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' }, {}, '/a'],
    ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '/b' }, {}, '/b/temper'],
  ])('comes from %s', async (_from, env, options, expected) => {
    expect((await contextOf(env, options)).cacheDir).toBe(expected)
  })

  it('is below the home folder by default, and absolute always', async () => {
    expect((await contextOf({})).cacheDir).toBe(join(folder, '.cache/temper'))
    expect((await contextOf({ TEMPER_CACHE_DIR: 'here' })).cacheDir).toBe(join(folder, 'here'))
  })
})

describe('settings', () => {
  it('come from the environment before the file', async () => {
    await mkdir(join(folder, '.config/temper'), { recursive: true })
    const file = join(folder, '.config/temper/config.yaml')
    await writeFile(
      file,
      'mirrors:\n  debian: http://file.example/debian\ninsecure-registries: [r.example:5000]\n',
    )
    const context = await contextOf({
      TEMPER_DEBIAN_MIRROR: 'http://one.example/debian http://two.example/debian',
    })
    expect(context.mirrors).toEqual({
      debian: ['http://one.example/debian', 'http://two.example/debian', 'http://file.example/debian'],
      'debian-security': [],
      alpine: [],
      wolfi: [],
      pypi: [],
      npm: [],
      maven: [],
      gem: [],
      composer: [],
    })
    expect(context.insecureRegistries).toEqual(['r.example:5000'])
  })

  it('must be addresses where addresses are meant', async () => {
    await expect(contextOf({ TEMPER_DEBIAN_MIRROR: 'mirror.example' })).rejects.toMatchObject({
      code: 'bad-configuration',
      message: expect.stringContaining('TEMPER_DEBIAN_MIRROR'),
    })
  })

  it('refuse a configuration file that was asked for and is missing', async () => {
    await expect(contextOf({ TEMPER_CONFIG: join(folder, 'none') })).rejects.toMatchObject({
      code: 'bad-configuration',
    })
  })

  it('never fetch with --offline', async () => {
    const context = await contextOf({}, { offline: true })
    await expect(context.fetch('http://mirror.example/')).rejects.toMatchObject({ code: 'offline' })
  })
})

describe('SOURCE_DATE_EPOCH', () => {
  it('is seconds in decimal', () => {
    expect(sourceDate('0')).toBe(0)
    expect(sourceDate('1767225600')).toBe(1767225600)
    expect(sourceDate('')).toBeUndefined()
    for (const text of ['-1', '1e9', '0x10', '1.5', 'now', '99999999999'])
      expect(() => sourceDate(text)).toThrow(/SOURCE_DATE_EPOCH/)
  })
})

describe('programs', () => {
  const find = (name: string, path: string | undefined) => new HostPrograms(path).find(name)

  it('are found as a shell finds them, never in relative folders', async () => {
    await mkdir(join(folder, 'a'))
    await mkdir(join(folder, 'b/xz'), { recursive: true })
    const program = join(folder, 'a/xz')
    await writeFile(program, '')
    expect(find('xz', `${folder}/b:${folder}/a`)).toBeUndefined()
    await chmod(program, 0o755)
    expect(find('xz', `${folder}/none:${folder}/b:${folder}/a`)).toBe(program)
    expect(find('xz', 'a:.:')).toBeUndefined()
    expect(find('xz', undefined)).toBeUndefined()
    const unusable = `/${'long'.repeat(100)}`
    expect(find('xz', `${unusable}:${folder}/a`)).toBe(program)
  })
})

describe('the configuration file', () => {
  it.each([
    ['mirrors: 3', 1, 'expected settings'],
    ['# comment\nnetrc: [a]', 2, 'netrc: expected the path'],
    ['mirrors:\n  debian: ftp://x', 2, 'expected an http(s) address'],
    ['mirrors:\n  ubuntu: http://x', 2, 'unknown setting "mirrors.ubuntu"'],
    ['insecure-registries: [http://x]', 1, 'expected a list of hosts'],
    ['a: [', 1, ''],
    ['- a', 1, 'expected settings'],
  ])('%j is refused with its line', async (text, line, message) => {
    await expect(parseConfiguration(text, 'config.yaml')).rejects.toMatchObject({
      code: 'bad-configuration',
      message: expect.stringMatching(
        new RegExp(`^config\\.yaml:${line}: .*${message.replace(/[()[\].]/g, '\\$&')}`),
      ),
    })
  })

  it('may be empty', async () => {
    expect(await parseConfiguration('# nothing\n', 'c')).toMatchObject({ insecureRegistries: [] })
  })
})

import { chmod, glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { silentProgress } from '../../base/progress.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../../formats/tar/write.ts'
import { storedXz } from '../../formats/xz/fixtures/stored.ts'
import type { DistroFamily } from '../../model/distro.ts'
import type { Lock } from '../../model/lock.ts'
import { formatPlatform } from '../../model/platform.ts'
import { formatLock } from '../../recipe/lock/lock-file.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import type { TargetRequest } from './named-recipe.ts'
import { findLock, loadTarget, type RecipeTarget } from './recipe-target.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-target-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const recipe = `name: web
platforms: [linux/amd64, linux/arm64]
vars: {VERSION: "1", API_TOKEN: none}
contents:
  files: [{path: /srv/app.conf, source: conf/app.conf}]
labels: {version: "\${{vars.VERSION}}"}
`

async function load(more: Partial<TargetRequest> = {}, text = recipe) {
  const warnings: string[] = []
  const progress = { ...silentProgress, warn: (line: string) => void warnings.push(line) }
  const context = sampleContext(folder, { progress })
  await mkdir(join(folder, 'conf'), { recursive: true })
  await writeFile(join(folder, 'conf/app.conf'), 'one')
  await writeFile(join(folder, 'web.yaml'), text)
  const target = await loadTarget({ target: 'web.yaml', ...more }, context)
  return { target, warnings, context }
}

const platformsOf = ({ platforms }: RecipeTarget) => platforms.map(formatPlatform)

describe('a recipe with what is beside it', () => {
  it('has the bytes of its files, and the digests that a lock keeps', async () => {
    const { target } = await load()
    expect(target).toMatchObject({
      asked: 'web.yaml',
      folders: [folder],
      lockFile: join(folder, 'web.lock.json'),
      text: recipe,
      lockedFiles: [{ name: 'conf/app.conf', digest: sha256('one'), size: 3 }],
    })
    expect(target.files.map(({ content }) => Buffer.from(content).toString())).toEqual(['one'])
  })

  it('is for its own platforms, or for those that were asked for, each once', async () => {
    expect(platformsOf((await load()).target)).toEqual(['linux/amd64', 'linux/arm64'])
    const asked = { platforms: ['linux/arm64', 'arm64', 'linux/amd64'] }
    expect(platformsOf((await load(asked)).target)).toEqual(['linux/arm64', 'linux/amd64'])
    await expect(load({ platforms: ['linux/s390x'] })).rejects.toMatchObject({ code: 'bad-usage' })
  })

  it('keeps the vars that count, and warns of those that look like secrets', async () => {
    const { target, warnings } = await load({ vars: { VERSION: '2' } })
    expect(target.vars).toMatchObject({ VERSION: '2' })
    expect(warnings).toEqual([])
    const secret = recipe.replace('labels: {', `labels: {token: "\${{vars.API_TOKEN}}", `)
    const told = await load({ vars: { API_TOKEN: 'x' } }, secret)
    expect(told.warnings).toEqual([
      expect.stringContaining('The var "API_TOKEN" looks like a secret: its value is in'),
    ])
  })

  it('keeps a var that looks like a secret and is used nowhere out of everything, and says so', async () => {
    const { target, context, warnings } = await load({ vars: { API_TOKEN: 'hunter2', VERSION: '3' } })
    expect(warnings).toEqual([
      'The var "API_TOKEN" looks like a secret, and the recipe does not use it: its value was not kept, and there is no need to give it',
    ])
    expect(target.vars).toEqual({ VERSION: '3' })
    const kept = await Array.fromAsync(glob('**/*', { cwd: context.cacheDir, withFileTypes: true }))
    for (const file of kept.filter((each) => each.isFile()))
      expect(await readFile(join(file.parentPath, file.name), 'latin1')).not.toContain('hunter2')
  })
})

describe('the lock of a recipe', () => {
  function lockOf({ checksum, lockedFiles }: RecipeTarget, change: Partial<Lock['recipe']> = {}): string {
    return formatLock({
      formatVersion: 1,
      recipe: { name: 'web', checksum, files: lockedFiles, ...change },
      distribution: 'debian-13',
      compressor: { format: 'gzip', level: 4, definition: 'x' },
      suites: [],
      platforms: [],
    })
  }

  it('is the one beside it, or the one that is named, or none', async () => {
    const { target, context } = await load()
    expect(await findLock(undefined, target, context)).toBeUndefined()
    await expect(findLock('named.json', target, context)).rejects.toMatchObject({
      code: 'not-found',
      message: `The lock ${join(folder, 'named.json')} does not exist`,
      next: { action: 'make-lock', recipe: 'web.yaml', file: 'named.json' },
    })
    await writeFile(target.lockFile, lockOf(target))
    await writeFile(join(folder, 'named.json'), lockOf(target))
    expect((await findLock(undefined, target, context))?.path).toBe(target.lockFile)
    expect((await findLock('named.json', target, context))?.path).toBe(join(folder, 'named.json'))
  })

  it.each<[string, Partial<Lock['recipe']>, string]>([
    ['another recipe', { name: 'api', checksum: sha256('other') }, 'is the lock of "api", not of "web"'],
    [
      'an earlier state of it',
      { checksum: sha256('earlier') },
      'the recipe changed since this lock was made',
    ],
    [
      'other bytes of a file',
      { files: [{ name: 'conf/app.conf', digest: sha256('two'), size: 3 }] },
      "the recipe's file conf/app.conf has changed since the lock was made",
    ],
    [
      'a file that it has no more',
      { files: [{ name: 'conf/gone.conf', digest: sha256('one'), size: 3 }] },
      "the recipe's file conf/gone.conf has been removed since the lock was made",
    ],
    ['fewer files', { files: [] }, "the recipe's file conf/app.conf has changed since the lock was made"],
  ])('of %s is refused', async (_, change, message) => {
    const { target, context } = await load()
    await writeFile(target.lockFile, lockOf(target, change))
    await expect(findLock(undefined, target, context)).rejects.toMatchObject({
      code: 'bad-lock',
      message: expect.stringContaining(message),
    })
  })
})

describe('what an image gets of files', () => {
  const placed = ({ files }: RecipeTarget) =>
    files.map(({ request, content }) => [request.path, Buffer.from(content).toString()])
  const header = (path: string, size: number) =>
    encodeTarHeader({ path, type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, size })
  /** One that has more than what is unpacked without the host's programs. */
  const archive = (size: number) =>
    Buffer.concat([
      header('a/b', 1),
      Buffer.from('x'),
      tarPadding(1),
      header('a/c', size),
      Buffer.alloc(size),
      tarPadding(size),
      tarEnd,
    ])

  it('is what is in an archive, each for what the recipe asked', async () => {
    await writeFile(join(folder, 'app.tar'), archive(0))
    const text = 'name: web\ncontents: {files: [{path: /app, source: app.tar, strip: 1}]}\n'
    const { target } = await load({}, text)
    expect(placed(target)).toEqual([
      ['/app/b', 'x'],
      ['/app/c', ''],
    ])
    const [asked] = target.recipe.contents.files
    expect(target.files.every((file) => file.asked === asked)).toBe(true)
  })

  it("is unpacked with the host's xz", async () => {
    const xzProgram = join(folder, 'xz')
    const lines = [
      '#!/bin/sh',
      'case $1 in',
      '--version) echo "xz (XZ Utils) 5.4.1" ;;',
      '*) echo not today >&2; exit 1 ;;',
      'esac',
    ]
    await writeFile(xzProgram, `${lines.join('\n')}\n`)
    await chmod(xzProgram, 0o755)
    await writeFile(join(folder, 'app.tar.xz'), storedXz([archive(256 * 1024)]))
    await writeFile(
      join(folder, 'web.yaml'),
      'name: web\ncontents: {files: [{path: /app, source: app.tar.xz, unpack: true}]}\n',
    )
    await expect(loadTarget({ target: 'web.yaml' }, sampleContext(folder, { xzProgram }))).rejects.toThrow(
      'not today',
    )
  })

  it('is a text filled in', async () => {
    await writeFile(join(folder, 'motd'), `Version \${{vars.VERSION}}\n`)
    const text =
      'name: web\nvars: {VERSION: "1"}\ncontents: {files: [{path: /etc/motd, source: motd, template: true}]}\n'
    expect(placed((await load({ vars: { VERSION: '7' } }, text)).target)).toEqual([
      ['/etc/motd', 'Version 7\n'],
    ])
  })

  it('is no lock file of dependencies, which counts as a file of the recipe', async () => {
    await writeFile(join(folder, 'requirements.txt'), '')
    const { target } = await load(
      {},
      'name: web\ndependencies: [{python: requirements.txt}]\ncontents: {packages: [python3]}\n',
    )
    expect(placed(target)).toEqual([])
    expect(target.stepFiles).toEqual([])
    expect(target.lockedFiles.map(({ name }) => name)).toEqual(['requirements.txt'])
  })
})

describe('what a recipe is read with', () => {
  const variants =
    'name: web\ncontents: {packages: [nginx]}\nvariants: {dev: {contents: {packages: [strace]}}}\n'
  const packagesOf = ({ recipe: { contents } }: RecipeTarget) => contents.packages.map(({ name }) => name)

  it('is the variant that is asked for', async () => {
    expect(packagesOf((await load({}, variants)).target)).toEqual(['nginx'])
    const { target } = await load({ variant: 'dev' }, variants)
    expect(packagesOf(target)).toEqual(['nginx', 'strace'])
    expect(target.lockFile).toBe(join(folder, 'web.dev.lock.json'))
  })

  it('is the version line that is asked for', async () => {
    const lines =
      'name: web\nline: 2\ncontents: {packages: [two]}\nlines: {"1": {contents: {packages: [one]}}}\n'
    expect(packagesOf((await load({}, lines)).target)).toEqual(['two'])
    const { target } = await load({ line: '1' }, lines)
    expect(packagesOf(target)).toContain('one')
    expect(target.lockFile).toBe(join(folder, 'web.1.lock.json'))
  })

  it('are the files of another folder, before those beside the recipe', async () => {
    await mkdir(join(folder, 'other/conf'), { recursive: true })
    await writeFile(join(folder, 'other/conf/app.conf'), 'another')
    const { target } = await load({ context: 'other' })
    expect(target.folders).toEqual([join(folder, 'other'), folder])
    expect(target.files.map(({ content }) => Buffer.from(content).toString())).toEqual(['another'])
  })

  it('are the releases of the distributions that there are', async () => {
    await writeFile(
      join(folder, 'web.yaml'),
      'name: web\ndistribution: toy-1\ncontents: {packages: [nginx]}\n',
    )
    const toy = { releases: [{ id: 'toy-1' }, { id: 'toy-2' }] } as unknown as DistroFamily
    const request = { target: 'web.yaml' }
    const target = await loadTarget(request, sampleContext(folder, { distributions: [toy] }))
    expect(target.recipe.distribution).toBe('toy-1')
    await expect(loadTarget(request, sampleContext(folder))).rejects.toMatchObject({ code: 'bad-recipe' })
  })

  it('are certificates that somebody gives besides', async () => {
    const given = { certificates: [{ name: 'own.pem', bytes: Buffer.from('no certificate') }] }
    await expect(load(given)).rejects.toMatchObject({ message: expect.stringContaining('own.pem') })
  })

  it('is told what to do when a file has changed since the lock was made', async () => {
    const { target, context } = await load()
    const { checksum } = target
    const lock = {
      formatVersion: 1 as const,
      recipe: { name: 'web', checksum, files: [{ name: 'conf/app.conf', digest: sha256('two'), size: 3 }] },
      distribution: 'debian-13',
      suites: [],
      platforms: [],
      compressor: { format: 'gzip' as const, level: 4, definition: 'x' },
    }
    await writeFile(target.lockFile, formatLock(lock))
    await expect(findLock(undefined, target, context)).rejects.toMatchObject({
      code: 'bad-lock',
      next: { action: 'make-lock', recipe: 'web.yaml' },
      details: { file: 'conf/app.conf', expected: sha256('two'), found: sha256('one') },
    })
  })
})

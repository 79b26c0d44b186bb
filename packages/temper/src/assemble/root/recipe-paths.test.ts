import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { buildElf } from '../../formats/elf/fixtures/fixture-elf.ts'
import type { PathRequest, Recipe } from '../../model/recipe.ts'
import type { RecipeFile } from '../../model/recipe-parts/file-request.ts'
import { buildRoot } from '../../model/tree/fixtures/fixture-root.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'
import { sampleRecipe } from '../fixtures/sample.ts'
import { addRecipeFiles, applyRecipePaths } from './recipe-paths.ts'

const text = (content: Uint8Array | undefined) => content && new TextDecoder().decode(content)
const owner = { mode: 0o640, uid: 7, gid: 8 }

function recipe(paths: readonly PathRequest[], files: readonly RecipeFile[]): Recipe {
  const { contents } = sampleRecipe()
  return sampleRecipe({ paths, contents: { ...contents, files: files.map(({ request }) => request) } })
}

function apply(root: Rootfs, paths: readonly PathRequest[], files: readonly RecipeFile[] = []): Rootfs {
  applyRecipePaths(root, recipe(paths, files), { files, mtime: 42, platform: 'linux/amd64' })
  return root
}

const image = () =>
  buildRoot({
    'usr/bin/tool': { mode: 0o755 },
    'usr/lib/a': {},
    'usr/lib/b/c': {},
    lib: 'usr/lib',
    'etc/own': { content: 'own', package: '' },
  })

describe('paths of a recipe', () => {
  it.each<[PathRequest, string, object]>([
    [{ type: 'directory', path: '/data', ...owner }, 'data', { ...owner, type: 'directory', size: 0 }],
    [{ type: 'file', path: '/etc/motd', content: 'hällo', ...owner }, 'etc/motd', { ...owner, size: 6 }],
    [
      { type: 'symlink', path: '/etc/link', source: '../data' },
      'etc/link',
      { mode: 0o777, target: '../data' },
    ],
    [
      { type: 'hardlink', path: '/etc/again', source: '/etc/own' },
      'etc/again',
      { type: 'hardlink', target: 'etc/own', size: 0 },
    ],
  ])('%o makes an object of the recipe', (request, path, fields) => {
    expect(apply(image(), [request]).get(path)).toMatchObject({ ...fields, origin: { kind: 'recipe' } })
  })

  it.each([
    ['/usr/lib/*', ['usr/lib/a', 'usr/lib/b']],
    ['/usr/lib/b/*', ['usr/lib/b/c']],
    ['/lib/?', ['usr/lib/a', 'usr/lib/b']],
    ['/lib/**/c', ['usr/lib/b/c']],
    ['/usr/**/lib/**/a', ['usr/lib/a']],
    ['/*/bin', ['usr/bin']],
    ['/**/tool', ['usr/bin/tool']],
    ['/us*', ['usr']],
    ['/usr/**', ['usr/bin', 'usr/lib']],
  ])('deletes what %s matches', (path, gone) => {
    const root = apply(image(), [{ type: 'delete', path }])
    const before = [...image().nodes()].map((node) => node.path)
    const left = before.filter((each) => !root.get(each))
    expect(left.filter((each) => !left.some((other) => each.startsWith(`${other}/`)))).toEqual(gone)
  })

  it.each(['/usr/lib/z*', '/usr/*/tool/**', '/nowhere/**', '/b*'])('%s matches nothing: an error', (path) => {
    expect(() => apply(image(), [{ type: 'delete', path }])).toThrow(
      expect.objectContaining({ code: 'bad-recipe', message: expect.stringContaining(path) }),
    )
  })

  it('follow links in folders, as a shell would', () => {
    const root = apply(image(), [
      { type: 'file', path: '/lib/new', content: 'x', ...owner },
      { type: 'delete', path: '/lib/a' },
      { type: 'permissions', path: '/lib/b', mode: 0o700, recursive: false },
    ])
    expect(root.get('usr/lib/new')?.size).toBe(1)
    expect(root.get('usr/lib/a')).toBeUndefined()
    expect(root.get('usr/lib/b')?.mode).toBe(0o700)
  })

  it('delete the link, not what it leads to', () => {
    const root = apply(image(), [{ type: 'delete', path: '/lib' }])
    expect(root.get('lib')).toBeUndefined()
    expect(root.get('usr/lib/a')).toBeDefined()
  })

  it('give permissions to one object, or to all below it; what is left out stays', () => {
    const one = apply(image(), [{ type: 'permissions', path: '/usr/lib', uid: 5, recursive: false }])
    expect([one.get('usr/lib')?.uid, one.get('usr/lib/b/c')?.uid]).toEqual([5, 0])
    const all = apply(image(), [
      { type: 'permissions', path: '/usr/lib', uid: 5, mode: 0o600, recursive: true },
    ])
    expect(all.get('usr/lib/b/c')).toMatchObject({ uid: 5, gid: 0, mode: 0o600 })
  })

  it('happen in order: the last word counts', () => {
    const file = (content: string): PathRequest => ({ type: 'file', path: '/etc/x', content, ...owner })
    expect(text(apply(image(), [file('one'), file('two')]).get('etc/x')?.content)).toBe('two')
    const gone = apply(image(), [file('one'), { type: 'delete', path: '/etc/x' }])
    expect(gone.get('etc/x')).toBeUndefined()
  })

  it.each<[PathRequest, string]>([
    [{ type: 'delete', path: '/none' }, 'cannot delete /none'],
    [{ type: 'permissions', path: '/none', recursive: true }, 'cannot change the permissions of /none'],
    [{ type: 'hardlink', path: '/x', source: '/none' }, 'cannot link to /none'],
    [{ type: 'hardlink', path: '/x', source: '/usr/lib' }, 'cannot link to /usr/lib'],
    [{ type: 'hardlink', path: '/x', source: '/usr/bin/tool' }, 'a file of package pkg'],
  ])('%o is refused', (request, message) => {
    expect(() => apply(image(), [request])).toThrow(
      expect.objectContaining({ code: 'bad-recipe', message: expect.stringContaining(message) }),
    )
  })

  it.each<[PathRequest, string]>([
    [{ type: 'directory', path: '/', ...owner }, 'root folder'],
    [{ type: 'file', path: '/usr/bin/tool/x', content: '', ...owner }, 'is a file, not a folder'],
  ])('%o cannot be', (request, message) => {
    expect(() => apply(image(), [request])).toThrow(message)
  })
})

describe('programs and scripts that the recipe brings', () => {
  it('have needs like those of packages', () => {
    const elf = buildElf({ type: 2, machine: 62, needed: ['libz.so.1'] })
    const root = apply(
      image(),
      [{ type: 'file', path: '/usr/bin/run', content: '#!/usr/bin/env ruby\n', ...owner }],
      [{ request: { path: '/usr/bin/app', source: 'app', ...owner }, content: elf }],
    )
    expect(root.get('usr/bin/run')?.shebang).toEqual(['/usr/bin/env', 'ruby'])
    expect(root.get('usr/bin/app')).toMatchObject({ elf: { needed: ['libz.so.1'] }, digest: sha256(elf) })
  })

  it('have them once, whatever links lead to them', () => {
    const link: PathRequest = { type: 'hardlink', path: '/etc/again', source: '/etc/run' }
    const root = apply(image(), [{ type: 'file', path: '/etc/run', content: '#!/bin/sh\n', ...owner }, link])
    for (const field of ['shebang', 'digest', 'content'])
      expect(root.get('etc/again')).not.toHaveProperty(field)
    expect(root.get('etc/again')).toMatchObject(owner)
  })
})

describe('a folder that the recipe brings', () => {
  const asked: PathRequest = { type: 'file', source: './app/', path: '/srv/app', ...owner }
  const request = (path: string) => ({ source: `app/${path}`, path: `/srv/app/${path}`, ...owner })
  const none = new Uint8Array()
  const files: readonly RecipeFile[] = [
    { request: request('lib'), asked, type: 'directory', content: none },
    { request: request('lib/b.py'), asked, content: Buffer.from('b') },
    { request: request('main.py'), asked, type: 'symlink', content: none, target: 'lib/b.py' },
    { request: request('not-asked'), content: none },
  ]

  it('is put with all that follows from it: files, folders and links', () => {
    const root = buildRoot({})
    applyRecipePaths(root, sampleRecipe({ paths: [asked] }), { files, mtime: 42, platform: 'linux/amd64' })
    expect([...root.nodes()].map(({ path, type }) => [path, type])).toEqual([
      ['srv', 'directory'],
      ['srv/app', 'directory'],
      ['srv/app/lib', 'directory'],
      ['srv/app/lib/b.py', 'file'],
      ['srv/app/main.py', 'symlink'],
    ])
    expect(root.get('srv/app/lib/b.py')).toMatchObject(owner)
    expect(text(root.resolve('srv/app/main.py')?.content)).toBe('b')
  })

  it('leaves folders that are there as they are', () => {
    const root = buildRoot({ 'srv/app/lib/c.py': {} })
    const before = root.get('srv/app/lib')
    applyRecipePaths(root, sampleRecipe({ paths: [asked] }), { files, mtime: 42, platform: 'linux/amd64' })
    expect(root.get('srv/app/lib')).toEqual(before)
  })

  it('has been read', () => {
    const absent: PathRequest = { ...asked, source: 'other' }
    const act = () =>
      applyRecipePaths(buildRoot({}), sampleRecipe({ paths: [absent] }), {
        files,
        mtime: 42,
        platform: 'linux/amd64',
      })
    expect(act).toThrow("The recipe's file other was not read")
  })
})

describe('files that the recipe brings', () => {
  const file: RecipeFile = {
    request: { path: '/etc/ssl/own.crt', source: 'own.crt', ...owner },
    content: new TextEncoder().encode('cert'),
  }

  it('go into the images of the platforms that they are for', () => {
    const own: RecipeFile = { ...file, request: { ...file.request, platforms: ['linux/arm64'] } }
    const made = recipe([], [own])
    for (const platform of ['linux/amd64', 'linux/arm64']) {
      const root = image()
      applyRecipePaths(root, made, { files: [own], mtime: 42, platform })
      expect(root.get('etc/ssl/own.crt') !== undefined).toBe(platform === 'linux/arm64')
    }
  })

  it('are there before effects run, links, folders and deletions are not', () => {
    const root = image()
    const paths: PathRequest[] = [
      { type: 'file', path: '/etc/early', content: 'early', ...owner },
      { type: 'directory', path: '/late', ...owner },
      { type: 'delete', path: '/usr/bin/tool' },
    ]
    addRecipeFiles(root, recipe(paths, [file]), { files: [file], mtime: 42, platform: 'linux/amd64' })
    expect(root.get('etc/ssl/own.crt')).toMatchObject({
      ...owner,
      size: 4,
      mtime: 42,
    })
    expect(text(root.get('etc/early')?.content)).toBe('early')
    expect(root.get('late')).toBeUndefined()
    expect(root.get('usr/bin/tool')).toBeDefined()
  })

  it('stand among paths in the order of the recipe, whatever they are made of', () => {
    const { request, content } = file
    const put = { ...request, type: 'file', source: 'own.crt', path: '/usr/lib/b/d' } as const
    const folder = { type: 'delete', path: '/usr/lib/b' } as const
    const files = [{ request: put, content }]
    const both = (paths: PathRequest[]) => {
      const root = image()
      addRecipeFiles(root, recipe(paths, []), { files, mtime: 42, platform: 'linux/amd64' })
      applyRecipePaths(root, recipe(paths, []), { files, mtime: 42, platform: 'linux/amd64' })
      return text(root.get('usr/lib/b/d')?.content)
    }
    expect(both([folder, put])).toBe('cert')
    expect(both([put, folder])).toBeUndefined()
  })

  it('win over what effects made of them', () => {
    const root = image()
    addRecipeFiles(root, recipe([], [file]), { files: [file], mtime: 42, platform: 'linux/amd64' })
    const { origin: _origin, ...entry } = root.get('etc/ssl/own.crt') ?? fail()
    root.apply({ kind: 'put', entry, content: new Uint8Array() }, { kind: 'effect', effect: 'x' })
    apply(root, [], [file])
    expect(text(root.get('etc/ssl/own.crt')?.content)).toBe('cert')
    expect(root.get('etc/ssl/own.crt')?.origin).toEqual({ kind: 'recipe' })
  })
})

function fail(): never {
  throw new Error('the file should be there')
}

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of vars
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Digest } from '../base/digest.ts'
import { catalogNames, loadRecipe } from './load.ts'
import type { RecipeMemory } from './memory.ts'

let root = ''
let places = { workingDir: '', catalogDir: '' }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'recipe-'))
  places = { workingDir: join(root, 'work'), catalogDir: join(root, 'shipped') }
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'shipped/nginx/recipe.yaml': 'cmd: shipped',
    'shipped/python/recipe.yaml': 'cmd: shipped',
    'shipped/notes/README.md': 'no recipe',
    'work/catalog/nginx/recipe.yaml': 'cmd: mine',
    'work/catalog/tool/recipe.yml': 'cmd: tool',
    'work/web.yaml': 'vars: {V: 1}\ncmd: "${{vars.V}}"',
    'work/folder/recipe.yaml': 'name: other',
    'work/empty/x': '',
    'work/binary.yaml': new Uint8Array([0xff, 0xfe, 0]),
    'work/large.yaml': '#'.repeat(2 * 1024 * 1024),
    'work/bad.yaml': 'cmdd: x',
    'work/shop/recipe.yaml': 'extends: ../web.yaml\nvars: {V: 7}\nvariants: {dev: {cmd: develop}}',
    'work/stall.yaml': 'extends: ./shop\nwork-dir: /srv',
    'work/catalog/python/recipe.yaml': 'extends: python\nwork-dir: /srv',
    'work/one.yaml': 'extends: two.yaml',
    'work/two.yaml': 'extends: one.yaml',
    'work/lost.yaml': 'extends: nginz',
    'work/strange.yaml': 'extends: [nginx]',
    'work/said.yaml': 'cmd: "the word extends"',
  }
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), content)
  }
})

afterAll(async () => {
  await rm(root, { recursive: true })
})

describe('loadRecipe', () => {
  it("prefers the working folder's catalog to the one that ships", async () => {
    const mine = await loadRecipe('nginx', places)
    expect(mine).toMatchObject({ shipped: false, shownFile: 'catalog/nginx/recipe.yaml' })
    expect(mine.recipe.cmd).toEqual(['mine'])
    const shipped = await loadRecipe('../shipped/python', places)
    expect(shipped).toMatchObject({ shipped: true, shownFile: join(root, 'shipped/python/recipe.yaml') })
    // Not into the package that is installed.
    expect(shipped.lockFile).toBe(join(places.workingDir, 'python.lock.json'))
    const inside = await loadRecipe('shipped/python', { ...places, workingDir: root })
    expect(inside.lockFile).toBe(join(root, 'shipped/python/recipe.lock.json'))
  })

  it.each([
    ['web.yaml', 'work/web.yaml', 'web', 'work/web.lock.json'],
    ['./web.yaml', 'work/web.yaml', 'web', 'work/web.lock.json'],
    ['folder', 'work/folder/recipe.yaml', 'other', 'work/folder/recipe.lock.json'],
    ['tool', 'work/catalog/tool/recipe.yml', 'tool', 'work/catalog/tool/recipe.lock.json'],
    ['../shipped/python', 'shipped/python/recipe.yaml', 'python', 'work/python.lock.json'],
  ])('finds %s', async (target, file, name, lockFile) => {
    const loaded = await loadRecipe(target, places)
    expect(loaded).toMatchObject({ file: join(root, file), lockFile: join(root, lockFile) })
    expect(loaded.folders).toEqual([dirname(join(root, file))])
    expect(loaded.recipe.name).toBe(name)
  })

  it('sets vars, which changes the checksum', async () => {
    const plain = await loadRecipe('web.yaml', places)
    const set = await loadRecipe('web.yaml', { ...places, vars: { V: '2' } })
    expect([plain.recipe.cmd, set.recipe.cmd]).toEqual([['1'], ['2']])
    expect(plain.checksum).not.toBe(set.checksum)
  })

  it.each([
    ['ngnix', 'recipe-not-found', 'there is no recipe "ngnix"', 'Did you mean "nginx"?'],
    ['zebra', 'recipe-not-found', 'there is no recipe "zebra"', 'The catalogue has: nginx, python, tool.'],
    ['a/b.yaml', 'recipe-not-found', 'there is no recipe "a/b.yaml"', 'The catalogue has'],
    ['', 'recipe-not-found', 'found nothing', undefined],
    ['x\0y', 'recipe-not-found', 'Expected a recipe', undefined],
    ['x'.repeat(5000), 'recipe-not-found', 'there is no recipe', 'The catalogue has'],
    ['empty', 'recipe-not-found', 'the folder "empty" has no recipe.yaml', 'The catalogue has'],
    ['/dev/null', 'recipe-not-found', 'is not a file', 'The catalogue has'],
    ['binary.yaml', 'bad-recipe', 'binary.yaml: is not UTF-8 text', 'YAML'],
    ['large.yaml', 'limit-exceeded', 'a recipe has at most', 'short YAML'],
    ['bad.yaml', 'bad-recipe', 'bad.yaml:1:1: cmdd: unknown key: did you mean "cmd"?', 'recipe.md'],
  ])('refuses %s', async (target, code, message, hint) => {
    const attempt = loadRecipe(target, places)
    await expect(attempt).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
      hint: hint === undefined ? undefined : (expect.stringContaining(hint) as string),
    })
  })

  it('lists the recipes of both catalogs', async () => {
    expect(await catalogNames(places)).toEqual(['nginx', 'python', 'tool'])
    expect(await catalogNames({ workingDir: root, catalogDir: join(root, 'none') })).toEqual([])
  })
})

describe('remembering parsed recipes', () => {
  function memory(): RecipeMemory & { kept: Map<Digest, string>; hits: number } {
    const kept = new Map<Digest, string>()
    return {
      kept,
      hits: 0,
      async getJson(key) {
        const text = kept.get(key)
        if (text === undefined) return undefined
        this.hits++
        return JSON.parse(text)
      },
      async put(key, text) {
        kept.set(key, text)
      },
    }
  }

  it('gives the same recipe and checksum', async () => {
    const store = memory()
    const first = await loadRecipe('web.yaml', { ...places, memory: store })
    const second = await loadRecipe('web.yaml', { ...places, memory: store })
    expect(store.hits).toBe(1)
    expect(second).toEqual(first)
    await loadRecipe('web.yaml', { ...places, memory: store, vars: { V: '3' } })
    expect(store.kept.size).toBe(2)
  })

  it('does not keep recipes with errors', async () => {
    const store = memory()
    await expect(loadRecipe('bad.yaml', { ...places, memory: store })).rejects.toThrow('did you mean')
    expect(store.kept.size).toBe(0)
  })
})

describe('a recipe that extends another', () => {
  it('is found with it, wherever that lies', async () => {
    const stall = await loadRecipe('stall.yaml', places)
    expect(stall.recipe).toMatchObject({ name: 'stall', cmd: ['7'], workDir: '/srv' })
    expect(stall.folders).toEqual([places.workingDir, join(places.workingDir, 'shop')])
    expect(stall.written).toHaveLength(3)
    expect(stall.text).not.toContain('extends')
  })

  it('may have the name of the one that ships', async () => {
    const { recipe } = await loadRecipe('python', places)
    expect(recipe).toMatchObject({ name: 'python', cmd: ['shipped'], workDir: '/srv' })
  })

  it('has the variants of the other, each with a lock of its own', async () => {
    const dev = await loadRecipe('stall.yaml', { ...places, variant: 'dev' })
    expect(dev.recipe).toMatchObject({ variant: 'dev', cmd: ['develop'] })
    expect(dev.variants).toEqual(['dev'])
    expect(dev.lockFile).toBe(join(places.workingDir, 'stall.dev.lock.json'))
  })

  it('is parsed again when the other changed', async () => {
    const kept = new Map<Digest, string>()
    const memory: RecipeMemory = {
      getJson: async <T>(key: Digest) => {
        const text = kept.get(key)
        return text === undefined ? undefined : (JSON.parse(text) as T)
      },
      put: async (key, text) => void kept.set(key, text),
    }
    const base = join(places.workingDir, 'base.yaml')
    await writeFile(base, 'cmd: first')
    await writeFile(join(places.workingDir, 'top.yaml'), 'extends: base.yaml')
    const cmd = async () => (await loadRecipe('top.yaml', { ...places, memory })).recipe.cmd
    expect(await cmd()).toEqual(['first'])
    await writeFile(base, 'cmd: second')
    expect(await cmd()).toEqual(['second'])
  })

  it.each([
    ['one.yaml', 'two.yaml: extends one.yaml, which extends this one'],
    ['lost.yaml', 'there is no recipe "nginz"'],
    ['strange.yaml', 'strange.yaml:1:10: extends: expected a name in the catalogue or a path'],
  ])('is refused: %s', async (target, message) => {
    await expect(loadRecipe(target, places)).rejects.toThrow(message)
  })

  it('is only one that says so with a key', async () => {
    expect((await loadRecipe('said.yaml', places)).written).toHaveLength(1)
  })
})

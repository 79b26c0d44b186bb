import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeHost } from '../../../../test/support/fake-host.ts'
import { run } from '../../run.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-recipe-commands-'))
  await writeFile(join(folder, 'apko.yaml'), 'contents: {packages: [nginx]}\nservices: {a: b}\n')
})
afterAll(() => rm(folder, { recursive: true }))

async function call(...args: readonly string[]) {
  const host = new FakeHost({ env: { TEMPER_CACHE_DIR: join(folder, 'cache') }, workingDir: folder })
  const exitCode = await run(args, host)
  return { exitCode, out: host.out, err: host.err }
}

describe('import', () => {
  const left = [
    { line: 2, key: 'services', reason: expect.stringContaining('one container runs one program') },
  ]

  it('writes a recipe and tells what it could not take over', async () => {
    const { exitCode, out } = await call('import', 'apko.yaml', '-o', 'made.yaml', '--json')
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toEqual({ recipe: 'made.yaml', mapped: 1, unmapped: left })
    expect(await readFile(join(folder, 'made.yaml'), 'utf8')).toContain('- nginx')
    const told = await call('import', 'apko.yaml', '-o', 'made.yaml')
    expect(told.out).toContain('wrote made.yaml: 1 values taken over, 1 not\n  apko.yaml:2: services: ')
  })

  it('prints the recipe, with the rest beside it', async () => {
    const { out, err } = await call('import', 'apko.yaml')
    expect(out).toMatch(/^# From apko\.yaml\.\n/)
    expect(err).toContain('apko.yaml:2: services: ')
  })

  it('is refused what is not there', async () => {
    expect(await call('import', 'none.yaml')).toMatchObject({ exitCode: 2, out: '' })
  })
})

describe('catalog', () => {
  it('is a list for programs and a table for people', async () => {
    const entries: unknown = JSON.parse((await call('catalog', '--json')).out)
    expect(entries).toContainEqual(
      expect.objectContaining({ name: 'nginx', variants: expect.arrayContaining(['runtime']), tests: 3 }),
    )
    expect((await call('catalog')).out).toMatch(/^NAME .*\n(?:.*\n)*nginx /)
  })
})

describe('certificates and variants', () => {
  it.each([
    [['build', 'nginx', '--variant', 'none'], 'there is no variant "none"'],
    [['lock', 'nginx', '--certificate', 'none.crt'], 'The certificate none.crt does not exist'],
    [['lock', 'nginx', '--certificate', '.'], 'expected a file of at most'],
    [['build', 'nginx', '--certificate', 'apko.yaml'], 'apko.yaml: expected X.509 certificates'],
  ])('%j is refused before anything is fetched', async (args, message) => {
    const { exitCode, err } = await call(...args, '--offline')
    expect(exitCode).toBe(2)
    expect(err).toContain(message)
  })
})

describe('init and explain', () => {
  it('write a recipe for what lies in the folder, and never over one', async () => {
    await writeFile(join(folder, 'package-lock.json'), '{}')
    const args = [
      'init',
      '--name',
      'shop',
      '--package',
      'curl',
      '--entrypoint',
      '/usr/bin/node,server.js',
      '--port',
      '8080',
    ]
    const { exitCode } = await call(...args, '--file', 'server.js=/app/server.js', '--json')
    expect(exitCode).toBe(0)
    const text = await readFile(join(folder, 'recipe.yaml'), 'utf8')
    expect(text).toContain('name: shop')
    expect(text).toContain('- npm: package-lock.json\n    into: /app')
    expect(text).toMatch(/^extends: node\ncontents:\n\s+packages:\n\s+- curl\n\s+files:/m)
    expect((await call(...args)).err).toContain('already exists')
    expect((await call(...args, '--force')).exitCode).toBe(0)
    expect((await call('init', '-o', '-', '--name', 'UPPER')).exitCode).toBe(2)
  })

  it.each([
    [{ main: 'index.js' }, ['src/index.js'], '/app/src/index.js'],
    [{ main: 'index.js' }, ['src/index.js', 'server.js'], '/app/server.js'],
    [{ main: 'lib/a.js' }, ['src/index.js', 'lib/a.js'], '/app/lib/a.js'],
    [{ main: 'dist/a.js' }, [], '/app/dist/a.js'],
    [
      { scripts: { start: 'NODE_ENV=production node --no-warnings ./dist/b.js' } },
      ['index.js'],
      '/app/dist/b.js',
    ],
    [{ main: 'index.js', scripts: { start: 'nodemon src/x.js' } }, ['src/app.mjs'], '/app/src/app.mjs'],
  ])('start what package.json says, if it is there: %j with %j', async (manifest, files, started) => {
    const own = await mkdtemp(join(folder, 'node'))
    await writeFile(join(own, 'package.json'), JSON.stringify(manifest))
    for (const file of files) {
      await mkdir(dirname(join(own, file)), { recursive: true })
      await writeFile(join(own, file), '')
    }
    expect((await call('init', own, '--name', 'started')).exitCode).toBe(0)
    expect(await readFile(join(own, 'recipe.yaml'), 'utf8')).toContain(`- ${started}\n`)
  })

  it.each([
    [
      ['', '', '', '', '', '', ''],
      ['name: asked\nextends: python\ncontents:', 'python: uv.lock', '- /app/main.py'],
    ],
    [
      ['shop', 'debian-12', 'java', 'lib/shop.jar', '8080', 'shop'],
      [
        ...['name: shop\ndistribution: debian-12\n', '- openjdk-17-jre-headless\n', '- source: lib\n'],
        ...['ports:\n  - "8080"\n', 'name: shop\n      uid: 10001\n', 'run-as: shop\n'],
      ],
    ],
    [
      ['NOT ONE', 'tool', '', '-', 'bin/tool', '-', '1000'],
      ['name: tool\ncontents:', '- /app/bin/tool\n', 'run-as: "1000"'],
    ],
  ])('write what a person answers: %j', async (answers, expected) => {
    const own = await mkdtemp(join(folder, 'asked'))
    await writeFile(join(own, 'uv.lock'), '')
    await writeFile(join(own, 'main.py'), '')
    const host = new FakeHost({ env: { TEMPER_CACHE_DIR: join(folder, 'cache') }, workingDir: own })
    host.answers.push(...answers)
    const exitCode = await run(['init', '--name', 'asked'], host)
    expect(host.err).toContain('Name of the image [asked]: ')
    expect(exitCode, host.err).toBe(0)
    const text = await readFile(join(own, 'recipe.yaml'), 'utf8')
    for (const part of expected) expect(text).toContain(part)
  })

  it('write a recipe for the language that is named, though the folder shows another first', async () => {
    const own = await mkdtemp(join(folder, 'both'))
    for (const name of ['requirements.txt', 'go.mod', 'go.sum']) await writeFile(join(own, name), '')
    await writeFile(join(own, 'main.go'), 'package main\n')
    const { exitCode, out, err } = await call('init', own, '--language', 'go', '-o', '-', '--name', 'shop')
    expect(exitCode).toBe(0)
    expect(out).toMatch(/^name: shop\nextends: static\n/)
    expect(err).toContain('run "go mod vendor"')
    const host = new FakeHost({ workingDir: own })
    host.answers.push('', '', 'go', '', '', '', '')
    expect(await run(['init', '--name', 'shop', '-o', '-'], host), host.err).toBe(0)
    expect(host.out).toContain('- golang-go\n')
    const wrong = await call('init', own, '--language', 'cobol')
    expect(wrong).toMatchObject({ exitCode: 2, err: expect.stringContaining('found "cobol"') })
  })

  it('write nothing where a person leaves, or never answers as asked', async () => {
    const own = await mkdtemp(join(folder, 'asked'))
    for (const answers of [['shop'], ['shop', 'debian', 'debian', 'debian']]) {
      const host = new FakeHost({ workingDir: own })
      host.answers.push(...answers)
      expect(await run(['init'], host)).toBe(2)
    }
    expect(await readdir(own)).toEqual([])
  })

  it('say what a key means', async () => {
    const { out } = await call('explain', 'contents.files[].source')
    expect(out).toMatch(/^contents\.files\[\]\.source: text\n\n {2}File beside the recipe/)
    expect((await call('explain')).out).toMatch(/^name +text/)
    expect(await call('explain', 'contens')).toMatchObject({ exitCode: 2, out: '' })
  })
})

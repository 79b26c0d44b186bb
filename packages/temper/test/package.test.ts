import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { revisions } from '../src/model/revision.ts'
import { readRepositoryFile, repositoryRoot } from './support/source-files.ts'

const run = promisify(execFile)
const home = join(repositoryRoot, 'packages/temper')
let folder = ''
let tarball = ''
let files: readonly string[] = []

/** Builds, packs and installs the package as a user would, into an empty folder. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-package-'))
  await run(process.execPath, ['scripts/build.ts'], { cwd: repositoryRoot })
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: home })
  const packed: { filename: string; files: { path: string }[] }[] = [
    Object.values(JSON.parse(stdout)),
  ].flat() as never
  files = packed.flatMap((each) => each.files.map((file) => file.path))
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  tarball = packed[0]?.filename.replace('@', '').replace('/', '-') ?? ''
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', join(folder, tarball)], {
    cwd: folder,
  })
}, 900_000)

afterAll(() => rm(folder, { recursive: true }))

/** With the Node that runs the tests first in the PATH, as the shebang finds it. */
function installed(
  args: readonly string[],
  more: { readonly env?: NodeJS.ProcessEnv; readonly at?: string } = {},
) {
  const { env: added, at = folder } = more
  const env = {
    ...process.env,
    PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`,
    ...added,
  }
  return run(join(at, 'node_modules/.bin/temper'), args, { cwd: folder, env })
}

describe('the published package', () => {
  it('holds what it needs and no tests', () => {
    expect(files).toContain('LICENSE')
    expect(files).toContain('README.md')
    expect(files).toContain('dist/index.d.ts')
    expect(files).toContain('dist/main.js')
    expect(files).toContain('start/temper.cjs')
    expect(files.some((path) => path.startsWith('keys/'))).toBe(true)
    expect(files.some((path) => /^dist\/catalog\/[^/]+\/[^/]+\.ya?ml$/.test(path))).toBe(true)
    expect(files.filter((path) => /\.test\.|fixtures|^src\//.test(path))).toEqual([])
  })

  it('runs its program', async () => {
    const { version }: { version: string } = JSON.parse(readRepositoryFile('packages/temper/package.json'))
    expect((await installed(['--version'])).stdout).toBe(`${version}\n`)
    expect((await installed(['--help'])).stdout).toContain('temper build nginx')
    expect((await installed(['schema'])).stdout).toContain('"$schema"')
  })

  it('finds the recipes that ship with it', async () => {
    const { stdout } = await installed(['complete', 'recipe'])
    const shipped = await readdir(join(repositoryRoot, 'catalog'), { withFileTypes: true })
    for (const entry of shipped) if (entry.isDirectory()) expect(stdout).toContain(entry.name)
  })

  it('says in one line when Node is too old, before it reads anything that an old one cannot', async () => {
    const older = join(folder, 'older.cjs')
    await writeFile(older, "Object.defineProperty(process.versions, 'node', { value: '22.17.1' })\n")
    const program = join(folder, 'node_modules/@temper-images/temper/start/temper.cjs')
    const { code, stderr } = await run(process.execPath, ['--require', older, program, 'scan', '.']).then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    )
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/^temper: needs Node 22\.18 or later, found 22\.17\.1 .*\n$/),
    ])
  })

  it('can be imported, with types', async () => {
    await writeFile(
      join(folder, 'use.ts'),
      "import { cacheInfo, TemperError, type Context } from '@temper-images/temper'\n" +
        "const context: Pick<Context, 'cacheDir'> = { cacheDir: '/nonexistent' }\n" +
        "console.log((await cacheInfo(context)).files, new TemperError('offline', 'x').exitCode)\n",
    )
    expect((await run(process.execPath, ['use.ts'], { cwd: folder })).stdout).toBe('0 3\n')
    const compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc')
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023']
    const types = ['--types', 'node', '--typeRoots', join(repositoryRoot, 'node_modules/@types')]
    await run(process.execPath, [compiler, ...options, ...types, 'use.ts'], { cwd: folder })
  })

  it('reads eight files and no slow module of Node to scan a document', async () => {
    const at = (name: string) => join(folder, name)
    await writeFile(
      at('spy.cjs'),
      `const { writeFileSync } = require('node:fs')
      const read = []
      require('node:module').registerHooks({ load: (url, context, next) => (read.push(url), next(url, context)) })
      process.on('exit', () => {
        // What is loaded with code that was kept is not told to hooks.
        const modules = read.filter((url) => url.startsWith('file:') && !url.endsWith('.cjs'))
        const files = Object.keys(require.cache).filter((path) => path !== __filename)
        const slow = process.moduleLoadList.filter((name) => name.endsWith(' fs/promises'))
        writeFileSync(process.env.SPY, JSON.stringify([...files, ...modules, ...slow]))
      })`,
    )
    const record = {
      id: 'X-1',
      modified: '2026-01-01T00:00:00Z',
      affected: [{ package: { ecosystem: 'npm', name: 'a' } }],
    }
    await writeFile(at('feed.ndjson'), JSON.stringify(record))
    const component = { type: 'library', name: 'b', version: '1', purl: 'pkg:npm/b@1' }
    await writeFile(
      at('b.cdx.json'),
      JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [component] }),
    )
    await installed(['feeds', 'import', at('feed.ndjson'), '--feeds', at('feeds')])
    const env = { NODE_OPTIONS: `--require ${at('spy.cjs')}`, SPY: at('read.json') }
    const { stderr } = await installed(['scan', 'sbom:b.cdx.json', '--feeds', at('feeds'), '--json'], { env })
    // V8 names there each flag that it does not know.
    expect(stderr).not.toContain('flag')
    const read: readonly string[] = JSON.parse(await readFile(at('read.json'), 'utf8'))
    expect(read.map((name) => name.replace(/.*\//, '').replace(/-[\w-]{8}\.cjs$/, ''))).toEqual([
      ...['temper.cjs', 'load.cjs', 'main.cjs', 'boot', 'rolldown-runtime', 'start', 'scan', 'shared'],
    ])
  })

  it('passes publint', async () => {
    const { messages } = await publint({ pkgDir: home, strict: true, pack: false })
    expect(messages).toEqual([])
  })
})

describe('an image that a version of another revision built', () => {
  const version = (JSON.parse(readRepositoryFile('packages/temper/package.json')) as { version: string })
    .version
  const cache = () => ({ TEMPER_CACHE_DIR: join(inject('sharedFolder'), 'cache') })
  /** As npm's clients ask for it: the versions of one package, and their archives. */
  let registry: Server
  let scope: NodeJS.ProcessEnv = {}

  beforeAll(async () => {
    registry = createServer((request, response) => {
      const archive = readFileSync(join(folder, tarball))
      if (request.url?.endsWith('.tgz')) return void response.end(archive)
      const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
      const dist = {
        tarball: `http://${request.headers.host}/temper-${version}.tgz`,
        integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}`,
      }
      const { name } = manifest
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          name,
          'dist-tags': { latest: version },
          versions: { [version]: { ...manifest, dist } },
        }),
      )
    })
    await new Promise<void>((listening) => registry.listen(0, '127.0.0.1', listening))
    const { port } = registry.address() as AddressInfo
    scope = { 'npm_config_@temper-images:registry': `http://127.0.0.1:${port}/` }
    await cp(join(folder, 'node_modules'), join(folder, 'next/node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    })
    await raiseRevision(join(folder, 'next/node_modules/@temper-images/temper/dist'))
    await installed(['build', 'static', '-o', 'image'], { env: cache() })
  })
  afterAll(() => registry.close())

  /** What a change of effects does to the sources. */
  async function raiseRevision(dist: string): Promise<void> {
    let raised = 0
    for (const name of await readdir(dist)) {
      if (!name.endsWith('.cjs')) continue
      const text = await readFile(join(dist, name), 'utf8')
      const next = text.replace(
        /\brevisions = \{\s*current: (\d+),/,
        (_, current) => `revisions = { current: ${Number(current) + 1},`,
      )
      if (next !== text) raised += 1
      await writeFile(join(dist, name), next)
    }
    expect(raised).toBe(1)
  }

  const rebuild = (args: readonly string[], env: NodeJS.ProcessEnv) =>
    installed(['rebuild', 'oci:image', '--json', ...args], {
      env: { ...cache(), ...env },
      at: join(folder, 'next'),
    })

  it('is rebuilt by that version, from npm', async () => {
    const { stdout } = await rebuild([], { ...scope, TEMPER_CACHE_DIR: join(folder, 'cache-next') })
    expect(JSON.parse(stdout)).toMatchObject({ equal: true, differences: [] })
  })

  it('is not rebuilt when that version cannot be had', async () => {
    const failed = await rebuild(['--offline'], scope).then(
      () => undefined,
      (error: { code: number; stdout: string }) => error,
    )
    expect(failed?.code).toBe(3)
    expect(JSON.parse(failed?.stdout ?? '')).toMatchObject({
      error: {
        code: 'version-unavailable',
        message: `Temper ${version} is not available: it is not installed, and the network may not be used`,
      },
    })
  })

  it('has its lock told before another version builds from it', async () => {
    const { current } = revisions
    await mkdir(join(folder, 'mine'))
    await copyFile(join(repositoryRoot, 'catalog/static/recipe.yaml'), join(folder, 'mine/recipe.yaml'))
    await installed(['lock', 'mine'], { env: cache() })
    const { stderr, stdout } = await installed(['build', 'mine', '-o', 'mine/out', '--json'], {
      env: cache(),
      at: join(folder, 'next'),
    })
    expect(stderr).toContain(
      `was made by Temper ${version}, whose effects and rules have revision ${current}`,
    )
    expect(JSON.parse(stdout)).toMatchObject({
      otherRevision: { made: { version, revision: current }, current: current + 1, version },
    })
  })
})

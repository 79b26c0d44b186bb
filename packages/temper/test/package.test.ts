import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRepositoryFile, repositoryRoot } from './support/source-files.ts'

const run = promisify(execFile)
const home = join(repositoryRoot, 'packages/temper')
let folder = ''
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
  const tarball = packed[0]?.filename.replace('@', '').replace('/', '-') ?? ''
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', join(folder, tarball)], {
    cwd: folder,
  })
}, 300_000)

afterAll(() => rm(folder, { recursive: true }))

/** With the Node that runs the tests first in the PATH, as the shebang finds it. */
function installed(args: readonly string[]) {
  const env = { ...process.env, PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}` }
  return run(join(folder, 'node_modules/.bin/temper'), args, { cwd: folder, env })
}

describe('the published package', () => {
  it('holds what it needs and no tests', () => {
    expect(files).toContain('LICENSE')
    expect(files).toContain('README.md')
    expect(files).toContain('dist/index.d.ts')
    expect(files).toContain('dist/main.js')
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
    const { stdout } = await installed(['completion', 'bash'])
    const shipped = await readdir(join(repositoryRoot, 'catalog'), { withFileTypes: true })
    for (const entry of shipped) if (entry.isDirectory()) expect(stdout).toContain(entry.name)
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

  it('passes publint', async () => {
    const { messages } = await publint({ pkgDir: home, strict: true, pack: false })
    expect(messages).toEqual([])
  })
})

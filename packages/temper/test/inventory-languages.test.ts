import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { languageCataloguers } from '../src/inventory/language/cataloguers.ts'
import { readFolderInventory } from '../src/inventory/reading/folder.ts'

const run = promisify(execFile)
const env = {
  ...process.env,
  PATH: [process.env.PATH ?? '', '/usr/local/go/bin', '/usr/lib/go/bin'].join(delimiter),
  GOFLAGS: '',
  GOPROXY: 'off',
  GOTOOLCHAIN: 'local',
  CGO_ENABLED: '0',
}

/** Whether a program answers; tests with one that is missing are skipped, and say so. */
async function has(program: string, ...arguments_: string[]): Promise<boolean> {
  try {
    await run(program, arguments_, { env })
    return true
  } catch (error) {
    process.stderr.write(`Tests with ${program} are skipped: ${(error as Error).message}\n`)
    return false
  }
}

const [go, python, jar, npm] = await Promise.all([
  has('go', 'version'),
  has('python3', '-m', 'pip', '--version'),
  has('jar', '--version'),
  has('npm', '--version'),
])

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-languages-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

async function inventory(root: string) {
  const { components, notes } = await readFolderInventory(join(folder, root), {
    cataloguers: languageCataloguers,
  })
  return { components, notes, purls: components.map(({ purl }) => purl) }
}

describe.skipIf(!go)('a program that go built', () => {
  test.each([
    ['as it is', []],
    ['without symbols', ['-ldflags=-s -w']],
  ])('%s', async (name, flags) => {
    const work = `go-${flags.length}`
    await write({
      [`${work}/src/go.mod`]:
        'module example.com/mine\n\ngo 1.20\n\nrequire example.com/Dep v1.2.3\n\nreplace example.com/Dep => ./dep\n',
      [`${work}/src/main.go`]: 'package main\n\nimport "example.com/Dep"\n\nfunc main() { dep.Say() }\n',
      [`${work}/src/dep/go.mod`]: 'module example.com/Dep\n',
      [`${work}/src/dep/dep.go`]: 'package dep\n\nfunc Say() { println("hello") }\n',
    })
    const program = join(folder, work, 'root/bin/mine')
    await run('go', ['build', ...flags, '-buildvcs=false', '-o', program, '.'], {
      env,
      cwd: join(folder, work, 'src'),
    })
    const { stdout } = await run('go', ['env', 'GOVERSION'], { env })
    const version = /^go(\d+(?:\.\d+)+)/.exec(stdout)?.[1]
    const { components } = await inventory(`${work}/root`)
    expect(
      components.map((one) => `${one.name} ${one.version}`),
      name,
    ).toEqual(['example.com/Dep (devel)', 'example.com/mine (devel)', `stdlib ${version}`])
    const [dependency] = components
    expect(dependency?.purl).toBe('pkg:golang/example.com/dep')
    // Sources beside: go.mod speaks of the same, and the program goes first.
    const both = await inventory(work)
    expect(both.components).toHaveLength(3)
    expect(both.notes.map(({ code }) => code)).toContain('lock-passed-over')
  })
})

/** A wheel is an archive of the files that are installed, with its metadata. */
const makeWheel = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + '/Te_st.pkg-1.0-py3-none-any.whl', 'w') as wheel:
    info = 'Te_st.pkg-1.0.dist-info/'
    wheel.writestr('te_st/__init__.py', 'x = 1\\n')
    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: Te_st.pkg\\nVersion: 1.0\\nLicense: MIT\\n\\nText\\n')
    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(info + 'RECORD', 'te_st/__init__.py,,\\n')
`

test.skipIf(!python)('a package that pip installed', async () => {
  const work = join(folder, 'python')
  await mkdir(work)
  await run('python3', ['-c', makeWheel, work])
  const wheel = join(work, 'Te_st.pkg-1.0-py3-none-any.whl')
  const target = join(work, 'root/usr/lib/python3/site-packages')
  await run('python3', ['-m', 'pip', 'install', '--no-index', '--no-deps', '--target', target, wheel])
  const { components } = await inventory('python/root')
  expect(components).toHaveLength(1)
  expect(components[0]).toMatchObject({ purl: 'pkg:pypi/te-st-pkg@1.0', version: '1.0', licence: 'MIT' })
  expect(components[0]?.files).toContain('usr/lib/python3/site-packages/te_st/__init__.py')
})

test.skipIf(!jar)('archives that jar made, one in the other', async () => {
  await write({
    'java/in/META-INF/maven/org.x/lib/pom.properties': 'groupId=org.x\nartifactId=lib\nversion=1.2.3\n',
    'java/manifest': 'Implementation-Version: 7.0\n',
  })
  const work = join(folder, 'java')
  await mkdir(join(work, 'out/BOOT-INF/lib'), { recursive: true })
  await mkdir(join(work, 'root'))
  await run('jar', ['cf', 'out/BOOT-INF/lib/lib.jar', '-C', 'in', '.'], { cwd: work })
  await run('jar', ['cf0m', 'root/app.jar', 'manifest', '-C', 'out', '.'], { cwd: work })
  const { components } = await inventory('java/root')
  expect(components.map(({ name, version, locations }) => [name, version, locations[0]?.path])).toEqual([
    ['app:app', '7.0', 'app.jar'],
    ['org.x:lib', '1.2.3', 'app.jar!/BOOT-INF/lib/lib.jar'],
  ])
})

test.skipIf(!npm)('what npm installed and locked', async () => {
  await write({
    'npm/app/package.json': JSON.stringify({
      name: 'app',
      version: '1.0.0',
      private: true,
      dependencies: { dep: 'file:../dep-1.0.0.tgz' },
    }),
    'npm/dep/package.json': JSON.stringify({ name: 'dep', version: '1.0.0', license: 'MIT' }),
  })
  const options = { env: { ...env, npm_config_cache: join(folder, 'npm/cache'), npm_config_offline: 'true' } }
  await run('npm', ['pack', './dep'], { ...options, cwd: join(folder, 'npm') })
  await run('npm', ['install', '--no-audit', '--no-fund'], { ...options, cwd: join(folder, 'npm/app') })
  const installed = await inventory('npm/app')
  expect(installed.purls).toEqual(['pkg:npm/dep@1.0.0'])
  expect(installed.components[0]?.locations).toEqual([{ path: 'node_modules/dep/package.json' }])
  await rm(join(folder, 'npm/app/node_modules'), { recursive: true })
  const locked = await inventory('npm/app')
  expect(locked.purls).toEqual(['pkg:npm/dep@1.0.0'])
  expect(locked.components[0]?.locations).toEqual([{ path: 'package-lock.json' }])
})

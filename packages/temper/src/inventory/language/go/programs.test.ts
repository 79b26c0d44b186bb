import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TemperError } from '../../../base/error.ts'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { goCataloguer } from './cataloguer.ts'
import { develVersion, isFolder, modulesOf, stdlib } from './modules.ts'

const go = (...words: readonly string[]) => spawnSync('go', words, { encoding: 'utf8' })
const root = go('env', 'GOROOT').stdout?.trim() ?? ''
const tools = root === '' ? '' : go('env', 'GOTOOLDIR').stdout.trim()

/** Programs that whoever has Go has: its own. The smaller ones, so that few bytes are read. */
const programs =
  root === '' ? [] : [join(root, 'bin/gofmt'), ...toolsThere().map((name) => join(tools, name))]

function toolsThere(): readonly string[] {
  const small = ['asm', 'buildid', 'cgo', 'cover', 'fix', 'pack', 'vet']
  try {
    return readdirSync(tools).filter((name) => small.includes(name))
  } catch {
    return []
  }
}

describe.skipIf(programs.length === 0)('programs that Go has built', () => {
  test.each(programs)('%s says what `go version -m` says', async (path) => {
    const { stdout } = go('version', '-m', path)
    const [first = '', ...lines] = stdout.split('\n')
    const release = /: (go\S+)/.exec(first)?.[1] ?? ''
    const modules = lines
      .map((line) => line.trim().split('\t'))
      .filter(([kind]) => kind === 'mod' || kind === 'dep')
      .map(([, name = '', version = '']) => `${name} ${version || develVersion}`)
    const catalogued = await catalogueFiles(goCataloguer, {
      'usr/bin/program': { content: readFileSync(path), mode: 0o755 },
    })
    expect(namesOf(catalogued)).toEqual([...modules, `stdlib ${release.replace(/^go/, '')}`].sort())
  })

  test('damaged anywhere they are read, refused or passed over, and nothing else', async () => {
    const [path = ''] = programs.slice(-1)
    const whole = readFileSync(path)
    const change = fc.tuple(fc.nat(Math.min(whole.length, 4096) - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const content = Buffer.from(whole)
        for (const [at, value] of changes) content[at] = value
        const read = catalogueFiles(goCataloguer, { program: { content, mode: 0o755 } })
        const outcome = await read.catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(TemperError)
      }),
      { numRuns: 12, seed: 5 },
    )
  })
})

describe('what the linker wrote', () => {
  test.each([
    ['go1.22', '1.22'],
    ['go1.22.1', '1.22.1'],
    ['go1.21rc2', '1.21.0-rc.2'],
    ['go1.18beta1', '1.18.0-beta.1'],
    ['go1.22.1 X:boringcrypto', '1.22.1'],
    ['devel go1.23-4c50f9162c Fri Apr 5 01:16:28 2024 +0000', '1.23'],
    ['go1.20.3-custom', '1.20.3'],
    ['devel +a1b2c3 Mon Jan 1 00:00:00 2018 +0000', undefined],
    ['', undefined],
  ])('release %j', (text, expected) => {
    expect(stdlib(text)?.version).toBe(expected)
  })

  test.each([
    ['./x', true],
    ['../x', true],
    ['.', true],
    ['..', true],
    ['/x', true],
    ['C:\\x', true],
    ['c:/x', true],
    ['.\\x', true],
    ['..\\x', true],
    ['\\\\server\\share', true],
    ['example.com/x', false],
    ['.hidden.example/x', false],
    ['...', false],
  ])('%j is a folder: %s', (path, expected) => {
    expect(isFolder(path)).toBe(expected)
  })

  test.each<[string, readonly string[], readonly string[]]>([
    ['a folder', ['dep\ta.example/b\tv1.0.0', '=>\t..\t(devel)\t'], ['a.example/b (devel)']],
    [
      'another module',
      ['dep\ta.example/b\tv1.0.0', '=>\tc.example/d\tv2.0.0\th1:x='],
      ['c.example/d v2.0.0'],
    ],
    [
      'another, twice',
      ['dep\ta.example/b\tv1', '=>\tc.example/d\tv2', '=>\te.example/f\tv3'],
      ['e.example/f v3'],
    ],
    ['nothing that there is', ['=>\tc.example/d\tv2.0.0'], []],
    ['no version', ['dep\ta.example/b\tv1.0.0', '=>\tc.example/d'], ['c.example/d (devel)']],
  ])('replaced by %s', (_, lines, expected) => {
    const modules = modulesOf({ goVersion: '', modules: `${lines.join('\n')}\n` })
    expect(modules.map(({ name, version }) => `${name} ${version}`)).toEqual(expected)
  })

  test.each([
    ['-ldflags=-X main.version=v1.2.3', 'v1.2.3'],
    ['-ldflags="-s -w -X main.Version=1.2.3"', 'v1.2.3'],
    ["-ldflags=-X 'main.version=1.2.3-rc.1+b5'", 'v1.2.3-rc.1+b5'],
    ['-ldflags=-X a.example/lib.version=v9.0.0 -X main.gitVersion=v1.0.0', 'v1.0.0'],
    ['-ldflags=-X a.example/cmd/version.Version=v4.5.6', 'v4.5.6'],
    ['-ldflags=-X main.date=2024.01.02', develVersion],
    ['-ldflags=-X main.version=dev', develVersion],
    ['-tags=-X main.version=v1.2.3', develVersion],
  ])('a version that was set while linking: %s', (setting, expected) => {
    const modules = `mod\ta.example/main\t(devel)\t\nbuild\t${setting}\n`
    expect(modulesOf({ goVersion: '', modules })[0]?.version).toBe(expected)
    // A version that Go itself knows goes before.
    const tagged = modulesOf({ goVersion: '', modules: modules.replace('(devel)', 'v0.1.0') })
    expect(tagged[0]?.version).toBe('v0.1.0')
  })
})

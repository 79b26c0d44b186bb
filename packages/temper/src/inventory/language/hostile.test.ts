import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { buildZip } from '../../formats/zip/fixtures/sample.ts'
import { languageCataloguers } from './cataloguers.ts'
import { buildProgram } from './fixtures/fixture-program.ts'
import { catalogueFiles } from './fixtures/sample.ts'

/** One path of each kind of file that is read. */
const textPaths = [
  'a/node_modules/a/package.json',
  'package-lock.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'a.dist-info/METADATA',
  'a.dist-info/RECORD',
  'requirements.txt',
  'poetry.lock',
  'uv.lock',
  'pdm.lock',
  'Pipfile.lock',
  'conda-meta/a.json',
  'gradle.lockfile',
  'pom.xml',
  'META-INF/maven/a/b/pom.properties',
  'go.mod',
  'go.sum',
  'Cargo.lock',
  'specifications/a.gemspec',
  'Gemfile.lock',
  'vendor/composer/installed.json',
  'composer.lock',
  'a.deps.json',
  'packages.lock.json',
  'packages.config',
  'obj/project.assets.json',
  'x.csproj',
  'build.gradle',
  'gradle/libs.versions.toml',
  'package.json',
  'Cargo.toml',
  'pyproject.toml',
  'setup.cfg',
  'pubspec.yaml',
  'vcpkg.json',
  'jsonnetfile.json',
  'manifest.toml',
  'conanfile.py',
  'Chart.lock',
  'Cartfile.resolved',
  'cpanfile.snapshot',
  'dub.selections.json',
  'elm.json',
  'luarocks.lock',
  'nimble.lock',
  'shard.lock',
  'spago.lock',
  'x.opam.locked',
  'Packages/packages-lock.json',
  'vcpkg/status',
  'library/x/DESCRIPTION',
]

/** What any of the readers makes of it; only errors of ours may come out, and facts are plain JSON. */
async function readAll(path: string, content: string | Uint8Array, mode = 0o755): Promise<void> {
  for (const cataloguer of languageCataloguers) {
    try {
      const { components } = await catalogueFiles(cataloguer, { [path]: { content, mode } })
      expect(new Set(components.map(({ purl, name }) => `${purl} ${name}`)).size).toBe(components.length)
      for (const { name, version, purl } of components) {
        expect(`${name}${version}`).toMatch(/^[^\s\p{Cc}\p{Cf}]+$/u)
        expect(purl).toMatch(/^pkg:[a-z]+\/[\x21-\x7e]+$/)
      }
    } catch (error) {
      if (!(error instanceof TemperError)) throw error
    }
  }
}

const keys = [
  'name',
  'version',
  'packages',
  'dependencies',
  'package',
  '__proto__',
  'node_modules/a',
  'node_modules/a\udc00',
  'libraries',
  'dev',
]
const document = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom('1.0.0', 'a', 'a/1.0', 'npm:a@1', 'a\ud800', '', true, null, 7),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 5 }),
  ),
})).value

const line = fc.oneof(
  fc.constantFrom(
    'GEM',
    'specs:',
    '[[package]]',
    '"a@1":',
    '/a/1.0.0:',
    "lockfileVersion: '9.0'",
    'packages:',
    'require (',
  ),
  fc.constantFrom(
    '  version "1"',
    '    a (1.0)',
    'Name: a',
    'Version: 1',
    'a==1',
    's.name = "a"',
    'name = "a"',
    'a v1 h1:x',
  ),
  fc.string({ maxLength: 20 }),
)

describe('whatever a file holds', () => {
  test.each(textPaths)('%s', async (path) => {
    const lines = fc.array(line, { maxLength: 15 }).map((all) => all.join('\n'))
    const content = fc.oneof(
      lines,
      document.map((value) => JSON.stringify(value)),
      fc.uint8Array({ maxLength: 60 }),
    )
    await fc.assert(
      fc.asyncProperty(content, (bytes) => readAll(path, bytes)),
      { numRuns: 60 },
    )
  })

  test.each([
    [
      'a.jar',
      buildZip({ entries: [{ name: 'META-INF/MANIFEST.MF', content: 'Implementation-Version: 1\n' }] }),
    ],
    ['a.egg', buildZip({ entries: [{ name: 'EGG-INFO/PKG-INFO', content: 'Name: a\nVersion: 1\n' }] })],
    [
      'bin/a',
      buildProgram({
        sections: [{ name: '.dep-v0', content: deflateSync('{"packages":[]}'), address: 4096 }],
      }),
    ],
  ])('%s, damaged', async (path, whole) => {
    const change = fc.tuple(fc.nat(Math.min(whole.length, 1000) - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(whole.length),
        async (changes, cut) => {
          const bytes = Buffer.from(whole)
          for (const [at, value] of changes) bytes[at] = value
          await readAll(path, bytes)
          await readAll(path, bytes.subarray(0, cut))
        },
      ),
      { numRuns: 150 },
    )
  })

  test.each(textPaths)('%s of one long line', async (path) => {
    for (const unit of ['a', '"', '{', '[', ' ', 'a@', "'", '\\', '<a ', '&a *a ', 'a.', '\u0024{a}', '- '])
      await readAll(path, unit.repeat(Math.ceil(200_000 / unit.length)))
  })
})

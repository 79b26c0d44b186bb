import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readGoMod } from './go-mod.ts'
import { develVersion } from './modules.ts'

const environment = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '', GOWORK: 'off' }
const hasGo = spawnSync('go', ['version'], { env: environment }).status === 0

interface Place {
  readonly Path: string
  readonly Version?: string
}

interface Edited {
  readonly Module?: { readonly Path: string }
  readonly Require?: readonly Place[] | null
  readonly Replace?: readonly { readonly Old: Place; readonly New: Place }[] | null
}

/** What Go itself reads of a go.mod; undefined where it refuses it. */
function edited(text: string): Edited | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'temper-go-mod-'))
  const path = join(folder, 'go.mod')
  writeFileSync(path, text)
  const { status, stdout } = spawnSync('go', ['mod', 'edit', '-json', path], {
    encoding: 'utf8',
    env: environment,
  })
  rmSync(folder, { recursive: true })
  return status === 0 ? (JSON.parse(stdout) as Edited) : undefined
}

/** The modules of a build, by Go's own reading: a replacement for one version goes before one for all. */
function expected({ Require, Replace }: Edited): string[] {
  const highest = new Map<string, Place>()
  for (const place of Require ?? []) {
    const { Path, Version = '' } = place
    if (rank(Version) >= rank(highest.get(Path)?.Version ?? '')) highest.set(Path, place)
  }
  const modules = [...highest.values()].map(({ Path, Version }) => {
    const of = (version: string | undefined) =>
      (Replace ?? []).find(({ Old }) => Old.Path === Path && Old.Version === version)?.New
    const other = of(Version) ?? of(undefined)
    if (other === undefined) return `${Path} ${Version}`
    // Go gives no version to folders, and to nothing else.
    return other.Version === undefined ? `${Path} ${develVersion}` : `${other.Path} ${other.Version}`
  })
  return [...new Set(modules)].sort()
}

function read(text: string): string[] | undefined {
  const bytes = Buffer.from(text)
  const fact = readGoMod({ path: 'go.mod', size: bytes.length, mode: 0o644, start: bytes, bytes })
  return fact?.packages.map(({ name, version }) => `${name} ${version}`).sort()
}

const paths = ['example.com/a', 'example.com/b/v2', 'gopkg.in/c.v1', 'example.com/UPPER/d']
const majors: Readonly<Record<string, string>> = { 'example.com/b/v2': 'v2', 'gopkg.in/c.v1': 'v1' }
const path = fc.constantFrom(...paths)
/** From the lowest to the highest. */
const minors = ['.0.0', '.2.3', '.4.0-rc.1', '.4.0', '.5.0-20200102030405-0123456789ab', '.10.0']
const minor = fc.constantFrom(...minors)

function rank(version: string): number {
  return minors.indexOf(version.replace(/^v\d+/, ''))
}

const versionOf = (name: string) => minor.map((rest) => `${majors[name] ?? 'v1'}${rest}`)
const quoted = (text: string) => fc.constantFrom(text, `"${text}"`, `\`${text}\``)
const comment = fc.constantFrom('', ' // indirect', ' // a "quoted" => arrow', '// v9.9.9')
const folder = fc.constantFrom('./x', '../x', '.', '..', '/opt/x', '../../a/b', './x y')

const requirement = path.chain((name) =>
  fc
    .tuple(quoted(name), versionOf(name), comment)
    .map(([shown, version, after]) => `${shown} ${version}${after}`),
)
const replacement = path.chain((name) =>
  fc
    .tuple(
      quoted(name),
      fc.option(versionOf(name), { nil: '' }),
      fc.oneof(
        folder.map((target) => (target.includes(' ') ? `"${target}"` : target)),
        path.chain((other) => versionOf(other).map((version) => `${other} ${version}`)),
      ),
      comment,
    )
    .map(([shown, version, target, after]) => `${shown} ${version} => ${target}${after}`),
)

function directive(kind: string, lines: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    lines.map((line) => `${kind} ${line}\n`),
    fc
      .tuple(fc.array(lines, { maxLength: 3 }), fc.constantFrom('(', ' (', '\t(', ' ( // why'), comment)
      .map(
        ([all, open, after]) => `${kind}${open}\n${all.map((line) => `\t${line}\n\n`).join('')})${after}\n`,
      ),
  )
}

const goMod = fc
  .tuple(
    fc.constantFrom(
      'module example.com/main',
      'module "example.com/main"',
      'module example.com/main // mine',
    ),
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: directive('require', requirement) },
        { weight: 3, arbitrary: directive('replace', replacement) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            'exclude example.com/a v1.9.9\n',
            'retract [v1.0.0, v1.1.0] // bad\n',
            'retract (\n\tv1.2.0\n\tv1.3.0\n)\n',
            '// require example.com/commented v1.0.0\n',
          ),
        },
      ),
      { maxLength: 5 },
    ),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([module, blocks, end]) => [`${module}\n\ngo 1.17\n`, ...blocks].join('\n').replaceAll('\n', end))

describe.skipIf(!hasGo)('go.mod, as Go reads it', () => {
  test('whatever is written that Go takes', () => {
    const tried = fc.sample(goMod, { seed: 3, numRuns: 60 })
    let taken = 0
    for (const text of tried) {
      const go = edited(text)
      // The same module replaced twice is refused.
      if (go === undefined) continue
      taken++
      expect({ text, found: read(text) }).toEqual({ text, found: expected(go) })
    }
    expect(taken).toBeGreaterThan(30)
  })

  test.each([
    ['a parent folder', 'require example.com/a v1.0.0\nreplace example.com/a => ..\n'],
    ['this folder', 'require example.com/a v1.0.0\nreplace example.com/a => .\n'],
    ['one version only', 'require example.com/a v1.0.0\nreplace example.com/a v1.1.0 => ../a\n'],
    [
      'one version before all',
      'require example.com/a v1.0.0\nreplace (\nexample.com/a => ./all\nexample.com/a v1.0.0 => example.com/f v1.0.1\n)\n',
    ],
  ])('replaced by: %s', (_, rest) => {
    const text = `module example.com/main\n\ngo 1.20\n\n${rest}`
    const go = edited(text)
    expect(read(text)).toEqual(go && expected(go))
  })
})

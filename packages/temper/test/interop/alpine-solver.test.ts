import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { solve } from '../../src/assemble/solve/solve.ts'
import type { TemperError } from '../../src/base/error.ts'
import { alpineRules } from '../../src/distro/alpine/packages/rules.ts'
import {
  makeKey,
  makePackage,
  publish,
  type SampleMirror,
  type SamplePackage,
} from '../../src/distro/apk/fixtures/repository.ts'
import { ApkPackageIndex } from '../../src/distro/apk/index/package-index.ts'
import { parseRecords } from '../../src/formats/apk/index.ts'
import { parsePackageRequest } from '../../src/recipe/normalise/package-request.ts'
import { type MadePackage, makeUniverse, type Need, someNames } from '../solver/universe.ts'
import { apk, installedPackages, seeded, tryRealAlpine } from '../support/real-alpine.ts'

/* Which packages belong together, by the apk-tools of a real Alpine 3.23 and by Temper. */

const run = promisify(execFile)
const alpine = await tryRealAlpine()
const key = makeKey('mirror@example.org-1.rsa.pub')
const universes = Number(process.env.TEMPER_SOLVER_UNIVERSES ?? 100)

describe.skipIf(alpine === undefined)('the apk of a real Alpine', () => {
  let root = ''
  let packages: readonly SamplePackage[] = []

  beforeAll(async () => {
    root = join(await mkdtemp(join(tmpdir(), 'temper-alpine-solver-')), 'root')
    await run('cp', ['-a', alpine ?? '', root])
    packages = await installedPackages(root)
    await writeFile(join(root, 'etc/apk/keys', key.name), key.publicKey)
    await mkdir(join(root, 'new/etc/apk/keys'), { recursive: true })
    await writeFile(join(root, 'new/etc/apk/keys', key.name), key.publicKey)
    await apk(root, 'add', '--root', '/new', '--arch', 'x86_64', '--no-network', '--initdb')
    await put('main', packages)
  }, 600_000)
  afterAll(() => rm(dirname(root), { recursive: true, force: true }))

  /** A repository below /mirror of the root file system. */
  async function put(name: string, samples: readonly SamplePackage[]): Promise<void> {
    const mirror: Pick<SampleMirror, 'files'> = { files: new Map() }
    publish(mirror, `${name}/x86_64`, { key, packages: samples })
    for (const [path, bytes] of mirror.files) {
      const target = join(root, 'mirror', path)
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, bytes)
    }
  }

  /** What apk would install into an empty system, "name version" each; undefined when it refuses. */
  async function planned(
    lines: readonly string[],
    names: readonly string[],
  ): Promise<readonly string[] | undefined> {
    await writeFile(join(root, 'repositories'), lines.map((line) => `${line}\n`).join(''))
    const options = [
      '--root',
      '/new',
      '--arch',
      'x86_64',
      '--no-network',
      '--repositories-file',
      '/repositories',
    ]
    try {
      // apk writes the tag before the range, Temper after it.
      const words = names.map((name) => name.replace(/^([^<>=~@]+)([<>=~].*)(@.*)$/, '$1$3$2'))
      const text = await apk(root, 'add', '--simulate', ...options, ...words)
      return [...text.matchAll(/Installing (\S+) \((\S+)\)/g)]
        .map(([, name = '', version]) => `${name.replace(/@.*/, '')} ${version}`)
        .sort()
    } catch (error) {
      const { stderr = '' } = error as { readonly stderr?: string }
      if (/unable to select packages|is not a valid world dependency/.test(stderr)) return undefined
      throw error
    }
  }

  /** The same by Temper; of a repository with a tag only what is asked of it. */
  function solved(index: ApkPackageIndex, names: readonly string[]): readonly string[] | undefined {
    const requests = names.flatMap((name) => parsePackageRequest(name) ?? [])
    expect(requests).toHaveLength(names.length)
    try {
      const solution = solve(requests, index, { architecture: 'amd64', rules: alpineRules })
      return solution.packages.map(({ package: { name, version } }) => `${name} ${version}`).sort()
    } catch (error) {
      const { code } = error as TemperError
      if (code === 'unsatisfiable' || code === 'package-not-found') return undefined
      throw error
    }
  }

  async function differing(
    lines: readonly string[],
    index: ApkPackageIndex,
    all: readonly (readonly string[])[],
  ): Promise<readonly string[]> {
    const differences: string[] = []
    for (const names of all) {
      const [theirs, ours] = [await planned(lines, names), solved(index, names)]
      if (JSON.stringify(theirs) !== JSON.stringify(ours)) differences.push(`${names}: ${theirs} / ${ours}`)
    }
    return differences
  }

  it('chooses what Temper chooses, for each of its packages and for pairs', async () => {
    const names = packages.map(({ name }) => name).sort()
    expect(names.length).toBeGreaterThan(50)
    const pick = (text: string) => names[seeded(text) % names.length] ?? ''
    const pairs = Array.from({ length: 40 }, (_, at) => [...new Set([pick(`a${at}`), pick(`b${at}`)])])
    const index = indexOf({ main: packages })
    expect(await differing(['/mirror/main'], index, [...names.map((name) => [name]), ...pairs])).toEqual([])
  }, 600_000)

  it('means by requirements what Temper means', async () => {
    const version = (name: string) => packages.find((each) => each.name === name)?.version ?? ''
    const [curl, zlib] = [version('curl'), version('zlib')]
    const wanted = [
      ...['cmd:curl', 'cmd:openssl', 'so:libz.so.1', 'so:libcurl.so.4>=4', 'so:libz.so.1>99', 'cmd:no-such'],
      ...[`curl~${curl.split('.')[0]}`, `curl~${curl.split('-')[0]}`, `curl=~${curl}`, 'curl~99', 'curl~8.'],
      ...[`zlib>=${zlib}`, `zlib>${zlib}`, `zlib<=${zlib}`, `zlib<${zlib}`, `zlib=${zlib}`, 'zlib<99'],
      ...['cmd:curl>=1', `cmd:curl~${curl.split('.')[0]}`, 'cmd:curl<1', 'libcrypto3~3', 'musl>1.2'],
    ]
    const index = indexOf({ main: packages })
    const all = wanted.map((one) => [one])
    expect(await differing(['/mirror/main'], index, all)).toEqual([])
  }, 600_000)

  it('takes from a pinned repository what Temper takes', async () => {
    const main: readonly SamplePackage[] = [
      { name: 'tool', version: '1.0-r0', depends: 'so:libtool.so.1' },
      { name: 'libtool', version: '1.0-r0', provides: 'so:libtool.so.1=1.0' },
      { name: 'other', version: '1.0-r0', depends: 'tool' },
      { name: 'plain', version: '1.0-r0' },
      { name: 'bound', version: '1.0-r0', depends: 'tool<2' },
    ]
    const edge: readonly SamplePackage[] = [
      { name: 'tool', version: '2.0-r0', depends: 'so:libtool.so.2' },
      { name: 'libtool', version: '2.0-r0', provides: 'so:libtool.so.2=2.0 so:libtool.so.1=2.0' },
      { name: 'other', version: '2.0-r0', depends: 'tool>=2' },
      { name: 'plain', version: '2.0-r0' },
      { name: 'only', version: '1.0-r0', depends: 'plain' },
      { name: 'needs', version: '1.0-r0', depends: 'only' },
    ]
    // What has no files is for apk a virtual package, which no pin concerns.
    const whole = (sample: SamplePackage): SamplePackage => ({
      ...sample,
      files: { [`usr/share/${sample.name}`]: sample.name },
    })
    await put('base', main.map(whole))
    await put('edge', edge.map(whole))
    const index = indexOf({ base: main.map(whole), '@edge': edge.map(whole) })
    const all = [
      ...['tool', 'tool@edge', 'libtool@edge', 'other', 'other@edge', 'plain', 'plain@edge'],
      ...['only', 'only@edge', 'needs', 'needs@edge', 'tool=2.0-r0', 'tool>=2@edge', 'tool~2@edge'],
    ].map((name) => [name])
    const more = [
      ['tool@edge', 'plain'],
      ['tool', 'plain@edge'],
      ['libtool@edge', 'tool'],
      ['only@edge', 'plain@edge'],
      ['other', 'tool@edge'],
      ['needs@edge', 'only@edge'],
    ]
    expect(await differing(['/mirror/base', '@edge /mirror/edge'], index, [...all, ...more])).toEqual([])
    // Asked of a repository, a package is taken from there or not at all; apk falls back to others in silence.
    const kept = [['tool<2@edge'], ['tool@edge', 'bound']]
    expect(kept.map((names) => solved(index, names))).toEqual([undefined, undefined])
  }, 600_000)

  it('takes what Temper chooses of made-up repositories, and finds nothing where Temper does not', async () => {
    const made = Array.from({ length: universes }, (_, seed) =>
      makeUniverse({
        seed: seed + 1,
        prefix: `u${seed}-`,
        alternatives: 1,
        withPriorities: true,
        versions: ['1.0-r0', '1.0-r1', '1.0_rc1-r0', '2.0-r0'],
      }),
    )
    const samples = made.flat().map(sampleOf)
    await put('made', samples)
    const index = indexOf({ made: samples })
    const tally = { found: 0, refused: 0 }
    const wrong: string[] = []
    for (const [at, universe] of made.entries()) {
      // A recipe that names a package means that one, where apk may take another that provides the name.
      const names = someNames(universe, at).filter(
        (name) => !universe.some(({ provides }) => provides.some((provided) => provided.name === name)),
      )
      if (names.length === 0) continue
      const [ours, theirs] = [solved(index, names), await planned(['/mirror/made'], names)]
      if (ours === undefined) {
        tally.refused++
        if (theirs !== undefined) wrong.push(`${names}: only apk finds ${theirs}`)
        continue
      }
      tally.found++
      if (JSON.stringify(ours) === JSON.stringify(theirs)) continue
      // Another choice, or one that apk does not find by itself: it has to take it when all of it is named.
      const named = await planned(
        ['/mirror/made'],
        ours.map((each) => each.replace(' ', '=')),
      )
      if (JSON.stringify(named) !== JSON.stringify(ours))
        wrong.push(`${names}: ${ours} / ${theirs} / ${named}`)
    }
    expect(wrong).toEqual([])
    expect(Math.min(tally.found, tally.refused)).toBeGreaterThan(universes / 10)
  }, 600_000)
})

const word = ({ name, relation, version }: Need) =>
  relation === undefined ? name : `${name}${relation}${version}`

function sampleOf({
  name,
  version,
  depends,
  conflicts,
  breaks,
  provides,
  priority,
}: MadePackage): SamplePackage {
  const needs = depends.map(([first]) => (first === undefined ? '' : word(first)))
  const against = [...conflicts, ...breaks].map((each) => `!${word(each)}`)
  return {
    name,
    version,
    depends: [...needs, ...against].join(' '),
    provides: provides.map(word).join(' '),
    ...(priority === undefined ? {} : { priority }),
  }
}

/** Repositories by their names; one with "@" in front is pinned. */
function indexOf(repositories: Readonly<Record<string, readonly SamplePackage[]>>): ApkPackageIndex {
  const parts = Object.entries(repositories).map(([name, samples]) => {
    const text = samples.map((sample) => `${makePackage(sample).paragraph}\n`).join('')
    return {
      origin: { repository: name.replace('@', ''), suite: name, component: 'main', folder: `${name}/x86_64` },
      records: parseRecords(text, name),
    }
  })
  return new ApkPackageIndex(parts)
}

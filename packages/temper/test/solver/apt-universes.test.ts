import { execFile, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { solve } from '../../src/assemble/solve/solve.ts'
import { TemperError } from '../../src/base/error.ts'
import { debianRules } from '../../src/distro/debian/packages/rules.ts'
import type { PackageIndex } from '../../src/model/package/package.ts'
import { anywhere, debianIndex } from './debian-index.ts'
import { type MadePackage, makeUniverse, type Need, someNames } from './universe.ts'

/*
 * Small made-up archives, solved by Temper and judged by the apt of this machine: what Temper chooses apt has to take as
 * it is, and where Temper finds nothing apt must not find anything.
 */

const run = promisify(execFile)
const hasApt = spawnSync('apt-get', ['--version']).status === 0
const rounds = Number(process.env.TEMPER_SOLVER_UNIVERSES ?? 40)
const versions = ['1.0-1', '1.0-1+b1', '1.0~rc1-1', '1:0.9-2']
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-apt-universes-'))
  for (const each of ['lists/partial', 'cache/archives/partial', 'etc'])
    await mkdir(join(folder, each), { recursive: true })
  for (const each of ['status', 'etc/sources.list']) await writeFile(join(folder, each), '')
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'etc/sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::preferencesparts': '-',
    'Dir::State': folder,
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Architecture': 'amd64',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`)
  await writeFile(join(folder, 'apt.conf'), `${lines.join('')}APT::Architectures { "amd64"; };\n`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const relations = { '<': '<<', '<=': '<=', '=': '=', '>=': '>=', '>': '>>' } as const
const word = ({ name, relation, version }: Need) =>
  relation === undefined ? name : `${name} (${relations[relation]} ${version})`
const list = (needs: readonly Need[]) => needs.map(word).join(', ')

function stanza({ name, version, depends, conflicts, breaks, provides }: MadePackage): string {
  const fields = {
    Package: name,
    Version: version,
    Architecture: 'amd64',
    Maintainer: 'Test <test@example.org>',
    Depends: depends.map((all) => all.map(word).join(' | ')).join(', '),
    Conflicts: list(conflicts),
    Breaks: list(breaks),
    Provides: list(provides),
    Description: 'made up',
  }
  const lines = Object.entries(fields).filter(([, value]) => value !== '')
  return `${lines.map(([key, value]) => `${key}: ${value}\n`).join('')}${anywhere}`
}

/** What apt would install, each as "name=version"; undefined when it finds no way. */
async function planned(packages: string, names: readonly string[]): Promise<readonly string[] | undefined> {
  try {
    const { stdout } = await run(
      'apt-get',
      ['-qq', '-s', '--with-source', packages, '--no-install-recommends', 'install', ...names],
      { env: { ...process.env, APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' } },
    )
    return [...stdout.matchAll(/^Inst (\S+) \((\S+) /gm)]
      .map(([, name, version]) => `${name}=${version}`)
      .sort()
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 100) return undefined
    throw error
  }
}

function solved(index: PackageIndex, names: readonly string[]): readonly string[] | undefined {
  try {
    const requests = names.map((name) => ({ name, excluded: false }) as const)
    const { packages } = solve(requests, index, { architecture: 'amd64', rules: debianRules })
    return packages.map(({ package: { name, version } }) => `${name}=${version}`).sort()
  } catch (error) {
    if (error instanceof TemperError && error.code === 'unsatisfiable') return undefined
    throw error
  }
}

describe.skipIf(!hasApt)('made-up archives', () => {
  it('are understood as apt understands them', async () => {
    const universes = Array.from({ length: rounds }, (_, seed) =>
      makeUniverse({ seed: seed + 1, prefix: `u${seed}-`, versions, alternatives: 3 }),
    )
    const text = universes.flat().map(stanza).join('')
    const file = join(folder, 'Packages')
    await writeFile(file, text)
    const index = await debianIndex(text)
    const tally = { found: 0, refused: 0, equal: 0 }
    const wrong: string[] = []
    for (const [at, universe] of universes.entries()) {
      const names = someNames(universe, at)
      const ours = solved(index, names)
      // Where nothing is found, apt is asked for it; else whether all of it, by version, is what it would install.
      const theirs = await planned(file, ours ?? names)
      if (ours === undefined) tally.refused++
      else tally.found++
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) wrong.push(`${names}: ${ours} / ${theirs}`)
    }
    expect(wrong).toEqual([])
    // Both kinds are met.
    expect(Math.min(tally.found, tally.refused)).toBeGreaterThan(rounds / 8)
  })
})

import { execFile, execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { BuildResult } from '../../src/flows/build/result.ts'
import { catalogLock } from '../support/catalog.ts'
import { type CliOptions, sharedCache, temperJson } from '../support/temper-cli.ts'

/* The same lock gives the same digest, whatever it is built with and wherever. */

/** The oldest Node that Temper supports, and a newer one than the pinned one. */
const nodeVersions = { 22: '22.18.0', 26: '26.10.0' } as const

let folder = ''
const locks: Partial<Record<'gzip' | 'zstd', { recipe: string; lock: string }>> = {}
/** What the Node of this test makes, by compression. */
const expected: Partial<Record<'gzip' | 'zstd', unknown>> = {}
let builds = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'temper-determinism-'))
  locks.gzip = { recipe: 'nginx', lock: await catalogLock('nginx') }
  locks.zstd = await zstdVariant()
  expected.gzip = await build('gzip')
  expected.zstd = await build('zstd')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** nginx with other layers; packages and files are the same. */
async function zstdVariant() {
  const recipe = join(folder, 'zstd')
  cpSync(join(import.meta.dirname, '../../../../catalog/nginx'), recipe, { recursive: true })
  const file = join(recipe, 'recipe.yaml')
  writeFileSync(file, `${readFileSync(file, 'utf8')}\noutput:\n  compression: zstd\n`)
  const lock = join(folder, 'zstd.lock.json')
  await temperJson(['lock', recipe, '-o', lock])
  return { recipe, lock }
}

/**
 * Builds with a cache that holds archives of packages and nothing that was made of them. Gives the digest with
 * everything that is said of the image.
 */
async function build(compression: 'gzip' | 'zstd', options: CliOptions = {}): Promise<unknown> {
  const chosen = locks[compression]
  const cache = join(folder, `cache-${++builds}`)
  mkdirSync(cache)
  execFileSync('cp', ['-rl', join(sharedCache(), 'packages'), cache])
  const output = join(folder, `out-${builds}`)
  const result = await temperJson<BuildResult>(
    ['build', chosen?.recipe ?? '', '--lock', chosen?.lock ?? '', '-o', output, '--offline'],
    { ...options, env: { ...options.env, TEMPER_CACHE_DIR: cache } },
  )
  rmSync(cache, { recursive: true })
  rmSync(output, { recursive: true })
  return { digest: result.digest, platforms: result.platforms }
}

/** A Node of another version, from the registry that npm is configured for. */
async function otherNode(version: string): Promise<string> {
  const name = `node-linux-${process.arch}`
  const home = join(inject('sharedFolder'), `node-${version}`)
  const program = join(home, 'node_modules', name, 'bin/node')
  if (!existsSync(program)) {
    mkdirSync(home, { recursive: true })
    const args = ['install', '--prefix', home, '--no-save', '--no-audit', '--no-fund', `${name}@${version}`]
    await promisify(execFile)('npm', args, { cwd: home })
  }
  return program
}

describe.each(['gzip', 'zstd'] as const)('%s layers', (compression) => {
  it.each(Object.entries(nodeVersions))('are the same under Node %s', async (major, version) => {
    const node = await otherNode(version)
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(new RegExp(`^v${major}\\.`))
    expect(await build(compression, { node })).toEqual(expected[compression])
  })
})

it('the image is the same without the host’s xz or any other program, on one processor', async () => {
  const options = { env: { PATH: '/var/empty' }, through: ['/usr/bin/taskset', '-c', '0'] }
  expect(await build('gzip', options)).toEqual(expected.gzip)
})

/** Loaded before anything else: the clock of a machine that is twenty years ahead. */
const laterClock = `
const ahead = 20 * 365 * 24 * 3600 * 1000
const Real = Date
globalThis.Date = class extends Real {
  constructor(...args) {
    super(...(args.length > 0 ? args : [Real.now() + ahead]))
  }
  static now() {
    return Real.now() + ahead
  }
}
`

it('the image is the same in another time zone, locale and folder, with another umask, years later', async () => {
  const built = await build('gzip', {
    env: {
      TZ: 'Pacific/Kiritimati',
      LC_ALL: 'tr_TR.UTF-8',
      LANGUAGE: 'tr',
      NODE_OPTIONS: `--import=${laterModule()}`,
    },
    through: ['sh', '-c', 'umask 077; exec "$@"', 'sh'],
    cwd: mkdtempSync(join(folder, 'elsewhere ä ')),
  })
  expect(built).toEqual(expected.gzip)
})

function laterModule(): string {
  const path = join(folder, 'later.mjs')
  writeFileSync(path, laterClock)
  return path
}

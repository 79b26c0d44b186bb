import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BuildResult } from '../../src/flows/build/result.ts'
import { catalogImage, catalogLock, catalogNames, catalogRecipe } from '../support/catalog.ts'
import { sharedCache, temperJson } from '../support/temper-cli.ts'

/* What the cache has of earlier runs decides how long a build takes, and no byte of what it writes. */

// `npm run long -- warm-cache` sets it: it takes a minute to read all packages of the largest image, and as long to build large ones three
// times more.
const isThorough = process.env.TEMPER_WARM_CACHE === 'thorough'
const largest = 'jre'
const large: readonly string[] = [largest, 'postgres']

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-warm-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every file of a layout with its digest. */
function filesOf(layout: string): Readonly<Record<string, string>> {
  const paths = readdirSync(layout, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
  const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
  return Object.fromEntries(paths.map((path) => [path.slice(layout.length), digest(path)]))
}

/** A cache that holds archives of packages, and nothing that was made of them. */
function packagesOnly(name: string): string {
  const cache = join(folder, `cache-${name}`)
  mkdirSync(cache)
  execFileSync('cp', ['-rl', join(sharedCache(), 'packages'), cache])
  return cache
}

it.each(catalogNames.filter((name) => isThorough || name !== largest))(
  '%s is the same from packages alone as from all that locking made',
  async (name) => {
    const { layout, result } = await catalogImage(name)
    const target = [await catalogRecipe(name), '--lock', await catalogLock(name)]
    const output = join(folder, name)
    const cache = packagesOnly(name)
    const build = (path: string) =>
      temperJson<BuildResult>(['build', ...target, '-o', path, '--offline'], {
        env: { TEMPER_CACHE_DIR: cache },
      })
    const { digest, platforms } = await build(output)
    expect({ digest, platforms }).toEqual({ digest: result.digest, platforms: result.platforms })
    expect(filesOf(output)).toEqual(filesOf(layout))
    // Once more, of what this cache now has, with what is prepared and without it.
    const rounds = isThorough || !large.includes(name) ? ['prepared', 'contents'] : []
    for (const left of rounds) {
      const again = `${output}-${left}`
      await build(again)
      expect(filesOf(again)).toEqual(filesOf(layout))
      for (const kind of readdirSync(cache))
        if (/^(?:prepared|builds|layers)-/.test(kind)) rmSync(join(cache, kind), { recursive: true })
      rmSync(again, { recursive: true })
    }
    rmSync(cache, { recursive: true })
  },
  600_000,
)

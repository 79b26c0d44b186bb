import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from '../src/base/digest.ts'
import { openDistro } from '../src/distro/open.ts'
import type { BuildResult } from '../src/flows/build/result.ts'
import type { Compressor, Lock, LockedPackage } from '../src/model/lock.ts'
import { revisions } from '../src/model/revision.ts'
import { formatLock } from '../src/recipe/lock/lock-file.ts'
import { recipeChecksum } from '../src/recipe/normalise/checksum.ts'
import { parseRecipe } from '../src/recipe/read.ts'
import { pinnedPackages, pinnedRecipe } from './support/pinned-image.ts'
import { temperJson } from './support/temper-cli.ts'

/** What the image of test/support/pinned-image.ts is in this revision (docs/decisions/0015-revision.md). */
const pinned = {
  revision: 1,
  gzip: 'sha256:1e9eb7d72dd0721545323f076cb7d8477b9c555956cc90c8d714610f23e79c5f',
  zstd: 'sha256:9f894acc17c77721b5193b00a87a68a28453dbceaec74439d2b5b427b6fd0b7b',
}

const advice = `The same recipe and lock give another image than before. If that is not meant, find what changed: effects, rules of hardening, ballast, the form of layers or of the configuration. If it is meant: raise "current" in packages/temper/src/model/revision.ts when the last release had the revision that stands there, say in CHANGELOG.md what changed, and note the new digest and revision in this file.`

const compressors: Readonly<Record<'gzip' | 'zstd', Compressor>> = {
  gzip: { format: 'gzip', level: 4, definition: 'pako-3.0.3' },
  zstd: { format: 'zstd', level: 3, definition: 'zstd-1.5.7' },
}

let folder = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'temper-pinned-'))
  const distro = await openDistro('debian-13', {})
  for (const { bytes } of pinnedPackages) {
    const path = distro.archivePath(join(folder, 'cache'), sha256(bytes))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
  }
})

afterAll(() => rmSync(folder, { recursive: true }))

test('the digests are those of the current revision', () => {
  expect(revisions.current, advice).toBe(pinned.revision)
})

test.each(['gzip', 'zstd'] as const)(
  'the pinned image with %s layers has the digest of its revision',
  async (format) => {
    const text = `${pinnedRecipe}output: { compression: ${format} }\n`
    const at = join(folder, format)
    mkdirSync(at)
    writeFileSync(join(at, 'recipe.yaml'), text)
    writeFileSync(join(at, 'lock.json'), formatLock(lockOf(text, format)))
    // The second time from what the first has put into the cache.
    for (const image of ['image', 'again']) {
      const result = await temperJson<BuildResult>(
        ['build', at, '--lock', join(at, 'lock.json'), '-o', join(at, image), '--offline'],
        { env: { TEMPER_CACHE_DIR: join(folder, 'cache') } },
      )
      const [platform] = result.platforms
      expect(platform?.unmodelledEffects).toEqual([])
      expect(result.digest, advice).toBe(pinned[format])
    }
  },
)

function lockOf(recipe: string, format: 'gzip' | 'zstd'): Lock {
  const origin = { repository: 'own', suite: 'stable', component: 'main' }
  const packages = pinnedPackages.map(
    ({ name, version, source, location, bytes }): LockedPackage => ({
      name,
      version,
      architecture: 'amd64',
      source: { name: source, version },
      digest: sha256(bytes),
      size: bytes.length,
      installedSize: 0,
      origin: { ...origin, location },
      wantedBy: name === 'gadget' ? 'recipe' : 'gadget',
    }),
  )
  return {
    formatVersion: 1,
    recipe: {
      name: 'pinned',
      checksum: recipeChecksum(parseRecipe(recipe, { file: 'recipe.yaml' })),
      files: [],
    },
    distribution: 'debian-13',
    compressor: compressors[format],
    suites: [
      {
        repository: 'own',
        address: 'http://packages.example',
        suite: 'stable',
        components: ['main'],
        digest: sha256('release'),
        date: '2026-01-02T03:04:05Z',
        signedBy: [],
      },
    ],
    platforms: [{ platform: 'linux/amd64', packages, pruned: [], effects: [], unmodelledEffects: [] }],
  }
}

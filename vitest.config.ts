import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'

// Tests that need other people's programs run with `npm run interop`, which sets this.
const interop = process.env.TEMPER_INTEROP === '1' ? [] : ['packages/*/test/interop/**']
// Takes a minute a round, most of which it waits: `npm run long -- factory-kills` sets how many.
const kills =
  process.env.TEMPER_FACTORY_KILLS === undefined ? ['packages/server/test/interop/kills.test.ts'] : []

/**
 * Files that take half a minute and more, the longest first. Vitest begins with what took longest the last time; where it
 * knows of no last time, as CI does, it begins with the largest files, and these are small.
 */
const longest = [
  'packages/temper/test/e2e/pages.test.ts',
  'packages/temper/test/e2e/examples.test.ts',
  'packages/temper/test/e2e/warm-cache.test.ts',
  'packages/temper/test/e2e/hardening.test.ts',
  'packages/temper/test/e2e/steps.test.ts',
  'packages/temper/test/e2e/determinism.test.ts',
  'packages/server/test/factory/loop.test.ts',
  'packages/temper/test/e2e/catalog.test.ts',
  'packages/temper/test/e2e/sbom.test.ts',
  'packages/temper/src/oci/registry/quirks.test.ts',
]
const gone = longest.filter((path) => !existsSync(new URL(path, import.meta.url)))
if (gone.length > 0) throw new Error(`the list of long tests names files that are not there: ${gone}`)

class LongestFirst extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]): ReturnType<BaseSequencer['sort']> {
    const place = new Map(
      files.map((file) => [file, longest.findIndex((name) => file.moduleId.endsWith(`/${name}`))]),
    )
    const known = files.filter((file) => place.get(file) !== -1)
    const sorted = await super.sort(files.filter((file) => place.get(file) === -1))
    return [...known.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)), ...sorted]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // A server runs for months in one process, so no source may keep anything that makes another test come out otherwise;
    // and loading all of them anew for each file took half of the time.
    isolate: false,
    // Tests wait for programs, locks and sockets a third of their time: two workers kept one of two cores busy, three not quite both.
    maxWorkers: availableParallelism() + 2,
    projects: [
      {
        extends: true,
        test: {
          // Projects run in the order of their names: what takes longest begins first.
          name: 'program',
          include: ['packages/*/test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...interop, ...kills],
          globalSetup: ['packages/temper/test/support/shared-folder.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'sources',
          include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
        },
      },
    ],
    coverage: {
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
})

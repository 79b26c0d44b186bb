import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'

// Tests that need other people's programs run with `npm run interop`, which sets this.
const interop = process.env.TEMPER_INTEROP === '1' ? [] : ['packages/*/test/interop/**']

export default defineConfig({
  test: {
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // The default leaves a core free: on the two that CI has, half of the machine would wait.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          // Projects run in the order of their names: what takes longest begins first.
          name: 'program',
          include: ['packages/*/test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...interop],
          globalSetup: ['packages/temper/test/support/shared-folder.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'sources',
          include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          // A server runs for months in one process, so no source may keep anything that makes another test come out
          // otherwise; and loading all of them anew for each file took half of the time.
          isolate: false,
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

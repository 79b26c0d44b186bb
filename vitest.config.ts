import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'

// Tests that need other people's programs run with `npm run interop`, which sets this.
const interop = process.env.TEMPER_INTEROP === '1' ? [] : ['packages/*/test/interop/**']

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...interop],
    globalSetup: ['packages/temper/test/support/shared-folder.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // The default leaves a core free: on the two that CI has, half of the machine would wait.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    coverage: {
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
})

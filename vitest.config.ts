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
    coverage: {
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
})

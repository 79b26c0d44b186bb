import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs one file of tests with variables that make it do more than it does among the others; true when it passes. */
export function runTestFile(path: string, environment: Readonly<Record<string, string>>): boolean {
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', path], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  })
  return status === 0
}

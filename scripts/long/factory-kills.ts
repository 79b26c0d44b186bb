import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Kills server, database and worker of a factory at random so many times (default 100), each time within a build. */
export async function killFactories([rounds = '100']: readonly string[]): Promise<boolean> {
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', 'packages/server/test/interop/kills.test.ts'],
    {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: 'inherit',
      env: { ...process.env, TEMPER_INTEROP: '1', TEMPER_FACTORY_KILLS: rounds },
    },
  )
  return status === 0
}

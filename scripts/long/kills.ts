import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Kills a push so many times (default 200), at every request in turn; the tag has to stay old or new. */
export async function killPushes([rounds = '200']: readonly string[]): Promise<boolean> {
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', 'packages/temper/test/kill-push.test.ts'],
    {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: 'inherit',
      env: { ...process.env, TEMPER_KILLS: rounds },
    },
  )
  return status === 0
}

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hostileRounds } from '../../packages/temper/test/hostile-apk/rounds.ts'

const crashes = fileURLToPath(new URL('../../packages/temper/test/hostile-apk/crashes', import.meta.url))

/**
 * Tries indices, packages and package databases of apk that are changed at random, at any depth. Takes the number of
 * rounds (20000) and the seed (1); false when something is not refused with one clear error, or not taken as it promises:
 * the bytes are then in `crashes`, where the tests try them from then on.
 */
export async function fuzzApk([rounds = '20000', seed = '1']: readonly string[]): Promise<boolean> {
  const { faults, outcomes } = await hostileRounds({
    rounds: Number(rounds),
    seed: Number(seed),
    onRound: (done) => {
      if (done % 1000 === 0) console.error(`${done} rounds`)
    },
  })
  for (const [kind, count] of Object.entries(outcomes).sort())
    console.log(`${String(count).padStart(6)} ${kind}`)
  await mkdir(crashes, { recursive: true })
  for (const [at, { kind, problem, bytes }] of faults.slice(0, 20).entries()) {
    console.log(`FAULT, ${kind}: ${problem}`)
    await writeFile(join(crashes, `${kind}-${seed}-${at}.base64`), `${bytes}\n`)
  }
  console.log(`seed ${seed}: ${faults.length} faults in ${rounds} rounds`)
  return faults.length === 0
}

import { damageRounds } from '../../packages/temper/test/damage/rounds.ts'

/**
 * Damages files of a cache at random, one at a time, and looks whether anything comes out otherwise without a word. Takes
 * the number of rounds (1000) and the seed (1); false when something did.
 */
export async function damageCaches([rounds = '1000', seed = '1']: readonly string[]): Promise<boolean> {
  const { silent, unhealed, refused, kinds } = await damageRounds({
    rounds: Number(rounds),
    together: 1,
    seed: Number(seed),
    onRun: (done) => {
      if (done % 100 === 0) console.error(`${done} rounds`)
    },
  })
  for (const [kind, count] of Object.entries(kinds).sort())
    console.log(`${String(count).padStart(5)} ${kind}`)
  for (const text of silent) console.log(`SILENT: ${text}`)
  for (const text of unhealed) console.log(`not healed: ${text}`)
  console.log(
    `seed ${seed}: ${silent.length} silent differences, ${unhealed.length} not healed, ${refused} refused with an error`,
  )
  return silent.length + unhealed.length === 0
}

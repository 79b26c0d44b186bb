import { readFileSync } from 'node:fs'
import { parseList } from '../acceptance/acceptance.ts'
import { type Comparison, compareRoot } from './compare.ts'
import { keepFixture } from './keep.ts'
import { openAptWorld } from './world.ts'

/**
 * Solves packages of Debian 13 as apt of Debian 13 does, from the same index, one at a time. Takes a list of names (the
 * 161 that lie beside this file); false when a solution is neither apt's own nor a smaller one that apt takes too, or when
 * only one of the two finds any. With `--keep` and names, it writes what the tests have of it instead.
 */
export async function compareWithApt([list, ...more]: readonly string[]): Promise<boolean> {
  if (list === '--keep') {
    await keepFixture(more, await openAptWorld())
    return true
  }
  const names = parseList(readFileSync(list ?? new URL('roots.txt', import.meta.url), 'utf8'))
  const world = await openAptWorld()
  const counts: Record<Comparison['outcome'], number> = { equal: 0, smaller: 0, refused: 0, different: 0 }
  for (const name of names) {
    const { outcome, text } = await compareRoot(name, world)
    counts[outcome]++
    if (outcome !== 'equal') console.log(`${name}: ${outcome}${text === '' ? '' : `, ${text}`}`)
  }
  console.log(
    `${world.version}, ${world.date}: of ${names.length} packages ${counts.equal} as apt chooses, ${counts.smaller} with fewer packages that apt takes too, ${counts.refused} refused by both, ${counts.different} otherwise`,
  )
  return counts.different === 0
}

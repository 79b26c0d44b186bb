import type { Kysely } from 'kysely'
import type { Schema } from '../../src/database/schema.ts'
import { catalogue } from '../../src/images/catalogue.ts'

/** Pages that are asked for, of so many images each. */
const [asked, shown] = [40, 100]

/** Seconds that most pages of the catalogue take at the most (the 95th of a hundred). */
export async function measureCatalogue(db: Kysely<Schema>): Promise<number> {
  const taken: number[] = []
  let after: string | undefined
  for (let page = 0; page < asked; page++) {
    const begun = performance.now()
    const images = await catalogue(db, {
      projects: ['*'],
      limit: shown,
      ...(after === undefined ? {} : { after }),
    })
    taken.push((performance.now() - begun) / 1000)
    after = images.at(-1)?.name
  }
  taken.sort((a, b) => a - b)
  const late = taken[Math.floor(taken.length * 0.95)] ?? 0
  process.stdout.write(
    `a page of ${shown} images: ${((taken[asked / 2] ?? 0) * 1000).toFixed(0)} ms, 95 of 100 within ${(late * 1000).toFixed(0)} ms\n`,
  )
  return late
}

import type { FactoryWorld } from '../factory/world.ts'
import { openFeeds } from '../temper.ts'
import { knownFeeds, rulesOf } from './findings.ts'

type World = Pick<FactoryWorld, 'db' | 'context' | 'feeds' | 'log'>

/** Names that one advisory leads to, at most: one that repairs a kernel covers hundreds. */
const limit = 1000

/** The record of a CVE by a distribution, as OSV has it. */
const recordOfCve = /^[A-Z]+-(CVE-\d{4}-\d{4,})$/

const cve = /^CVE-\d{4}-\d{4,}$/

/**
 * The advisories by which clocks know what somebody calls by an id: that very one, or else those that its records, or records which name
 * it, are about. Several where one, such as a distribution's, repairs several. `asked` is in any case of letters.
 */
export async function advisoriesCalled(world: World, asked: string): Promise<readonly string[]> {
  const spelt = spellings(asked)
  const own = await withClocks(world.db, spelt)
  if (own.length > 0) return own
  const cves = spelt.flatMap((id) => recordOfCve.exec(id)?.[1] ?? [])
  const named = await namesIn(world, spelt)
  const all = await withClocks(world.db, [...new Set([...cves, ...named])].slice(0, limit))
  if (all.length > 0) return all
  // What no image has goes by the name that findings would have.
  const known = [...new Set([...cves, ...spelt, ...named].filter((id) => cve.test(id)))]
  return [known.length === 1 ? (known[0] ?? asked) : asked]
}

/** GitHub's ids are in small letters, most others in capitals. */
function spellings(id: string): readonly string[] {
  const most = /^ghsa-/i.test(id) ? `GHSA-${id.slice(5).toLowerCase()}` : id.toUpperCase()
  return [...new Set([id, most])]
}

async function withClocks(db: World['db'], ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('clocks')
    .select('advisory')
    .distinct()
    .where('advisory', 'in', ids)
    .orderBy('advisory')
    .execute()
  return rows.map(({ advisory }) => advisory)
}

async function namesIn(world: World, ids: readonly string[]): Promise<readonly string[]> {
  const index = await knownFeeds(world, () => openFeeds(world.context, rulesOf(world)))
  if (index === undefined) return []
  try {
    return ids.flatMap((id) => {
      const facts = index.facts(id)
      return facts === undefined ? [] : [...facts.aliases, ...(facts.covers ?? [])]
    })
  } finally {
    index.close()
  }
}

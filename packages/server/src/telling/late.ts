import { sql } from 'kysely'
import { lastBuilds } from '../builds/records.ts'
import { whyOpen } from '../clocks/clock.ts'
import { afterWaiver, holds, waiverFor } from '../clocks/waivers.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { waitingImages } from '../images/catalogue.ts'
import { noteEvent, sendNoted } from './tell.ts'

/** Findings that one message names. */
const named = 5

/**
 * Notifies of findings that have become late, once for each image, with the reason why they are still there. A waived
 * finding is not late; when the waiver ends, it is notified again.
 */
export async function tellLate(world: FactoryWorld): Promise<void> {
  const { db, now } = world
  const late = await db
    .selectFrom('clocks')
    .selectAll()
    .where('published', 'is', null)
    .where((e) => e.or([e('told', 'is', null), answeredFor(now())]))
    .where('due', '<', now())
    .orderBy('image')
    .orderBy('due')
    .orderBy('advisory')
    .execute()
  if (late.length === 0) return
  const waivers = await db.selectFrom('waivers').selectAll().execute()
  const open = late.filter((clock) => !holds(waiverFor(waivers, clock), now()))
  const names = [...new Set(open.map(({ image }) => image))]
  const [builds, waiting] = [await lastBuilds(db, names), await waitingImages(db, names)]
  for (const [image, clocks] of Map.groupBy(open, (clock) => clock.image)) {
    const parts = clocks
      .slice(0, named)
      .map(
        (clock) =>
          `${clock.advisory} in ${clock.package}, ${clock.severity}: ${afterWaiver(waiverFor(waivers, clock), whyOpen(clock, builds.get(image), waiting.get(image)))}`,
      )
    const more = clocks.length > named ? `; and ${clocks.length - named} more` : ''
    const noted = await db.transaction().execute(async (tx) => {
      let taken = 0
      for (const { advisory, package: name, told } of clocks) {
        const row = await tx
          .updateTable('clocks')
          .set({ told: now() })
          .where('image', '=', image)
          .where('advisory', '=', advisory)
          .where('package', '=', name)
          .where('told', 'is not distinct from', told)
          .returning('image')
          .executeTakeFirst()
        if (row !== undefined) taken++
      }
      // Another server says it.
      if (taken === 0) return { deliveries: [] }
      return await noteEvent(tx, world, {
        kind: 'late',
        image,
        digest: clocks[0]?.digest ?? null,
        text: `late: ${parts.join('; ')}${more}`,
        details: { findings: clocks.map(({ advisory, package: name }) => ({ advisory, package: name })) },
      })
    })
    await sendNoted(world, noted)
  }
}

/** Findings that are past their due day and not waived now. */
export async function countLate({ db, now }: Pick<FactoryWorld, 'db' | 'now'>): Promise<number> {
  const { rows } = await sql<{ late: number }>`select count(*)::int as late from clocks
    where published is null and due < ${now()} and not exists (select from waivers
      where ${isAbout} and waivers.expires > ${now()})`.execute(db)
  return rows[0]?.late ?? 0
}

const isAbout = sql`waivers.finding = clocks.advisory
    and (waivers.package is null or waivers.package = clocks.package)
    and (waivers.project = '*' or waivers.project = clocks.image or starts_with(clocks.image, waivers.project || '/'))`

/** Somebody answered for it, which has ended since it was told of. */
function answeredFor(now: Date) {
  return sql<boolean>`exists (select from waivers where ${isAbout}
    and waivers.expires > clocks.told and waivers.expires <= ${now})`
}

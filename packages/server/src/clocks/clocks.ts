import type { Kysely } from 'kysely'
import type { ClockRow, Schema } from '../database/schema.ts'
import { findingsOf, type ImageFinding } from '../images/findings.ts'
import { dueOf, type Sla } from './due.ts'

export interface ClockMoment {
  readonly image: string
  /** Of the image that its tags name now. */
  readonly digest: string
  readonly now: Date
  readonly sla: Sla
  /** Set when that image has just been published. */
  readonly published?: { readonly built: Date; readonly at: Date }
}

/**
 * Sets the clocks of an image by what is known against it now: starts those of new problems, stops those of problems that a new image
 * is rid of, and drops those of what turned out to be none.
 */
export async function setClocks(db: Kysely<Schema>, moment: ClockMoment): Promise<void> {
  const { image, digest } = moment
  const found = new Map(
    (await findingsOf(db, digest)).map((each) => [keyOf(each.advisory, each.package), each]),
  )
  const clocks = await db.selectFrom('clocks').selectAll().where('image', '=', image).execute()
  const known = new Map(clocks.map((each) => [keyOf(each.advisory, each.package), each]))
  const rows = [...found].map(([key, finding]) => running(finding, known.get(key), moment))
  for (const clock of clocks)
    if (clock.published === null && !found.has(keyOf(clock.advisory, clock.package)))
      await stop(db, clock, moment)
  for (let start = 0; start < rows.length; start += 500)
    await db
      .insertInto('clocks')
      .values(rows.slice(start, start + 500))
      .onConflict((c) =>
        c.columns(['image', 'advisory', 'package']).doUpdateSet((e) => ({
          severity: e.ref('excluded.severity'),
          exploited: e.ref('excluded.exploited'),
          version: e.ref('excluded.version'),
          fixed: e.ref('excluded.fixed'),
          digest: e.ref('excluded.digest'),
          disclosed: e.ref('excluded.disclosed'),
          upstream: e.ref('excluded.upstream'),
          archive: e.ref('excluded.archive'),
          built: e.ref('excluded.built'),
          published: e.ref('excluded.published'),
          due: e.ref('excluded.due'),
          running: e.ref('excluded.running'),
          told: e.ref('excluded.told'),
        })),
      )
      .execute()
}

function running(
  finding: ImageFinding,
  before: ClockRow | undefined,
  { image, digest, now, sla }: ClockMoment,
): ClockRow {
  const { advisory, severity, exploited, version, fixed } = finding
  // One that had been stopped is back: it starts anew from when that was seen.
  const isBack = before !== undefined && before.published !== null
  const disclosed = isBack ? now : (finding.published ?? before?.disclosed ?? finding.seen)
  const upstream = finding.fixPublished ?? (isBack ? null : before?.upstream) ?? (fixed === null ? null : now)
  return {
    ...{
      image,
      advisory,
      package: finding.package,
      severity,
      exploited,
      version,
      fixed,
      digest,
      disclosed,
      upstream,
    },
    archive: isBack ? null : (before?.archive ?? null),
    ...{ built: null, published: null, due: dueOf(sla, severity, disclosed) },
    running: null,
    told: before?.told ?? null,
  }
}

async function stop(db: Kysely<Schema>, clock: ClockRow, { digest, published }: ClockMoment): Promise<void> {
  const { image, advisory, package: name } = clock
  if (published === undefined || digest === clock.digest) {
    // Whoever told of it took it back.
    await db
      .deleteFrom('clocks')
      .where('image', '=', image)
      .where('advisory', '=', advisory)
      .where('package', '=', name)
      .execute()
    return
  }
  const { built, at } = published
  await db
    .updateTable('clocks')
    .set({ digest, built, published: at, archive: clock.archive ?? built })
    .where('image', '=', image)
    .where('advisory', '=', advisory)
    .where('package', '=', name)
    .execute()
}

/** Notes that an archive has what repairs problems of an image. */
export async function archiveHas(
  db: Kysely<Schema>,
  image: string,
  repaired: readonly { readonly advisory: string; readonly package: string }[],
  now: Date,
): Promise<void> {
  for (const { advisory, package: name } of repaired)
    await db
      .updateTable('clocks')
      .set({ archive: now })
      .where('image', '=', image)
      .where('advisory', '=', advisory)
      .where('package', '=', name)
      .where('archive', 'is', null)
      .execute()
}

function keyOf(advisory: string, name: string): string {
  return `${advisory} ${name}`
}

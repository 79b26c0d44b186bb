import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { Sla } from './due.ts'

/** An image by its name, with the digest that its tags name now. */
export interface CurrentImage {
  readonly image: string
  readonly digest: string
}

export interface ClockMoment {
  readonly now: Date
  readonly sla: Sla
  /** Set when the images have just been published. */
  readonly published?: { readonly built: Date; readonly at: Date }
  /** Only clocks of these packages are set; absent: all. */
  readonly only?: Concerned
}

/** Packages of which something new is known. */
interface Concerned {
  readonly names: readonly string[]
  /** Numbers of all packages of these names that have findings. */
  readonly packages: readonly number[]
}

/** Images that one statement is about: with all their clocks, or with those of some packages. */
const [atOnce, narrowedAtOnce] = [500, 4000]

/**
 * Sets the clocks of images by their current findings: starts the clocks of new problems, stops the clocks of
 * problems that a new image no longer has, and drops the clocks of findings that proved wrong.
 */
export async function setClocks(
  db: Kysely<Schema>,
  images: readonly CurrentImage[],
  moment: ClockMoment,
): Promise<void> {
  const step = moment.only === undefined ? atOnce : narrowedAtOnce
  for (let start = 0; start < images.length; start += step)
    await setSome(db, images.slice(start, start + step), moment)
}

/**
 * All in the database: an advisory about a package that everybody has starts clocks of every image. One that had been stopped and is back starts anew from
 * when that was seen. Of two versions of a package that an image has, the later one in the order of letters counts.
 */
async function setSome(
  db: Kysely<Schema>,
  images: readonly CurrentImage[],
  { now, sla, published, only }: ClockMoment,
): Promise<void> {
  const [built, at] = [published?.built ?? null, published?.at ?? null]
  const heldOnly = only === undefined ? sql`` : sql`where package in ${listOf(only.packages, sql`integer`)}`
  const clocksOnly = only === undefined ? sql`` : sql`and clocks.package in ${listOf(only.names, sql`text`)}`
  await sql`
    with target as (
      select image, digest from jsonb_to_recordset(${JSON.stringify(images)}::jsonb) as t (image text, digest text)
    ), held as (
      select * from (
        select target.image, target.digest, unnest(package_sets.packages) as package
        from target join image_sets on image_sets.digest = target.digest
        join package_sets on package_sets.number = image_sets."set"
      ) as each_package ${heldOnly}
    ), found as materialized (
      select distinct on (held.image, findings.advisory, packages.name)
        held.image, held.digest, packages.name as package, packages.version, findings.advisory,
        findings.severity, findings.exploited, findings.fixed, findings.published, findings.fix_published, findings.seen
      from held join findings on findings.package = held.package
      join packages on packages.number = held.package
      order by held.image, findings.advisory, packages.name, packages.version desc
    ), gone as (
      select clocks.image, clocks.advisory, clocks.package, target.digest,
        ${at}::timestamptz is null or clocks.digest = target.digest as never
      from clocks join target on target.image = clocks.image
      where clocks.published is null ${clocksOnly} and not exists (
        select from found where found.image = clocks.image and found.advisory = clocks.advisory
          and found.package = clocks.package)
    ), dropped as (
      delete from clocks using gone where gone.never
        and clocks.image = gone.image and clocks.advisory = gone.advisory and clocks.package = gone.package
    ), stopped as (
      update clocks set digest = gone.digest, built = ${built}::timestamptz, published = ${at}::timestamptz,
        archive = coalesce(clocks.archive, ${built}::timestamptz)
      from gone where not gone.never
        and clocks.image = gone.image and clocks.advisory = gone.advisory and clocks.package = gone.package
    ), timed as (
      select found.*, before.archive, before.told, before.published is not null as back,
        case when before.published is not null then ${now}::timestamptz
          else coalesce(found.published, before.disclosed, found.seen) end as disclosed,
        before.upstream as upstream_before
      from found left join clocks before on before.image = found.image and before.advisory = found.advisory
        and before.package = found.package
    )
    insert into clocks (image, advisory, package, severity, exploited, version, fixed, digest, disclosed, upstream,
      archive, built, published, due, running, told)
    select image, advisory, package, severity, exploited, version, fixed, digest, disclosed,
      coalesce(fix_published, case when back then null else upstream_before end,
        case when fixed is null then null else ${now}::timestamptz end),
      case when back then null else archive end, null, null,
      disclosed + (${JSON.stringify(sla)}::jsonb ->> severity)::double precision * interval '24 hours', null, told
    from timed order by image, advisory, package
    on conflict (image, advisory, package) do update set severity = excluded.severity, exploited = excluded.exploited,
      version = excluded.version, fixed = excluded.fixed, digest = excluded.digest, disclosed = excluded.disclosed,
      upstream = excluded.upstream, archive = excluded.archive, built = null, published = null, due = excluded.due,
      running = null, told = excluded.told
    where (clocks.severity, clocks.exploited, clocks.version, clocks.fixed, clocks.digest, clocks.disclosed,
      clocks.upstream, clocks.archive, clocks.due) is distinct from (excluded.severity, excluded.exploited,
      excluded.version, excluded.fixed, excluded.digest, excluded.disclosed, excluded.upstream, excluded.archive,
      excluded.due) or clocks.published is not null or clocks.running is not null`.execute(db)
}

/** A list as a table of one column, whichever driver carries it. */
function listOf(values: readonly (string | number)[], type: RawBuilder<unknown>) {
  return sql`(select value::${type} from jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`
}

/** Packages that are settled together: an image that has several of them has its clocks set once. */
const settledAtOnce = 50_000

/**
 * Sets the clocks of all images with packages whose findings have changed. If it is interrupted, the next run
 * continues: a package is settled when the clocks of all its images are set.
 */
export async function settle(db: Kysely<Schema>, moment: Omit<ClockMoment, 'published'>): Promise<void> {
  for (;;) {
    const rows = await db
      .selectFrom('unsettled')
      .select(['package', 'mark'])
      .orderBy('package')
      .limit(settledAtOnce)
      .execute()
    if (rows.length === 0) return
    const numbers = rows.map((row) => row.package)
    const images = await imagesWith(db, numbers)
    await setClocks(db, images, { ...moment, only: await concernedBy(db, numbers) })
    await sql`delete from unsettled using jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (package integer, mark text)
      where unsettled.package = t.package and unsettled.mark = t.mark`.execute(db)
  }
}

/** Images whose current digests hold any of these packages. One list is looked up a package at a time: most have a few of it, if any. */
async function imagesWith(db: Kysely<Schema>, packages: readonly number[]): Promise<readonly CurrentImage[]> {
  const { rows } = await sql<CurrentImage>`
    with held as materialized (
      select distinct package_sets.number from jsonb_array_elements_text(${JSON.stringify(packages)}::jsonb) as list
      cross join lateral (
        select number from package_sets where packages @> array[list.value::integer]
      ) as package_sets
    ), touched as materialized (
      select image_sets.digest from held join image_sets on image_sets."set" = held.number
    ), names as (
      select distinct tags.name from tags join touched on touched.digest = tags.digest
    ), current as (
      select distinct on (tags.name) tags.name as image, tags.digest from tags join names on names.name = tags.name
      order by tags.name, tags.channel = 'stable' desc, tags.moved desc, tags.tag
    )
    select current.image, current.digest from current join touched on touched.digest = current.digest
    union
    select watched.image, watched.digest from watched join touched on touched.digest = watched.digest
    order by 1`.execute(db)
  return rows
}

/** All packages of the names of these: of two versions that an image has, one counts. */
async function concernedBy(db: Kysely<Schema>, packages: readonly number[]): Promise<Concerned> {
  const { rows } = await sql<{ name: string; number: number | null }>`
    select named.name, findings.package as number from (
      select distinct name from packages where number in ${listOf(packages, sql`integer`)}
    ) as named join packages on packages.name = named.name
    left join (select distinct package from findings) as findings on findings.package = packages.number`.execute(
    db,
  )
  return {
    names: [...new Set(rows.map(({ name }) => name))],
    packages: rows.flatMap(({ number }) => number ?? []),
  }
}

/** Notes that an archive has the repairs for problems of an image. */
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

import { type Kysely, sql } from 'kysely'
import type { Schema, Severity } from '../database/schema.ts'

export interface CatalogueTag {
  readonly tag: string
  readonly digest: string
  readonly channel: string
  readonly built: Date
}

export interface CatalogueImage {
  readonly name: string
  readonly tags: readonly CatalogueTag[]
  /** The tier of the image that its stable tags name. */
  readonly grade: string | null
  /** The number of its findings by severity, without severities that have none. */
  readonly vulnerabilities: Readonly<Partial<Record<Severity, number>>>
  /** Why its candidate is not stable; null when it is, or is about to be. */
  readonly waiting: string | null
}

/** Which images are asked for. */
export interface CataloguePage {
  /** Projects whose images may be seen; "*" for all. */
  readonly projects: readonly string[]
  /** Only names after this one; default: from the first. */
  readonly after?: string
  /** Only names that contain this text. */
  readonly search?: string
  readonly limit: number
}

/** Images with their tags, the stable ones first, by name. */
export async function catalogue(db: Kysely<Schema>, page: CataloguePage): Promise<readonly CatalogueImage[]> {
  const names = await namesOf(db, page)
  if (names.length === 0) return []
  const rows = await db
    .selectFrom('tags')
    .innerJoin('images', (j) =>
      j.onRef('images.name', '=', 'tags.name').onRef('images.digest', '=', 'tags.digest'),
    )
    .select([
      'tags.name',
      'tags.tag',
      'tags.digest',
      'tags.channel',
      'tags.moved',
      'images.built',
      'images.grade',
      'images.promoted',
      'images.breaks',
    ])
    .where('tags.name', 'in', names)
    .orderBy('tags.name')
    .orderBy(sql`tags.channel = 'stable'`, 'desc')
    .orderBy('tags.moved', 'desc')
    .orderBy('tags.tag')
    .execute()
  const byName = Map.groupBy(rows, ({ name }) => name)
  const current = [...byName.values()].flatMap(([first]) => first ?? [])
  const [stable, others] = [
    current.filter(({ channel }) => channel === 'stable'),
    current.filter(({ channel }) => channel !== 'stable'),
  ]
  const counts = new Map([
    ...(await openBySeverity(db, stable)),
    ...(await countsBySeverity(
      db,
      others.map(({ digest }) => digest),
    )),
  ])
  return [...byName].map(([name, tags]) => {
    const [current] = tags
    return {
      name,
      tags: tags.map(({ tag, digest, channel, built }) => ({ tag, digest, channel, built })),
      grade: current?.grade ?? null,
      vulnerabilities: current === undefined ? {} : (counts.get(current.digest) ?? {}),
      waiting: whyWaiting(tags.find(({ channel }) => channel === 'candidate')),
    }
  })
}

/** Names of images that tags are on, in the order that the database has. */
async function namesOf(
  db: Kysely<Schema>,
  { projects, after, search, limit }: CataloguePage,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('tags')
    .select('name')
    .distinct()
    .where((e) =>
      e.exists(e.selectFrom('images').whereRef('images.name', '=', 'tags.name').select('images.name')),
    )
    .where(inProjects('name', projects))
    .$if(after !== undefined, (q) => q.where('name', '>', after ?? ''))
    .$if(search !== undefined, (q) => q.where(sql<boolean>`position(${search ?? ''} in name) > 0`))
    .orderBy('name')
    .limit(limit)
    .execute()
  return rows.map(({ name }) => name)
}

/** A condition that a column names an image in one of the given projects. */
export function inProjects(column: string, projects: readonly string[]) {
  if (projects.includes('*')) return sql<boolean>`true`
  const list = JSON.stringify(projects)
  return sql<boolean>`exists (select from jsonb_array_elements_text(${list}::jsonb) as project
    where ${sql.ref(column)} = project or starts_with(${sql.ref(column)}, project || '/'))`
}

/** Why an image is a candidate and not stable. */
export function whyWaiting(
  candidate: { readonly promoted: Date | null; readonly breaks: readonly string[] } | undefined,
): string | null {
  if (candidate === undefined || candidate.promoted !== null) return null
  const { breaks } = candidate
  return breaks.length === 0 ? 'it waits to be promoted' : `it takes away: ${breaks.slice(0, 5).join('; ')}`
}

/** Images whose candidates are not stable, and why: for the given names, or for all. */
export async function waitingImages(
  db: Kysely<Schema>,
  names?: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (names?.length === 0) return new Map()
  const rows = await db
    .selectFrom('images')
    .innerJoin('tags', (j) =>
      j.onRef('images.name', '=', 'tags.name').onRef('images.digest', '=', 'tags.digest'),
    )
    .select(['images.name', 'images.promoted', 'images.breaks'])
    .where('images.promoted', 'is', null)
    .where('tags.channel', '=', 'candidate')
    .$if(names !== undefined, (q) => q.where('images.name', 'in', [...(names ?? [])]))
    .orderBy('images.name')
    .execute()
  return new Map(rows.map((row) => [row.name, whyWaiting(row) ?? '']))
}

type Counts = ReadonlyMap<string, Partial<Record<Severity, number>>>

/**
 * The number of findings of images that stable tags name, by digest. Their clocks say it: most packages of an image have no finding, so that
 * looking at each of them takes several times as long.
 */
async function openBySeverity(
  db: Kysely<Schema>,
  images: readonly { readonly name: string; readonly digest: string }[],
): Promise<Counts> {
  if (images.length === 0) return new Map()
  const digests = new Map(images.map(({ name, digest }) => [name, digest]))
  // Without sorting, which takes as long as reading where texts have an order of some language.
  const { rows } = await sql<{ image: string; severity: Severity; count: number }>`
    select image, severity, count(*)::integer as count from (
      select distinct image, severity, advisory from clocks where published is null
        and image in (select value from jsonb_array_elements_text(${JSON.stringify([...digests.keys()])}::jsonb))
    ) as open group by 1, 2`.execute(db)
  return countsOf(rows.map((row) => ({ ...row, digest: digests.get(row.image) ?? '' })))
}

function countsOf(
  rows: readonly { readonly digest: string; readonly severity: Severity; readonly count: number }[],
): Counts {
  const counts = new Map<string, Partial<Record<Severity, number>>>()
  for (const { digest, severity, count } of rows)
    counts.set(digest, { ...counts.get(digest), [severity]: count })
  return counts
}

/** The number of findings of images, by their digests. */
export async function countsBySeverity(db: Kysely<Schema>, digests: readonly string[]): Promise<Counts> {
  if (digests.length === 0) return new Map()
  const { rows } = await sql<{ digest: string; severity: Severity; count: number }>`
    with held as (
      select image_sets.digest, unnest(package_sets.packages) as package
      from image_sets join package_sets on package_sets.number = image_sets."set"
      where image_sets.digest in (select value from jsonb_array_elements_text(${JSON.stringify(digests)}::jsonb))
    )
    select held.digest, findings.severity, count(distinct findings.advisory)::integer as count
    from held join findings on findings.package = held.package
    group by 1, 2`.execute(db)
  return countsOf(rows)
}

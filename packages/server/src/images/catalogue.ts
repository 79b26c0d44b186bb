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
  /** The tier of the image that its stable tags are on. */
  readonly grade: string | null
  /** How many problems that has, by severity; only those that it has. */
  readonly vulnerabilities: Readonly<Partial<Record<Severity, number>>>
  /** Why its candidate is not stable; null when it is, or is about to be. */
  readonly waiting: string | null
}

/** All images with their tags, the stable ones first. */
export async function catalogue(db: Kysely<Schema>): Promise<readonly CatalogueImage[]> {
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
    .orderBy('tags.name')
    .orderBy(sql`tags.channel = 'stable'`, 'desc')
    .orderBy('tags.moved', 'desc')
    .orderBy('tags.tag')
    .execute()
  const counts = await countsBySeverity(db)
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, tags]) => {
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

/** Why an image is a candidate and not stable. */
export function whyWaiting(
  candidate: { readonly promoted: Date | null; readonly breaks: readonly string[] } | undefined,
): string | null {
  if (candidate === undefined || candidate.promoted !== null) return null
  const { breaks } = candidate
  return breaks.length === 0 ? 'it waits to be promoted' : `it takes away: ${breaks.slice(0, 5).join('; ')}`
}

/** Images whose candidates are not stable, and why. */
export async function waitingImages(db: Kysely<Schema>): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('tags')
    .innerJoin('images', (j) =>
      j.onRef('images.name', '=', 'tags.name').onRef('images.digest', '=', 'tags.digest'),
    )
    .select(['images.name', 'images.promoted', 'images.breaks'])
    .where('tags.channel', '=', 'candidate')
    .where('images.promoted', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.name, whyWaiting(row) ?? '']))
}

export async function countsBySeverity(
  db: Kysely<Schema>,
  digests?: readonly string[],
): Promise<ReadonlyMap<string, Partial<Record<Severity, number>>>> {
  const rows = await db
    .selectFrom('image_packages')
    .innerJoin('findings', 'findings.package', 'image_packages.package')
    .select(['image_packages.digest', 'findings.severity'])
    .select(sql<number>`count(distinct findings.advisory)::int`.as('count'))
    .$if(digests === undefined, (q) =>
      q.where('image_packages.digest', 'in', (tags) => tags.selectFrom('tags').select('tags.digest')),
    )
    .$if(digests !== undefined, (q) => q.where('image_packages.digest', 'in', [...(digests ?? []), '']))
    .groupBy(['image_packages.digest', 'findings.severity'])
    .execute()
  const found = new Map<string, Partial<Record<Severity, number>>>()
  for (const { digest, severity, count } of rows)
    found.set(digest, { ...found.get(digest), [severity]: count })
  return found
}

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
    }
  })
}

async function countsBySeverity(
  db: Kysely<Schema>,
): Promise<ReadonlyMap<string, Partial<Record<Severity, number>>>> {
  const rows = await db
    .selectFrom('image_packages')
    .innerJoin('findings', 'findings.package', 'image_packages.package')
    .select(['image_packages.digest', 'findings.severity'])
    .select(sql<number>`count(distinct findings.advisory)::int`.as('count'))
    .where('image_packages.digest', 'in', (q) => q.selectFrom('tags').select('tags.digest'))
    .groupBy(['image_packages.digest', 'findings.severity'])
    .execute()
  const found = new Map<string, Partial<Record<Severity, number>>>()
  for (const { digest, severity, count } of rows)
    found.set(digest, { ...found.get(digest), [severity]: count })
  return found
}

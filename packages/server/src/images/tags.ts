import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { lookUpImage } from './image-row.ts'

export const channels = ['candidate', 'stable'] as const
export type Channel = (typeof channels)[number]

/** What is added to a tag for the image that is about to get it. */
const candidateEnd = '-candidate'

export function tagIn(channel: Channel, tag: string): string {
  return channel === 'candidate' ? `${tag}${candidateEnd}` : tag
}

export function channelOf(tag: string): Channel {
  return tag.endsWith(candidateEnd) ? 'candidate' : 'stable'
}

/** The recipe's tag that a tag of any channel stands for. */
export function plainTag(tag: string): string {
  return channelOf(tag) === 'candidate' ? tag.slice(0, -candidateEnd.length) : tag
}

/** The build that published an image last which the recipe's candidate tags, or its stable tags, name; undefined if neither do. */
export async function publishedBy(
  db: Kysely<Schema>,
  name: string,
  digest: string,
): Promise<string | undefined> {
  const isNamed = digest === (await currentDigest(db, name)) || digest === (await candidateDigest(db, name))
  if (!isNamed) return undefined
  return (await lookUpImage(db, name, digest))?.build
}

async function candidateDigest(db: Kysely<Schema>, name: string): Promise<string | undefined> {
  const [newest] = await db
    .selectFrom('tags')
    .select('digest')
    .where('name', '=', name)
    .where('channel', '=', 'candidate')
    .orderBy('moved', 'desc')
    .limit(1)
    .execute()
  return newest?.digest
}

/**
 * The image that the stable tags of a name are on, the one that was moved last; otherwise the image of its candidate
 * tags.
 */
export async function currentDigest(db: Kysely<Schema>, name: string): Promise<string | undefined> {
  const rows = await db
    .selectFrom('tags')
    .select(['digest', 'channel'])
    .where('name', '=', name)
    .orderBy('moved', 'desc')
    .orderBy('tag')
    .execute()
  return (rows.find(({ channel }) => channel === 'stable') ?? rows[0])?.digest
}

import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Schema } from '../database/schema.ts'
import { compareInterfaces, type ImageInterface } from '../temper.ts'

const texts = z.array(z.string()).readonly()

/** As it is published, kept and shown. */
export const interfaceSchema = z.strictObject({
  platform: z.string(),
  user: z.string(),
  entrypoint: texts,
  cmd: texts,
  workdir: z.string(),
  stopSignal: z.string(),
  environment: z.record(z.string(), z.string()),
  ports: texts,
  volumes: texts,
  commands: texts,
  sonames: texts,
  writable: texts,
}) satisfies z.ZodType<ImageInterface>

/**
 * What users of an image lose with a new one, compared with the current image of the same tags: new tags begin a
 * version line of their own.
 */
export async function breaksAgainst(
  db: Kysely<Schema>,
  {
    name,
    tags,
    interfaces,
  }: {
    readonly name: string
    readonly tags: readonly string[]
    readonly interfaces: readonly ImageInterface[]
  },
): Promise<readonly string[]> {
  const before = await db
    .selectFrom('tags')
    .innerJoin('images', (j) =>
      j.onRef('images.name', '=', 'tags.name').onRef('images.digest', '=', 'tags.digest'),
    )
    .select(['images.interfaces'])
    .where('tags.name', '=', name)
    .where('tags.tag', 'in', [...tags, ''])
    .orderBy('tags.moved', 'desc')
    .limit(1)
    .executeTakeFirst()
  const old = before?.interfaces ?? []
  const young = new Map(interfaces.map((each) => [each.platform, each]))
  return old.flatMap((each) => {
    const now = young.get(each.platform)
    if (now === undefined) return [`platform ${each.platform} is gone`]
    const broken = compareInterfaces(each, now).filter(({ breaks }) => breaks)
    return broken.map(({ what }) => (old.length > 1 ? `${each.platform}: ${what}` : what))
  })
}

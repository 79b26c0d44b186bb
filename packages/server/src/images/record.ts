import type { Kysely } from 'kysely'
import { setClocks } from '../clocks/clocks.ts'
import type { FindingRow, Schema } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import type { FactoryEvent } from '../telling/event.ts'
import { noteEvent, sendNoted } from '../telling/tell.ts'
import { keepFindings } from './findings.ts'
import { type KeptPackage, keepPackages } from './packages.ts'
import { setTags } from './promote.ts'
import type { Release } from './release.ts'
import { plainTag } from './tags.ts'

export interface PublishedImage {
  readonly digest: string
  readonly release: Release
  readonly packages: readonly KeptPackage[]
  readonly findings: readonly FindingRow[]
  /** What people are told about it; absent when they were told already. */
  readonly event?: FactoryEvent
}

/**
 * Writes down what was published: which tags name it now; if stable tags are among them, clocks stop. Either all of
 * it is written or nothing.
 */
export async function recordImage(
  world: Pick<FactoryWorld, 'db' | 'now' | 'sla' | 'channels' | 'jobs' | 'log'>,
  image: PublishedImage,
): Promise<void> {
  const { db, now, sla } = world
  const { digest, release, packages, findings } = image
  const [built, published] = [new Date(release.built), new Date(release.published)]
  const noted = await db.transaction().execute(async (tx) => {
    await keepImage(tx, image)
    await keepPackages(tx, digest, packages)
    await keepFindings(
      tx,
      packages.map(({ id }) => id),
      findings,
    )
    const tags = release.tags.map(({ tag }) => tag)
    await setTags(tx, { name: release.image, digest, at: published, tags })
    if (isStable(release))
      await setClocks(tx, [{ image: release.image, digest }], {
        now: now(),
        sla,
        published: { built, at: published },
      })
    return image.event === undefined ? undefined : await noteEvent(tx, world, image.event)
  })
  if (noted !== undefined) await sendNoted(world, noted)
}

function isStable({ tags }: Pick<Release, 'tags'>): boolean {
  return tags.some(({ channel }) => channel === 'stable')
}

async function keepImage(db: Kysely<Schema>, { digest, release }: PublishedImage): Promise<void> {
  const { image: name, built, published, grade, lock, signer, build } = release
  const tags = release.tags.flatMap(({ tag, channel }) => (channel === 'candidate' ? plainTag(tag) : []))
  const row = {
    name,
    digest,
    grade,
    lock,
    signer,
    build: build.id,
    reason: build.reason,
    tags: JSON.stringify(tags),
    interfaces: JSON.stringify(release.interfaces ?? []),
    breaks: JSON.stringify(release.breaks ?? []),
  }
  const times = {
    built: new Date(built),
    published: new Date(published),
    ...(isStable(release) ? { promoted: new Date(published) } : {}),
  }
  await db
    .insertInto('images')
    .values({ promoted: null, ...row, ...times, withdrawn: null, withdrawal: null })
    .onConflict((c) => c.columns(['name', 'digest']).doUpdateSet({ ...row, ...times }))
    .execute()
  const ids = new Set([digest, ...(release.ids ?? [])])
  await db
    .insertInto('image_ids')
    .values([...ids].map((id) => ({ id, name, digest })))
    .onConflict((c) => c.doNothing())
    .execute()
}

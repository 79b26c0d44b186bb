import type { Kysely } from 'kysely'
import { setClocks } from '../clocks/clocks.ts'
import type { FindingRow, Schema } from '../database/schema.ts'
import { keepFindings } from './findings.ts'
import { type KeptPackage, keepPackages } from './packages.ts'
import type { Release } from './release.ts'

export interface PublishedImage {
  readonly digest: string
  readonly release: Release
  readonly packages: readonly KeptPackage[]
  readonly findings: readonly FindingRow[]
}

/** Writes down what was published: the tags are on it now. All or nothing. */
export async function recordImage(db: Kysely<Schema>, image: PublishedImage, now: Date): Promise<void> {
  const { digest, release, packages, findings } = image
  const [built, published] = [new Date(release.built), new Date(release.published)]
  await db.transaction().execute(async (tx) => {
    await keepImage(tx, image)
    await keepPackages(tx, digest, packages)
    await keepFindings(
      tx,
      packages.map(({ id }) => id),
      findings,
    )
    await tx
      .insertInto('tags')
      .values(release.tags.map((each) => ({ ...each, name: release.image, digest, moved: published })))
      .onConflict((c) =>
        c.columns(['name', 'tag']).doUpdateSet((e) => ({
          digest: e.ref('excluded.digest'),
          channel: e.ref('excluded.channel'),
          moved: e.ref('excluded.moved'),
        })),
      )
      .execute()
    await setClocks(tx, { image: release.image, digest, now, published: { built, at: published } })
  })
}

async function keepImage(db: Kysely<Schema>, { digest, release }: PublishedImage): Promise<void> {
  const { image: name, built, published, grade, lock, signer, build } = release
  const row = { name, digest, grade, lock, signer, build: build.id, reason: build.reason }
  const times = { built: new Date(built), published: new Date(published) }
  await db
    .insertInto('images')
    .values({ ...row, ...times })
    .onConflict((c) => c.columns(['name', 'digest']).doUpdateSet({ ...row, ...times }))
    .execute()
}

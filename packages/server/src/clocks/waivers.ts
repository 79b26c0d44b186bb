import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { WaiverRow } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'

export const waiverSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** A project: an image and all below it, "*" for every project. */
  project: z.string().min(1).max(255),
  /** Id of the advisory. */
  finding: z.string().min(1).max(200),
  /** Name of the package; null for any. */
  package: z.string().min(1).max(255).nullable(),
  /** The person or team that answers for it. */
  owner: z.string().min(1).max(200),
  reason: z.string().min(1).max(1000),
  expires: z.iso.datetime(),
  created: z.iso.datetime(),
  by: z.string(),
})
export type Waiver = z.output<typeof waiverSchema>

type World = Pick<FactoryWorld, 'db' | 'data' | 'log'>

const folderOf = (data: string) => join(data, 'waivers')

/** Keeps waivers in files, so that they outlive the database, and in the database. */
export async function addWaiver(world: World, given: Omit<Waiver, 'id'>): Promise<Waiver> {
  const waiver = { ...given, id: randomBytes(8).toString('hex') }
  const folder = folderOf(world.data)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${waiver.id}.json`)
  await writeFile(`${path}.new`, JSON.stringify(waiver), { mode: 0o600 })
  await rename(`${path}.new`, path)
  await keep(world, waiver)
  return waiver
}

/** Returns whether there was a waiver with that id. */
export async function removeWaiver({ db, data }: World, id: string): Promise<boolean> {
  if (!waiverSchema.shape.id.safeParse(id).success) return false
  await rm(join(folderOf(data), `${id}.json`), { force: true })
  const gone = await db.deleteFrom('waivers').where('id', '=', id).returning('id').executeTakeFirst()
  return gone !== undefined
}

/** Takes over the waivers from files when the database is rebuilt. */
export async function readWaivers(world: World): Promise<void> {
  const folder = folderOf(world.data)
  for (const name of (await readdir(folder).catch(() => [])).filter((each) => each.endsWith('.json'))) {
    const read = waiverSchema.safeParse(
      await readFile(join(folder, name), 'utf8')
        .then(JSON.parse)
        .catch(() => null),
    )
    if (read.success) await keep(world, read.data)
    else world.log.warn({ name }, 'a waiver cannot be read')
  }
}

async function keep({ db }: World, waiver: Waiver): Promise<void> {
  const row = { ...waiver, expires: new Date(waiver.expires), created: new Date(waiver.created) }
  await db
    .insertInto('waivers')
    .values(row)
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute()
}

/** The waiver that counts for a finding of an image: one that has not ended, or else the one that ended last. */
export function waiverFor(
  waivers: readonly WaiverRow[],
  {
    image,
    advisory,
    package: name,
  }: { readonly image: string; readonly advisory: string; readonly package: string },
): WaiverRow | undefined {
  return waivers
    .filter(
      ({ project, finding, package: of }) =>
        finding === advisory &&
        (of === null || of === name) &&
        (project === '*' || image === project || image.startsWith(`${project}/`)),
    )
    .sort((a, b) => b.expires.getTime() - a.expires.getTime())[0]
}

/** Whether the waiver still counts. */
export function holds(waiver: Pick<WaiverRow, 'expires'> | undefined, now: Date): boolean {
  return waiver !== undefined && waiver.expires > now
}

/** Why a finding is open again after its waiver. */
export function afterWaiver(ended: Pick<WaiverRow, 'owner'> | undefined, why: string): string {
  return ended === undefined ? why : `the waiver of ${ended.owner} has ended; ${why}`
}

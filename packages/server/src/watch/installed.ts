import type { Kysely } from 'kysely'
import { choosesSame, readLock } from '../builds/lock.ts'
import type { Schema } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { findingsOf } from '../images/findings.ts'
import { lookUpImage } from '../images/image-row.ts'
import { type KeptPackage, packagesIn } from '../images/packages.ts'
import { currentDigest } from '../images/tags.ts'
import type { Component } from '../temper.ts'
import { reasonOf } from './reason.ts'
import { repairsOf } from './repairs.ts'

/** The lock that an image was built from. */
export async function imageLock(
  db: Kysely<Schema>,
  name: string,
  digest: string,
): Promise<string | undefined> {
  return (await lookUpImage(db, name, digest))?.lock
}

/** Packages of an image. */
export async function installedIn(db: Kysely<Schema>, digest: string): Promise<readonly KeptPackage[]> {
  const rows = await packagesIn(db, digest).select(['packages.id', 'packages.component']).execute()
  return rows.map(({ id, component }) => ({ id, component: component as Component }))
}

/**
 * Why an image is built from a lock that was put beside its recipe: what the lock repairs, in the words of a build
 * that needs no approval. Undefined when the lock chooses the packages that the image has.
 */
export async function reasonOfLock(
  world: FactoryWorld,
  name: string,
  text: string,
): Promise<string | undefined> {
  const { db } = world
  const digest = await currentDigest(db, name)
  const before = digest === undefined ? undefined : await imageLock(db, name, digest)
  if (digest === undefined || before === undefined) return undefined
  const lock = readLock(text)
  if (choosesSame(readLock(before), lock)) return undefined
  const [installed, findings] = [await installedIn(db, digest), await findingsOf(db, digest)]
  const repairs = await repairsOf(world, { installed, findings }, lock)
  return repairs.length === 0 ? 'rebuilt because its lock has changed' : reasonOf(repairs)
}

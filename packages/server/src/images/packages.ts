import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { Component, Inventory } from '../temper.ts'

/** A component as the database keeps it: once, however many images have it. */
export interface KeptPackage {
  readonly id: string
  readonly component: Component
}

/** Rows that one statement writes. */
const atOnce = 500

/**
 * The parts of an inventory that advisories are matched with. Two components are the same package when nothing that
 * matching reads tells them apart; their paths in an image do not matter.
 */
export function packagesOf({ components, distribution }: Inventory): readonly KeptPackage[] {
  const kept = new Map<string, KeptPackage>()
  for (const each of components) {
    const { type, name, version, purl, source, guessedFrom, sha1, broughtBy, foundBy } = each
    const from = each.distribution ?? distribution
    const component: Component = {
      type,
      name,
      version,
      purl,
      foundBy,
      locations: [],
      ...(source === undefined ? {} : { source }),
      ...(from === undefined ? {} : { distribution: from }),
      ...(guessedFrom === undefined ? {} : { guessedFrom }),
      ...(sha1 === undefined ? {} : { sha1 }),
      ...(broughtBy === undefined ? {} : { broughtBy }),
    }
    const id = createHash('sha256').update(JSON.stringify(component)).digest('hex')
    kept.set(id, { id, component })
  }
  return [...kept.values()]
}

/**
 * Writes down the packages of an image: those that are new, and the set of all of them, unless another image has the
 * same set.
 */
export async function keepPackages(
  db: Kysely<Schema>,
  digest: string,
  packages: readonly KeptPackage[],
): Promise<void> {
  const ids = [...new Set(packages.map(({ id }) => id))].sort()
  await insertPackages(db, packages)
  const numbers = [...(await numbersOf(db, ids)).values()].sort((a, b) => a - b)
  const id = createHash('sha256').update(ids.join('\n')).digest('hex')
  await sql`insert into package_sets (id, packages)
    select ${id}, coalesce((select array_agg(value::integer) from jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb)), '{}')
    on conflict (id) do nothing`.execute(db)
  await sql`insert into image_sets (digest, "set") select ${digest}, number from package_sets where id = ${id}
    on conflict (digest) do update set "set" = excluded."set"`.execute(db)
}

/** In one order, so that two that write the same ones never wait for each other. */
async function insertPackages(db: Kysely<Schema>, packages: readonly KeptPackage[]): Promise<void> {
  const known = await numbersOf(
    db,
    packages.map(({ id }) => id),
  )
  const fresh = packages.filter(({ id }) => !known.has(id)).sort((a, b) => (a.id < b.id ? -1 : 1))
  for (let start = 0; start < fresh.length; start += atOnce)
    await db
      .insertInto('packages')
      .values(
        fresh.slice(start, start + atOnce).map(({ id, component }) => ({
          id,
          name: component.name,
          version: component.version,
          type: component.type,
          source: component.source?.name ?? null,
          purl: component.purl,
          component: JSON.stringify(component),
        })),
      )
      .onConflict((c) => c.column('id').doNothing())
      .execute()
}

/** Numbers of packages by their ids, for those that are stored. */
export async function numbersOf(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>()
  for (let start = 0; start < ids.length; start += atOnce) {
    const some = ids.slice(start, start + atOnce)
    const rows = await db.selectFrom('packages').select(['id', 'number']).where('id', 'in', some).execute()
    for (const { id, number } of rows) numbers.set(id, number)
  }
  return numbers
}

/** The packages of an image, by its digest: rows of `packages`. */
export function packagesIn(db: Kysely<Schema>, digest: string) {
  return db.selectFrom('packages').where(
    'packages.number',
    'in',
    sql<number>`(select unnest(package_sets.packages) from image_sets join package_sets on package_sets.number = image_sets."set"
        where image_sets.digest = ${digest})`,
  )
}

import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
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
 * What of an inventory advisories are matched with. Two components are the same package when nothing that matching looks at tells them
 * apart: where they lie in an image does not.
 */
export function packagesOf({ components, distribution }: Inventory): readonly KeptPackage[] {
  const found = new Map<string, KeptPackage>()
  for (const each of components) {
    const { type, name, version, purl, source, guessedFrom, sha1, broughtBy, foundBy } = each
    const from = each.distribution ?? distribution
    const component: Component = {
      ...{ type, name, version, purl, foundBy, locations: [] },
      ...(source === undefined ? {} : { source }),
      ...(from === undefined ? {} : { distribution: from }),
      ...(guessedFrom === undefined ? {} : { guessedFrom }),
      ...(sha1 === undefined ? {} : { sha1 }),
      ...(broughtBy === undefined ? {} : { broughtBy }),
    }
    const id = createHash('sha256').update(JSON.stringify(component)).digest('hex')
    found.set(id, { id, component })
  }
  return [...found.values()]
}

/** Writes what an image holds. */
export async function keepPackages(
  db: Kysely<Schema>,
  digest: string,
  packages: readonly KeptPackage[],
): Promise<void> {
  for (let start = 0; start < packages.length; start += atOnce) {
    const some = packages.slice(start, start + atOnce)
    await db
      .insertInto('packages')
      .values(
        some.map(({ id, component }) => ({
          ...{ id, name: component.name, version: component.version, type: component.type },
          ...{ source: component.source?.name ?? null, purl: component.purl },
          component: JSON.stringify(component),
        })),
      )
      .onConflict((c) => c.column('id').doNothing())
      .execute()
    await db
      .insertInto('image_packages')
      .values(some.map(({ id }) => ({ digest, package: id })))
      .onConflict((c) => c.doNothing())
      .execute()
  }
}

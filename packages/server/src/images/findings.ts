import type { Kysely } from 'kysely'
import type { FindingRow, Schema } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { type Component, type Finding, scanComponents, TemperError } from '../temper.ts'
import type { KeptPackage } from './packages.ts'

type World = Pick<FactoryWorld, 'db' | 'context' | 'feeds' | 'log' | 'now'>

/** Rows that one statement writes. */
const atOnce = 500

/** What is known against packages, each asked for once. Nothing where there are no feeds yet. */
export async function findingsAgainst(
  world: World,
  packages: readonly KeptPackage[],
): Promise<readonly FindingRow[]> {
  const { context, now } = world
  if (packages.length === 0) return []
  const ids = new Map<Component, string>(packages.map(({ id, component }) => [component, id]))
  const components = [...ids.keys()]
  const found = await knownFeeds(world, () => scanComponents(components, rulesOf(world), context))
  const byPlace = new Map(packages.map(({ id, component }) => [placeOf(component), id]))
  const rows = new Map<string, FindingRow>()
  for (const finding of found?.findings ?? []) {
    // Names of archives may have been replaced by those that feeds know them by.
    const id = ids.get(finding.component) ?? byPlace.get(placeOf(finding.component))
    if (id !== undefined) rows.set(`${id} ${finding.id}`, rowOf(id, finding, now()))
  }
  return [...rows.values()]
}

/** What scans are asked with. */
export function rulesOf({ feeds }: Pick<FactoryWorld, 'feeds'>): { readonly feeds?: string } {
  return feeds === undefined ? {} : { feeds }
}

/** Undefined as long as there are no feeds at all. */
export async function knownFeeds<T>(
  { log }: Pick<FactoryWorld, 'log'>,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'not-found') throw error
    log.warn({ err: error }, 'there are no feeds')
    return undefined
  }
}

function placeOf({ type, name, version, purl, distribution }: Component): string {
  return JSON.stringify([type, name, version, purl, distribution?.id, distribution?.version])
}

function rowOf(id: string, finding: Finding, now: Date): FindingRow {
  return {
    ...{ package: id, advisory: finding.id, severity: finding.severity, score: finding.score ?? null },
    fixed: finding.fixedVersions[0] ?? null,
    exploited: finding.exploited !== undefined,
    title: finding.title?.slice(0, 500) ?? null,
    published: timeOf(finding.published),
    fix_published: timeOf(finding.fixPublished),
    unfixed: finding.unfixed ?? null,
    seen: now,
  }
}

function timeOf(text: string | undefined): Date | null {
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? null : new Date(time)
}

/** Writes what is known against packages in place of what was; when something was first seen stays. */
export async function keepFindings(
  db: Kysely<Schema>,
  packages: readonly string[],
  rows: readonly FindingRow[],
): Promise<void> {
  for (let start = 0; start < packages.length; start += atOnce) {
    const some = packages.slice(start, start + atOnce)
    const wanted = new Set(some)
    const fresh = rows.filter((row) => wanted.has(row.package))
    const before = await db
      .selectFrom('findings')
      .select(['package', 'advisory', 'seen'])
      .where('package', 'in', some)
      .execute()
    const seen = new Map(before.map((row) => [`${row.package} ${row.advisory}`, row.seen]))
    await db.deleteFrom('findings').where('package', 'in', some).execute()
    for (let at = 0; at < fresh.length; at += atOnce)
      await db
        .insertInto('findings')
        .values(
          fresh
            .slice(at, at + atOnce)
            .map((row) => ({ ...row, seen: seen.get(`${row.package} ${row.advisory}`) ?? row.seen })),
        )
        .execute()
  }
}

/** Matches all packages that images with a tag have with what is known now. */
export async function refreshFindings(world: World): Promise<void> {
  const kept = await world.db
    .selectFrom('packages')
    .select(['id', 'component'])
    .where('id', 'in', (q) =>
      q
        .selectFrom('image_packages')
        .innerJoin('tags', 'tags.digest', 'image_packages.digest')
        .select('image_packages.package')
        .union(
          q
            .selectFrom('image_packages')
            .innerJoin('watched', 'watched.digest', 'image_packages.digest')
            .select('image_packages.package'),
        ),
    )
    .execute()
  const packages = kept.map(({ id, component }) => ({ id, component: component as Component }))
  const rows = await findingsAgainst(world, packages)
  const ids = packages.map(({ id }) => id)
  await world.db.transaction().execute((db) => keepFindings(db, ids, rows))
}

/** A finding of one image. */
export interface ImageFinding {
  readonly advisory: string
  /** Name of the package, and of what it is built from where its distribution says so. */
  readonly package: string
  readonly source: string | null
  readonly version: string
  readonly severity: FindingRow['severity']
  readonly score: number | null
  readonly fixed: string | null
  readonly exploited: boolean
  readonly title: string | null
  readonly published: Date | null
  readonly fixPublished: Date | null
  readonly unfixed: string | null
  readonly seen: Date
}

/** Findings of an image, one for each problem of each package. */
export async function findingsOf(db: Kysely<Schema>, digest: string): Promise<readonly ImageFinding[]> {
  const rows = await db
    .selectFrom('image_packages')
    .innerJoin('findings', 'findings.package', 'image_packages.package')
    .innerJoin('packages', 'packages.id', 'image_packages.package')
    .select([
      'findings.advisory',
      'findings.severity',
      'findings.score',
      'findings.fixed',
      'findings.exploited',
    ])
    .select([
      'findings.title',
      'findings.published',
      'findings.fix_published',
      'findings.unfixed',
      'findings.seen',
    ])
    .select(['packages.name', 'packages.source', 'packages.version'])
    .where('image_packages.digest', '=', digest)
    .orderBy('findings.advisory')
    .orderBy('packages.name')
    .execute()
  return rows.map(({ name, fix_published, ...row }) => ({
    ...row,
    package: name,
    fixPublished: fix_published,
  }))
}

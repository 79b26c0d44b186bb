import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { FindingRow, Schema } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { type Component, type Finding, scanComponents, TemperError } from '../temper.ts'
import { type KeptPackage, numbersOf, packagesIn } from './packages.ts'

type World = Pick<FactoryWorld, 'db' | 'context' | 'feeds' | 'log' | 'now'>

/** Rows that one statement writes. */
const atOnce = 500
/** Packages that are matched at once: between two, others have their turn. */
const matchedAtOnce = 5000

/** Findings about packages, each package being compared once. Empty where there are no feeds yet. */
export async function findingsAgainst(
  world: World,
  packages: readonly KeptPackage[],
): Promise<readonly FindingRow[]> {
  const { context, now } = world
  if (packages.length === 0) return []
  const ids = new Map<Component, string>(packages.map(({ id, component }) => [component, id]))
  const components = [...ids.keys()]
  const scanned = await knownFeeds(world, () => scanComponents(components, rulesOf(world), context))
  const byPlace = new Map(packages.map(({ id, component }) => [placeOf(component), id]))
  const rows = new Map<string, FindingRow>()
  for (const finding of scanned?.findings ?? []) {
    // Names of archives may have been replaced by those that feeds know them by.
    const id = ids.get(finding.component) ?? byPlace.get(placeOf(finding.component))
    if (id !== undefined) rows.set(`${id} ${finding.id}`, rowOf(id, finding, now()))
  }
  return [...rows.values()]
}

/** The inputs of scans. */
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
    package: id,
    advisory: finding.id,
    severity: finding.severity,
    score: finding.score ?? null,
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

/** A package as it is kept. */
interface NumberedPackage extends KeptPackage {
  readonly number: number
}

/** Replaces the findings about packages; the time when a finding was first seen stays. New findings are noted. */
export async function keepFindings(
  db: Kysely<Schema>,
  packages: readonly string[],
  rows: readonly FindingRow[],
): Promise<void> {
  const numbers = await numbersOf(db, packages)
  const changed = await replaceFindings(db, numbers, rows)
  if (changed.length > 0)
    await sql`insert into unsettled (package, mark)
      select value::integer, ${randomUUID()} from jsonb_array_elements_text(${JSON.stringify(changed)}::jsonb) order by 1
      on conflict (package) do update set mark = excluded.mark`.execute(db)
}

/** Writes only what differs: most of what is looked at again is as it was. Returns packages of which anything does. */
async function replaceFindings(
  db: Kysely<Schema>,
  numbers: ReadonlyMap<string, number>,
  rows: readonly FindingRow[],
): Promise<readonly number[]> {
  const all = [...numbers.values()]
  const wanted = rows.flatMap((row) => {
    const number = numbers.get(row.package)
    return number === undefined ? [] : [{ ...row, package: number }]
  })
  const before = await db
    .selectFrom('findings')
    .selectAll()
    .where(
      'package',
      'in',
      sql<number>`(select value::integer from jsonb_array_elements_text(${JSON.stringify(all)}::jsonb))`,
    )
    .execute()
  const known = new Map(before.map((row) => [`${row.package} ${row.advisory}`, row]))
  const changed = new Set<number>()
  const fresh = wanted.filter((row) => {
    const was = known.get(`${row.package} ${row.advisory}`)
    known.delete(`${row.package} ${row.advisory}`)
    return was === undefined || saidOf(was) !== saidOf(row)
  })
  for (const row of [...known.values(), ...fresh]) changed.add(row.package)
  for (const { package: of, advisory } of known.values())
    await db.deleteFrom('findings').where('package', '=', of).where('advisory', '=', advisory).execute()
  for (let at = 0; at < fresh.length; at += atOnce)
    await db
      .insertInto('findings')
      .values(fresh.slice(at, at + atOnce))
      .onConflict((c) =>
        c.columns(['package', 'advisory']).doUpdateSet((e) => ({
          severity: e.ref('excluded.severity'),
          score: e.ref('excluded.score'),
          fixed: e.ref('excluded.fixed'),
          exploited: e.ref('excluded.exploited'),
          title: e.ref('excluded.title'),
          published: e.ref('excluded.published'),
          fix_published: e.ref('excluded.fix_published'),
          unfixed: e.ref('excluded.unfixed'),
        })),
      )
      .execute()
  return [...changed].sort((a, b) => a - b)
}

/** All that a finding says but for when it was seen. A score has the precision that the database keeps. */
function saidOf(row: Omit<FindingRow, 'package'>): string {
  const { severity, score, fixed, exploited, title, published, fix_published: repaired, unfixed } = row
  const round = score === null || score === undefined ? null : Math.fround(score)
  const times = [published, repaired].map((time) => (time instanceof Date ? time.getTime() : null))
  return JSON.stringify([severity, round, fixed ?? null, exploited, title ?? null, times, unfixed ?? null])
}

/**
 * Matches all packages of images, or those with certain names, with the current advisories, in portions; changes are
 * noted as not settled yet. `signal` ends the work between two portions.
 */
export async function refreshFindings(
  world: World,
  { names, signal }: { readonly names?: readonly string[]; readonly signal?: AbortSignal } = {},
): Promise<void> {
  for (let last = 0; ; ) {
    signal?.throwIfAborted()
    const packages = await nextPackages(world.db, last, names)
    const end = packages.at(-1)
    if (end === undefined) return
    last = end.number
    const rows = await findingsAgainst(world, packages)
    const ids = packages.map(({ id }) => id)
    await world.db.transaction().execute((db) => keepFindings(db, ids, rows))
  }
}

async function nextPackages(
  db: Kysely<Schema>,
  last: number,
  names: readonly string[] | undefined,
): Promise<readonly NumberedPackage[]> {
  const rows = await db
    .selectFrom('packages')
    .select(['id', 'number', 'component'])
    .where('number', '>', last)
    .$if(names !== undefined, (q) => q.where(namedBy(names ?? [])))
    .orderBy('number')
    .limit(matchedAtOnce)
    .execute()
  return rows.map(({ component, ...row }) => ({ ...row, component: component as Component }))
}

function namedBy(names: readonly string[]) {
  const list = sql`(select value from jsonb_array_elements_text(${JSON.stringify(names)}::jsonb))`
  return sql<boolean>`(name in ${list} or source in ${list})`
}

/** A finding of one image. */
export interface ImageFinding {
  readonly advisory: string
  /** Names of the package and of its source package, where its distribution names one. */
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
  const rows = await packagesIn(db, digest)
    .innerJoin('findings', 'findings.package', 'packages.number')
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
    .orderBy('findings.advisory')
    .orderBy('packages.name')
    .execute()
  return rows.map(({ name, fix_published, ...row }) => ({
    ...row,
    package: name,
    fixPublished: fix_published,
  }))
}

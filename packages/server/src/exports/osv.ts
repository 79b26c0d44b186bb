import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { type Component, type OsvPlace, osvPlaceOf } from '../temper.ts'

/** An OSV record (ossf.github.io/osv-schema): what is known about a vulnerability in packages of images. */
export interface OsvRecord {
  readonly schema_version: string
  readonly id: string
  readonly modified: string
  readonly published?: string
  readonly summary?: string
  readonly affected: readonly Affected[]
  readonly database_specific: { readonly severity: string; readonly exploited: boolean }
}

interface Affected {
  readonly package: { readonly ecosystem: string; readonly name: string }
  readonly ranges?: readonly {
    readonly type: 'ECOSYSTEM'
    readonly events: readonly ({ readonly introduced: string } | { readonly fixed: string })[]
  }[]
  readonly versions: readonly string[]
  readonly database_specific: { readonly images: readonly string[] }
}

/** Databases that OSV does not list begin their ids so. */
const ownPrefix = 'x_temper-'

/** Those that it lists: with any other beginning a record is none to readers that go by its schema. */
const listed = new Set(
  (
    'ASB-A PUB-A ALPINE ALSA ALBA ALEA AZL BELL BIT CGA CLEANSTART CLSA CURL CVE DEBIAN DHI DRUPAL DSA DLA ELA DTSA ECHO EEF FreeBSD GHSA GO ' +
    'GSD HSEC JLSEC KUBE LBSEC LSN MAL MINI MGASA OESA OSEC OSV openSUSE-SU PHSA PSF PYSEC RHBA RHEA RHSA RLSA RXSA RSEC ROOT RUSTSEC SUSE-SU ' +
    'SUSE-RU SUSE-FU SUSE-OU UBUNTU USN V8'
  ).split(' '),
)

/**
 * Id of the record about an advisory: the advisory's own where OSV knows its issuer ("CVE-2026-1", but not Debian's
 * "TEMP-…").
 */
export function osvId(advisory: string): string {
  const [, long = '', short = ''] = /^((\w+)-\w+)-/.exec(advisory) ?? /^()(\w+)-./.exec(advisory) ?? []
  return listed.has(long) || listed.has(short) ? advisory : `${ownPrefix}${advisory}`
}

/** The advisory that a record is about. */
export function advisoryIn(id: string): string {
  return id.startsWith(ownPrefix) ? id.slice(ownPrefix.length) : id
}

/**
 * Findings about the images that have tags, one record for each advisory, by id. Only versions in these images are
 * listed as affected: no others were compared. `only` asks for one advisory.
 */
export async function osvRecords(
  db: Kysely<Schema>,
  mayRead: (image: string) => boolean,
  only?: string,
): Promise<readonly OsvRecord[]> {
  const rows = (await rowsOf(db, only)).filter(({ image }) => mayRead(image))
  return [...Map.groupBy(rows, ({ advisory }) => advisory)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([advisory, places]) => recordOf(advisory, places) ?? [])
}

type Row = Awaited<ReturnType<typeof rowsOf>>[number]

function rowsOf(db: Kysely<Schema>, only: string | undefined) {
  return db
    .selectFrom('tags')
    .innerJoin('image_packages', 'image_packages.digest', 'tags.digest')
    .innerJoin('packages', 'packages.id', 'image_packages.package')
    .innerJoin('findings', 'findings.package', 'packages.number')
    .select(['tags.name as image', 'tags.digest', 'packages.id', 'packages.component'])
    .select(['findings.advisory', 'findings.severity', 'findings.fixed', 'findings.exploited'])
    .select(['findings.title', 'findings.published', 'findings.seen'])
    .distinct()
    .$if(only !== undefined, (q) => q.where('findings.advisory', '=', only ?? ''))
    .execute()
}

function recordOf(advisory: string, rows: readonly Row[]): OsvRecord | undefined {
  const placed = rows.flatMap((row) => {
    const place = osvPlaceOf(row.component as Component)
    return place === undefined ? [] : [{ row, place }]
  })
  const [first] = placed
  if (first === undefined) return undefined
  const { severity, exploited, title, published } = first.row
  const seen = Math.max(...placed.map(({ row }) => row.seen.getTime()))
  return {
    schema_version: '1.7.0',
    id: osvId(advisory),
    modified: new Date(seen).toISOString(),
    ...(published === null ? {} : { published: published.toISOString() }),
    ...(title === null ? {} : { summary: title }),
    affected: [...Map.groupBy(placed, ({ place }) => `${place.ecosystem} ${place.name}`)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, each]) => affectedOf(each)),
    database_specific: { severity: severity.toUpperCase(), exploited },
  }
}

function affectedOf(places: readonly { readonly row: Row; readonly place: OsvPlace }[]): readonly Affected[] {
  const [first] = places
  if (first === undefined) return []
  const { ecosystem, name } = first.place
  const fixes = new Map(places.map(({ row, place }) => [place.version, row.fixed]))
  const ranges = [...fixes].flatMap(([introduced, fixed]) =>
    fixed === null ? [] : [{ type: 'ECOSYSTEM' as const, events: [{ introduced }, { fixed }] }],
  )
  return [
    {
      package: { ecosystem, name },
      ...(ranges.length === 0 ? {} : { ranges }),
      versions: [...fixes.keys()].sort(),
      database_specific: {
        images: [...new Set(places.map(({ row }) => `${row.image}@${row.digest}`))].sort(),
      },
    },
  ]
}

/** Name of a record's file in an archive: ids of feeds may hold any characters. */
export function osvFile(id: string): string {
  if (/^[\w.+-]{1,100}$/.test(id)) return `${id}.json`
  return `${ownPrefix}${createHash('sha256').update(id).digest('hex')}.json`
}

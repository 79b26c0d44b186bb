import { execFile } from 'node:child_process'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { writeGrypeDatabase } from '../packages/temper/test/support/grype-database.ts'
import { type OsvRecord, osvEntries } from '../packages/temper/test/support/osv-entry.ts'
import { writeTrivyDatabase } from '../packages/temper/test/support/trivy-database.ts'
import { folder } from './place.ts'
import { peer, peerEnvironment, runOnce } from './programs.ts'

const run = promisify(execFile)

export interface Advisories {
  readonly records: readonly OsvRecord[]
  /** Pairs of a record and a package. */
  readonly entries: number
  /** Where they are from, for the reader. */
  readonly origin: string
}

/** Records of OSV's form up to a number of entries: real ones from a folder of NDJSON files, else made up. */
export async function readAdvisories(
  entries: number,
  { osv, names }: { readonly osv?: string; readonly names: readonly string[] },
): Promise<Advisories> {
  const all = osv === undefined ? madeUp(entries, names) : await fromFolder(osv)
  const records: OsvRecord[] = []
  let taken = 0
  for (const record of all) {
    if (taken >= entries) break
    const more = osvEntries([record]).length
    if (more === 0) continue
    records.push(record)
    taken += more
  }
  const origin =
    osv === undefined
      ? 'made-up advisories, of the packages of the image and of made-up ones named after them'
      : 'real advisories'
  return { records, entries: taken, origin: `${taken} entries of ${origin}` }
}

/** Those of Debian first: it is what the image is of. */
async function fromFolder(path: string): Promise<OsvRecord[]> {
  const files = (await readdir(path)).filter((name) => /\.ndjson(\.gz)?$/.test(name)).sort()
  const records: OsvRecord[] = []
  for (const name of files.sort((a, b) => Number(/^debian/.test(b)) - Number(/^debian/.test(a)))) {
    const bytes = await readFile(join(path, name))
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
    for (const line of text.split('\n')) if (line !== '') records.push(JSON.parse(line))
  }
  return records
}

/** Each of two packages, as many are: the writer of Trivy's database takes 65,535 identifiers at most. */
function madeUp(count: number, names: readonly string[]): OsvRecord[] {
  return Array.from({ length: Math.ceil(count / 2) }, (_, i) => {
    const copy = Math.floor(i / names.length / 8)
    const id = `CVE-${2005 + (i % 20)}-${10_000 + i}`
    const events = [{ introduced: '0' }, { fixed: `${i % 9}.${i % 40}-${1 + (i % 5)}` }]
    const affected = [i, i + 1].map((position) => {
      const name = names[position % names.length] ?? ''
      return {
        package: { ecosystem: 'Debian:12', name: copy === 0 ? name : `${name}-${copy}` },
        ranges: [{ type: 'ECOSYSTEM', events }],
      }
    })
    const day = '2026-01-01T00:00:00Z'
    const upstream = [id]
    const summary = `A made-up problem, number ${i}`
    return { id: `DEBIAN-${id}`, upstream, modified: day, published: day, summary, affected }
  })
}

/** The records once more, as often as it takes, with other identifiers and of packages with other names. */
export function* multiplied({ records, entries }: Advisories, wanted: number): Generator<OsvRecord> {
  for (let copy = 0; copy * entries < wanted; copy++)
    for (const record of records) yield copy === 0 ? record : copied(record, copy)
}

function copied(record: OsvRecord, copy: number): OsvRecord {
  const renamed = (names: readonly string[] | undefined) => names?.map((name) => `${name}-${copy}`) ?? []
  return {
    ...record,
    id: `${record.id}-${copy}`,
    aliases: renamed(record.aliases),
    upstream: renamed(record.upstream),
    affected: (record.affected ?? []).map((each) => ({
      ...each,
      package: { ecosystem: each.package.ecosystem, name: `${each.package.name}-${copy}` },
    })),
  }
}

/** Writes records as NDJSON, as a feed is. */
export async function writeFeed(path: string, records: Iterable<OsvRecord>): Promise<void> {
  const lines = function* () {
    for (const record of records) yield `${JSON.stringify(record)}\n`
  }
  await pipeline(lines, createWriteStream(`${path}.new`))
  await rename(`${path}.new`, path)
}

export interface PeerDatabases {
  /** Trivy's --cache-dir. */
  readonly trivy: string
  /** GRYPE_DB_CACHE_DIR. */
  readonly grype: string
}

/** The same records as databases of Trivy and Grype; made once for each `key`. */
export async function peerDatabases(key: string, records: readonly OsvRecord[]): Promise<PeerDatabases> {
  const place = join(await folder('peers'), key)
  const folders = { trivy: join(place, 'trivy'), grype: join(place, 'grype') }
  if (existsSync(place)) return folders
  process.stderr.write('Writing the databases of Trivy and Grype…\n')
  const made = `${place}.new`
  await rm(made, { recursive: true, force: true })
  await mkdir(join(made, 'new'), { recursive: true })
  await writeTrivyDatabase(join(made, 'trivy'), records)
  writeGrypeDatabase(join(made, 'new'), records)
  const archive = join(made, 'database.tar')
  await run('tar', ['-C', join(made, 'new'), '-cf', archive, 'vulnerability.db'])
  const env = { ...(await peerEnvironment()), GRYPE_DB_CACHE_DIR: join(made, 'grype') }
  await runOnce({ line: `'${await peer('grype')}' db import '${archive}' -q`, env })
  await rm(join(made, 'new'), { recursive: true })
  await rm(archive)
  await rename(made, place)
  return folders
}

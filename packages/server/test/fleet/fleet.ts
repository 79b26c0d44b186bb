import { createReadStream } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { type Kysely, sql } from 'kysely'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { ownFolder } from '../../../temper/test/support/own-folder.ts'
import { settle } from '../../src/clocks/clocks.ts'
import { usualSla } from '../../src/clocks/due.ts'
import { openDatabase } from '../../src/database/open.ts'
import type { Schema } from '../../src/database/schema.ts'
import type { FactoryWorld } from '../../src/factory/world.ts'
import { refreshFindings } from '../../src/images/findings.ts'
import { importFeeds } from '../../src/temper.ts'
import { Cluster } from '../interop/cluster.ts'
import { measureCatalogue } from './catalogue.ts'
import { makeImages } from './images.ts'

const perImage = 300
/** As a database of its own machine has it: Debian's default is for one that shares it. */
const settings = ['shared_buffers=1GB', 'max_wal_size=4GB', 'maintenance_work_mem=256MB']
/** CPU seconds of the database so far. */
let processes: () => Promise<number> = async () => 0

/**
 * A factory of many images in PostgreSQL (default 100,000 of 300 packages each, of which one in 400 is as old as can be): how long a new advisory takes to its images, a day's feeds
 * to all of them, a page of the catalogue, and how large the database is. `--osv DIR` names OSV records as NDJSON.
 */
export async function measureFleet(words: readonly string[]): Promise<boolean> {
  const at = words.indexOf('--osv')
  const [count = 100_000, outdated = 400] = words.filter((word) => /^\d+$/.test(word)).map(Number)
  const osv = at < 0 ? undefined : words[at + 1]
  if (osv === undefined) throw new Error('name a folder of OSV records: --osv DIR')
  const folder = ownFolder('fleet')
  const cluster = new Cluster(ownFolder('postgresql'), settings)
  try {
    await cluster.start()
    processes = () => cluster.processorSeconds()
    return await measure({ folder, url: cluster.url, count, outdated, osv })
  } finally {
    await cluster.stop()
    await rm(cluster.folder, { recursive: true, force: true })
    await rm(folder, { recursive: true, force: true })
  }
}

interface Fleet {
  readonly folder: string
  readonly url: string
  readonly count: number
  readonly outdated: number
  readonly osv: string
}

async function measure({ folder, url, count, outdated, osv }: Fleet): Promise<boolean> {
  const all = await recordsOf(osv)
  // Every so many are the day's: what comes new is about all kinds of packages.
  const step = Math.max(1, Math.floor(all.length / 2000))
  const isNew = (index: number) => index % step === step - 1 && index / step < 2000
  const before = all.filter((_, index) => !isNew(index))
  const day = all.filter((_, index) => isNew(index))
  const names = namesIn(all)
  tell(`${all.length} records, ${names.length} names of packages, ${day.length} records of the day`)

  const context = sampleContext(folder, { now: () => new Date() })
  const feeds = join(folder, 'store')
  const import_ = async (name: string, records: readonly OsvRecord[]) => {
    await mkdir(join(folder, 'in'), { recursive: true })
    const path = join(folder, 'in', `${name}.ndjson`)
    await writeFile(path, records.map((each) => `${JSON.stringify(each)}\n`).join(''))
    await importFeeds({ paths: [path], feeds, as: name }, context)
  }
  await timed('feeds imported', () => import_('first', before))

  const database = await openDatabase({ url })
  try {
    const { db } = database
    const world = { db, context, feeds, now: () => new Date(), log: quiet } as unknown as FactoryWorld
    await timed(`${count} images of ${perImage} packages made`, () =>
      makeImages(db, { count, perImage, names, outdated }),
    )
    await tellSizes(db)
    const moment = () => ({ now: new Date(), sla: usualSla })
    const whole = async () => {
      await refreshFindings(world)
      await settle(db, moment())
    }
    await timed('all packages matched and all clocks set, the first time', whole)
    await sql`analyze`.execute(db)
    await tellOpen(db, count)
    await tellSizes(db)
    const again = await timed('the same when nothing is new', whole)

    await timed('the day’s records imported', () => import_('day', day))
    const delta = await timed(`${day.length} records of the day against all`, whole)

    const one = newAdvisory()
    await timed('one advisory imported', () => import_('one', [one]))
    const refresh = await timed('one new advisory to its images', async () => {
      await refreshFindings(world, { names: ['openssl'] })
      return await affected(db, one.id)
    })
    tell(`  ${refresh.value} images are affected`)
    await timed('  their clocks', () => settle(db, moment()))
    const { value: pages } = await timed('pages of the catalogue', () => measureCatalogue(db))
    await tellSizes(db)
    const good = refresh.seconds < 1 && delta.seconds < 300 && pages < 0.1 && again.seconds < 300
    tell(good ? 'all within what is aimed at' : 'NOT all within what is aimed at')
    return good
  } finally {
    await database.close()
  }
}

interface OsvRecord {
  readonly id: string
  readonly affected?: readonly {
    readonly package?: { readonly ecosystem: string; readonly name: string }
  }[]
}

async function recordsOf(folder: string): Promise<readonly OsvRecord[]> {
  const records: OsvRecord[] = []
  for (const name of (await readdir(folder)).filter((each) => /\.ndjson\.gz$/.test(each)).sort())
    for await (const line of createInterface({
      input: createReadStream(join(folder, name)).pipe(createGunzip()),
    }))
      if (line !== '') records.push(JSON.parse(line))
  return records
}

/** What images of services do not hold: what is known of them is more than of all others together. */
const elsewhere = new Set(['linux', 'chromium', 'firefox-esr', 'thunderbird'])

/** Names of Debian's source packages that anything is known of. */
function namesIn(records: readonly OsvRecord[]): readonly string[] {
  const names = new Set<string>()
  for (const { affected = [] } of records)
    for (const { package: of } of affected)
      if (of?.ecosystem.startsWith('Debian') && !elsewhere.has(of.name)) names.add(of.name)
  return [...names].sort()
}

function newAdvisory() {
  const day = new Date().toISOString()
  return {
    schema_version: '1.6.0',
    id: 'CVE-2026-99999',
    modified: day,
    published: day,
    summary: 'made up, for the measurement',
    affected: [
      {
        package: { ecosystem: 'Debian:12', name: 'openssl' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '99.9.9-1' }] }],
      },
    ],
  }
}

/** Images that an advisory is about, by what they hold. */
async function affected(db: Kysely<Schema>, advisory: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct tags.name)::integer as count from package_sets
    join image_sets on image_sets."set" = package_sets.number join tags on tags.digest = image_sets.digest
    where package_sets.packages && (select array_agg(package) from findings where advisory = ${advisory})`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}

/** Findings that an image has open on average. */
async function tellOpen(db: Kysely<Schema>, count: number): Promise<void> {
  const { rows } = await sql<{ open: number }>`select count(*) as open from clocks`.execute(db)
  tell(`  ${rows[0]?.open} findings of images, ${((rows[0]?.open ?? 0) / count).toFixed(1)} each`)
}

async function tellSizes(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ name: string; bytes: number; rows: number }>`
    select relname as name, pg_total_relation_size(relid) as bytes, n_live_tup as rows
    from pg_stat_user_tables where schemaname = 'public' order by 2 desc limit 9`.execute(db)
  for (const { name, bytes, rows: held } of rows)
    if (bytes > 1 << 20) tell(`  ${name}: ${(bytes / 2 ** 20).toFixed(0)} MiB, ${held} rows`)
}

async function timed<T>(
  what: string,
  work: () => Promise<T>,
): Promise<{ readonly seconds: number; readonly value: T }> {
  const [begun, used, before] = [performance.now(), process.cpuUsage(), await processes()]
  const value = await work()
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(used)
  const own = ((user + system) / 1e6).toFixed(1)
  const theirs = ((await processes()) - before).toFixed(1)
  tell(
    `${what}: ${seconds.toFixed(2)} s, CPU seconds: ${own} of this process, ${theirs} of the database; ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`,
  )
  return { seconds, value }
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`)
}

const quiet = { warn: () => undefined, error: () => undefined, info: () => undefined }

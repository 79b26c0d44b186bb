import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openIndex } from '../packages/temper/src/advisory/index/open-index.ts'
import { type Advisories, multiplied, peerDatabases, readAdvisories, writeFeed } from './advisories.ts'
import {
  again,
  type Contender,
  type Contest,
  type ContestOptions,
  type ContestResult,
  hold,
} from './contest.ts'
import { debianImage } from './debian-image.ts'
import { namesIn, packagesOnly } from './documents.ts'
import { measure } from './measure.ts'
import { folder } from './place.ts'
import { peer, peerEnvironment, runOnce, temperLine, trivyOffline } from './programs.ts'
import { median } from './result.ts'

/** How often a short command runs in one measurement. */
const times = 10
const small = 90_000
const large = 1_000_000

export interface ScanOptions extends ContestOptions {
  /** Folder of OSV records as NDJSON. */
  readonly osv?: string
}

/** Bills of materials → findings, as whole processes. */
export async function benchScan(options: ScanOptions): Promise<readonly ContestResult[]> {
  const { whole, packages, advisories } = await scanInputs(options)
  const feeds = await feedsOf(advisories, options)
  const results: ContestResult[] = []
  for (const [title, document] of [
    ['SBOM of packages → findings', packages],
    ['SBOM of packages and files → findings', whole],
  ] as const)
    results.push(await hold(await oneDocument({ title, document, advisories, feeds }), options))
  return results
}

export interface ScanInputs {
  /** An image in one layer: an OCI layout. */
  readonly plain: string
  /** Its bill of materials with all files, and that of its packages alone. */
  readonly whole: string
  readonly packages: string
  readonly advisories: Advisories
}

export async function scanInputs({ osv }: Pick<ScanOptions, 'osv'>): Promise<ScanInputs> {
  const place = await folder('scan')
  const { plain } = await debianImage()
  const whole = join(place, 'files.cdx.json')
  await runOnce(await temperLine(`sbom 'oci:${plain}' --format cyclonedx-json --quiet -o '${whole}'`))
  const text = await runOnce({ line: `cat '${whole}'` })
  const packages = join(place, 'packages.cdx.json')
  await writeFile(packages, packagesOnly(text))
  const advisories = await readAdvisories(small, {
    names: namesIn(text),
    ...(osv === undefined ? {} : { osv }),
  })
  return { plain, whole, packages, advisories }
}

/** Where the feed of some advisories lies, imported now. */
export async function smallFeed(advisories: Advisories, { scratch }: ContestOptions): Promise<string> {
  const made = join(scratch, 'feeds-small')
  const file = await feedFile(advisories, { name: 'small', wanted: advisories.entries })
  await runOnce(await temperLine(`feeds import '${file}' --feeds '${made}' --quiet`))
  return made
}

async function feedFile(
  advisories: Advisories,
  { name, wanted }: { readonly name: string; readonly wanted: number },
): Promise<string> {
  const file = join(await folder('scan'), `${keyOf(advisories)}-${name}.ndjson`)
  if (!existsSync(file)) await writeFeed(file, multiplied(advisories, wanted))
  return file
}

interface Feeds {
  /** Folders of feeds with 90,000 and 1,000,000 entries. */
  readonly small: string
  readonly large: string
  readonly notes: readonly string[]
}

/** Feeds are made anew in each run, since that is measured; the files that they are made of stay. */
async function feedsOf(advisories: Advisories, { scratch }: ContestOptions): Promise<Feeds> {
  const made = { small: join(scratch, 'feeds-small'), large: join(scratch, 'feeds-large') }
  const notes: string[] = []
  for (const [name, wanted] of [
    ['small', advisories.entries],
    ['large', large],
  ] as const) {
    const file = await feedFile(advisories, { name, wanted })
    process.stderr.write(`Building the index of ${wanted} entries…\n`)
    const line = await temperLine(`feeds import '${file}' --feeds '${made[name]}' --quiet`)
    const { wall, cpu, largest } = await measure(line, scratch)
    const opening = openTime(made[name])
    notes.push(
      `${wanted} entries: index built in ${wall.toFixed(1)} s (${cpu.toFixed(1)} s CPU, ${largest.toFixed(0)} MiB), opened in ${opening.toFixed(2)} ms.`,
    )
  }
  return { ...made, notes }
}

export function keyOf({ records, entries }: Advisories): string {
  const ids = createHash('sha256')
  for (const { id } of records) ids.update(`${id}\n`)
  return `${entries}-${ids.digest('hex').slice(0, 8)}`
}

/** Milliseconds to open an index and close it again. */
function openTime(path: string): number {
  const now = new Date()
  return median(
    Array.from({ length: 50 }, () => {
      const started = process.hrtime.bigint()
      openIndex(path, { now }).close()
      return Number(process.hrtime.bigint() - started) / 1e6
    }),
  )
}

interface OneDocument {
  readonly title: string
  readonly document: string
  readonly advisories: Advisories
  readonly feeds: Feeds
}

async function oneDocument({ title, document, advisories, feeds }: OneDocument): Promise<Contest> {
  const ours = async (name: string, path: string): Promise<Contender> => {
    const { line, env } = await temperLine(`scan 'sbom:${document}' --feeds '${path}' --json`)
    return { name, times, command: () => ({ line: again(line, times), ...(env && { env }) }) }
  }
  const { trivy, grype } = await peerDatabases(keyOf(advisories), advisories.records)
  const env = { ...(await peerEnvironment()), GRYPE_DB_CACHE_DIR: grype }
  const trivyLine = `'${await peer('trivy')}' sbom '${document}' --cache-dir '${trivy}' --format json ${trivyOffline}`
  const grypeLine = `'${await peer('grype')}' 'sbom:${document}' -q -o json`
  return {
    title,
    contenders: [
      await ours(`temper scan, ${advisories.entries} entries`, feeds.small),
      await ours(`temper scan, ${large} entries`, feeds.large),
      { name: 'trivy sbom', times, command: () => ({ line: again(trivyLine, times), env }) },
      { name: 'grype', times, command: () => ({ line: again(grypeLine, times), env }) },
    ],
    notes: [
      `${advisories.origin}, the same for all; ${large}: multiplied, for Temper only.`,
      ...feeds.notes,
      `Each figure is of one process, measured ${times} in a row.`,
    ],
  }
}

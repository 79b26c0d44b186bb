import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { peerDatabases, readAdvisories, writeFeed } from './advisories.ts'
import { type Contender, type ContestOptions, type ContestResult, hold } from './contest.ts'
import { debianImage } from './debian-image.ts'
import { namesIn } from './documents.ts'
import { largeImage } from './large-image.ts'
import { peer, peerEnvironment, runOnce, temperLine, trivyOffline } from './programs.ts'

export interface AssessOptions extends ContestOptions {
  /** Folder of OSV records as NDJSON. */
  readonly osv?: string
  /** The image of 1 GiB in place of the usual one. */
  readonly large: boolean
}

/** Entries of advisories that both sides have. */
const entries = 90_000

/** An image → everything that is wrong with it: vulnerabilities, secrets and how it is made, as whole processes. */
export async function benchAssess({
  osv,
  large,
  ...options
}: AssessOptions): Promise<readonly ContestResult[]> {
  const { plain } = await debianImage()
  const { scratch } = options
  const text = await runOnce(await temperLine(`sbom 'oci:${plain}' --format cyclonedx-json --quiet`))
  const wanted = { names: namesIn(text), ...(osv === undefined ? {} : { osv }) }
  const advisories = await readAdvisories(entries, wanted)
  const [file, feeds] = [join(scratch, 'assess.ndjson'), join(scratch, 'assess-feeds')]
  await writeFeed(file, advisories.records)
  await runOnce(await temperLine(`feeds import '${file}' --feeds '${feeds}' --quiet`))
  const { trivy } = await peerDatabases(`assess-${advisories.entries}`, advisories.records)
  const notes = [
    `${advisories.origin}, the same for both.`,
    'Temper also holds it against its other rules: files, accounts, programs, trust stores, claims, evidence.',
  ]
  const made = { feeds, trivy, state: join(scratch, 'assess-state') }
  const contests = large
    ? [
        {
          title: 'Everything that is wrong with an image of 1 GiB, nothing known of it',
          image: await largeImage(),
          known: false,
        },
      ]
    : [
        {
          title: 'Everything that is wrong with an image in one layer, nothing known of it',
          image: plain,
          known: false,
        },
        { title: 'The same once its layer is known', image: plain, known: true },
      ]
  const results: ContestResult[] = []
  for (const { title, ...about } of contests)
    results.push(await hold({ title, contenders: await contenders({ ...about, ...made }), notes }, options))
  return results
}

interface Assessed {
  /** An OCI layout. */
  readonly image: string
  /** Whether what was read of layers before is kept. */
  readonly known: boolean
  readonly feeds: string
  /** Cache folder of Trivy, with its database. */
  readonly trivy: string
  /** Cache folder of Temper. */
  readonly state: string
}

async function contenders({
  image,
  known,
  feeds,
  trivy,
  state,
}: Assessed): Promise<[Contender, ...Contender[]]> {
  const [program, env] = [await peer('trivy'), await peerEnvironment()]
  const scanners = '--scanners vuln,secret,misconfig --image-config-scanners misconfig,secret'
  const theirs = `'${program}' image --input '${image}' --cache-dir '${trivy}' ${scanners} --format json ${trivyOffline} >/dev/null`
  const ours = await temperLine(`assess 'oci:${image}' --feeds '${feeds}' --json --quiet >/dev/null`, state)
  const forget = (path: string) =>
    known ? {} : { prepare: async () => await rm(path, { recursive: true, force: true }) }
  return [
    { name: 'temper assess', command: () => ours, ...forget(state) },
    // What Trivy knows of layers lies beside its database.
    { name: 'trivy image', command: () => ({ line: theirs, env }), ...forget(join(trivy, 'fanal')) },
  ]
}

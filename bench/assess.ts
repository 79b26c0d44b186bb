import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { peerDatabases, readAdvisories, writeFeed } from './advisories.ts'
import { type Contender, type ContestOptions, type ContestResult, hold } from './contest.ts'
import { debianImage } from './debian-image.ts'
import { namesIn } from './documents.ts'
import { peer, peerEnvironment, runOnce, temperLine, trivyOffline } from './programs.ts'

export interface AssessOptions extends ContestOptions {
  /** Folder of OSV records as NDJSON. */
  readonly osv?: string
}

/** Entries of advisories that both sides have. */
const entries = 90_000

/** An image → everything that is wrong with it: vulnerabilities, secrets and how it is made, as whole processes. */
export async function benchAssess({ osv, ...options }: AssessOptions): Promise<readonly ContestResult[]> {
  const { plain } = await debianImage()
  const { scratch } = options
  const text = await runOnce(await temperLine(`sbom 'oci:${plain}' --format cyclonedx-json --quiet`))
  const wanted = { names: namesIn(text), ...(osv === undefined ? {} : { osv }) }
  const advisories = await readAdvisories(entries, wanted)
  const [file, feeds] = [join(scratch, 'assess.ndjson'), join(scratch, 'assess-feeds')]
  await writeFeed(file, advisories.records)
  await runOnce(await temperLine(`feeds import '${file}' --feeds '${feeds}' --quiet`))
  const { trivy } = await peerDatabases(`assess-${advisories.entries}`, advisories.records)
  const [program, env] = [await peer('trivy'), await peerEnvironment()]
  // Its results of layers are beside its database: they are told apart by where it keeps them.
  const trivyLine = `'${program}' image --input '${plain}' --cache-dir '${trivy}' --scanners vuln,secret,misconfig --image-config-scanners misconfig,secret --format json ${trivyOffline} >/dev/null`
  const state = join(scratch, 'assess-state')
  const line = `assess 'oci:${plain}' --feeds '${feeds}' --json --quiet >/dev/null`
  const fresh = await temperLine(line, state)
  const contenders = (known: boolean): [Contender, ...Contender[]] => [
    {
      name: 'temper assess',
      command: () => fresh,
      ...(known ? {} : { prepare: async () => await rm(state, { recursive: true, force: true }) }),
    },
    {
      name: 'trivy image, vuln,secret,misconfig',
      command: () => ({ line: trivyLine, env }),
      ...(known
        ? {}
        : { prepare: async () => await rm(join(trivy, 'fanal'), { recursive: true, force: true }) }),
    },
  ]
  const notes = [
    `${advisories.origin}, the same for both.`,
    'Temper also holds it against its other rules: files, accounts, programs, trust stores, claims, evidence.',
  ]
  const first = 'Everything that is wrong with an image in one layer, nothing known of it'
  const later = 'The same once its layer is known'
  return [
    await hold({ title: first, contenders: contenders(false), notes }, options),
    await hold({ title: later, contenders: contenders(true), notes }, options),
  ]
}

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { peerDatabases } from './advisories.ts'
import { type Contender, type ContestResult, hold } from './contest.ts'
import { peer, peerEnvironment, temperLine, trivyOffline } from './programs.ts'
import { keyOf, type ScanOptions, scanInputs, smallFeed } from './scan.ts'

/** An image in one layer → findings: never read before, and once its layer is known. */
export async function benchScanImage(options: ScanOptions): Promise<readonly ContestResult[]> {
  const { plain, advisories } = await scanInputs(options)
  const feeds = await smallFeed(advisories, options)
  const { trivy } = await peerDatabases(keyOf(advisories), advisories.records)
  const [program, env] = [await peer('trivy'), await peerEnvironment()]
  const state = join(options.scratch, 'scan-image-state')
  const ours = await temperLine(`scan 'oci:${plain}' --feeds '${feeds}' --json --quiet >/dev/null`, state)
  const theirs = `'${program}' image --input '${plain}' --cache-dir '${trivy}' --scanners vuln --format json ${trivyOffline} >/dev/null`
  const contenders = (known: boolean): [Contender, ...Contender[]] => {
    const forget = (path: string) =>
      known ? {} : { prepare: async () => await rm(path, { recursive: true, force: true }) }
    return [
      { name: 'temper scan', command: () => ours, ...forget(state) },
      // What Trivy knows of layers lies beside its database.
      { name: 'trivy image', command: () => ({ line: theirs, env }), ...forget(join(trivy, 'fanal')) },
    ]
  }
  const notes = [`${advisories.origin}, the same for both.`]
  const results: ContestResult[] = []
  for (const [title, known] of [
    ['An image never read before → findings', false],
    ['An image whose layer is known → findings', true],
  ] as const)
    results.push(await hold({ title, contenders: contenders(known), notes }, options))
  return results
}

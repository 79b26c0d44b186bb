import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { peerDatabases } from './advisories.ts'
import { type ContestResult, hold } from './contest.ts'
import { writeDocuments } from './documents.ts'
import { peer, peerEnvironment, temperLine, trivyOffline } from './programs.ts'
import { keyOf, type ScanOptions, scanInputs, smallFeed } from './scan.ts'

/** Runs of Trivy that are measured in place of a thousand. */
const sample = 20

/** A thousand documents in one process; Trivy takes one a process. */
export async function benchDocuments(options: ScanOptions): Promise<readonly ContestResult[]> {
  const count = 1000
  const { advisories } = await scanInputs(options)
  const feeds = await smallFeed(advisories, options)
  const place = join(options.scratch, 'documents')
  await mkdir(place, { recursive: true })
  const paths = await writeDocuments(place, { count, records: advisories.records })
  const targets = paths.map((path) => `'sbom:${path}'`).join(' ')
  const ours = await temperLine(`scan ${targets} --feeds '${feeds}' --json --quiet >/dev/null`)
  const { trivy } = await peerDatabases(keyOf(advisories), advisories.records)
  const program = await peer('trivy')
  const env = await peerEnvironment()
  const line = `for i in $(seq ${sample}); do '${program}' sbom "${place}/$i.cdx.json" --cache-dir '${trivy}' --format json ${trivyOffline} >/dev/null || exit 1; done`
  const result = await hold(
    {
      title: `${count} SBOMs of 300 packages → findings`,
      contenders: [
        { name: `temper scan, one process`, command: () => ours },
        // Figures are for one time: a thousand processes.
        { name: `trivy sbom, ${count} processes`, times: sample / count, command: () => ({ line, env }) },
      ],
      notes: [`Trivy: ${sample} processes were measured, and the time multiplied.`],
    },
    options,
  )
  await rm(place, { recursive: true })
  return [result]
}

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore } from '../packages/temper/src/oci/open-store.ts'
import { parseReference } from '../packages/temper/src/oci/reference.ts'
import { debianTool } from '../packages/temper/test/support/debian-tool.ts'
import { type DockerRegistry, startDockerRegistry } from '../packages/temper/test/support/docker-registry.ts'
import { pushImage, smallImage } from '../packages/temper/test/support/small-image.ts'
import { type Contender, type Contest, type ContestOptions, type ContestResult, hold } from './contest.ts'
import { debianImage } from './debian-image.ts'
import type { Command } from './measure.ts'
import { peer, peerEnvironment, runOnce, temperLine } from './programs.ts'

/** Images that are signed in one measurement. */
const times = 5

const key = 'cosign.key'
const publicKey = 'cosign.pub'

/** Signing, attesting and verifying with a key on a loopback registry, and the bill of materials of a built image. */
export async function benchSign(options: ContestOptions): Promise<readonly ContestResult[]> {
  const { built } = await debianImage()
  const registry = await startDockerRegistry(await debianTool('docker-registry'))
  try {
    const work = join(options.scratch, 'sign')
    await mkdir(work, { recursive: true })
    const bench = await prepare({ work, registry, runs: options.runs, built })
    const results: ContestResult[] = []
    for (const contest of contests(bench)) results.push(await hold(contest, options))
    results.push(await hold(await documents(built, work), options))
    return results
  } finally {
    await registry.stop()
  }
}

interface Bench {
  readonly ours: (args: string) => Command
  readonly cosign: (args: string) => Command
  /** What is stated about images. */
  readonly predicate: string
  readonly host: string
}

interface Preparation {
  readonly work: string
  readonly registry: DockerRegistry
  readonly runs: number
  readonly built: string
}

async function prepare({ work, registry, runs, built }: Preparation): Promise<Bench> {
  const program = await peer('cosign')
  const env = await peerEnvironment()
  const { line, env: ourEnvironment = {} } = await temperLine('')
  const inside = (command: string) => `(cd '${work}' && ${command})`
  const cosign = (args: string): Command => ({ line: inside(`'${program}' ${args} 2>/dev/null`), env })
  const ours = (args: string): Command => ({ line: inside(`${line} ${args} --quiet`), env: ourEnvironment })
  const root = { mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' }
  const empty = { tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] }
  await writeFile(join(work, 'root.json'), JSON.stringify({ ...root, ...empty }))
  await runOnce(cosign('generate-key-pair'))
  const predicate = join(work, 'predicate.json')
  const document = await temperLine(`sbom 'oci:${built}' --format spdx-json --quiet -o '${predicate}'`)
  await runOnce(document)
  for (const side of ['temper', 'cosign'])
    for (const task of ['sign', 'attest'])
      for (let i = 0; i < (runs + 1) * times; i++) await push(`${registry.host}/${side}/${task}/${i}:v1`)
  const bench = { ours, cosign, predicate, host: registry.host }
  for (const side of ['temper', 'cosign'] as const) {
    const reference = `${registry.host}/${side}/signed:v1`
    await push(reference)
    await runOnce(lines(bench)[side].sign(reference))
  }
  return bench
}

async function push(reference: string): Promise<void> {
  const store = await openStore(parseReference(reference), { fetch: globalThis.fetch })
  const image = smallImage({ bytes: 1000 })
  await pushImage(store, image)
  await store.tag(image.root, 'v1')
}

/** Both sides with the same key (cosign's encrypted form) and write the same: a bundle of Sigstore as a referrer. */
function lines({ ours, cosign, predicate }: Bench) {
  const written = '--tlog-upload=false -y --new-bundle-format'
  const read = '--insecure-ignore-tlog --new-bundle-format --trusted-root root.json'
  return {
    temper: {
      sign: (reference: string) => ours(`sign ${reference} --key ${key}`),
      attest: (reference: string) =>
        ours(`attest ${reference} --key ${key} --type spdxjson --predicate '${predicate}'`),
      verify: (reference: string) => ours(`verify ${reference} --key ${publicKey}`),
    },
    cosign: {
      sign: (reference: string) => cosign(`sign --key ${key} ${written} ${reference}`),
      attest: (reference: string) =>
        cosign(`attest --key ${key} ${written} --type spdxjson --predicate '${predicate}' ${reference}`),
      verify: (reference: string) => cosign(`verify --key ${publicKey} ${read} ${reference}`),
    },
  }
}

function contests(bench: Bench): readonly Contest[] {
  const all = lines(bench)
  const contender = (side: 'temper' | 'cosign', task: 'sign' | 'attest' | 'verify'): Contender => ({
    name: `${side} ${task}`,
    times,
    command: (round) => {
      const each = Array.from({ length: times }, (_, i) => {
        const image = task === 'verify' ? 'signed' : `${task}/${round * times + i}`
        return all[side][task](`${bench.host}/${side}/${image}:v1`)
      })
      const line = each.map((command) => `${command.line} >/dev/null`).join(' && ')
      return { line, env: each[0]?.env ?? {} }
    },
  })
  return (['sign', 'attest', 'verify'] as const).map((task) => ({
    title: `${task}, with a key, on a loopback registry`,
    contenders: [contender('temper', task), contender('cosign', task)],
    notes: [`Each figure is of one image; ${times} in a row were measured.`],
  }))
}

/** What is in an image that Temper built. */
async function documents(built: string, work: string): Promise<Contest> {
  const of = async (from: string, state: string) => {
    const command = await temperLine(
      `sbom 'oci:${built}' --from ${from} --format spdx-json --quiet >/dev/null`,
      state,
    )
    return () => command
  }
  const [syft, env] = [await peer('syft'), await peerEnvironment()]
  const state = join(work, 'state')
  return {
    title: 'SBOM of an image that Temper built',
    contenders: [
      { name: 'temper sbom', command: await of('auto', state) },
      { name: 'temper sbom --from attached', command: await of('attached', state) },
      {
        name: 'syft',
        command: () => ({ line: `'${syft}' 'oci-dir:${built}' -q -o spdx-json >/dev/null`, env }),
      },
    ],
    notes: [
      'Layers that were read before are in the cache of Temper; Syft has none. "inventory" measures without it.',
    ],
  }
}

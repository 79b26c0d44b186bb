import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Contest, type ContestOptions, type ContestResult, hold } from './contest.ts'
import { debianImage } from './debian-image.ts'
import { peer, peerEnvironment, temperLine, trivyOffline } from './programs.ts'

/** An image that nobody knows → its packages and files: bytes have to be read. */
export async function benchInventory(options: ContestOptions): Promise<readonly ContestResult[]> {
  const { plain } = await debianImage()
  const [syft, trivy, env] = [await peer('syft'), await peer('trivy'), await peerEnvironment()]
  const [ours, theirs] = [join(options.scratch, 'state'), join(options.scratch, 'trivy')]
  const command = await temperLine(`sbom 'oci:${plain}' --format cyclonedx-json --quiet >/dev/null`, ours)
  const empty = (path: string) => () => rm(path, { recursive: true, force: true })
  const contest: Contest = {
    title: 'Inventory of an image in one layer, nothing known of it',
    contenders: [
      { name: 'temper sbom', command: () => command, prepare: empty(ours) },
      {
        name: 'syft',
        command: () => ({ line: `'${syft}' 'oci-dir:${plain}' -q -o cyclonedx-json >/dev/null`, env }),
      },
      {
        name: 'trivy image',
        command: () => ({
          line: `'${trivy}' image --input '${plain}' --cache-dir '${theirs}' --format cyclonedx ${trivyOffline} >/dev/null`,
          env,
        }),
        prepare: empty(theirs),
      },
    ],
    notes: ["Temper and Syft tell every file's SHA-256, Trivy packages only."],
  }
  return [await hold(contest, options)]
}

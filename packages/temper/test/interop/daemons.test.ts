import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeReadConformance } from '../../src/oci/fixtures/read.conformance.ts'
import { pushAll, type SampleImage } from '../../src/oci/fixtures/sample.ts'
import { openStore } from '../../src/oci/open-store.ts'
import { parseReference } from '../../src/oci/reference.ts'
import { tryDebianTool } from '../support/debian-tool.ts'
import { pushImage, smallImage } from '../support/small-image.ts'
import { temperJson } from '../support/temper-cli.ts'

/* containerd and podman hand out an image that they loaded, over their sockets. */

const run = promisify(execFile)
const containerd = await tryDebianTool('containerd')
const podman = await tryDebianTool('podman')

let folder = ''
const running: ChildProcess[] = []
const image = smallImage({ bytes: 1000 })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-daemons-'))
  const store = await openStore(parseReference(`docker-archive:${folder}/web.tar`))
  await pushImage(store, image)
  await store.tag(image.root, 'team/web:1')
  await store.close()
})

afterAll(async () => {
  for (const child of running) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill()
    await ended
  }
  await rm(folder, { recursive: true, force: true })
})

async function started(program: string, args: readonly string[], socket: string): Promise<void> {
  running.push(spawn(program, [...args], { stdio: 'ignore' }))
  while (!existsSync(socket)) await setTimeout(100)
}

/** An archive of a sample, as daemons load it. */
async function archiveOf(sample: SampleImage, kind: 'docker' | 'oci'): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'held-')), 'image.tar')
  const store = await openStore(parseReference(`${kind}-archive:${path}`))
  await pushAll(store, sample)
  await store.tag(sample.descriptor, kind === 'oci' ? '1' : heldName)
  await store.close()
  return path
}

const nowhere = { docker: [], podman: [], containerd: [] }
const heldName = 'team/held:1'

describe.skipIf(containerd === undefined)('containerd', () => {
  const socket = () => join(folder, 'reading.sock')
  beforeAll(async () => {
    const places = [
      '--root',
      join(folder, 'reading'),
      '--state',
      join(folder, 'reading-state'),
      '--address',
      socket(),
    ]
    await started(containerd ?? '', places, socket())
  }, 120_000)

  storeReadConformance('containerd', {
    hold: async (sample) => {
      const archive = await archiveOf(sample, 'oci')
      const base = ['-a', socket(), 'image']
      await run('ctr', [
        ...base,
        'import',
        '--no-unpack',
        '--all-platforms',
        '--base-name',
        'docker.io/team/held',
        archive,
      ])
      return {
        open: () =>
          openStore(parseReference(`containerd:${heldName}`), {
            daemons: { ...nowhere, containerd: [socket()] },
          }),
        dispose: async () => void (await run('ctr', [...base, 'rm', '--sync', `docker.io/${heldName}`])),
      }
    },
  })
})

describe.skipIf(podman === undefined)('podman', () => {
  const socket = () => join(folder, 'reading-podman.sock')
  const store = () => [
    '--root',
    join(folder, 'reading-pods'),
    '--runroot',
    join(folder, 'reading-run'),
    '--storage-driver',
    'vfs',
  ]
  beforeAll(async () => {
    await started(podman ?? '', [...store(), 'system', 'service', '-t', '0', `unix://${socket()}`], socket())
  }, 120_000)

  storeReadConformance('podman', {
    keeps: 'contents',
    holdsIndices: false,
    hold: async (sample) => {
      await run(podman ?? '', [...store(), 'load', '-i', await archiveOf(sample, 'docker')])
      const daemons = { ...nowhere, podman: [socket()] }
      return {
        open: () => openStore(parseReference(`podman:${heldName}`), { daemons, temporaryDir: folder }),
        dispose: async () => void (await run(podman ?? '', [...store(), 'rmi', '-f', heldName])),
      }
    },
  })
})

describe('daemons hand out images', () => {
  it.skipIf(containerd === undefined)('containerd, blob by blob', { timeout: 120_000 }, async () => {
    const socket = join(folder, 'containerd.sock')
    const places = ['--root', join(folder, 'root'), '--state', join(folder, 'state'), '--address', socket]
    await started(containerd ?? '', places, socket)
    await run('ctr', ['-a', socket, 'image', 'import', '--no-unpack', join(folder, 'web.tar')])
    const env = { CONTAINERD_ADDRESS: socket }
    const shown = await temperJson(['inspect', '--no-packages', 'containerd:team/web:1'], { env })
    expect(shown).toMatchObject({ digest: image.root.digest })
  })

  it.skipIf(podman === undefined)('podman, as Docker does', { timeout: 120_000 }, async () => {
    const socket = join(folder, 'podman.sock')
    const store = [
      '--root',
      join(folder, 'pods'),
      '--runroot',
      join(folder, 'run'),
      '--storage-driver',
      'vfs',
    ]
    await started(podman ?? '', [...store, 'system', 'service', '-t', '0', `unix://${socket}`], socket)
    await run(podman ?? '', [...store, 'load', '-i', join(folder, 'web.tar')])
    for (const [name, variable] of [
      ['podman', 'CONTAINER_HOST'],
      ['docker', 'DOCKER_HOST'],
    ]) {
      const env = { [variable as string]: `unix://${socket}` }
      const shown = await temperJson(['inspect', `${name}:team/web:1`], { env })
      expect(shown).toMatchObject({ platforms: ['linux/amd64'] })
    }
  })
})

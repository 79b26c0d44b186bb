import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pushImage, type SmallImage, smallImage } from '../../../test/support/small-image.ts'
import { collect } from '../../base/bytes.ts'
import { storeReadConformance } from '../fixtures/read.conformance.ts'
import { pushAll } from '../fixtures/sample.ts'
import { readImage } from '../image/read-image.ts'
import { openStore, resolveReference } from '../open-store.ts'
import { parseReference } from '../reference.ts'

/* Docker's interface on a socket. The programs themselves are asked in test/interop/daemons.test.ts. */

let folder: string
let server: Server
let image: SmallImage
const asked: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-daemon-'))
  await mkdir(join(folder, 'tmp'))
  image = smallImage({ bytes: 1000 })
  const archive = join(folder, 'image.tar')
  const store = await openStore(parseReference(`docker-archive:${archive}`))
  await pushImage(store, image)
  await store.tag(image.root, 'team/web:1')
  await store.close()
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/images/team/web%3A1/get') return void createReadStream(archive).pipe(response)
    if (request.url === '/images/broken/get') {
      response.writeHead(200, { 'content-length': '100000' })
      response.write('half')
      return void setImmediate(() => response.destroy())
    }
    response.writeHead(request.url === '/images/busy/get' ? 500 : 404)
    response.end(JSON.stringify({ message: 'it \u001b[31m is so' }))
  })
  await new Promise<void>((resolve) => server.listen(join(folder, 'docker.sock'), resolve))
})

afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

function open(reference: string, sockets = [join(folder, 'none.sock'), join(folder, 'docker.sock')]) {
  return openStore(parseReference(reference), {
    daemons: { docker: sockets, podman: sockets, containerd: sockets },
    temporaryDir: join(folder, 'tmp'),
  })
}

for (const daemon of ['docker', 'podman'] as const)
  storeReadConformance(daemon, {
    hold: async (sample) => {
      const home = await mkdtemp(join(tmpdir(), 'temper-engine-'))
      const archive = join(home, 'image.tar')
      const store = await openStore(parseReference(`docker-archive:${archive}`))
      await pushAll(store, sample)
      await store.tag(sample.descriptor, 'team/held:1')
      await store.close()
      const engine = createServer((_, response) => void createReadStream(archive).pipe(response))
      const socket = join(home, 'engine.sock')
      await new Promise<void>((resolve) => engine.listen(socket, resolve))
      const options = { daemons: { docker: [socket], podman: [socket], containerd: [] }, temporaryDir: home }
      return {
        open: () => openStore(parseReference(`${daemon}:team/held:1`), options),
        dispose: async () => {
          await new Promise((resolve) => engine.close(resolve))
          // What was fetched is gone with the stores.
          expect(await readdir(home)).toEqual(['image.tar'])
          await rm(home, { recursive: true })
        },
      }
    },
  })

describe('an image that a daemon keeps', () => {
  it('is read from the first socket that answers, and leaves nothing behind', async () => {
    const reference = parseReference('docker:team/web:1')
    const store = await open('docker:team/web:1')
    const root = await resolveReference(store, reference)
    expect(root.digest).toBe(image.root.digest)
    const { layers } = await readImage(store, root)
    for (const layer of layers) await collect(layer.open(), { limit: 10_000, what: 'layer' })
    await expect(store.push(image.blobs[0] as never)).rejects.toThrow('read, not written')
    await store.close()
    expect(await readdir(join(folder, 'tmp'))).toEqual([])
  })

  it('may be one of podman, which speaks the same', async () => {
    const store = await open('podman:team/web:1')
    expect((await resolveReference(store, parseReference('podman:team/web:1'))).digest).toBe(
      image.root.digest,
    )
    await store.close()
  })

  it.each([
    ['docker:other', 'not-found', 'docker has no image "other"'],
    ['docker:busy', 'tool-failed', 'status 500, it \\u001b[31m is so'],
    ['docker:broken', 'tool-failed', 'broke off'],
  ])('%s is told as an error', async (reference, code, message) => {
    await expect(open(reference)).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
    expect(await readdir(join(folder, 'tmp'))).toEqual([])
  })

  it.each(['docker', 'podman', 'containerd'])('says how to start %s where nobody listens', async (daemon) => {
    await expect(open(`${daemon}:web`, [join(folder, 'none.sock')])).rejects.toThrow(
      expect.objectContaining({ code: 'tool-missing', hint: expect.stringContaining('Start') }),
    )
  })
})

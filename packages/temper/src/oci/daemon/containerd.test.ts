import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Descriptor } from '../../model/image.ts'
import { createMemoryStore } from '../fixtures/memory.ts'
import { blobOf, pushAll, sampleBytes, sampleImage } from '../fixtures/sample.ts'
import { list, read } from '../fixtures/store.conformance.ts'
import { readImage } from '../image/read-image.ts'
import type { ListingStore } from '../layout/reader.ts'
import { openContainerd } from './containerd.ts'
import { decodeMessage, encodeMessage, textField } from './protobuf.ts'

/* containerd's interface on a socket, as its protocol files have it. The program itself is asked in test/interop. */

interface Call {
  readonly path: string
  readonly namespace: string
  readonly key: string
}

/** What the server does with a call; it answers "not found" unless told otherwise. */
type Answer = (call: Call, stream: ServerHttp2Stream) => boolean | Promise<boolean>

let folder: string
let socket: string
let server: Http2Server
let calls: Call[] = []
let answer: Answer = () => false

const framed = (message: Uint8Array, flag = 0) => {
  const head = Buffer.alloc(5)
  head[0] = flag
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

/** Sends messages and a status, as gRPC does. */
function send(
  stream: ServerHttp2Stream,
  parts: readonly Uint8Array[],
  status: Record<string, string> = { 'grpc-status': '0' },
): true {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers(status))
  for (const part of parts) stream.write(part)
  stream.end()
  return true
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-containerd-'))
  socket = join(folder, 'containerd.sock')
  server = createServer()
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const body = Buffer.concat(chunks)
      const call = {
        path: String(headers[':path']).replace(/^.*\./, ''),
        namespace: String(headers['containerd-namespace']),
        key: textField(decodeMessage(body.subarray(5)), 1),
      }
      calls.push(call)
      void (async () => {
        if (await answer(call, stream)) return
        // An answer that has nothing but a status has it in its headers.
        stream.respond(
          { ':status': 200, 'grpc-status': '5', 'grpc-message': 'not%20found' },
          { endStream: true },
        )
      })()
    })
  })
  await new Promise<void>((done) => server.listen(socket, done))
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

const image = sampleImage('web')
const blobs = new Map(image.blobs.map((blob) => [blob.descriptor.digest as string, blob]))
const target = ({ mediaType, digest, size }: Descriptor) =>
  encodeMessage({ 1: encodeMessage({ 3: encodeMessage({ 1: mediaType, 2: digest, 3: size }) }) })

/** Has the image in one namespace, under one name, and hands blobs out in small pieces. */
const holding =
  (name: string, namespace = 'default'): Answer =>
  async (call, stream) => {
    if (call.namespace !== namespace) return false
    if (call.path === 'Images/Get')
      return call.key === name && send(stream, [framed(target(image.descriptor))])
    const blob = blobs.get(call.key)
    if (blob === undefined) return false
    if (call.path === 'Content/Info')
      return send(stream, [
        framed(encodeMessage({ 1: encodeMessage({ 1: call.key, 2: blob.descriptor.size }) })),
      ])
    const bytes = Buffer.concat(await list(blob.open()))
    const parts: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += 700)
      parts.push(framed(encodeMessage({ 1: at, 2: bytes.subarray(at, at + 700) })))
    return send(stream, parts)
  }

let opened: ListingStore[] = []
beforeEach(() => {
  calls = []
  opened = []
})
afterEach(async () => {
  for (const store of opened) await store.close()
})

async function open(name: string, sockets: readonly string[] = [socket]): Promise<ListingStore> {
  const store = await openContainerd(name, { sockets, temporaryDir: folder })
  opened.push(store)
  return store
}

describe('an image of containerd', () => {
  it('is read blob by blob', async () => {
    answer = holding('docker.io/library/web:latest')
    const store = await open('web')
    expect(await store.resolve('')).toEqual(image.descriptor)
    expect(await store.images()).toEqual([image.descriptor])
    const { layers } = await readImage(store, image.descriptor)
    for (const layer of layers)
      expect(await read(store, layer.descriptor)).toHaveLength(layer.descriptor.size)
    for (const { descriptor } of image.blobs) {
      expect(await store.has(descriptor)).toBe(true)
      expect(await store.has({ ...descriptor, size: descriptor.size + 1 })).toBe(false)
    }
    expect(await list(store.tags())).toEqual([])
    expect(await list(store.referrers(image.descriptor.digest))).toEqual([])
  })

  it.each([
    ['web', 'docker.io/library/web:latest'],
    ['web:1', 'docker.io/library/web:1'],
    ['team/web', 'docker.io/team/web:latest'],
    ['registry.example/web:1', 'registry.example/web:1'],
    ['localhost:5000/web', 'localhost:5000/web:latest'],
    [`web@sha256:${'a'.repeat(64)}`, `docker.io/library/web@sha256:${'a'.repeat(64)}`],
  ])('%s is known there as %s', async (name, full) => {
    answer = holding(full)
    await open(name)
    expect(calls).toEqual([{ path: 'Images/Get', namespace: 'default', key: full }])
  })

  it('is looked for in the namespaces of ctr, Kubernetes and Docker, and read from the one that has it', async () => {
    answer = holding('docker.io/library/web:latest', 'moby')
    const store = await open('web')
    await read(store, image.descriptor)
    expect(calls.map(({ namespace }) => namespace)).toEqual(['default', 'k8s.io', 'moby', 'moby'])
  })

  it('that is nowhere is not found, and where to look is told', async () => {
    answer = () => false
    await expect(open('web')).rejects.toMatchObject({
      code: 'not-found',
      message: 'containerd has no image "docker.io/library/web:latest"',
      hint: 'List its images with: ctr -n default images ls',
    })
  })

  it('of which something was never fetched says so', async () => {
    answer = holding('docker.io/library/web:latest')
    const store = await open('web')
    const absent = blobOf('absent').descriptor
    expect(await store.has(absent)).toBe(false)
    await expect(read(store, absent)).rejects.toMatchObject({
      code: 'not-found',
      message: `No ${absent.digest} in containerd:docker.io/library/web:latest`,
    })
  })

  it('cannot be written', async () => {
    answer = holding('docker.io/library/web:latest')
    const store = await open('web')
    const refused = { code: 'bad-usage', message: 'Images in a daemon can be read, not written' }
    await expect(store.push(blobOf('x'))).rejects.toMatchObject(refused)
    await expect(store.tag(image.descriptor, 'v1')).rejects.toMatchObject(refused)
    await expect(pushAll(store, image)).rejects.toMatchObject(refused)
    expect(await createMemoryStore().has(image.descriptor)).toBe(false)
  })
})

describe('a containerd that is broken or hostile', () => {
  const large = blobOf(sampleBytes(5000))
  const reading =
    (answerRead: Answer): Answer =>
    async (call, stream) =>
      call.path === 'Content/Read'
        ? answerRead(call, stream)
        : holding('docker.io/library/web:latest')(call, stream)

  it.each<[string, Answer, object]>([
    [
      'other bytes',
      (_, stream) => send(stream, [framed(encodeMessage({ 2: sampleBytes(5000, 9) }))]),
      { code: 'digest-mismatch' },
    ],
    [
      'too few bytes',
      (_, stream) => send(stream, [framed(encodeMessage({ 2: sampleBytes(4999) }))]),
      { code: 'digest-mismatch' },
    ],
    ['nothing', (_, stream) => send(stream, []), { code: 'digest-mismatch' }],
    [
      'a compressed message',
      (_, stream) => send(stream, [framed(new Uint8Array(3), 1)]),
      { code: 'bad-image', message: expect.stringContaining('compressed or too long') },
    ],
    [
      'a message that is too long',
      (_, stream) => send(stream, [Buffer.from([0, 1, 0, 0, 1])]),
      { code: 'bad-image', message: expect.stringContaining('compressed or too long') },
    ],
    [
      'a message that is none',
      (_, stream) => send(stream, [framed(Buffer.from([0xff, 0xff]))]),
      { code: 'bad-image' },
    ],
    [
      'a failure',
      (_, stream) => send(stream, [], { 'grpc-status': '13', 'grpc-message': 'disk%20\u0025zz' }),
      {
        code: 'tool-failed',
        message: expect.stringContaining('in containerd:docker.io/library/web:latest: disk%20%zz'),
      },
    ],
    [
      'a failure that steers terminals',
      (_, stream) => send(stream, [], { 'grpc-status': '13', 'grpc-message': '%1b[31m' }),
      { code: 'tool-failed', message: expect.stringContaining('\\u001b[31m') },
    ],
    [
      'no status',
      (_, stream) => {
        stream.respond({ ':status': 200 })
        stream.end()
        return true
      },
      { code: 'tool-failed', message: expect.stringContaining('the connection ended') },
    ],
  ])('that answers with %s is an error', async (_, answerRead, expected) => {
    answer = reading(answerRead)
    const store = await open('web')
    await expect(read(store, large.descriptor)).rejects.toMatchObject(expected)
  })

  it('that gives a digest that is none is refused', async () => {
    answer = (_, stream) =>
      send(stream, [
        framed(encodeMessage({ 1: encodeMessage({ 3: encodeMessage({ 1: 'a/b', 2: 'latest', 3: 7 }) }) })),
      ])
    await expect(open('web')).rejects.toThrow(/containerd:docker\.io\/library\/web:latest/)
  })

  it('that fails when it is asked for an image is told of', async () => {
    answer = (_, stream) => send(stream, [], { 'grpc-status': '7', 'grpc-message': 'forbidden' })
    await expect(open('web')).rejects.toMatchObject({
      code: 'tool-failed',
      message: 'containerd does not hand out "web": forbidden',
    })
    expect(calls).toHaveLength(1)
  })

  it('is looked for at one socket after the other', async () => {
    answer = holding('docker.io/library/web:latest')
    const none = join(folder, 'none.sock')
    await open('web', [none, socket])
    await expect(open('web', [none, none])).rejects.toMatchObject({
      code: 'tool-missing',
      message: `containerd does not answer: nothing listens at ${none}, ${none}`,
      hint: 'Start containerd, or name its socket in CONTAINERD_ADDRESS.',
    })
    await expect(open('web', [])).rejects.toMatchObject({
      code: 'tool-missing',
      message: 'containerd does not answer',
    })
  })
})

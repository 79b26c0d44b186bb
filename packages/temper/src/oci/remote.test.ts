import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { sha256 } from '../base/digest.ts'
import { createHttp } from '../base/http.ts'
import type { Store } from '../model/store.ts'
import { copy, type MountingStore } from './copy.ts'
import type { Credentials } from './credentials.ts'
import { LoopbackRegistry, type LoopbackRegistryOptions, loopbackUser } from './loopback-registry.ts'
import { createMemoryStore } from './memory.ts'
import { openRemote, type RemoteOptions } from './remote.ts'
import { blobOf, pushAll, sampleBytes, sampleImage, sampleReferrer } from './sample.ts'
import { list, read, storeConformance } from './store.conformance.ts'

const http = createHttp({ fetch: globalThis.fetch, firstDelay: 1, stallTimeout: 2000, retries: 2 })
const { username, password } = loopbackUser
const login = async (): Promise<Credentials> => ({ kind: 'password', username, password })

const disposals: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const dispose of disposals.splice(0)) await dispose()
})

async function start(options: LoopbackRegistryOptions = {}): Promise<LoopbackRegistry> {
  const registry = await LoopbackRegistry.start(options)
  disposals.push(() => registry.stop())
  return registry
}

function open(host: string, options: Partial<RemoteOptions> = {}, repository = 'team/app'): MountingStore {
  const upload = { firstDelay: 1, retries: 3, ...options.upload }
  return openRemote({ registry: host, repository }, { http, ...options, upload })
}

for (const [name, options] of Object.entries({
  'registry with referrers': { pageSize: 2 },
  'registry without referrers': { referrers: false },
  'registry with tokens': { auth: 'bearer' },
} satisfies Record<string, LoopbackRegistryOptions>)) {
  storeConformance(name, {
    create: async () => {
      const registry = await LoopbackRegistry.start(options)
      return { open: async () => open(registry.host, { credentials: login }), dispose: () => registry.stop() }
    },
  })
}

storeConformance('registry with chunked uploads', {
  create: async () => {
    const registry = await LoopbackRegistry.start()
    const store = () => open(registry.host, { upload: { chunkSize: 300_000 } })
    return { open: async () => store(), dispose: () => registry.stop() }
  },
})

const large = blobOf(sampleBytes(5_000_000, 3))

/** A registry that spoils some requests, counted from 0 for each that `matches`. */
async function spoilt(
  matches: (request: IncomingMessage) => boolean,
  spoil: (count: number, request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>,
): Promise<LoopbackRegistry> {
  let count = 0
  return start({
    intercept: (request, response) => (matches(request) ? spoil(count++, request, response) : false),
  })
}

const isUpload = (method: string) => (request: IncomingMessage) =>
  request.method === method && (request.url ?? '').includes('/blobs/uploads/')

/** Drops a connection after some bytes arrived; the registry keeps them, as real ones do, or forgets all. */
async function dropAfter(
  bytes: number,
  registry: LoopbackRegistry,
  request: IncomingMessage,
  memory = 'keeps',
): Promise<void> {
  const id = /uploads\/([^?]+)/.exec(request.url ?? '')?.[1] ?? ''
  const parts = [registry.uploads.get(id) ?? Buffer.alloc(0)]
  let size = 0
  for await (const chunk of request) {
    parts.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size < bytes) continue
    // Before the connection closes: the client may come back at once.
    registry.uploads.set(id, Buffer.concat(parts))
    if (memory === 'forgets') registry.uploads.delete(id)
    request.socket.destroy()
    return
  }
}

describe('upload', () => {
  test('goes on where the connection broke, and sends nothing twice', async () => {
    const registry: LoopbackRegistry = await spoilt(isUpload('PATCH'), async (count, request) => {
      if (count >= 2) return false
      await dropAfter(1_000_000, registry, request)
      return true
    })
    await open(registry.host).push(large)
    expect(registry.repository('team/app').blobs.get(large.descriptor.digest)?.length).toBe(5_000_000)
    expect(registry.seen.filter(({ method }) => method === 'PATCH')).toHaveLength(3)
    expect(registry.seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  test('begins again when the registry forgot it', async () => {
    const registry: LoopbackRegistry = await spoilt(isUpload('PATCH'), async (count, request) => {
      if (count >= 1) return false
      await dropAfter(1_000_000, registry, request, 'forgets')
      return true
    })
    await open(registry.host).push(large)
    expect(await open(registry.host).has(large.descriptor)).toBe(true)
    expect(registry.seen.filter(({ method }) => method === 'POST')).toHaveLength(2)
  })

  test.each([429, 500, 503])('is tried again after status %d', async (status) => {
    for (const method of ['POST', 'PATCH', 'PUT']) {
      const registry = await spoilt(isUpload(method), (count, request, response) => {
        if (count >= 2) return false
        request.resume().on('end', () => response.writeHead(status, { 'retry-after': '0' }).end())
        return true
      })
      const store = open(registry.host)
      await store.push(large)
      await store.push(blobOf('small'))
      expect(await store.has(large.descriptor)).toBe(true)
    }
  })

  test('sends smaller requests when one was too large', async () => {
    const registry = await spoilt(isUpload('PATCH'), (_, request, response) => {
      if (Number(request.headers['content-length']) <= 1_500_000) return false
      request.resume().on('end', () => response.writeHead(413).end())
      return true
    })
    await open(registry.host).push(large)
    expect(await open(registry.host).has(large.descriptor)).toBe(true)
  })

  test('gives up with the words of the registry', async () => {
    const body = JSON.stringify({
      errors: [{ code: 'DENIED', message: 'quota\u001b[31m of http://u:p@host reached' }],
    })
    const registry = await spoilt(isUpload('POST'), (_, request, response) => {
      request.resume()
      response.writeHead(403).end(body)
      return true
    })
    await expect(open(registry.host).push(large)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(/status 403 .*: DENIED, quota \[31m of http:\/\/\*\*\*@host reached$/),
    })
  })

  test('ends when a registry fails for ever', async () => {
    const registry = await spoilt(isUpload('PATCH'), (_, request) => {
      request.socket.destroy()
      return true
    })
    await expect(open(registry.host).push(large)).rejects.toMatchObject({ code: 'network' })
    expect(registry.seen.filter(({ method }) => method === 'PATCH')).toHaveLength(4)
  })

  test('reports a failing source as it is, without another try', async () => {
    const registry = await start()
    let opened = 0
    const blob = {
      descriptor: large.descriptor,
      async *open() {
        opened++
        yield sampleBytes(2_000_000, 3)
        throw new Error('the disk broke')
      },
    }
    await expect(open(registry.host).push(blob)).rejects.toThrow('the disk broke')
    expect(opened).toBe(1)
  })

  test('does not send credentials to an upload address on another host', async () => {
    const other = await listener((request, response) => {
      request.resume().on('end', () => response.writeHead(request.method === 'PUT' ? 201 : 202).end())
    })
    const registry = await start({
      auth: 'basic',
      intercept: (request, response) => {
        if (!isUpload('POST')(request) || request.headers.authorization === undefined) return false
        request.resume()
        response.writeHead(202, { location: `http://${other.host}/elsewhere` }).end()
        return true
      },
    })
    await open(registry.host, { credentials: login }).push(large)
    expect(other.seen.map(({ method }) => method)).toEqual(['PATCH', 'PUT'])
    expect(other.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true)
  })

  test.each(['ftp://host/x', 'http://user:pass@host/x', 'file:///etc/passwd'])(
    'refuses the address %s',
    async (location) => {
      const registry = await spoilt(isUpload('POST'), (_, request, response) => {
        request.resume()
        response.writeHead(202, { location }).end()
        return true
      })
      await expect(open(registry.host, { upload: { retries: 0 } }).push(large)).rejects.toMatchObject({
        code: 'network',
        message: expect.not.stringContaining('pass'),
      })
    },
  )
})

describe('mount', () => {
  test('takes a blob over from another repository', async () => {
    const registry = await start({ auth: 'bearer' })
    await open(registry.host, { credentials: login }, 'team/base').push(large)
    registry.seen.length = 0
    const store = open(registry.host, { credentials: login })
    expect(await store.mount(large.descriptor, 'team/base')).toBe(true)
    expect(await store.has(large.descriptor)).toBe(true)
    expect(registry.tokenRequests.at(-1)?.getAll('scope')).toEqual([
      'repository:team/app:pull',
      'repository:team/app:pull,push',
      'repository:team/base:pull',
    ])
    expect(registry.seen.some(({ method }) => method === 'PATCH')).toBe(false)
  })

  test('that is refused goes on as an upload', async () => {
    const registry = await start({ mounts: false })
    const [source, store] = [createMemoryStore(), open(registry.host)]
    const image = sampleImage()
    await pushAll(source, image)
    await copy(source, store, image.descriptor, { mountFrom: ['team/base'] })
    expect(await store.has(image.descriptor)).toBe(true)
    // The upload that the registry began is used: no second one for any blob.
    expect(registry.seen.filter(({ method }) => method === 'POST')).toHaveLength(3)
  })
})

describe('reading', () => {
  test('goes on where the connection broke', async () => {
    let served = 0
    const registry = await start({
      intercept: (request, response) => {
        if (request.method !== 'GET' || !request.url?.includes('/blobs/sha256:') || served++ > 0) return false
        response.writeHead(200, { 'content-length': 5_000_000 })
        response.write(sampleBytes(5_000_000, 3).subarray(0, 2_000_000), () => request.socket.destroy())
        return true
      },
    })
    const store = open(registry.host)
    await store.push(large)
    expect(sha256(await read(store, large.descriptor))).toBe(large.descriptor.digest)
  })

  test('does not take credentials along to where the registry redirects', async () => {
    const other = await listener((_, response) => response.end(sampleBytes(5_000_000, 3)))
    const registry = await start({
      auth: 'basic',
      intercept: (request, response) => {
        if (request.method !== 'GET' || request.headers.authorization === undefined) return false
        response.writeHead(307, { location: `http://${other.host}/storage?signature=secret` }).end()
        return true
      },
    })
    const store = open(registry.host, { credentials: login })
    expect((await read(store, large.descriptor)).length).toBe(5_000_000)
    expect(other.seen.map(({ headers }) => headers.authorization)).toEqual([undefined])
  })

  test('answers no challenge of a host that it was redirected to', async () => {
    const other = await listener((request, response) => {
      response.setHeader('www-authenticate', `Bearer realm="http://${request.headers.host}/token"`)
      response.writeHead(401).end()
    })
    const registry = await start({
      intercept: (request, response) => {
        if (request.method !== 'GET') return false
        response.writeHead(307, { location: `http://${other.host}/storage` }).end()
        return true
      },
    })
    const store = open(registry.host, { credentials: login })
    await expect(read(store, large.descriptor)).rejects.toMatchObject({ code: 'unauthorized' })
    expect(other.seen).toHaveLength(1)
  })

  test.each<[string, Buffer | 'endless']>([
    ['other bytes', Buffer.alloc(5_000_000)],
    ['too few bytes', Buffer.from(sampleBytes(5_000_000, 3).subarray(0, 100))],
    ['endless bytes', 'endless'],
  ])('finds out %s', async (_, body) => {
    const registry = await start({
      intercept: (request, response) => {
        if (request.method !== 'GET') return false
        if (body !== 'endless') response.end(body)
        else {
          const more = () => {
            while (!response.destroyed && response.write(Buffer.alloc(65_536)));
          }
          response.on('drain', more).on('error', () => {})
          more()
        }
        return true
      },
    })
    await expect(read(open(registry.host), large.descriptor)).rejects.toMatchObject({
      code: 'digest-mismatch',
    })
  })

  test('refuses a manifest that is too large, is another one, or lies about its digest', async () => {
    const image = sampleImage()
    let body: Buffer = Buffer.alloc(5 << 20, 0x20)
    let headers: Record<string, string> = {}
    const registry = await start({
      intercept: (_, response) => {
        response.writeHead(200, { 'content-type': image.descriptor.mediaType, ...headers })
        response.end(body)
        return true
      },
    })
    const store = open(registry.host)
    await expect(store.resolve('v1')).rejects.toMatchObject({ code: 'limit-exceeded' })
    body = Buffer.from('{"schemaVersion":2}')
    await expect(store.resolve(image.descriptor.digest)).rejects.toMatchObject({ code: 'digest-mismatch' })
    await expect(store.resolve('v1')).rejects.toMatchObject({ code: 'bad-image' })
    headers = { 'docker-content-digest': 'sha256:nonsense', 'content-length': '19' }
    await expect(store.resolve('v1')).rejects.toMatchObject({ code: 'bad-image' })
  })

  test('survives a few failures of the server', async () => {
    let count = 0
    const registry = await start({
      intercept: (_, response) => {
        if (count++ % 3 !== 0) return false
        response.writeHead(503, { 'retry-after': '0' }).end()
        return true
      },
    })
    const store = open(registry.host)
    const image = sampleImage()
    await pushAll(store, image)
    await store.tag(image.descriptor, 'v1')
    expect((await store.resolve('v1')).digest).toBe(image.descriptor.digest)
  })

  test('lists tags page by page and ends when pages repeat', async () => {
    const registry = await start({ pageSize: 3 })
    const store = open(registry.host)
    const image = sampleImage()
    await pushAll(store, image)
    const names = Array.from({ length: 8 }, (_, i) => `v${i}`)
    for (const name of names) await store.tag(image.descriptor, name)
    expect(await list(store.tags())).toEqual(names)
    const looping = await start({
      intercept: (request, response) => {
        response.setHeader('link', `<${request.url}>; rel="next"`)
        response.end('{"tags":["a"]}')
        return true
      },
    })
    expect(await list(open(looping.host).tags())).toEqual(['a'])
  })
})

describe('referrers without the API', () => {
  test('are kept in an index under a tag that tags() does not show', async () => {
    const registry = await start({ referrers: false })
    const store = open(registry.host)
    const image = sampleImage()
    await pushAll(store, image)
    await store.tag(image.descriptor, 'v1')
    for (const content of ['a', 'b', 'a'])
      await pushAll(store, sampleReferrer(image.descriptor, 'x/y', content))
    const tag = image.descriptor.digest.replace(':', '-')
    expect([...registry.repository('team/app').tags.keys()]).toEqual(['v1', tag])
    expect(await list(store.tags())).toEqual(['v1'])
    expect(await list(store.referrers(image.descriptor.digest, 'x/y'))).toHaveLength(2)
  })
})

describe('credentials', () => {
  const image = sampleImage()
  const publish = async (store: Store) => {
    await pushAll(store, image)
    await store.tag(image.descriptor, 'v1')
    return store.resolve('v1')
  }

  test.each(['basic', 'bearer'] as const)('are used for %s', async (auth) => {
    const registry = await start({ auth })
    await publish(open(registry.host, { credentials: login }))
    expect(registry.repository('team/app').tags.get('v1')).toBe(image.descriptor.digest)
    if (auth === 'bearer') {
      // One token to look, one to write.
      expect(registry.tokenRequests.map((query) => query.getAll('scope'))).toEqual([
        ['repository:team/app:pull'],
        ['repository:team/app:pull', 'repository:team/app:pull,push'],
      ])
      const direct = registry.seen.filter(
        ({ path, authorization }) => path !== '/token' && authorization?.startsWith('Basic'),
      )
      expect(direct).toEqual([])
    }
  })

  test.each(['basic', 'bearer'] as const)('that are missing or wrong are reported for %s', async (auth) => {
    const registry = await start({ auth })
    const wrong = async (): Promise<Credentials> => ({ kind: 'password', username, password: 'sesame' })
    for (const options of [{}, { credentials: wrong }])
      await expect(publish(open(registry.host, options))).rejects.toMatchObject({
        code: 'unauthorized',
        message: expect.not.stringMatching(/sesame|dXNlcj/),
        hint: expect.stringContaining('docker login'),
      })
  })

  test('get a new token when the old one expired', async () => {
    const registry = await start({ auth: 'bearer' })
    const store = open(registry.host, { credentials: login })
    await publish(store)
    const before = registry.tokenRequests.length
    registry.token = 'another-token'
    expect((await store.resolve('v1')).digest).toBe(image.descriptor.digest)
    expect(registry.tokenRequests).toHaveLength(before + 1)
  })

  test.each<[string, string]>([
    ['is another host over http', 'http://other.example/token'],
    ['is no address', 'nonsense://x'],
    ['has a password', 'https://u:p@other.example/token'],
  ])('are not sent to a token service that %s', async (_, realm) => {
    const asked: string[] = []
    const registry = await start({
      intercept: (request, response) => {
        request.resume()
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end()
        return true
      },
    })
    const spying = createHttp({
      fetch: async (input, init) => {
        asked.push(new URL(String(input)).host)
        return globalThis.fetch(input, init)
      },
      retries: 0,
    })
    const store = open(registry.host, { http: spying, credentials: login })
    await expect(store.resolve('v1')).rejects.toMatchObject({ code: 'unauthorized' })
    expect(new Set(asked)).toEqual(new Set([registry.host]))
  })

  test('are sent to a token service elsewhere over https, as large registries need', async () => {
    const asked: [string, string | null][] = []
    const fake: typeof globalThis.fetch = async (input, init) => {
      const url = new URL(String(input))
      const authorization = new Headers(init?.headers).get('authorization')
      asked.push([url.host, authorization])
      if (url.host === 'auth.example') return Response.json({ access_token: 'T' })
      if (authorization !== 'Bearer T')
        return new Response('', {
          status: 401,
          headers: { 'www-authenticate': 'Bearer realm="https://auth.example/t"' },
        })
      return Response.json({ name: 'x', tags: ['v1'] })
    }
    const store = open('registry.example', { http: createHttp({ fetch: fake }), credentials: login })
    expect(await list(store.tags())).toEqual(['v1'])
    expect(asked.map(([host, authorization]) => `${host} ${authorization?.split(' ')[0]}`)).toEqual([
      'registry.example undefined',
      'auth.example Basic',
      'registry.example Bearer',
    ])
  })

  test.each([
    ['a token of 100 KB', { token: 'x'.repeat(100_000) }],
    ['a token with a line break', { token: 'a\r\nX: y' }],
    ['no token', { tok: 'x' }],
    ['a token that is a number', { token: 7 }],
  ])('refuse %s', async (_, answer) => {
    const fake: typeof globalThis.fetch = async (input) =>
      String(input).startsWith('https://auth.example')
        ? Response.json(answer)
        : new Response('', {
            status: 401,
            headers: { 'www-authenticate': 'Bearer realm="https://auth.example/t"' },
          })
    const store = open('registry.example', { http: createHttp({ fetch: fake }), credentials: login })
    await expect(store.resolve('v1')).rejects.toMatchObject({ code: 'unauthorized' })
  })
})

interface Listener {
  readonly host: string
  readonly seen: IncomingMessage[]
}

async function listener(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listener> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    handle(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  disposals.push(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

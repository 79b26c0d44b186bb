import { describe, expect, test } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { copy } from '../copy.ts'
import { createMemoryStore } from '../memory.ts'
import { pushAll, sampleBytes, sampleImage, sampleReferrer } from '../sample.ts'
import { list, read, storeConformance } from '../store.conformance.ts'
import { large, listener, login, open, start } from './loopback-peers.ts'
import { LoopbackRegistry, type LoopbackRegistryOptions } from './loopback-registry.ts'

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

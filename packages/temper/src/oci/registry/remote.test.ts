import { describe, expect, test } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { copy } from '../copy.ts'
import { createMemoryStore } from '../fixtures/memory.ts'
import { pushAll, sampleBytes, sampleImage, sampleIndex, sampleReferrer } from '../fixtures/sample.ts'
import { list, read } from '../fixtures/store.conformance.ts'
import { readImage } from '../image/read-image.ts'
import { olderTags } from '../name.ts'
import { large, listener, login, open, start } from './fixtures/loopback/peers.ts'
import { quirks, refusals } from './fixtures/loopback/quirks.ts'

describe('mount', () => {
  test('takes a blob over from another repository', async () => {
    const registry = await start({ auth: 'bearer' })
    await open(registry.host, { credentials: login }, 'team/base').push(large)
    registry.seen.length = 0
    const store = open(registry.host, { credentials: login })
    expect(await store.mount(large.descriptor, 'team/base')).toBe(true)
    expect(await store.has(large.descriptor)).toBe(true)
    expect(registry.tokenRequests.at(-1)?.getAll('scope')).toEqual([
      'repository:team/app:pull,push',
      'repository:team/base:pull',
    ])
    expect(registry.seen.some(({ method }) => method === 'PATCH')).toBe(false)
  })

  test('that is refused goes on as an upload', async () => {
    const registry = await start({ mounts: 202 })
    const [source, store] = [createMemoryStore(), open(registry.host)]
    const image = sampleImage()
    await pushAll(source, image)
    await copy(source, store, image.descriptor, { mountFrom: ['team/base'] })
    expect(await store.has(image.descriptor)).toBe(true)
    // The upload that the registry began is used: no second one for any blob.
    expect(registry.seen.filter(({ method }) => method === 'POST')).toHaveLength(3)
  })
})

describe('rights', () => {
  test.each([
    'tokens for one repository each',
    'tokens for the last scope only',
    'tokens for the first scope only',
  ] as const)('to mount are done without when there are %s', async (quirk) => {
    const registry = await start(quirks[quirk])
    await open(registry.host, { credentials: login }, 'team/base').push(large)
    const store = open(registry.host, { credentials: login })
    await store.mount(large.descriptor, 'team/base')
    await store.push(large)
    expect(await store.has(large.descriptor)).toBe(true)
    expect(registry.tokenRequests.at(-1)?.getAll('scope')[0]).toBe('repository:team/app:pull,push')
  })
})

describe('publishing', () => {
  test('reads nothing back, so that a registry may hide what has no tag', async () => {
    const registry = await start(refusals['manifests without a tag are hidden (Quay)'])
    const [source, store] = [createMemoryStore(), open(registry.host)]
    const image = sampleIndex()
    await pushAll(source, image)
    await copy(source, store, image.descriptor)
    registry.seen.length = 0
    await store.tag(image.descriptor, 'v1')
    expect(registry.seen.map(({ method }) => method)).toEqual(['PUT'])
    expect(await store.resolve('v1')).toEqual(image.descriptor)
  })

  test('tags what another one has pushed', async () => {
    const registry = await start()
    const image = sampleImage()
    await pushAll(open(registry.host), image)
    await open(registry.host).tag(image.descriptor, 'v1')
    expect(await open(registry.host).resolve('v1')).toEqual(image.descriptor)
  })

  test('tells that a registry takes nothing but images', async () => {
    const registry = await start(refusals['nothing but images (older Quay)'])
    const store = open(registry.host)
    const image = sampleImage()
    await pushAll(store, image)
    await expect(pushAll(store, sampleReferrer(image.descriptor, 'x/y'))).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/status 400: MANIFEST_INVALID, manifest invalid$/),
    })
  })

  test('sends again what was deleted meanwhile', async () => {
    const registry = await start()
    const store = open(registry.host)
    const image = sampleImage()
    await pushAll(store, image)
    const { blobs, manifests } = registry.repository('team/app')
    blobs.clear()
    manifests.clear()
    await pushAll(store, image)
    await store.tag(image.descriptor, 'v1')
    expect((await readImage(store, await store.resolve('v1'))).layers).toHaveLength(2)
  })
})

describe('reading', () => {
  test('asks once for a manifest that is read again, and once for signatures in the older scheme', async () => {
    const registry = await start()
    const image = sampleImage()
    await pushAll(open(registry.host), image)
    await open(registry.host).tag(image.descriptor, 'v1')
    const store = open(registry.host)
    registry.seen.length = 0
    for (let i = 0; i < 3; i++) await read(store, image.descriptor)
    await expect(store.resolve(olderTags(image.descriptor.digest).signatures)).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(registry.seen.filter(({ path }) => path.includes('/manifests/'))).toHaveLength(2)
  })

  test('takes no bytes for a manifest of another size than asked for, read before or not', async () => {
    const registry = await start()
    const image = sampleImage()
    await pushAll(open(registry.host), image)
    const store = open(registry.host)
    await read(store, image.descriptor)
    const longer = { ...image.descriptor, size: image.descriptor.size + 1 }
    await expect(read(store, longer)).rejects.toMatchObject({ code: 'digest-mismatch' })
  })

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
  test('are not looked for in the image itself under the tag of its digest', async () => {
    const registry = await start(quirks['tags of digests (GitLab)'])
    const store = open(registry.host)
    const index = sampleIndex()
    await pushAll(store, index)
    expect(await list(store.referrers(index.descriptor.digest))).toEqual([])
    const attached = sampleReferrer(index.descriptor, 'x/y')
    await pushAll(store, attached)
    expect((await list(store.referrers(index.descriptor.digest))).map(({ digest }) => digest)).toEqual([
      attached.descriptor.digest,
    ])
  })

  test('are kept in an index under a tag that tags() does not show', async () => {
    const registry = await start(quirks['no referrers: 404 (distribution 2.8, GitLab)'])
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

import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { blobOf, sampleBytes } from '../fixtures/sample.ts'
import { large, listener, login, open, start } from './fixtures/loopback/peers.ts'
import type { LoopbackRegistry } from './fixtures/loopback/registry.ts'

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
    const store = open(registry.host, { upload: { retries: 3 } })
    await expect(store.push(large)).rejects.toMatchObject({ code: 'network' })
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

  test('is one PATCH without Content-Range, which every registry takes', async () => {
    const ranges: (string | undefined)[] = []
    const registry = await spoilt(isUpload('PATCH'), (_, request) => {
      ranges.push(request.headers['content-range'])
      return false
    })
    await open(registry.host).push(large)
    expect(ranges).toEqual([undefined])
  })

  test('goes on in parts of 4 MiB where parts may not be larger', async () => {
    const huge = blobOf(sampleBytes(11 << 20, 4))
    const sizes: number[] = []
    const registry: LoopbackRegistry = await start({
      largestPatch: 4 << 20,
      tooLarge: { status: 416, only: 'with Content-Range' },
      intercept: async (request) => {
        if (!isUpload('PATCH')(request)) return false
        sizes.push(Number(request.headers['content-length']))
        if (sizes.length > 1) return false
        await dropAfter(1 << 20, registry, request)
        return true
      },
    })
    await open(registry.host).push(huge)
    expect(await open(registry.host).has(huge.descriptor)).toBe(true)
    expect(sizes.length).toBeGreaterThan(3)
    // The whole, then the rest that is too large, then what is allowed.
    expect(Math.max(...sizes.slice(2))).toBe(4 << 20)
  })

  test.each([
    ['half of what was too much', 0, 2_500_000],
    ['what the registry wants at least', 3_000_000, 3_000_000],
  ])('sends chunks of %s', async (_, leastChunk, expected) => {
    const sizes: number[] = []
    const registry = await start({
      largestPatch: 4_000_000,
      leastChunk,
      intercept: (request) => {
        if (isUpload('PATCH')(request)) sizes.push(Number(request.headers['content-length']))
        return false
      },
    })
    await open(registry.host).push(large)
    expect(sizes).toEqual([5_000_000, expected, 5_000_000 - expected])
  })

  test('leaves the address of an upload as it was given', async () => {
    const seen: string[] = []
    const registry = await start({
      uploadAddress: 'delicate query',
      intercept: (request) => {
        if (isUpload('PUT')(request)) seen.push(request.url ?? '')
        return false
      },
    })
    await open(registry.host).push(large)
    expect(seen[0]).toMatch(/\?_state=ab~c%2Fd\+e%20f:g&sig=x\*y&digest=sha256%3A[0-9a-f]{64}$/)
  })
})

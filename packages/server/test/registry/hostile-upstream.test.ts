import { readdir } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createNodeFetch } from '../../../temper/src/base/http/node-fetch.ts'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { resolver } from '../../src/builds/isolation/reach.ts'
import { fetchWithin } from '../../src/builds/isolation/within.ts'
import { fetchFrom } from '../../src/registry/upstream/reach.ts'
import { imageOf, manifestType, sha256 } from '../push.ts'
import { ask, folderOf, startServer, type TestServer } from '../server.ts'

/* A registry that is mirrored and does what it should not: nothing wrong is kept, and whoever asks hears what is wrong, soon. */

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const layer = 'a layer '.repeat(10_000)
const image = JSON.stringify(imageOf(layer))

async function startBehind(answer: Answer): Promise<{ server: TestServer; outside: string[] }> {
  const outside: string[] = []
  const upstream = createServer(answer)
  await new Promise<void>((resolve) => void upstream.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    upstream.closeAllConnections()
    upstream.close()
  })
  const from = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const data = await folderOf()
  const nodeFetch = createNodeFetch()
  // Nothing leaves this machine, even where the service lets itself be led on.
  const fetch: typeof nodeFetch = async (input, init) => {
    const url = String(input)
    if (new URL(url).hostname === '127.0.0.1') return await nodeFetch(input, init)
    outside.push(url)
    throw new Error('this is elsewhere')
  }
  const context = sampleContext(data, { fetch, offline: false })
  return { server: await startServer({ data, context, proxies: [{ project: 'hub', from }] }), outside }
}

/** Answers with a manifest, or with a part of it. */
const manifest =
  (body: string, headers: Readonly<Record<string, string | number>> = {}): Answer =>
  (request, response) => {
    response.writeHead(200, {
      'Content-Type': manifestType,
      'Content-Length': Buffer.byteLength(body),
      'Docker-Content-Digest': sha256(body),
      ...headers,
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

const refusing =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end(body)

const huge = JSON.stringify({ ...JSON.parse(image), annotations: { a: 'x'.repeat(5 << 20) } })

const hostile: readonly (readonly [string, Answer, RegExp])[] = [
  [
    'sends another manifest than it promises',
    manifest(image, { 'Docker-Content-Digest': sha256('x') }),
    /digest|expected sha256/,
  ],
  ['sends a manifest of megabytes', manifest(huge), /bytes/],
  [
    'says that a manifest is small and sends one without an end',
    (request, response) => {
      response.writeHead(200, { 'Content-Type': manifestType, 'Docker-Content-Digest': sha256(image) })
      if (request.method === 'HEAD') return void response.end()
      const more = () => {
        while (response.write(Buffer.alloc(1 << 16, 32)));
      }
      response.on('drain', more)
      more()
    },
    /bytes|large/,
  ],
  [
    'breaks off in a manifest',
    (request, response) => {
      response.writeHead(200, {
        'Content-Type': manifestType,
        'Content-Length': image.length,
        'Docker-Content-Digest': sha256(image),
      })
      if (request.method === 'HEAD') return void response.end()
      response.write(image.slice(0, 10))
      setTimeout(() => response.destroy(), 20)
    },
    /./,
  ],
  ['sends no manifest', manifest('<html>hello</html>', { 'Content-Type': 'text/html' }), /./],
  ['sends JSON that is none', manifest('[]'), /./],
  ['has no time', refusing(429, { 'Retry-After': '3600' }), /429/],
  ['wants a password', refusing(401, { 'WWW-Authenticate': 'Basic realm="x"' }), /./],
  [
    'wants something odd',
    refusing(401, { 'WWW-Authenticate': 'Negotiate, Bearer realm="ftp://x/", , Digest =' }),
    /./,
  ],
  [
    'wants a token of the metadata of a cloud',
    refusing(401, { 'WWW-Authenticate': 'Bearer realm="http://169.254.169.254/token"' }),
    /leads to 169/,
  ],
  ['challenges without a word', refusing(401), /./],
  ['forbids', refusing(403, {}, 'x'.repeat(100_000)), /./],
  [
    'leads to the metadata of a cloud',
    refusing(307, { Location: 'http://169.254.169.254/latest/meta-data' }),
    /leads to 169/,
  ],
  [
    'leads to itself',
    (request, response) => void response.writeHead(307, { Location: request.url ?? '/' }).end(),
    /redirect/,
  ],
  ['leads to a file', refusing(302, { Location: 'file:///etc/passwd' }), /neither http/],
  ['fails', refusing(500, {}, '{"errors":[{"code":"UNKNOWN","message":"\u001b[31mred"}]}'), /500/],
]

describe('a proxy of a registry that', () => {
  it.each(hostile)(
    '%s keeps and gives nothing, and says why',
    async (_, answer, why) => {
      const { server, outside } = await startBehind(answer)
      const begun = performance.now()
      for (const reference of ['1', sha256('x')]) {
        const given = await ask(server, `/v2/hub/team/app/manifests/${reference}`)
        const { errors } = (await given.json()) as { errors: readonly { code: string; message: string }[] }
        expect([given.status, errors]).toEqual([
          expect.any(Number),
          [expect.objectContaining({ message: expect.stringMatching(why) })],
        ])
        expect([400, 429, 503]).toContain(given.status)
        expect(errors[0]?.message.length).toBeLessThan(1000)
      }
      expect(performance.now() - begun).toBeLessThan(30_000)
      expect(await readdir(join(server.data, 'registry/blobs/sha256')).catch(() => [])).toEqual([])
      expect(outside).toEqual([])
    },
    60_000,
  )

  it('has no time hands on how long to wait, and what was there last', async () => {
    let answer: Answer = manifest(image)
    const { server } = await startBehind((request, response) => answer(request, response))
    const tag = () => ask(server, '/v2/hub/team/app/manifests/1')
    expect((await tag()).status).toBe(200)
    answer = refusing(429, { 'Retry-After': '3600' })
    const other = await ask(server, '/v2/hub/team/app/manifests/2')
    expect([other.status, other.headers.get('retry-after'), await other.json()]).toMatchObject([
      429,
      '3600',
      { errors: [{ code: 'TOOMANYREQUESTS', message: expect.stringMatching(/asks to wait 3600 s/) }] },
    ])
    expect((await tag()).status).toBe(200)
    answer = refusing(503, { 'Retry-After': new Date(Date.now() + 3_600_000).toUTCString() })
    const away = await ask(server, '/v2/hub/team/app/manifests/2')
    expect([away.status, Number(away.headers.get('retry-after'))]).toEqual([503, expect.closeTo(3600, -2)])
  })
})

describe('where another registry may lead', () => {
  const addresses: Readonly<Record<string, readonly string[]>> = {
    'registry.example': ['93.184.215.14'],
    'blobs.example': ['2600:1406::1', '93.184.215.15'],
    'two-faced.example': ['93.184.215.15', '10.0.0.7'],
    'inner.example': ['10.0.0.5'],
  }
  const [out, inner] = ['https://registry.example/team', 'https://inner.example:5000']
  it.each([
    [out, 'https://registry.example/v2/', true],
    [out, 'https://blobs.example/x', true],
    [out, 'https://1.1.1.1/x', true],
    [out, 'https://two-faced.example/x', false],
    [out, 'https://inner.example/x', false],
    [out, 'http://127.0.0.1:8080/api', false],
    [out, 'http://[::1]:8080/api', false],
    [out, 'http://[::ffff:10.0.0.1]/', false],
    [out, 'http://2130706433/', false],
    [out, 'http://169.254.169.254/latest', false],
    [out, 'https://unknown.example/x', true],
    [inner, 'http://10.0.0.9:9000/bucket', true],
    [inner, 'https://blobs.example/x', true],
    [inner, 'http://169.254.169.254/latest', false],
    [inner, 'http://[fe80::1]/', false],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:6000/x', true],
  ])('from %s to %s: %s', async (from, to, may) => {
    const reached: string[] = []
    const fetch = async (input: unknown) => {
      reached.push(String(input))
      return new Response('')
    }
    const asked = fetchFrom(from, fetch as typeof globalThis.fetch, async (host) => addresses[host] ?? [])(to)
    if (may) await asked
    else
      await expect(asked).rejects.toMatchObject({
        code: 'network',
        message: expect.stringMatching(/leads to .*expected a public address/),
      })
    expect(reached).toEqual(may ? [to] : [])
  })
})

describe('a name that means something else when it is looked up again', () => {
  const listen = async (host: string, text: string) => {
    const server = createServer((_, response) => void response.end(text))
    await new Promise<void>((resolve) => void server.listen(0, host, resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return (server.address() as AddressInfo).port
  }
  const ways = {
    'another registry': (find: (host: string) => Promise<readonly string[]>) =>
      fetchFrom('http://127.0.0.1', createNodeFetch(), find),
    'what a recipe names': (find: (host: string) => Promise<readonly string[]>) => {
      const lookUp = async (host: string) => (await find(host)).map((address) => ({ address }))
      return fetchWithin(
        resolver({ configured: [], archives: [], reachable: ['127.0.0.1'] }, lookUp),
        createNodeFetch(),
      )
    },
  }
  const textOf = async (answer: Response) => {
    const { value } = (await answer.body?.getReader().read()) ?? {}
    return Buffer.from(value ?? []).toString()
  }

  it.each(Object.entries(ways))('is connected to where it was judged, for %s', async (_, way) => {
    const port = await listen('127.0.0.1', 'judged')
    const asked: string[] = []
    const answers = [['127.0.0.1'], ['127.0.0.2']]
    const fetch = way(async (host) => {
      asked.push(host)
      return answers.shift() ?? []
    })
    // Nobody else knows this name (RFC 6761).
    expect(await textOf(await fetch(`http://moves.invalid:${port}/`))).toBe('judged')
    expect(asked).toEqual(['moves.invalid'])
  })

  it.each(Object.entries(ways))('is connected to nothing if it had no address, for %s', async (_, way) => {
    const port = await listen('127.0.0.1', 'not judged')
    await expect(
      // This one has an address by the time that it is connected to.
      way(async (host) => (host === 'localhost' ? [] : ['127.0.0.1']))(`http://localhost:${port}/`),
    ).rejects.toMatchObject({ code: expect.stringMatching(/ENOTFOUND|network/) })
  })

  it('is not reached over a connection that was made before it was judged', async () => {
    const port = await listen('127.0.0.1', 'not judged')
    const nodeFetch = createNodeFetch()
    expect(await textOf(await nodeFetch(`http://localhost:${port}/`))).toBe('not judged')
    const fetch = fetchFrom('http://127.0.0.1', nodeFetch, async () => ['127.0.0.2'])
    await expect(fetch(`http://localhost:${port}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

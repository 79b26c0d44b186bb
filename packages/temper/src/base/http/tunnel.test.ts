import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createHttp, type Http } from './http.ts'
import { createNodeFetch } from './node-fetch.ts'
import { proxyChoice } from './proxy.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

interface SampleProxy {
  readonly address: string
  readonly seen: IncomingMessage[]
}

/** A proxy that answers plain http itself, with the address that it was asked for, and refuses CONNECT as squid does. */
async function proxy(
  status: { readonly plain?: number; readonly connect?: number } = {},
): Promise<SampleProxy> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    response.writeHead(status.plain ?? 200).end(request.url)
  })
  server.on('connect', (request: IncomingMessage, socket) => {
    seen.push(request)
    socket.end(`HTTP/1.1 ${status.connect ?? 403} No\r\ncontent-length: 0\r\n\r\n`)
  })
  return { address: `me:secret@127.0.0.1:${await listen(server)}`, seen }
}

function through(address: string): Http {
  const proxyFor = proxyChoice({ http: address, https: address })
  return createHttp({ fetch: createNodeFetch({ proxyFor }), retries: 1, firstDelay: 1 })
}

const at = (address: string) => `http://${address.replace(/^.*@/, '')}`

describe('plain http through a proxy', () => {
  test('asks it for the whole address', async () => {
    const { address, seen } = await proxy()
    const response = await through(address).request('http://deb.example:8080/a%20b/c+d?x=1')
    expect(await response.text(100)).toBe('http://deb.example:8080/a%20b/c+d?x=1')
    expect(response.through).toBe(at(address))
    expect(seen.map(({ method }) => method)).toEqual(['GET'])
    expect(seen[0]?.headers).toMatchObject({
      host: 'deb.example:8080',
      'proxy-authorization': `Basic ${btoa('me:secret')}`,
    })
  })

  test('sends bodies too', async () => {
    const bodies: string[] = []
    const server = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      bodies.push(`${request.method} ${text}`)
      response.end()
    })
    const http = through(`127.0.0.1:${await listen(server)}`)
    await (await http.request('http://r.example/', { method: 'PUT', body: 'text' })).close()
    expect(bodies).toEqual(['PUT text'])
  })

  test.each([
    [403, 'status 403 (access is forbidden) through the proxy'],
    [407, 'status 407 (the proxy requires a user name and password) through the proxy'],
  ])('names it when it answers %d', async (plain, words) => {
    const { address } = await proxy({ plain })
    await expect(through(address).request('http://deb.example/', { expect: [200] })).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(new RegExp(`${words.replace(/[()]/g, '\\$&')} ${at(address)}$`)),
    })
  })

  // As tinyproxy does; a registry that does so is read as well.
  test.each([
    ['in one piece', 0],
    ['in two', 20],
  ])('knows its answer to HEAD, though a text comes behind it: %s', async (_, delay) => {
    const server = createServer()
    server.on('connection', (socket) => {
      socket.once('data', () => {
        const head = 'HTTP/1.1 407 No\r\nconnection: close\r\ncontent-length: 5\r\n\r\n'
        if (delay === 0) return socket.end(`${head}<No!>`)
        socket.write(head)
        return setTimeout(() => socket.end('<No!>'), delay)
      })
      socket.on('error', () => {})
    })
    const address = `127.0.0.1:${await listen(server)}`
    await expect(
      through(address).request('http://deb.example/', { method: 'HEAD', expect: [200] }),
    ).rejects.toMatchObject({
      message: expect.stringContaining(
        'status 407 (the proxy requires a user name and password) through the proxy',
      ),
    })
  })

  test('names it when it cannot be reached', async () => {
    await expect(through('me:secret@127.0.0.1:1').request('http://deb.example/')).rejects.toMatchObject({
      message: expect.stringMatching(/the proxy http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)$/),
    })
  })
})

describe('https through a proxy', () => {
  test.each([
    [403, 'it does not allow this host or port', 1],
    [407, 'it requires a user name and password', 1],
    [503, undefined, 2],
  ])('names it when it refuses with %d', async (status, words, tries) => {
    const { address, seen } = await proxy({ connect: status })
    const end = words === undefined ? '' : ` (${words})`
    await expect(through(address).request('https://deb.example:8443/')).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining(
        `the proxy ${at(address)} answered CONNECT deb.example:8443 with status ${status}${end}`,
      ),
    })
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Array.from({ length: tries }, () => 'CONNECT deb.example:8443'),
    )
    expect(seen[0]?.headers['proxy-authorization']).toBe(`Basic ${btoa('me:secret')}`)
  })

  test('names it when it is no proxy', async () => {
    const server = createServer()
    server.on('connect', (_, socket) => socket.end('nonsense'))
    const http = through(`127.0.0.1:${await listen(server)}`)
    await expect(http.request('https://deb.example/')).rejects.toThrow(/the proxy http:\/\/127\.0\.0\.1:\d+ /)
  })

  test('goes on with whom the proxy connects', async () => {
    const server = createServer()
    server.on('connect', (_, socket, head) => {
      // Whoever answers is not the host that was asked for: TLS has to notice.
      const other = connect(Number(new URL(`http://127.0.0.1:${port}`).port), '127.0.0.1')
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      other.write(head)
      other.pipe(socket).pipe(other)
      other.on('error', () => {})
      socket.on('error', () => {})
    })
    const plain = createServer((_, response) => response.end('no TLS here'))
    const port = await listen(plain)
    const http = through(`127.0.0.1:${await listen(server)}`)
    await expect(http.request('https://deb.example/')).rejects.toMatchObject({ code: 'network' })
  })
})

import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Gateway, openGateway } from '../../src/builds/isolation/gateway.ts'
import { type Reach, reachableSchema, resolver } from '../../src/builds/isolation/reach.ts'
import { type ProxySettings, proxyChoice } from '../../src/temper.ts'

/* The way out of the sandbox of a build. */

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function site(
  answer: (path: string) => string,
): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer((asked, answered) => answered.end(answer(`${asked.headers.host} ${asked.url}`)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  ends.push(() => server.close().closeAllConnections())
  return { port: (server.address() as AddressInfo).port, server }
}

const refused: string[] = []
async function open(
  reach: Partial<Reach>,
  { lookUp, ...proxies }: ProxySettings & { readonly lookUp?: Parameters<typeof resolver>[1] } = {},
): Promise<Gateway> {
  refused.length = 0
  const gateway = await openGateway({
    folder: await mkdtemp(join(tmpdir(), 'temper-gateway-')),
    resolve: resolver({ configured: [], archives: [], reachable: [], ...reach }, lookUp),
    proxyFor: proxyChoice(proxies),
    refused: (place) => refused.push(place),
  })
  ends.push(() => gateway.close())
  return gateway
}

/** Status and body. */
function get({ socket }: Gateway, path: string): Promise<readonly [number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: socket, path, headers: { host: 'somewhere.invalid' } })
    sent.once('error', reject)
    sent.once('response', async (answer) => {
      let text = ''
      for await (const chunk of answer) text += String(chunk)
      resolve([answer.statusCode, text])
    })
    sent.end()
  })
}

/** What comes back first through a tunnel to a place, after one line was sent. */
async function throughTunnel({ socket }: Gateway, place: string): Promise<string> {
  const line = connect(socket)
  ends.push(() => line.destroy())
  line.write(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n\r\n`)
  const [head] = (await once(line, 'data')) as [Buffer]
  const status = head.toString().split('\r\n', 1)[0] ?? ''
  if (!status.includes('200')) return status
  line.write('ping')
  const [answer] = (await once(line, 'data')) as [Buffer]
  return answer.toString()
}

describe('the gateway of a build', () => {
  it('asks archives that the recipe names and mirrors that the settings name, on this machine too', async () => {
    const { port } = await site((path) => `it is ${path}`)
    const address = `http://127.0.0.1:${port}/debian`
    for (const reach of [{ archives: [address] }, { configured: [address] }]) {
      const gateway = await open(reach)
      // The host is that of the address, whatever the header says.
      expect(await get(gateway, `${address}/a?b`)).toEqual([200, `it is 127.0.0.1:${port} /debian/a?b`])
      expect(refused).toEqual([])
    }
  })

  it('asks nobody else here, by no name or spelling, and nothing that hands out credentials', async () => {
    const { port } = await site(() => 'secret')
    const gateway = await open({ archives: ['http://127.0.0.1:1/', 'http://169.254.169.254/'] })
    const places = ['127.0.0.1', 'localhost', '127.1', '2130706433', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]']
    for (const place of places)
      expect([place, await get(gateway, `http://${place}:${port}/`)]).toEqual([place, [403, '']])
    for (const host of ['169.254.169.254', '[fd00:ec2::254]', '[fe80::1]', '100.100.100.200'])
      expect([host, await get(gateway, `http://${host}/latest/meta-data`)]).toEqual([host, [403, '']])
    expect(await throughTunnel(gateway, `localhost:${port}`)).toBe('HTTP/1.1 403 Forbidden')
    expect(await throughTunnel(gateway, '169.254.169.254:80')).toBe('HTTP/1.1 403 Forbidden')
    expect(refused).toContain('169.254.169.254:80')
  })

  const judge = (reach: Partial<Reach>, host: string, port = 443) =>
    resolver({ configured: [], archives: [], reachable: [], ...reach })(host, port)

  it('asks machines of the Internet, and of no other network, in no spelling', async () => {
    for (const address of ['8.8.8.8', '2606:4700::1111'])
      expect(await judge({}, address)).toMatchObject({ address })
    const others = [
      ...['10.1.2.3', '172.31.0.1', '192.168.1.1', '100.64.0.1', '169.254.1.1', '198.18.0.1', '203.0.113.7'],
      ...[
        'fd00::1',
        'fe80::1',
        'fec0::1',
        '::ffff:10.0.0.1',
        '64:ff9b::a00:1',
        '64:ff9b:1::a00:1',
        '2002:a00:1::',
      ],
      // This machine by the addresses that it has, public or not.
      ...Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address)),
    ]
    for (const address of others) expect([address, await judge({}, address)]).toEqual([address, undefined])
  })

  it.each([
    ['10.1.0.0/16', '10.1.2.3', '10.2.0.1'],
    ['10.1.2.3', '10.1.2.3', '10.1.2.4'],
    ['10.1.2.3:8080', '10.1.2.3', '10.1.2.4'],
    ['fd00:1::/32', 'fd00:1::7', 'fd00:2::7'],
    ['[fd00:1::7]:8080', 'fd00:1::7', 'fd00:1::8'],
    ['127.0.0.0/8', '127.0.0.1', '10.0.0.1'],
  ])('asks of private networks what the settings name: %s', async (entry, inside, outside) => {
    const reach = { reachable: [entry] }
    expect(reachableSchema.safeParse(entry).success).toBe(true)
    expect(await judge(reach, inside, 8080)).toMatchObject({ address: inside })
    expect(await judge(reach, outside, 8080)).toBeUndefined()
    if (entry.includes(':8080')) expect(await judge(reach, inside, 8081)).toBeUndefined()
  })

  it('asks hosts that the settings name wherever they are, and what hands out credentials not even then', async () => {
    const at = (address: string) => async () => [{ address }]
    const reach = (entry: string) => ({ configured: [], archives: [], reachable: [entry] })
    const asked = (entry: string, host: string, address: string) =>
      resolver(reach(entry), at(address))(host, 443)
    expect(await asked('files.corp.example', 'Files.Corp.Example.', '10.1.2.3')).toMatchObject({
      address: '10.1.2.3',
    })
    expect(await asked('.corp.example', 'files.corp.example', '10.1.2.3')).toMatchObject({
      address: '10.1.2.3',
    })
    for (const host of ['corp.example', 'evilcorp.example', 'files.corp.example.evil.example'])
      expect([host, await asked('.corp.example', host, '10.1.2.3')]).toEqual([host, undefined])
    for (const entry of ['169.254.0.0/16', '169.254.169.254', '0.0.0.0/0', 'files.corp.example'])
      expect([entry, await asked(entry, 'files.corp.example', '169.254.169.254')]).toEqual([entry, undefined])
    for (const entry of ['10.1.0.0/33', '10.1.0.0/', 'a/b', 'http://corp.example', '', 'a b', 'a:0', '::1/x'])
      expect([entry, reachableSchema.safeParse(entry).success]).toEqual([entry, false])
  })

  it('connects to the address that it judged, whatever the name means a moment later', async () => {
    const { port } = await site((path) => `it is ${path}`)
    // A name of an attacker: first an address of the Internet, then this machine.
    const answers = [
      ['8.8.8.8'],
      ['127.0.0.1'],
      ['8.8.8.8', '127.0.0.1'],
      ['2606:4700::1111', '::ffff:10.0.0.1'],
    ]
    const rebinding = resolver({ configured: [], archives: [], reachable: [] }, async () =>
      (answers.shift() ?? []).map((address) => ({ address })),
    )
    expect(await rebinding('evil.example', port)).toMatchObject({ address: '8.8.8.8' })
    for (let round = 0; round < 3; round++) expect(await rebinding('evil.example', port)).toBeUndefined()
    // Asked once for each request; the name means nothing to the system.
    let asked = 0
    const lookUp = async () => {
      asked += 1
      return [{ address: '127.0.0.1' }]
    }
    const gateway = await open({ reachable: ['ours.invalid'] }, { lookUp })
    expect(await get(gateway, `http://ours.invalid:${port}/x`)).toEqual([
      200,
      `it is ours.invalid:${port} /x`,
    ])
    expect(asked).toBe(1)
  })

  it('says that a name means nothing, and takes no address that is none', async () => {
    const gateway = await open({})
    expect(await get(gateway, 'http://nowhere.invalid/')).toEqual([502, ''])
    expect(await get(gateway, '/no-address')).toEqual([400, ''])
    expect(await get(gateway, 'file:///etc/passwd')).toEqual([400, ''])
    expect(await throughTunnel(gateway, 'a/b:443')).toBe('HTTP/1.1 400 Bad Request')
  })

  it('outlives answers and requests that no server and no client writes', async () => {
    let answer = ''
    const site = createTcpServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(answer))
    })
    await once(site.listen(0, '127.0.0.1'), 'listening')
    ends.push(() => site.close())
    const address = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`
    const gateway = await open({ archives: [address] })
    const empty = 'Content-Length: 0\r\nConnection: close\r\n\r\n'
    for (const [head, status] of [
      ['099 x', 502],
      ['999 x', 502],
      ['101 x\r\nUpgrade: y\r\nConnection: upgrade', 502],
      ['200 x\r\nTrailer: y', 200],
      ['200 x\r\nTransfer-Encoding: chunked', 502],
    ] as const) {
      answer = `HTTP/1.1 ${head}\r\n${empty}`
      expect([head, await get(gateway, address)]).toEqual([head, [status, '']])
    }
    answer = `HTTP/1.1 200 OK\r\n${empty}`
    for (const header of [
      'Trailer: y',
      'TE: trailers',
      'Upgrade: y\r\nConnection: upgrade',
      'Keep-Alive: y',
    ]) {
      const line = connect(gateway.socket)
      ends.push(() => line.destroy())
      line.write(`GET ${address} HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`)
      const [head] = (await once(line, 'data')) as [Buffer]
      expect([header, head.toString().split('\r\n', 1)[0]]).toEqual([header, 'HTTP/1.1 200 OK'])
    }
  })

  it('gives up a request whose host nobody can look up', async () => {
    const lookUp = () => Promise.reject(new Error('the resolver is broken'))
    const gateway = await openGateway({
      folder: await mkdtemp(join(tmpdir(), 'temper-gateway-')),
      resolve: lookUp,
      proxyFor: () => undefined,
      refused: () => undefined,
    })
    ends.push(() => gateway.close())
    expect(await get(gateway, 'http://somewhere.invalid/')).toEqual([502, ''])
    const line = connect(gateway.socket)
    line.write('CONNECT somewhere.invalid:443 HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(line, 'close')
  })

  it('carries what it does not understand', async () => {
    const echo = createTcpServer((socket) => socket.on('data', (bytes) => socket.write(`pong to ${bytes}`)))
    await once(echo.listen(0, '127.0.0.1'), 'listening')
    ends.push(() => echo.close())
    const { port } = echo.address() as AddressInfo
    const gateway = await open({ configured: [`https://localhost:${port}`] })
    expect(await throughTunnel(gateway, `localhost:${port}`)).toBe('pong to ping')
  })

  it('goes by the proxy of the network, which knows names of its own', async () => {
    const { port, server } = await site((path) => `proxied ${path}`)
    server.on('connect', (asked, socket) => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n')
      socket.on('data', () => socket.write(`to ${asked.url} as ${asked.headers['proxy-authorization']}`))
    })
    const proxy = `http://me:secret@127.0.0.1:${port}`
    const gateway = await open({}, { http: proxy, https: proxy })
    expect(await get(gateway, 'http://archive.invalid/x')).toEqual([
      200,
      'proxied archive.invalid http://archive.invalid/x',
    ])
    const login = Buffer.from('me:secret').toString('base64')
    expect(await throughTunnel(gateway, 'archive.invalid:443')).toBe(
      `to archive.invalid:443 as Basic ${login}`,
    )
    expect(await get(gateway, 'http://169.254.169.254/')).toEqual([403, ''])
    // Nobody can tell here what an inner name means to the proxy.
    for (const name of ['intranet', 'metadata.google.internal', 'printer.local', 'x.localhost'])
      expect([name, await get(gateway, `http://${name}/`)]).toEqual([name, [403, '']])
    const allowed = await open({ reachable: ['intranet'] }, { http: proxy })
    expect(await get(allowed, 'http://intranet/')).toEqual([200, 'proxied intranet http://intranet/'])
  })
})

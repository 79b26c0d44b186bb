import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Gateway, openGateway } from '../../src/builds/isolation/gateway.ts'
import { type Reach, resolver } from '../../src/builds/isolation/reach.ts'
import { proxyChoice } from '../../src/temper.ts'

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
async function open(reach: Partial<Reach>, proxies: object = {}): Promise<Gateway> {
  refused.length = 0
  const gateway = await openGateway({
    folder: await mkdtemp(join(tmpdir(), 'temper-gateway-')),
    resolve: resolver({ configured: [], archives: [], ...reach }),
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

  it('asks other machines', async () => {
    const resolve = resolver({ configured: [], archives: [] })
    for (const address of ['203.0.113.7', '10.1.2.3', '2001:db8::7'])
      expect(await resolve(address, 443)).toBe(address)
  })

  it('says that a name means nothing, and takes no address that is none', async () => {
    const gateway = await open({})
    expect(await get(gateway, 'http://nowhere.invalid/')).toEqual([502, ''])
    expect(await get(gateway, '/no-address')).toEqual([400, ''])
    expect(await get(gateway, 'file:///etc/passwd')).toEqual([400, ''])
    expect(await throughTunnel(gateway, 'a/b:443')).toBe('HTTP/1.1 400 Bad Request')
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
  })
})

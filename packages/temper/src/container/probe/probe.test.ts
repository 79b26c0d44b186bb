import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { askLoopback } from '../engine/http-answer.ts'
import { Probe } from './probe.ts'

let server: Server | undefined
const probes: Probe[] = []
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
  for (const probe of probes.splice(0)) probe.close()
})

async function serve(listener: RequestListener): Promise<number> {
  const made = createServer(listener)
  server = made
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return (made.address() as AddressInfo).port
}

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const tcp = createTcpServer()
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  const { port } = tcp.address() as AddressInfo
  await new Promise((resolve) => tcp.close(resolve))
  return port
}

function probe(...enter: string[]): Probe {
  const made = new Probe(enter, process.execPath)
  probes.push(made)
  return made
}

describe('asking a port', () => {
  it('gives status and body', async () => {
    const port = await serve((request, response) => response.writeHead(404).end(`no ${request.url}`))
    expect(await askLoopback(port, '/page?x=1')).toEqual({ status: 404, body: 'no /page?x=1' })
  })

  it('gives nothing when nobody listens, or not with HTTP', async () => {
    expect(await askLoopback(await closedPort(), '/')).toBeUndefined()
    const tcp = createTcpServer((socket) => socket.end('SSH-2.0\r\n'))
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
    expect(await askLoopback((tcp.address() as AddressInfo).port, '/')).toBeUndefined()
    tcp.close()
  })

  it('takes the start of an answer that never ends', async () => {
    const port = await serve((_request, response) => {
      const more = () => {
        response.write('x'.repeat(10_000))
        if (!response.destroyed) setImmediate(more)
      }
      more()
    })
    expect((await askLoopback(port, '/'))?.body).toHaveLength(64 * 1024)
  })
})

describe('a process in another network', () => {
  it('asks there, again and again', async () => {
    let count = 0
    const port = await serve((_request, response) => response.end(`answer ${++count}`))
    const asker = probe('env', 'LC_ALL=C')
    expect(await asker.ask(port, '/')).toEqual({ status: 200, body: 'answer 1' })
    expect(await asker.ask(await closedPort(), '/')).toBeUndefined()
    expect(await asker.ask(port, '/')).toEqual({ status: 200, body: 'answer 2' })
  })

  it.each([
    ['says why it cannot', ['sh', '-c', 'echo not permitted >&2; exit 1'], /not permitted/],
    ['is not there', ['/no/such/program'], /ENOENT/],
  ])('that %s is an error', async (_what, enter, message) => {
    const failing = probe(...enter)
    const failed = { code: 'tool-failed', message: expect.stringMatching(message) }
    await expect(failing.ask(1, '/')).rejects.toMatchObject(failed)
    await expect(failing.ask(1, '/')).rejects.toMatchObject(failed)
  })
})

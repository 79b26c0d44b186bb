import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createNodeFetch } from '../../../temper/src/base/http/node-fetch.ts'
import { callService } from '../../src/workers/call.ts'

let ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends) end()
  ends = []
})

/** A service that says these words to whoever asks, and then drips for ever; returns its address. */
async function dripping(head: string): Promise<{ readonly address: URL; readonly sockets: Socket[] }> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write(head))
    const again = setInterval(() => socket.write('a: b\r\n'), 20)
    socket.once('close', () => clearInterval(again))
    ends.push(() => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => server.close())
  return { address: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), sockets }
}

const call = { method: 'POST', token: 'secret', value: {}, within: 300 } as const

describe('a service that is called', () => {
  it.each([
    ['its headers', 'HTTP/1.1 200 OK\r\n'],
    ['its answer', 'HTTP/1.1 200 OK\r\n\r\n'],
  ])('and never ends %s is given up in time, and hung up on', async (_, head) => {
    const { address, sockets } = await dripping(head)
    const context = { fetch: createNodeFetch(), signal: new AbortController().signal }
    await expect(callService(context, address, call)).rejects.toMatchObject({
      code: 'network',
      message: `${address.origin} does not answer: no whole answer in 0.3 s`,
    })
    const [socket] = sockets
    if (socket?.closed === false) await once(socket, 'close')
  })

  it('and is not there is named', async () => {
    const { address } = await dripping('')
    for (const end of ends.splice(0)) end()
    const context = { fetch: createNodeFetch(), signal: new AbortController().signal }
    await expect(callService(context, address, call)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(`${address.origin} does not answer: .*ECONNREFUSED`),
    })
  })

  it('is left at once by whoever is stopped, who is told just that', async () => {
    const { address } = await dripping('HTTP/1.1 200 OK\r\n\r\n')
    const stopping = new AbortController()
    setTimeout(() => stopping.abort(new Error('stopped')), 50)
    const context = { fetch: createNodeFetch(), signal: stopping.signal }
    await expect(callService(context, address, { ...call, within: 60_000 })).rejects.toMatchObject({
      code: 'interrupted',
    })
  })
})

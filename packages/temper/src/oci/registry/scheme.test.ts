import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createHttp } from '../../base/http/http.ts'
import { http, listener } from './fixtures/loopback/peers.ts'
import { speaksTls } from './scheme.ts'

const failing = (failures: Readonly<Record<string, Error>>) =>
  createHttp({
    fetch: async (input) => {
      const failure = failures[new URL(String(input)).protocol]
      if (failure === undefined) return new Response('{}')
      throw failure
    },
    retries: 0,
  })
const because = (code: string) => Object.assign(new Error(code), { code })

describe('a registry that may speak plain http', () => {
  test.each([
    ['Client sent an HTTP request to an HTTPS server.\n', true],
    ['<html><h1>400 Bad Request</h1>The plain HTTP request was sent to HTTPS port</html>', true],
    ["Reason: You're speaking plain HTTP to an SSL-enabled server port.", true],
    ['{"errors":[]}', false],
  ])('wants https when it says so: %j', async (body, expected) => {
    const server = await listener((_, response) => response.writeHead(400).end(body))
    expect(await speaksTls(http, `http://${server.host}`)).toBe(expected)
    expect(server.seen.map(({ url }) => url)).toEqual(['/v2/'])
  })

  test.each([200, 401, 404, 503])('is taken at its word with status %d', async (status) => {
    const server = await listener((_, response) => response.writeHead(status).end('an HTTPS server'))
    expect(await speaksTls(http, `http://${server.host}`)).toBe(false)
  })

  test.each([
    ['answers over TLS', {}, true],
    ['has a certificate that nobody knows', { 'https:': because('DEPTH_ZERO_SELF_SIGNED_CERT') }, true],
    ['cuts that connection too', { 'https:': because('ECONNRESET') }, false],
    ['does not speak TLS', { 'https:': because('EPROTO') }, false],
  ])('is asked over TLS when it cuts the connection, and %s', async (_, https, expected) => {
    const peer = failing({ 'http:': because('ECONNRESET'), ...https })
    expect(await speaksTls(peer, 'http://127.0.0.1:5000')).toBe(expected)
  })

  test('is not asked again when it cannot be reached', async () => {
    const peer = failing({ 'http:': because('ECONNREFUSED') })
    expect(await speaksTls(peer, 'http://127.0.0.1:5000')).toBe(false)
  })

  test('that answers nonsense is left to the request itself', async () => {
    const server = createServer((socket) => socket.end('\u0015\u0003\u0001\u0000\u0002\u0002\u0050'))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    expect(await speaksTls(http, `http://127.0.0.1:${port}`)).toBe(false)
    server.close()
  })
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createProxy, type IncomingMessage, type Server } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  certificate,
  extension,
  newKeyPair,
  pem,
  rootCertificate,
  usage,
} from '../attest/fixtures/loopback/authority.ts'
import { der, sequence } from '../attest/fixtures/loopback/der.ts'
import { createHttp } from '../base/http/http.ts'
import { createNodeFetch } from '../base/http/node-fetch.ts'
import { certificates } from './certificates.ts'
import { proxySettings } from './fetch.ts'

const start = new Date('2026-01-01T00:00:00Z')
const end = new Date('2046-01-01T00:00:00Z')
const keys = newKeyPair()
const authority = pem(rootCertificate('an authority', keys, start))

/** Certificate and key of a leaf of the authority, for names and for 127.0.0.1. */
function leaf(subject: string) {
  const own = newKeyPair()
  const names = sequence(
    der(0x82, Buffer.from('localhost')),
    der(0x82, Buffer.from('registry.example')),
    der(0x87, Buffer.from([127, 0, 0, 1])),
  )
  const fields = { subject, issuer: 'an authority', key: own.publicKey, issuerKey: keys }
  const extensions = [usage.sign(), extension('2.5.29.17', names)]
  return {
    cert: pem(certificate({ ...fields, notBefore: start, notAfter: end, extensions })),
    key: own.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  }
}

let root: string
let folders = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'temper-network-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})

async function listen(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server with a certificate of the authority; it says whom it sees. */
function secureServer(options: { readonly requestCert?: boolean } = {}): Promise<string> {
  const server = createServer({ ...leaf('a server'), ...options, ca: [authority] }, (request, response) => {
    const peer = (request.socket as TLSSocket).getPeerCertificate()
    response.end(`hello ${peer?.subject?.CN ?? 'nobody'}`)
  })
  return listen(server)
}

/** A folder with these files, in place of the root of the file system and of the home folder. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, `${++folders}`)
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

async function ask(host: string, env: Readonly<Record<string, string>>, folder: string): Promise<string> {
  const fetch = createNodeFetch({ secureContextFor: certificates({ HOME: '/nowhere', ...env }, folder) })
  const response = await createHttp({ fetch, retries: 0 }).request(`https://${host}/`)
  return response.text(100)
}

describe('certificate authorities', () => {
  test('that nobody named are not trusted', async () => {
    await expect(ask(await secureServer(), {}, await folderOf({}))).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining('not signed by an authority that is trusted here'),
      hint: expect.stringContaining('SSL_CERT_FILE'),
    })
  })

  test.each([
    ['etc/ssl/certs/ca-certificates.crt', {}],
    ['etc/pki/tls/certs/ca-bundle.crt', {}],
    ['named.pem', { SSL_CERT_FILE: 'named.pem' }],
    ['some/where/0a1b2c3d.0', { SSL_CERT_DIR: 'some/where' }],
    ['b/ca.pem', { SSL_CERT_DIR: 'a:b' }],
  ])('are taken from %s', async (name, variables) => {
    const folder = await folderOf({ [name]: authority, 'some/where/README': 'no certificate' })
    const env = Object.fromEntries(
      Object.entries(variables).map(([key, value]) => [
        key,
        value
          .split(':')
          .map((path) => join(folder, path))
          .join(':'),
      ]),
    )
    expect(await ask(await secureServer(), env, folder)).toBe('hello nobody')
  })

  test('that are named stand alone: those of the system do not count', async () => {
    const folder = await folderOf({ 'etc/ssl/certs/ca-certificates.crt': authority, 'empty.pem': '' })
    const env = { SSL_CERT_FILE: join(folder, 'empty.pem') }
    await expect(ask(await secureServer(), env, folder)).rejects.toMatchObject({ code: 'network' })
  })

  test('have to be where SSL_CERT_FILE says', async () => {
    const folder = await folderOf({})
    const env = { SSL_CERT_FILE: join(folder, 'absent.pem') }
    await expect(ask(await secureServer(), env, folder)).rejects.toThrow(/absent\.pem/)
  })

  test.each(['etc/docker/certs.d', 'etc/containers/certs.d', '.config/containers/certs.d'])(
    'of one registry are taken from %s',
    async (place) => {
      const [host, other] = [await secureServer(), await secureServer()]
      const folder = await folderOf({ [`${place}/${host}/ca.crt`]: authority })
      expect(await ask(host, { HOME: folder }, folder)).toBe('hello nobody')
      await expect(ask(other, { HOME: folder }, folder)).rejects.toMatchObject({ code: 'network' })
    },
  )

  test('come with a certificate of our own', async () => {
    const host = await secureServer({ requestCert: true })
    const { cert, key } = leaf('a client')
    const place = `etc/docker/certs.d/${host}`
    const folder = await folderOf({
      [`${place}/ca.crt`]: authority,
      [`${place}/client.cert`]: cert,
      [`${place}/client.key`]: key,
      [`${place}/lonely.cert`]: cert,
    })
    expect(await ask(host, {}, folder)).toBe('hello a client')
  })
})

describe('proxies', () => {
  test('connect to the host, whose certificate counts', async () => {
    const target = await secureServer()
    const asked: string[] = []
    const server = createProxy()
    server.on('connect', (request: IncomingMessage, socket, head) => {
      asked.push(request.url ?? '')
      const other = connect(Number(target.split(':')[1]), '127.0.0.1')
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      other.write(head)
      other.pipe(socket).pipe(other)
      for (const each of [other, socket]) each.on('error', () => {})
    })
    const address = await listen(server)
    const folder = await folderOf({ 'ca.pem': authority })
    const fetch = createNodeFetch({
      proxyFor: () => ({ url: new URL(`http://${address}`), shown: address }),
      secureContextFor: certificates({ SSL_CERT_FILE: join(folder, 'ca.pem') }, folder),
    })
    const http = createHttp({ fetch, retries: 0 })
    for (let i = 0; i < 2; i++)
      expect(await (await http.request('https://registry.example/')).text(100)).toBe('hello nobody')
    // The connection is kept.
    expect(asked).toEqual(['registry.example:443'])
    await expect(http.request('https://other.example/')).rejects.toMatchObject({ code: 'network' })
  })

  test.each([
    [{}, {}],
    [{ HTTP_PROXY: 'a', http_proxy: 'b' }, { http: 'b' }],
    [{ HTTPS_PROXY: 'a' }, { https: 'a' }],
    [
      { https_proxy: 'a', HTTP_PROXY: 'b' },
      { http: 'b', https: 'a' },
    ],
    [{ HTTP_PROXY: 'a', REQUEST_METHOD: 'GET' }, {}],
    [
      { ALL_PROXY: 'a', HTTPS_PROXY: 'b', NO_PROXY: 'c' },
      { http: 'a', https: 'b', none: 'c' },
    ],
    [{ NO_PROXY: 'a', no_proxy: 'b' }, { none: 'b' }],
  ])('of %j are %j', (env, expected) => {
    expect(proxySettings(env)).toEqual(expected)
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  certificate,
  extension,
  newKeyPair,
  pem,
  rootCertificate,
  usage,
} from '../../attest/fixtures/loopback/authority.ts'
import { der, sequence } from '../../attest/fixtures/loopback/der.ts'
import { clusterPods } from './cluster-pods.ts'

const start = new Date('2026-01-01T00:00:00Z')
const keys = newKeyPair()
const authority = pem(rootCertificate('a cluster', keys, start))
const signal = new AbortController().signal

/** What the cluster says to odd ones, by what they show. */
const answers: Readonly<Record<string, string>> = {
  'Bearer page': '<html>Sign in</html>',
  'Bearer none': '{"kind":"PodList","metadata":{}}',
  'Bearer deep': `{"items":${'['.repeat(70)}${']'.repeat(70)},"metadata":{}}`,
}

let folder = ''
let server: Server
let address = ''
const asked: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-cluster-'))
  const own = newKeyPair()
  const names = sequence(der(0x87, Buffer.from([127, 0, 0, 1])))
  const cert = certificate({
    subject: 'api',
    issuer: 'a cluster',
    key: own.publicKey,
    issuerKey: keys,
    notBefore: start,
    notAfter: new Date('2046-01-01T00:00:00Z'),
    extensions: [usage.sign(), extension('2.5.29.17', names)],
  })
  const key = own.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  server = createServer({ cert: pem(cert), key }, (request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`)
    const odd = answers[request.headers.authorization ?? '']
    if (odd !== undefined) return void response.end(odd)
    if (request.headers.authorization !== 'Bearer ours') return void response.writeHead(403).end('no')
    const more = request.url?.includes('continue=') !== true
    response.end(
      JSON.stringify({ items: [{ page: more ? 1 : 2 }], metadata: more ? { continue: 'a b' } : {} }),
    )
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

async function kubeconfig(user: object, cluster: object = {}): Promise<string> {
  const path = join(folder, 'config')
  const ca = Buffer.from(authority).toString('base64')
  const value = {
    'current-context': 'work',
    contexts: [{ name: 'work', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: address, 'certificate-authority-data': ca, ...cluster } }],
    users: [{ name: 'u', user }],
  }
  await writeFile(path, JSON.stringify(value))
  return path
}

describe('the pods of a cluster', () => {
  it('are asked for, all of them, of whom its authority vouches for', async () => {
    const { name, text } = await clusterPods({ path: await kubeconfig({ token: 'ours' }), signal })
    expect([name, JSON.parse(text)]).toEqual(['work', { items: [{ page: 1 }, { page: 2 }] }])
    expect(asked).toEqual([
      'Bearer ours /api/v1/pods?limit=500',
      'Bearer ours /api/v1/pods?limit=500&continue=a%20b',
    ])
  })

  it.each<[string, object, object, string]>([
    ['a token that is not let in', { token: 'theirs' }, {}, 'network'],
    ['no credentials', {}, {}, 'bad-configuration'],
    ['a program for tokens', { exec: { command: 'aws' } }, {}, 'bad-configuration'],
    [
      'an authority that nobody knows',
      { token: 'ours' },
      { 'certificate-authority-data': undefined },
      'network',
    ],
    [
      'no check of certificates',
      { token: 'ours' },
      { 'insecure-skip-tls-verify': true },
      'bad-configuration',
    ],
    ['an address without TLS', { token: 'ours' }, { server: 'http://127.0.0.1:1' }, 'bad-configuration'],
  ])('are not had with %s', async (_, user, cluster, code) => {
    await expect(clusterPods({ path: await kubeconfig(user, cluster), signal })).rejects.toMatchObject({
      code,
    })
  })

  it.each([
    ['page', 'network', 'expected a list as JSON, found text that is not JSON'],
    ['none', 'network', 'found something else at "items"'],
    ['deep', 'limit-exceeded', 'nested deeper than 64 levels'],
  ])('are not what else answers: %s', async (token, code, message) => {
    const asking = clusterPods({ path: await kubeconfig({ token }), signal })
    await expect(asking).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })

  it('are not had of a context that is not there', async () => {
    const path = await kubeconfig({ token: 'ours' })
    await expect(clusterPods({ path, signal, context: 'home' })).rejects.toThrow('no context home')
  })
})

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createNodeFetch } from '../../temper/src/base/http/node-fetch.ts'
import { sampleContext } from '../../temper/src/flows/fixtures/sample-context.ts'
import { ProviderKeys } from '../src/auth/oidc/keys.ts'
import { postBlob } from './push.ts'
import { ask, folderOf, startServer } from './server.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A provider of identities on this machine. */
async function startProvider() {
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const [kid, keys] = ['one', pair()]
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    const key = { ...keys.publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }
    const isKeys = request.url === '/keys'
    response.end(JSON.stringify(isKeys ? { keys: [key] } : { issuer, jwks_uri: `${issuer}/keys` }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  ends.push(() => server.close().closeAllConnections())
  const token = (
    claims: object = {},
    { header = {}, key = keys.privateKey }: { header?: object; key?: KeyObject } = {},
  ) => {
    const now = Math.floor(Date.now() / 1000)
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const body = { iss: issuer, aud: 'temper', sub: 'me', exp: now + 600, groups: ['dev', 'web'], ...claims }
    const signed = `${part({ alg: 'ES256', kid, typ: 'JWT', ...header })}.${part(body)}`
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
    return `${signed}.${signature.toString('base64url')}`
  }
  return {
    issuer,
    token,
    asked: () => asked,
    stranger: () => pair().privateKey,
  }
}

async function start(issuer: string) {
  const data = await folderOf()
  const context = sampleContext(data, { fetch: createNodeFetch(), offline: false })
  const grants = [
    { claims: { groups: 'web*' }, project: 'team', role: 'developer' },
    { claims: { groups: 'root', sub: 'boss' }, project: '*', role: 'admin' },
  ]
  return startServer({ data, context, identities: [{ issuer, audience: 'temper', grants }] })
}

describe('a provider that does not answer', () => {
  it('keeps nobody waiting whose key is known', async () => {
    let isBroken = false
    const issuer = 'https://provider.example'
    const fetch = async (asked: unknown) => {
      if (isBroken) return await new Promise<Response>(() => undefined)
      const keys = [{ kid: 'known', kty: 'EC' }]
      const isKeys = String(asked).endsWith('/keys')
      return Response.json(isKeys ? { keys } : { issuer, jwks_uri: `${issuer}/keys` })
    }
    const time = vi.spyOn(performance, 'now')
    try {
      time.mockReturnValue(1000)
      const keys = new ProviderKeys(issuer, fetch as typeof globalThis.fetch)
      expect(await keys.of('known')).toHaveLength(1)
      isBroken = true
      time.mockReturnValue(60_000)
      // Somebody comes with a key that nobody knows.
      const other = keys.of('other')
      expect(await keys.of('known')).toHaveLength(1)
      expect(await Promise.race([other, Promise.resolve('waits')])).toBe('waits')
    } finally {
      time.mockRestore()
    }
  })
})

describe('identities of another provider', () => {
  it('may what their claims are granted, as bearer and as password', async () => {
    const provider = await startProvider()
    const server = await start(provider.issuer)
    const token = provider.token()
    expect((await postBlob(server, 'x', { token })).status).toBe(201)
    expect((await postBlob(server, 'x', { token, repository: 'other/app' })).status).toBe(403)
    expect((await ask(server, '/api/tokens', { token })).status).toBe(403)
    expect((await ask(server, '/api/repositories', { token })).status).toBe(200)
    const Authorization = `Basic ${Buffer.from(`me:${token}`).toString('base64')}`
    expect((await ask(server, '/v2/', { token: undefined, headers: { Authorization } })).status).toBe(200)
    const boss = provider.token({ sub: 'boss', groups: ['root'] })
    expect((await ask(server, '/api/tokens', { token: boss })).status).toBe(200)
    // Keys are asked for once: discovery, and the keys.
    expect(provider.asked()).toBe(2)
  })

  it.each<[string, (provider: Awaited<ReturnType<typeof startProvider>>) => string]>([
    ['made for somebody else', ({ token }) => token({ aud: 'other' })],
    ['that has ended', ({ token }) => token({ exp: 1 })],
    ['that never ends', ({ token }) => token({ exp: undefined })],
    ['that is not valid yet', ({ token }) => token({ nbf: 99_999_999_999 })],
    ['of another provider', ({ token }) => token({ iss: 'http://127.0.0.1:1' })],
    ['of nobody', ({ token }) => token({ sub: undefined })],
    ['without a claim that is granted anything', ({ token }) => token({ groups: ['x'] })],
    ['of which one claim is missing', ({ token }) => token({ groups: ['root'] })],
    ['signed by somebody else', ({ token, stranger }) => token({}, { key: stranger() })],
    ['with a key that there is not', ({ token }) => token({}, { header: { kid: 'zero' } })],
    ['without a signature', ({ token }) => token({}, { header: { alg: 'none' } })],
    ['signed with the public key as a secret', ({ token }) => token({}, { header: { alg: 'HS256' } })],
    [
      'that was changed',
      ({ token }) => token().replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"boss"}').toString('base64url')}.`),
    ],
  ])('are not believed with a token %s', async (_, made) => {
    const provider = await startProvider()
    const server = await start(provider.issuer)
    expect((await ask(server, '/v2/', { token: made(provider) })).status).toBe(401)
    expect((await ask(server, '/v2/', { token: provider.token() })).status).toBe(200)
  })
})

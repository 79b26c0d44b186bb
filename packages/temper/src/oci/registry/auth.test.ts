import { describe, expect, test } from 'vitest'
import { createHttp } from '../../base/http/http.ts'
import type { Credentials } from '../../model/credentials.ts'
import type { Store } from '../../model/store.ts'
import { pushAll, sampleImage } from '../fixtures/sample.ts'
import { list } from '../fixtures/store.conformance.ts'
import { login, open, start } from './fixtures/loopback/peers.ts'
import { loopbackUser } from './fixtures/loopback/tokens.ts'

const { username } = loopbackUser

describe('credentials', () => {
  const image = sampleImage()
  const publish = async (store: Store) => {
    await pushAll(store, image)
    await store.tag(image.descriptor, 'v1')
    return store.resolve('v1')
  }

  test.each(['basic', 'bearer'] as const)('are used for %s', async (auth) => {
    const registry = await start({ auth })
    await publish(open(registry.host, { credentials: login }))
    expect(registry.repository('team/app').tags.get('v1')).toBe(image.descriptor.digest)
    if (auth === 'bearer') {
      // One token to look, one to write.
      expect(registry.tokenRequests.map((query) => query.getAll('scope'))).toEqual([
        ['repository:team/app:pull'],
        ['repository:team/app:pull,push'],
      ])
      const direct = registry.seen.filter(
        ({ path, authorization }) => path !== '/token' && authorization?.startsWith('Basic'),
      )
      expect(direct).toEqual([])
    }
  })

  test.each(['basic', 'bearer'] as const)('that are missing or wrong are reported for %s', async (auth) => {
    const registry = await start({ auth })
    const wrong = async (): Promise<Credentials> => ({ kind: 'password', username, password: 'sesame' })
    for (const options of [{}, { credentials: wrong }])
      await expect(publish(open(registry.host, options))).rejects.toMatchObject({
        code: 'unauthorized',
        message: expect.not.stringMatching(/sesame|dXNlcj/),
        next: { action: 'log-in' },
      })
  })

  test('get a new token when the old one expired', async () => {
    const registry = await start({ auth: 'bearer' })
    const store = open(registry.host, { credentials: login })
    await publish(store)
    const before = registry.tokenRequests.length
    registry.expireTokens()
    expect((await store.resolve('v1')).digest).toBe(image.descriptor.digest)
    expect(registry.tokenRequests).toHaveLength(before + 1)
  })

  test.each<[string, string]>([
    ['is another host over http', 'http://other.example/token'],
    ['is no address', 'nonsense://x'],
    ['has a password', 'https://u:p@other.example/token'],
  ])('are not sent to a token service that %s', async (_, realm) => {
    const asked: string[] = []
    const registry = await start({
      intercept: (request, response) => {
        request.resume()
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end()
        return true
      },
    })
    const spying = createHttp({
      fetch: async (input, init) => {
        asked.push(new URL(String(input)).host)
        return globalThis.fetch(input, init)
      },
      retries: 0,
    })
    const store = open(registry.host, { http: spying, credentials: login })
    await expect(store.resolve('v1')).rejects.toMatchObject({ code: 'unauthorized' })
    expect(new Set(asked)).toEqual(new Set([registry.host]))
  })

  test('are sent to a token service elsewhere over https, as large registries need', async () => {
    const asked: [string, string | null][] = []
    const fake: typeof globalThis.fetch = async (input, init) => {
      const url = new URL(String(input))
      const authorization = new Headers(init?.headers).get('authorization')
      asked.push([url.host, authorization])
      if (url.host === 'auth.example') return Response.json({ access_token: 'T' })
      if (authorization !== 'Bearer T')
        return new Response('', {
          status: 401,
          headers: { 'www-authenticate': 'Bearer realm="https://auth.example/t"' },
        })
      return Response.json({ name: 'x', tags: ['v1'] })
    }
    const store = open('registry.example', { http: createHttp({ fetch: fake }), credentials: login })
    expect(await list(store.tags())).toEqual(['v1'])
    expect(asked.map(([host, authorization]) => `${host} ${authorization?.split(' ')[0]}`)).toEqual([
      'registry.example undefined',
      'auth.example Basic',
      'registry.example Bearer',
    ])
  })

  test('exchange an identity token, and send it nowhere else', async () => {
    const forms: URLSearchParams[] = []
    const fake: typeof globalThis.fetch = async (input, init) => {
      const challenge = { 'www-authenticate': 'Bearer realm="https://auth.example/t",service="s"' }
      if (String(input).startsWith('https://auth.example/t')) {
        forms.push(new URLSearchParams(String(init?.body)))
        return Response.json({ access_token: 'T' })
      }
      expect(JSON.stringify(init)).not.toContain('identity-secret')
      return new Headers(init?.headers).get('authorization') === 'Bearer T'
        ? Response.json({ tags: ['v1'] })
        : new Response('', { status: 401, headers: challenge })
    }
    const credentials = async (): Promise<Credentials> => ({ kind: 'identity', token: 'identity-secret' })
    const store = open('registry.example', { http: createHttp({ fetch: fake }), credentials })
    expect(await list(store.tags())).toEqual(['v1'])
    expect(forms.map((form) => Object.fromEntries(form))).toEqual([
      {
        grant_type: 'refresh_token',
        refresh_token: 'identity-secret',
        client_id: 'temper',
        scope: 'repository:team/app:pull',
        service: 's',
      },
    ])
  })

  test.each([
    ['a token of 100 KB', { token: 'x'.repeat(100_000) }],
    ['a token with a line break', { token: 'a\r\nX: y' }],
    ['no token', { tok: 'x' }],
    ['a token that is a number', { token: 7 }],
  ])('refuse %s', async (_, answer) => {
    const fake: typeof globalThis.fetch = async (input) =>
      String(input).startsWith('https://auth.example')
        ? Response.json(answer)
        : new Response('', {
            status: 401,
            headers: { 'www-authenticate': 'Bearer realm="https://auth.example/t"' },
          })
    const store = open('registry.example', { http: createHttp({ fetch: fake }), credentials: login })
    await expect(store.resolve('v1')).rejects.toMatchObject({ code: 'unauthorized' })
  })
})

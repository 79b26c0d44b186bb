import { describe, expect, it } from 'vitest'
import { type Asked, addToken, ask, folderOf, startServer, type TestServer } from './server.ts'

/* Every address of the registry, asked by everybody: what each may do is one table. */

const digest = `sha256:${'0'.repeat(64)}`
const none = '12345678-1234-1234-1234-123456789abc'

/** What is asked, and the least role that may. */
const routes: readonly (readonly [method: string, path: string, role: string])[] = [
  ['GET', '/v2/team/app/tags/list', 'reader'],
  ['GET', `/v2/team/app/manifests/latest`, 'reader'],
  ['HEAD', `/v2/team/app/manifests/${digest}`, 'reader'],
  ['PUT', `/v2/team/app/manifests/latest`, 'developer'],
  ['DELETE', `/v2/team/app/manifests/${digest}`, 'maintainer'],
  ['DELETE', `/v2/team/app/manifests/latest`, 'maintainer'],
  ['GET', `/v2/team/app/blobs/${digest}`, 'reader'],
  ['HEAD', `/v2/team/app/blobs/${digest}`, 'reader'],
  ['DELETE', `/v2/team/app/blobs/${digest}`, 'maintainer'],
  ['POST', '/v2/team/app/blobs/uploads/', 'developer'],
  ['GET', `/v2/team/app/blobs/uploads/${none}`, 'developer'],
  ['PATCH', `/v2/team/app/blobs/uploads/${none}`, 'developer'],
  ['PUT', `/v2/team/app/blobs/uploads/${none}?digest=${digest}`, 'developer'],
  ['DELETE', `/v2/team/app/blobs/uploads/${none}`, 'developer'],
  ['GET', `/v2/team/app/referrers/${digest}`, 'reader'],
]
const ladder = ['nobody', 'reader', 'developer', 'maintainer', 'admin']

async function startWithEveryone(): Promise<{ server: TestServer; tokens: ReadonlyMap<string, string> }> {
  const data = await folderOf()
  const tokens = new Map<string, string>()
  for (const role of ['reader', 'developer', 'maintainer', 'admin'] as const)
    tokens.set(role, await addToken(data, role, [{ project: 'team', role }]))
  tokens.set('nobody', await addToken(data, 'nobody', []))
  tokens.set('another', await addToken(data, 'another', [{ project: 'tea', role: 'admin' }]))
  return { server: await startServer({ data }), tokens }
}

const body = (method: string): Asked =>
  ['PUT', 'PATCH', 'POST'].includes(method) ? { method, body: '{}' } : { method }

describe('rights', () => {
  it('are asked for at every address', async () => {
    const { server, tokens } = await startWithEveryone()
    for (const [method, path, role] of routes) {
      for (const asking of [...ladder, 'another']) {
        const answer = await ask(server, path, { ...body(method), token: tokens.get(asking) })
        const allowed = asking !== 'another' && ladder.indexOf(asking) >= ladder.indexOf(role)
        expect([method, path, asking, answer.status === 403]).toEqual([method, path, asking, !allowed])
        expect(answer.status).not.toBe(401)
        await answer.arrayBuffer()
      }
    }
  })

  it.each([
    ['none', undefined],
    ['an unknown one', `temper_${'A'.repeat(43)}`],
    ['something else', 'password'],
    ['an empty one', ''],
  ])('are nobody’s with %s for a token', async (_, token) => {
    const { server } = await startWithEveryone()
    for (const [method, path] of [['GET', '/v2/'], ['GET', '/v2/_catalog'], ...routes] as const) {
      const answer = await ask(server, path, { ...body(method), token })
      expect([method, path, answer.status]).toEqual([method, path, 401])
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Temper"')
      await answer.arrayBuffer()
    }
  })

  it('of a token that expired are gone', async () => {
    const data = await folderOf()
    const { createToken } = await import('../src/auth/token.ts')
    const { writeFile } = await import('node:fs/promises')
    const now = new Date()
    const made = (expires: Date) => createToken('ci', [{ project: '*', role: 'admin' }], { now, expires })
    const [late, early] = [made(new Date(now.getTime() + 60_000)), made(now)]
    await writeFile(`${data}/tokens.json`, JSON.stringify({ tokens: [late.record, early.record] }))
    const server = await startServer({ data })
    expect((await ask(server, '/v2/', { token: late.token })).status).toBe(200)
    expect((await ask(server, '/v2/', { token: early.token })).status).toBe(401)
  })

  it('come as a password of any user too', async () => {
    const { server, tokens } = await startWithEveryone()
    const pair = Buffer.from(`whoever:${tokens.get('reader')}`).toString('base64')
    const answer = await ask(server, '/v2/', {
      token: undefined,
      headers: { Authorization: `Basic ${pair}` },
    })
    expect(answer.status).toBe(200)
  })

  it('decide what the list of repositories shows', async () => {
    const { server, tokens } = await startWithEveryone()
    const admin = server
    const made = async (name: string, token: string | undefined) =>
      ask(admin, `/v2/${name}/manifests/1`, {
        method: 'PUT',
        token,
        headers: { 'Content-Type': 'application/vnd.oci.image.index.v1+json' },
        body: '{"schemaVersion":2,"manifests":[]}',
      })
    expect((await made('team/app', tokens.get('admin'))).status).toBe(201)
    expect((await made('tea/app', tokens.get('another'))).status).toBe(201)
    const seen = async (name: string) =>
      (await (await ask(server, '/v2/_catalog', { token: tokens.get(name) })).json()) as object
    expect(await seen('reader')).toEqual({ repositories: ['team/app'] })
    expect(await seen('another')).toEqual({ repositories: ['tea/app'] })
    expect(await seen('nobody')).toEqual({ repositories: [] })
  })
})

describe('whoever asks', () => {
  it('waits after many wrong passwords, and nobody else does', async () => {
    const server = await startServer({ limits: { failures: 3, behindProxy: true } })
    const from = (address: string, token: string | undefined) =>
      ask(server, '/v2/', { token, headers: { 'X-Forwarded-For': `1.1.1.1, ${address}` } })
    for (let count = 0; count < 3; count++) expect((await from('10.0.0.1', 'wrong')).status).toBe(401)
    const late = await from('10.0.0.1', server.token)
    expect([late.status, await late.json()]).toMatchObject([429, { errors: [{ code: 'TOOMANYREQUESTS' }] }])
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await from('10.0.0.2', server.token)).status).toBe(200)
    // Clients look first whether a password is needed at all.
    for (let count = 0; count < 5; count++) expect((await from('10.0.0.3', undefined)).status).toBe(401)
    expect((await from('10.0.0.3', server.token)).status).toBe(200)
  })

  it('waits after more requests than are allowed', async () => {
    const server = await startServer({ limits: { requests: 5 } })
    const other = (await ask(server, '/api/tokens', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'other', grants: [{ project: '*', role: 'reader' }] }),
    }).then((answer) => answer.json())) as { readonly token: string }
    for (let count = 0; count < 4; count++) expect((await ask(server, '/api/repositories')).status).toBe(200)
    const late = await ask(server, '/api/repositories')
    expect([late.status, late.headers.get('content-type')]).toEqual([429, 'application/problem+json'])
    expect((await ask(server, '/api/repositories', { token: other.token })).status).toBe(200)
  })

  it.each<[string, Record<string, string>, number]>([
    ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a page of a neighbour', { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['its own page', { 'Sec-Fetch-Site': 'same-origin' }, 200],
    ['a page of another site, in an old browser', { Origin: 'https://evil.example' }, 403],
    ['a page without an origin', { Origin: 'null' }, 403],
    ['a program', {}, 200],
  ])('through %s with a remembered password: %s', async (_, headers, status) => {
    const server = await startServer()
    const remembered = `Basic ${Buffer.from(`me:${server.token}`).toString('base64')}`
    const asked = { token: undefined, headers: { Authorization: remembered, ...headers } }
    expect((await ask(server, '/api/sweep', { method: 'POST', ...asked })).status).toBe(status)
    const push = await ask(server, '/v2/team/app/blobs/uploads/', { method: 'POST', ...asked })
    expect(push.status).toBe(status === 200 ? 202 : 403)
    expect((await ask(server, '/api/repositories', asked)).status).toBe(200)
  })

  it('is given nothing that a browser would run', async () => {
    const server = await startServer()
    for (const path of ['/', '/v2/', '/api/repositories', '/v2/team/app/tags/list']) {
      const { headers } = await ask(server, path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
  })
})

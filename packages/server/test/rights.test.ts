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

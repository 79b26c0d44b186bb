import { readdir, readFile, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { Storage } from '../src/registry/storage/storage.ts'
import { sweep } from '../src/registry/storage/sweep.ts'
import { type Asked, ask, startServer, type TestServer } from './server.ts'

const post = (value: unknown): Asked => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
})
const reader = { name: 'ci', grants: [{ project: 'team', role: 'reader' }] }

interface NewToken {
  readonly id: string
  readonly token: string
}

describe('tokens', () => {
  it('are made, used, listed without their texts, and revoked at once', async () => {
    const server = await startServer()
    const answer = await ask(server, '/api/tokens', post(reader))
    expect(answer.status).toBe(201)
    const { id, token } = (await answer.json()) as NewToken
    const pull = () => ask(server, '/v2/team/app/tags/list', { token })
    expect((await pull()).status).toBe(404)
    expect((await ask(server, '/v2/other/app/tags/list', { token })).status).toBe(403)
    const listed = await (await ask(server, '/api/tokens')).text()
    expect(JSON.parse(listed)).toMatchObject([{ name: 'admin' }, { id, ...reader }])
    expect(listed).not.toContain(token)
    expect((await ask(server, `/api/tokens/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await pull()).status).toBe(401)
    expect((await ask(server, `/api/tokens/${id}`, { method: 'DELETE' })).status).toBe(404)
  })

  it('stay after a restart, and none is lost when many are made at once', async () => {
    const server = await startServer()
    const made = await Promise.all(
      Array.from(
        { length: 20 },
        async () => (await (await ask(server, '/api/tokens', post(reader))).json()) as NewToken,
      ),
    )
    await server.close()
    const again = await startServer({ data: server.data, token: server.token })
    for (const { token } of made) expect((await ask(again, '/v2/', { token })).status).toBe(200)
  })

  it.each([
    [{ name: 'ci', grants: 1 }, /^grants: \S/],
    [{ name: 'ci', grants: [], colour: 'red' }, /^(?:grants: |Unrecognized key: "colour")/],
    [{ name: 'ci', grants: reader.grants, colour: 'red' }, /^Unrecognized key: "colour"$/],
    [[], /^Invalid input/],
  ])('are refused with the place of what is wrong: %j', async (value, detail) => {
    const answer = await ask(await startServer(), '/api/tokens', post(value))
    expect(await answer.json()).toMatchObject({ status: 400, detail: expect.stringMatching(detail) })
  })

  it('leave a trail of who made them', async () => {
    const server = await startServer()
    const { id, token } = (await (await ask(server, '/api/tokens', post(reader))).json()) as NewToken
    const trail = await readFile(join(server.data, 'audit.jsonl'), 'utf8')
    expect(
      trail
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([{ who: 'admin', action: 'create-token', subject: id }])
    expect(trail).not.toContain(token)
  })

  it.each([
    ['no name', { grants: reader.grants }],
    ['no grant', { name: 'x', grants: [] }],
    ['a role that is none', { name: 'x', grants: [{ project: 'team', role: 'king' }] }],
    ['a project that cannot be', { name: 'x', grants: [{ project: '../x', role: 'reader' }] }],
    ['more than is known', { ...reader, colour: 'red' }],
    ['a day that has passed', { ...reader, expires: '2001-01-01T00:00:00Z' }],
    ['a list', []],
  ])('are refused with %s', async (_, value) => {
    const server = await startServer()
    const answer = await ask(server, '/api/tokens', post(value))
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
    expect(await answer.json()).toMatchObject({ status: 400, title: expect.any(String) })
    expect(await (await ask(server, '/api/tokens')).json()).toHaveLength(1)
  })

  it.each([
    ['text', 'hello'],
    ['more than a megabyte', `"${'a'.repeat(1 << 20)}"`],
  ])('are refused when the request is %s', async (_, body) => {
    const server = await startServer()
    const headers = { 'Content-Type': 'application/json' }
    expect((await ask(server, '/api/tokens', { method: 'POST', headers, body })).status).toBe(400)
  })

  it.each([
    ['a form, as curl does', 'application/x-www-form-urlencoded'],
    ['text, as fetch does', 'text/plain;charset=UTF-8'],
  ])('are made by programs that call it %s, not by what a browser remembers', async (_, type) => {
    const server = await startServer()
    const asked = { method: 'POST', headers: { 'Content-Type': type }, body: JSON.stringify(reader) }
    expect((await ask(server, '/api/tokens', asked)).status).toBe(201)
    const Authorization = `Basic ${Buffer.from(`me:${server.token}`).toString('base64')}`
    const headers = { 'Content-Type': type, Authorization }
    const answer = await ask(server, '/api/tokens', { ...asked, headers, token: undefined })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([415, 'application/problem+json'])
    expect(await answer.json()).toMatchObject({ detail: 'expected JSON, and Content-Type: application/json' })
  })
})

describe('the API', () => {
  it('describes itself, and its answers are as described', async () => {
    const server = await startServer()
    const described = (await (await ask(server, '/openapi.json', { token: undefined })).json()) as {
      readonly openapi: string
      readonly paths: Readonly<Record<string, object>>
      readonly components: object
    }
    expect(described.openapi).toBe('3.1.0')
    expect(Object.keys(described.paths).sort()).toEqual([
      '/api/quarantine',
      '/api/quarantine/release',
      '/api/replication',
      '/api/repositories',
      '/api/retention',
      '/api/sweep',
      '/api/tokens',
      '/api/tokens/{id}',
    ])
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } })
    const valid = (name: string, value: unknown) =>
      ajv.validate({ components: described.components, $ref: `#/components/schemas/${name}` }, value)
    expect(valid('NewToken', await (await ask(server, '/api/tokens', post(reader))).json())).toBe(true)
    expect(valid('Problem', await (await ask(server, '/api/nothing')).json())).toBe(true)
    expect(valid('NewToken', {})).toBe(false)
  })
})

describe('a sweep', () => {
  const day = 24 * 3600 * 1000

  it('removes what nothing needs, and nothing else', async () => {
    const server = await startServer()
    const [used, unused] = [await pushBlob(server, '{}'), await pushBlob(server, 'unused')]
    await ask(server, '/v2/team/app/blobs/uploads/', { method: 'POST' })
    const manifest = await ask(server, '/v2/team/app/manifests/1', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/vnd.oci.image.manifest.v1+json' },
      body: JSON.stringify({
        schemaVersion: 2,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: used, size: 2 },
        layers: [],
      }),
    })
    expect(manifest.status).toBe(201)
    const nothing = { uploads: 0, blobs: 0, contents: 0, bytes: 0 }
    expect(await (await ask(server, '/api/sweep', { method: 'POST' })).json()).toEqual(nothing)

    const storage = await Storage.open(join(server.data, 'registry'))
    const later = { now: new Date(Date.now() + 2 * day), grace: day }
    expect(await sweep(storage, later)).toEqual({ uploads: 1, blobs: 1, contents: 1, bytes: 6 })
    expect(await sweep(storage, later)).toEqual(nothing)
    expect((await ask(server, `/v2/team/app/blobs/${unused}`)).status).toBe(404)
    expect(await (await ask(server, `/v2/team/app/blobs/${used}`)).text()).toBe('{}')
    expect((await ask(server, '/v2/team/app/manifests/1')).status).toBe(200)
  })

  it('leaves old content that was just pushed again', async () => {
    const server = await startServer()
    const digest = await pushBlob(server, 'again')
    const content = join(server.data, 'registry/blobs/sha256')
    const old = new Date(Date.now() - 10 * day)
    for (const name of await readdir(content)) await utimes(join(content, name), old, old)
    await pushBlob(server, 'again', 'team/other')
    const storage = await Storage.open(join(server.data, 'registry'))
    await sweep(storage, { now: new Date(), grace: day })
    expect((await ask(server, `/v2/team/other/blobs/${digest}`)).status).toBe(200)
  })
})

async function pushBlob(server: TestServer, bytes: string, repository = 'team/app'): Promise<string> {
  const { createHash } = await import('node:crypto')
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const path = `/v2/${repository}/blobs/uploads/?digest=${digest}`
  expect((await ask(server, path, { method: 'POST', body: bytes })).status).toBe(201)
  return digest
}

describe('a request', () => {
  it.each([
    ['that a proxy named', 'edge-1.2:3', /^edge-1\.2:3$/],
    ['that nobody named', undefined, /^[0-9a-f-]{36}$/],
    ['with a name that is none', 'a b"}', /^[0-9a-f-]{36}$/],
  ])('%s has a name in the answer', async (_, given, expected) => {
    const server = await startServer()
    const headers: Record<string, string> = given === undefined ? {} : { 'X-Request-Id': given }
    for (const path of ['/healthz', '/v2/', '/api/nothing'])
      expect((await ask(server, path, { headers })).headers.get('x-request-id')).toMatch(expected)
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { serve } from '../../src/server.ts'
import { settingsFrom } from '../../src/settings-sources.ts'
import { type Asked, addToken, ask, type TestServer } from '../server.ts'

/* What the factory answers, and whom: one service for all, since each has a database of its own. */

const post = (value: object = {}): Asked => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
})
const waiver = {
  project: 'shop',
  finding: 'CVE-2026-1',
  owner: 'the shop',
  reason: 'it cannot be reached',
  expires: new Date(Date.now() + 3_600_000).toISOString(),
}
const recipe = 'contents:\n  packages: [hello]\n'
const nobodysBuild = '00000000-0000-4000-8000-000000000000'

const roles = ['reader', 'developer', 'maintainer', 'admin'] as const
const ladder: readonly string[] = roles
const tokens = new Map<string, string>()
let data = ''
let server: TestServer
let receiver: Server
/** What the receiver of events got: the first time it is not well. */
const told: string[] = []

/** Commands of Temper as they could end: those of recipes called "slow" do not. */
const program = 'case "$2" in */slow/*) echo working >&2; exec sleep 60;; *) exit 2;; esac'

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'temper-api-'))
  for (const role of roles) {
    tokens.set(role, await addToken(data, role, [{ project: 'shop', role }]))
    tokens.set(`all ${role}`, await addToken(data, `all ${role}`, [{ project: '*', role }]))
  }
  tokens.set('stranger', await addToken(data, 'stranger', [{ project: 'sho', role: 'admin' }]))
  const context = sampleContext(data, { now: () => new Date() })
  receiver = createServer((request, response) => {
    request.resume().on('end', () => {
      told.push(String(request.headers['webhook-id']))
      response.writeHead(told.length === 1 ? 503 : 204).end()
    })
  })
  await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve))
  const secretFile = join(data, 'secret')
  await writeFile(secretFile, 'secret')
  const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  const channels = [
    { kind: 'webhook', name: 'ours', address, secretFile, allowPrivate: true, projects: ['stall'] },
  ]
  const factory = { program: ['sh', '-c', program, 'sh'], channels }
  const started = await serve(settingsFrom({ environment: {}, given: { port: 0, data, factory } }), context)
  server = { ...started, data, host: new URL(started.url).host, token: tokens.get('all admin') ?? '' }
})
afterAll(async () => {
  await server.close()
  receiver.close()
  await rm(data, { recursive: true, force: true })
})

const json = async <T>(path: string, asked: Asked = {}) =>
  (await (await ask(server, path, asked)).json()) as T

interface Build {
  readonly id: string
  readonly state: string
  readonly error: string | null
  readonly reason: string
}

async function ended(id: string): Promise<Build> {
  for (;;) {
    const build = await json<Build>(`/api/builds/${id}`)
    if (build.state !== 'waiting' && build.state !== 'running') return build
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('requests that nobody means well', () => {
  it('are told what is wrong with a text that no database keeps, wherever it stands', async () => {
    const bodies = Object.keys(waiver).map((name) => post({ ...waiver, [name]: 'a\0b' }))
    for (const body of bodies) expect((await ask(server, '/api/waivers', body)).status).toBe(400)
    const paths = ['images?search=%00', 'images?last=a%00', 'builds?image=%00', 'advisories/%00', 'osv/a%00b']
    for (const path of paths) {
      const answered = await ask(server, `/api/${path}`)
      expect([path, answered.status]).toEqual([path, 400])
      expect(await answered.json()).toMatchObject({ detail: 'a text has the character U+0000' })
    }
  })

  it('count no more containers than can be kept', async () => {
    const report = (count: number) => ({
      ...post({ place: 'here', images: [{ image: 'web:1', digest: null, count }] }),
      method: 'PUT',
    })
    expect((await ask(server, '/api/running', report(2 ** 31))).status).toBe(400)
    expect((await ask(server, '/api/running', report(2 ** 31 - 1))).status).toBe(204)
  })

  it('do not leave a connection that seems to be usable, when their bodies are not read', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const sent = (method: string, path: string, size: number) =>
      new Promise<readonly unknown[]>((resolve, reject) => {
        const { token } = server
        const headers = { Authorization: `Bearer ${token}`, 'Content-Length': size }
        const asked = request(`${server.url}${path}`, { method, agent, headers }, (answered) => {
          answered.resume().once('end', () => resolve([path, size, answered.statusCode]))
        })
        asked.once('error', reject).end('a'.repeat(size))
      })
    try {
      for (const size of [10, 70_000, 900_000, 3_000_000]) {
        const path = `/api/builds/${nobodysBuild}/cancel`
        expect(await sent('POST', path, size)).toEqual([path, size, size > 2 ** 20 ? 400 : 404])
        expect(await sent('GET', '/healthz', 0)).toEqual(['/healthz', 0, 200])
      }
    } finally {
      agent.destroy()
    }
  })
})

describe('the API of the factory', () => {
  it.each([
    ['a key of all', 'contents: {keyring: [ring.asc]}', 'ring.asc'],
    [
      'a key of a repository',
      'contents: {repositories: [{address: "https://a.example", suite: stable, key: own.asc}]}',
      'own.asc',
    ],
    [
      'a folder of packages',
      `contents: {repositories: [{address: ./debs, suite: ./, fingerprint: ${'A'.repeat(40)}}]}`,
      './debs',
    ],
    ['a file', 'contents: {files: [{source: app.conf, path: /etc/app.conf}]}', 'app.conf'],
    ['a file in a folder', 'contents: {files: [{source: conf/app, path: /etc/app}]}', 'conf/app'],
    ['a file of a path', 'paths: [{type: file, path: /etc/app.conf, source: app.conf}]', 'app.conf'],
    [
      'a file of a step',
      'steps: [{name: make, run: [make], inputs: [{source: code}], outputs: [{source: a, path: /a}]}]',
      'code',
    ],
    ['a lock of dependencies', 'dependencies: [{npm: package-lock.json, into: /srv}]', 'package-lock.json'],
    ['a certificate', 'certificates: [ours.pem]', 'ours.pem'],
    ['an image to begin with', 'base: oci:before', 'before'],
  ])('refuses a recipe at once that comes without %s', async (_, text, missing) => {
    const asked = { name: 'shop-bare', recipe: text, files: { 'other.txt': 'x' } }
    const answer = await ask(server, '/api/recipes', post(asked))
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      {
        title: 'The recipe is wrong',
        detail: expect.stringMatching(
          `^The recipe names "${missing}", which was not sent with it: expected it in files, found other\\.txt\\. (?:Send its text in files|What is sent lies)`,
        ),
      },
    ])
    const names = (await json<{ name: string }[]>('/api/recipes')).map(({ name }) => name)
    expect(names).not.toContain('shop-bare')
  })

  it('asks everybody for rights at every address', async () => {
    const { build } = await json<{ build: string }>('/api/recipes', post({ name: 'shop', recipe }))
    const one = `/api/builds/${build}`
    // Of the project itself, or of every one.
    const routes: readonly (readonly [asked: Asked, path: string, role: string])[] = [
      [{}, one, 'reader'],
      [{}, `${one}/log`, 'reader'],
      [post(), `${one}/cancel`, 'developer'],
      [post({ name: 'shop', recipe }), '/api/recipes', 'maintainer'],
      [{}, '/api/images/shop/sha256:0', 'reader'],
      [post({ reason: 'x' }), '/api/images/shop/sha256:0/promote', 'maintainer'],
      [post({ reason: 'x' }), '/api/images/shop/sha256:0/withdraw', 'maintainer'],
      [post(), '/api/feeds/update', 'all maintainer'],
      [post(), '/api/watch/run', 'all maintainer'],
      [{}, `/api/jobs/${build}`, 'all reader'],
      [{}, '/api/metrics', 'all reader'],
      [{}, '/api/feeds', 'all reader'],
      [post({ image: 'r.example/a:1' }), '/api/watched', 'all maintainer'],
      [post({ image: 'r.example/a:1' }), '/api/watched/remove', 'all maintainer'],
      [{}, '/api/watched', 'all reader'],
      [post(waiver), '/api/waivers', 'admin'],
      [{ ...post({ place: 'here', images: [] }), method: 'PUT' }, '/api/running', 'all admin'],
    ]
    for (const [asked, path, role] of routes)
      for (const [name, token] of tokens) {
        const answer = await ask(server, path, { ...asked, token })
        const [least, own] = [role.replace('all ', ''), name.replace('all ', '')]
        const reaches = ladder.indexOf(own) >= ladder.indexOf(least) && name !== 'stranger'
        const allowed = reaches && (name.startsWith('all ') || !role.startsWith('all '))
        expect([path, name, answer.status === 403]).toEqual([path, name, !allowed])
        await answer.body?.cancel()
      }
    for (const [asked, path] of [
      ...routes,
      [{}, '/api/builds'],
      [{}, '/api/images'],
      [{}, '/api/sla'],
    ] as const)
      expect((await ask(server, path, { ...asked, token: undefined })).status).toBe(401)
    for (const path of ['/api/builds', '/api/recipes']) {
      expect(await json(path, { token: tokens.get('stranger') })).toEqual([])
      expect(await json(path, { token: tokens.get('reader') })).toHaveLength(1)
    }
  })

  it.each([
    ['a path', 'extends: SECRET\n'],
    ['a path behind a quoted key', '"extends": SECRET\n'],
    ['a path in JSON', '{"extends": "SECRET"}'],
    ['a path on another line', 'extends:\n  SECRET\n'],
    ['a path behind an alias', 'name: &a SECRET\nextends: *a\n'],
    ['a path that is folded', 'extends: >-\n  SECRET\n'],
    ['a path behind a tag', 'extends: !!str SECRET\n'],
    ['a path behind an escaped key', '"ext\\u0065nds": SECRET\n'],
    ['a path in a file that came with it', 'extends: other\n', { other: 'extends: SECRET\n' }],
    ['a path in a recipe that came with it', 'extends: other.yaml\n', { 'other.yaml': 'extends: SECRET\n' }],
  ])(
    'opens nothing of this machine for a recipe that extends %s',
    async (_, text, files: Readonly<Record<string, string>> = {}) => {
      const secret = join(data, 'secret-file')
      await writeFile(secret, 'hunter2: 1\n')
      const fill = (each: string) => each.replaceAll('SECRET', secret)
      const sent = Object.fromEntries(Object.entries(files).map(([name, each]) => [name, fill(each)]))
      const asked = { name: 'shop-spy', recipe: fill(text), files: sent }
      const answer = await ask(server, '/api/recipes', post(asked))
      expect([answer.status, await answer.text()]).toEqual([400, expect.not.stringContaining('hunter2')])
    },
  )

  it('answers as it describes itself, and says what is wrong', async () => {
    const { paths, components } = await json<{ paths: object; components: object }>('/openapi.json')
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } })
    const valid = (schema: object, value: unknown) => ajv.validate({ components, ...schema }, value)
    const { build } = await json<{ build: string }>('/api/recipes', post({ name: 'stall', recipe }))
    expect(await ended(build)).toMatchObject({ state: 'failed' })
    type Route = { get?: { responses: { 200: { content: { 'application/json': { schema: object } } } } } }
    const described = Object.entries(paths as Record<string, Route>)
    for (const path of [
      '/api/builds',
      '/api/images',
      '/api/recipes',
      '/api/sla',
      '/api/metrics',
      '/api/key',
      '/api/feeds',
      '/api/events',
      '/api/waivers',
      '/api/running',
      '/api/watched',
    ]) {
      const schema = described.find(([name]) => name === path)?.[1].get?.responses[200].content[
        'application/json'
      ].schema
      expect([path, schema && valid(schema, await json(path))]).toEqual([path, true])
    }
    const wrong: readonly (readonly [Asked, string, number])[] = [
      [post({ name: 'shop', recipe: 'colour: red' }), '/api/recipes', 400],
      [post({ name: 'other', recipe: `name: shop\n${recipe}` }), '/api/recipes', 400],
      [post({ name: '../shop', recipe }), '/api/recipes', 400],
      [post({ name: 'shop', recipe: `extends: ../../etc\n` }), '/api/recipes', 400],
      [post({ name: 'shop', recipe, files: { '../key': 'x' } }), '/api/recipes', 400],
      [{}, `/api/builds/${nobodysBuild}`, 404],
      [{}, '/api/builds/x', 400],
      [{}, '/api/builds?limit=0', 400],
      [{}, '/api/advisories/CVE-2026-1', 404],
      [{}, '/api/images/shop/sha256:0', 404],
      [{}, `/api/jobs/${nobodysBuild}`, 404],
      [{}, '/api/metrics?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 400],
      [{}, '/api/metrics?from=2026-02-01&to=2026-01-31', 400],
      [{}, '/api/metrics?from=2026-02-30', 400],
      [{}, '/api/metrics?from=yesterday', 400],
    ]
    for (const [asked, path, status] of wrong) {
      const answer = await ask(server, path, asked)
      const problem = await answer.json()
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        status,
        'application/problem+json',
      ])
      expect(valid({ $ref: '#/components/schemas/Problem' }, problem)).toBe(true)
      // One without a type of its own would have the title of its status (RFC 9457, section 4.2.1).
      expect((problem as { type: string }).type).toMatch(/^urn:temper:problem:[a-z-]+$/)
    }
    for (const [text, from, to] of [
      ['from=2026-01-01&to=2026-01-31', '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
      [
        'from=2026-01-01T00:00:00&to=2026-01-01T01:00:00.5',
        '2026-01-01T00:00:00.000Z',
        '2026-01-01T01:00:00.500Z',
      ],
      // The second one as a program leaves it that does not escape it.
      [
        'from=2026-01-01T00:00:00%2B02:00&to=2026-01-01T00:00:00+01:00',
        '2025-12-31T22:00:00.000Z',
        '2025-12-31T23:00:00.000Z',
      ],
    ])
      expect(await json(`/api/metrics?${text}`)).toMatchObject({ from, to })
    // The same recipe again is no reason to build.
    expect(await json('/api/recipes', post({ name: 'shop', recipe }))).toEqual({ name: 'shop', build: null })
    const files = { 'note.txt': 'other' }
    const { build: other } = await json<{ build: string }>(
      '/api/recipes',
      post({ name: 'shop', recipe, files }),
    )
    expect(await ended(other)).toMatchObject({ reason: 'rebuilt because its recipe has changed' })
  })

  it('tells who wants to know, again where that did not arrive', async () => {
    interface Told {
      readonly kind: string
      readonly image: string
      readonly told: readonly { readonly state: string; readonly attempts: number }[]
    }
    for (;;) {
      const failed = (await json<readonly Told[]>('/api/events')).filter(({ image }) => image === 'stall')
      if (failed.length > 0 && failed.every(({ told: of }) => of[0]?.state === 'told')) {
        expect(failed[0]).toMatchObject({ kind: 'failed', told: [{ channel: 'ours', attempts: 2 }] })
        break
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(told).toHaveLength(2)
    expect(new Set(told).size).toBe(1)
    expect(await json('/api/events', { token: tokens.get('stranger') })).toEqual([])
  })

  it('lets somebody answer for a finding, for a while, and watches no registry that it may not ask', async () => {
    const made = await json<{ id: string }>('/api/waivers', post(waiver))
    expect(made).toMatchObject({ by: 'all admin', ended: false, owner: 'the shop' })
    const late = { ...waiver, expires: '2020-01-01T00:00:00Z' }
    expect((await ask(server, '/api/waivers', post(late))).status).toBe(400)
    expect((await ask(server, '/api/waivers', post({ ...waiver, owner: ' ' }))).status).toBe(400)
    const remove = (token?: string) =>
      ask(server, `/api/waivers/${made.id}`, { method: 'DELETE', ...(token === undefined ? {} : { token }) })
    expect((await remove(tokens.get('maintainer'))).status).toBe(403)
    expect((await remove()).status).toBe(204)
    expect((await remove()).status).toBe(404)
    expect((await ask(server, '/api/watched', post({ image: 'r.example/a:1' }))).status).toBe(409)
    expect((await ask(server, '/api/watched', post({ image: 'oci:here' }))).status).toBe(409)
  })

  it('shows a build as it goes, ends it when asked, and does it again', async () => {
    const { build } = await json<{ build: string }>('/api/recipes', post({ name: 'slow', recipe }))
    const log = await ask(server, `/api/builds/${build}/log`)
    expect(log.headers.get('content-type')).toContain('text/event-stream')
    let text = ''
    let cancelled = false
    for await (const chunk of log.body ?? []) {
      text += Buffer.from(chunk).toString()
      if (!cancelled && text.includes('working')) {
        cancelled = true
        expect((await ask(server, `/api/builds/${build}/retry`, post())).status).toBe(400)
        expect((await ask(server, `/api/builds/${build}/cancel`, post())).status).toBe(200)
      }
    }
    expect(text).toContain('built because its recipe was added')
    expect(text).toContain('event: end\ndata: {"state":"cancelled"}')
    expect(await ended(build)).toMatchObject({ state: 'cancelled' })
    const again = await json<Build>(`/api/builds/${build}/retry`, post())
    expect(again.id).not.toBe(build)
    await ask(server, `/api/builds/${again.id}/cancel`, post())
    expect(await ended(again.id)).toMatchObject({ state: 'cancelled' })
  })

  it('shows people what they may see, and first that nothing is known', async () => {
    const seen = async (name: string) => (await ask(server, '/', { token: tokens.get(name) })).text()
    const page = await seen('all reader')
    expect(page.indexOf('There are no feeds')).toBeGreaterThan(0)
    expect(page.indexOf('There are no feeds')).toBeLessThan(page.indexOf('Builds'))
    expect(page).toContain('built because its recipe was added')
    expect(await seen('stranger')).not.toContain('its recipe')
  })

  it('does background work and tells how far it is', async () => {
    const job = await json<{ id: string; name: string }>('/api/watch/run', post())
    expect(job.name).toBe('watch')
    for (;;) {
      const { state } = await json<{ state: string }>(`/api/jobs/${job.id}`)
      if (state === 'completed') break
      expect(['created', 'active']).toContain(state)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })

  it('lets nobody extend what they may not pull, which they would get that way', async () => {
    await ask(server, '/api/recipes', post({ name: 'hidden', recipe }))
    const token = tokens.get('maintainer')
    for (const text of ['extends: hidden\n', '"extends": "hidden"\n']) {
      const answer = await ask(server, '/api/recipes', {
        ...post({ name: 'shop', recipe: text }),
        token,
      })
      expect([answer.status, await answer.json()]).toMatchObject([403, { detail: 'pull hidden' }])
    }
  })
})

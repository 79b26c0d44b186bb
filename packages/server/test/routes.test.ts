import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { AuditLog } from '../src/audit.ts'
import { type GrantedRole, type Role, roles } from '../src/auth/principal.ts'
import { createToken } from '../src/auth/token.ts'
import { TokenFile } from '../src/auth/token-file.ts'
import type { FactoryWorld } from '../src/factory/world.ts'
import { createApp } from '../src/http/app.ts'
import { Metrics } from '../src/http/metrics.ts'
import type { ApiWorld } from '../src/http/world.ts'
import { Registry } from '../src/registry/registry.ts'
import { Housekeeper } from '../src/registry/retention/housekeeper.ts'
import { rulesSchema } from '../src/registry/rules/rules.ts'
import { Storage } from '../src/registry/storage/storage.ts'
import { folderOf } from './server.ts'

/* Every address of the API, asked by everybody. One that is new fails here until it is in the table. */

/** Who may: anybody at all, any valid token, workers, or a role in the project of what is asked for, or in all of them. */
type Needs = 'public' | 'token' | 'worker' | { readonly project: Role } | { readonly service: Role }

const id = '12345678-1234-4234-8234-123456789abc'
const digest = `sha256:${'0'.repeat(64)}`
const admin: Needs = { service: 'admin' }

const table: Readonly<Record<string, readonly [needs: Needs, body?: object]>> = {
  'GET /': ['token'],
  'GET /healthz': ['public'],
  'GET /readyz': ['public'],
  'GET /metrics': ['public'],
  'GET /openapi.json': ['public'],
  'GET /api/tokens': [admin],
  'POST /api/tokens': [admin, { name: 'x', grants: [{ project: 'team', role: 'reader' }] }],
  'DELETE /api/tokens/:id': [admin],
  'GET /api/quarantine': ['token'],
  'POST /api/quarantine/release': [{ project: 'admin' }, { name: 'team/app', digest, reason: 'because' }],
  'GET /api/repositories': ['token'],
  'POST /api/sweep': [admin],
  'GET /api/replication': [admin],
  'GET /api/retention': [admin],
  'POST /api/retention': [admin],
  'GET /api/recipes': ['token'],
  'POST /api/recipes': [{ project: 'maintainer' }, { name: 'team', recipe: 'name: x' }],
  'POST /api/feeds/update': [{ service: 'maintainer' }],
  'POST /api/watch/run': [{ service: 'maintainer' }],
  'GET /api/feeds': [{ service: 'reader' }],
  'GET /api/jobs/:id': [{ service: 'reader' }],
  'GET /api/builds': ['token'],
  'GET /api/builds/:id': [{ project: 'reader' }],
  'GET /api/builds/:id/log': [{ project: 'reader' }],
  'POST /api/builds/:id/cancel': [{ project: 'developer' }],
  'POST /api/builds/:id/retry': [{ project: 'developer' }],
  'GET /api/images': ['token'],
  'GET /api/images/:name/:digest': [{ project: 'reader' }],
  'POST /api/images/:name/:digest/promote': [{ project: 'maintainer' }, { reason: 'because' }],
  'POST /api/images/:name/:digest/withdraw': [{ project: 'maintainer' }, { reason: 'because' }],
  'GET /api/advisories/:id': ['token'],
  'GET /api/sla': ['token'],
  'POST /api/worker/claim': ['worker', { worker: 'w', name: 'w' }],
  'POST /api/worker/tasks/:id/log': ['worker', { worker: 'w', lines: [] }],
  'POST /api/worker/tasks/:id/result': ['worker', { worker: 'w', code: 0, text: '', lock: null }],
  'GET /api/workers': [{ service: 'reader' }],
  'GET /api/metrics': [{ service: 'reader' }],
  'GET /api/events': ['token'],
  'GET /api/waivers': ['token'],
  'POST /api/waivers': [
    { project: 'admin' },
    {
      project: 'team',
      finding: 'CVE-2026-1',
      owner: 'us',
      reason: 'because',
      expires: '2126-01-01T00:00:00Z',
    },
  ],
  'DELETE /api/waivers/:id': [{ project: 'admin' }],
  'GET /api/running': ['token'],
  // A reporter may too.
  'PUT /api/running': [admin, { place: 'here', images: [] }],
  'GET /api/watched': [{ service: 'reader' }],
  'POST /api/watched': [{ service: 'maintainer' }, { image: 'r.example/a:1' }],
  'POST /api/watched/remove': [{ service: 'maintainer' }, { image: 'r.example/a:1' }],
  'GET /api/key': ['token'],
  'POST /api/key/rotate': [admin],
  'GET /.well-known/vex-repository.json': ['token'],
  'GET /api/vex/repository.tar.gz': ['token'],
  'GET /api/osv/all.zip': ['token'],
  'GET /api/osv/:id': ['token'],
  'GET /api/owners': ['token'],
  'GET /api/catalog-info.yaml': ['token'],
  'GET /api/images/:name/:digest/changes': [{ project: 'reader' }],
}

/** A database in which everything that is looked for is one thing of the project. */
function oneRow(row: object): unknown {
  const answers: Readonly<Record<string, () => unknown>> = {
    execute: async () => [row],
    executeTakeFirst: async () => row,
    executeTakeFirstOrThrow: async () => row,
  }
  const chain: unknown = new Proxy(() => undefined, {
    get: (_, name) => (name === 'then' ? undefined : (answers[String(name)] ?? chain)),
    apply: () => chain,
  })
  return chain
}

interface Asking {
  readonly who: string
  readonly token: string | undefined
  /** Undefined: nobody's. */
  readonly rank: { readonly team: number; readonly all: number; readonly works?: true } | undefined
}

async function everybody(data: string): Promise<{ asking: readonly Asking[]; tokens: TokenFile }> {
  const path = join(data, 'tokens.json')
  const now = new Date()
  const expired = createToken('old', [{ project: '*', role: 'admin' }], { now, expires: now })
  await writeFile(path, JSON.stringify({ tokens: [expired.record] }))
  // Kept in the file by hand: the service would forget it.
  const tokens = await TokenFile.open(path)
  const gone = await tokens.create('gone', [{ project: '*', role: 'admin' }], { now: new Date(0) })
  await tokens.revoke(gone.record.id)
  const made = async (who: string, project: string, role: GrantedRole) =>
    (await tokens.create(who, [{ project, role }], { now: new Date(0) })).token
  const rank = (role: Role) => roles.indexOf(role)
  const asking: Asking[] = [
    { who: 'nobody', token: undefined, rank: undefined },
    { who: 'somebody unknown', token: `temper_${'A'.repeat(43)}`, rank: undefined },
    { who: 'an expired admin', token: expired.token, rank: undefined },
    { who: 'a revoked admin', token: gone.token, rank: undefined },
    {
      who: 'the admin of another project',
      token: await made('a', 'tea', 'admin'),
      rank: { team: -1, all: -1 },
    },
  ]
  asking.push(
    { who: 'a worker', token: await made('w', '*', 'worker'), rank: { team: -1, all: -1, works: true } },
    { who: 'no worker', token: await made('v', 'team', 'worker'), rank: { team: -1, all: -1 } },
  )
  for (const role of roles) {
    const team = await made(role, 'team', role)
    asking.push({ who: `${role} of the project`, token: team, rank: { team: rank(role), all: -1 } })
    const all = await made(role, '*', role)
    asking.push({ who: `${role} of all`, token: all, rank: { team: rank(role), all: rank(role) } })
  }
  return { asking, tokens }
}

function mayAsk(needs: Needs, rank: Asking['rank']): boolean {
  if (needs === 'public') return true
  if (rank === undefined) return false
  if (needs === 'token') return true
  if (needs === 'worker') return rank.works === true
  return 'project' in needs
    ? rank.team >= roles.indexOf(needs.project)
    : rank.all >= roles.indexOf(needs.service)
}

async function startApp() {
  const data = await folderOf()
  const { asking, tokens } = await everybody(data)
  const storage = await Storage.open(join(data, 'registry'))
  const rules = rulesSchema.parse({})
  const audit = new AuditLog(join(data, 'audit.jsonl'))
  const now = () => new Date()
  const row = {
    id,
    image: 'team/app',
    name: 'team/app',
    project: 'team',
    state: 'running',
    digest,
    channel: 'candidate',
    tag: '1',
  }
  const pool = {
    claim: async () => undefined,
    heard: () => true,
    finish: () => true,
    workers: () => [],
  }
  const world: ApiWorld = {
    find: async (text) => tokens.find(text, now()),
    origin: () => 'http://temper.example',
    metrics: new Metrics(),
    replicators: [],
    tokens,
    storage,
    audit,
    rules,
    now,
    log: pino({ level: 'silent' }),
    housekeeper: new Housekeeper({
      storage,
      rules,
      now,
      audit: async () => undefined,
      failed: () => undefined,
    }),
    factory: {
      db: oneRow(row),
      now,
      jobs: {},
      workers: { pool },
      aside: {},
      log: pino({ level: 'silent' }),
    } as unknown as FactoryWorld,
  }
  return { app: createApp(world), asking }
}

describe('the addresses of the registry', () => {
  it('ask for these rights, and there are no others', async () => {
    const storage = await Storage.open(await folderOf())
    const options = { storage, blobLimit: 1, rules: rulesSchema.parse({}) }
    const registry = new Registry({
      ...options,
      authenticate: async () => undefined,
      audit: async () => undefined,
    })
    // Each is asked by everybody in rights.test.ts.
    const expected = {
      'GET manifest': 'pull',
      'PUT manifest': 'push',
      'DELETE manifest': 'delete',
      'GET blob': 'pull',
      'DELETE blob': 'delete',
      'GET referrers': 'pull',
      'GET tags': 'pull',
      'POST upload': 'push',
      'GET upload/x': 'push',
      'PATCH upload/x': 'push',
      'PUT upload/x': 'push',
      'DELETE upload/x': 'push',
    }
    const addresses = registry.addresses().map(({ kind, method, action }) => {
      const same = kind.startsWith('upload') ? kind : kind.replace('/x', '')
      return [`${method} ${same}`, action] as const
    })
    expect(Object.fromEntries(addresses)).toEqual(expected)
  })
})

describe('the addresses of the API', () => {
  it('are all in the table', async () => {
    const { app } = await startApp()
    const served = app.routes
      .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
      .map(({ method, path }) => `${method} ${path}`)
    expect([...new Set(served)].sort()).toEqual(Object.keys(table).sort())
  })

  it('are for those who may', async () => {
    const { app, asking } = await startApp()
    const wrong: string[] = []
    for (const [address, [needs, body]] of Object.entries(table)) {
      const [method = '', path = ''] = address.split(' ')
      const url = path.replace(':id', id).replace(':name', 'team%2Fapp').replace(':digest', digest)
      for (const { who, token, rank } of asking) {
        const answer = await app.request(url, {
          method,
          headers: {
            ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
            ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        await answer.body?.cancel()
        const refusal = rank === undefined ? 401 : 403
        const isRefused = [401, 403].includes(answer.status)
        const right = mayAsk(needs, rank) ? !isRefused : answer.status === refusal
        if (!right) wrong.push(`${address} by ${who}: ${answer.status}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('say which methods they have to whoever uses another', async () => {
    const { app, asking } = await startApp()
    const token = asking.find(({ who }) => who === 'admin of all')?.token
    const headers = { Authorization: `Bearer ${token}` }
    const paths = Map.groupBy(Object.keys(table), (address) => address.split(' ')[1] ?? '')
    for (const [path, addresses] of paths) {
      const url = path.replace(':id', id).replace(':name', 'team%2Fapp').replace(':digest', digest)
      const own = addresses.map((address) => address.split(' ')[0] ?? '')
      const allow = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
        (method) => own.includes(method === 'HEAD' ? 'GET' : method) || method === 'OPTIONS',
      )
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
        if (allow.includes(method)) continue
        const answer = await app.request(url, { method, headers })
        const told = [method, url, answer.status, answer.headers.get('allow')]
        expect(told).toEqual([method, url, 405, allow.join(', ')])
        expect(answer.headers.get('content-type')).toBe('application/problem+json')
        if (method === 'HEAD') continue
        expect(await answer.json()).toMatchObject({
          status: 405,
          detail: expect.stringContaining(`expected ${allow.join(', ')}, found ${method}`),
        })
      }
      const options = await app.request(url, { method: 'OPTIONS', headers })
      expect([url, options.status, options.headers.get('allow')]).toEqual([url, 204, allow.join(', ')])
    }
    for (const method of ['GET', 'DELETE', 'OPTIONS'])
      expect((await app.request('/api/nothing', { method, headers })).status).toBe(404)
  })
})

import { readdir } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createNodeFetch } from '../../../temper/src/base/http/node-fetch.ts'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { parseWorkerSettings, work } from '../../src/index.ts'
import { parseReference, trustedStatements } from '../../src/temper.ts'
import { ArchiveFolder } from './archive.ts'
import { OwnFactory } from './own-factory.ts'
import { programAround, realProgram } from './real-program.ts'
import type { ListedBuild } from './service.ts'

/* Builds that run elsewhere, with whoever has a worker's token, and what they can say of themselves. */

const hostileProgram = programAround(new URL('./hostile-program.ts', import.meta.url))

let factory: OwnFactory
let archive: ArchiveFolder
let token = ''
const stopping = new AbortController()
const running: Promise<void>[] = []

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1' })
  await factory.start({}, { factory: { buildOn: 'workers', program: ['false'] } })
  const grants = [{ project: '*', role: 'worker' }]
  token = (await factory.post<{ token: string }>('/api/tokens', { name: 'machine', grants })).token
})
afterAll(async () => {
  stopping.abort()
  await Promise.allSettled(running)
  await factory.remove()
})

let working = new AbortController()
/** One at a time. */
afterEach(() => {
  working.abort()
})

function join(name: string, program: readonly string[], isolation = 'where-possible'): void {
  working = new AbortController()
  const { PATH = '' } = process.env
  const settings = parseWorkerSettings({
    server: factory.url,
    token,
    name,
    program,
    isolation,
    data: factory.path(name),
    environment: { PATH, HOME: factory.folder },
  })
  const signal = AbortSignal.any([working.signal, stopping.signal])
  const context = sampleContext(factory.path(name), { fetch: createNodeFetch(), offline: false, signal })
  running.push(work(settings, { ...context, now: () => new Date() }))
}

async function order(name: string): Promise<string> {
  const { build } = await factory.post<{ build: string }>('/api/recipes', {
    name,
    recipe: archive.recipe(name, ['gadget']),
    files: archive.files,
  })
  return build
}

const step = ({ steps }: ListedBuild, name: string) => steps.find((each) => each.name === name)

describe('a worker', () => {
  it('is let in by its own kind of token, to nothing else', async () => {
    for (const path of ['/api/builds', '/v2/', '/api/images'])
      expect((await factory.ask(path, undefined, token)).status).toBeLessThan(500)
    expect(await (await factory.ask('/api/images', undefined, token)).json()).toEqual([])
    expect((await factory.ask('/v2/shop/manifests/1', undefined, token)).status).toBe(403)
    expect((await factory.ask('/api/recipes', { name: 'x', recipe: 'contents: {}' }, token)).status).toBe(403)
    expect((await factory.ask('/api/worker/claim', { worker: 'me', name: 'me' })).status).toBe(403)
  })

  it('builds what waits for it, and signs nothing', async () => {
    const build = await order('shop')
    join('honest', realProgram)
    const built = await factory.built(build)
    expect([built.error, built.state]).toEqual([null, 'published'])
    const { evidence } = await factory.get<{ evidence: readonly { type: string; verified: boolean }[] }>(
      `/api/images/shop/${built.digest}`,
    )
    const signed = evidence.filter(({ verified }) => verified).map(({ type }) => type)
    expect(signed).toEqual(
      expect.arrayContaining([
        'https://spdx.dev/Document',
        'https://slsa.dev/provenance/v1',
        'urn:temper:release:v1',
      ]),
    )
    expect(await factory.get('/api/workers')).toMatchObject([{ name: 'machine/honest', task: null }])
    // What it worked with is thrown away, and so is the place that it pushed to.
    expect((await readdir(factory.path('honest'))).filter((each) => each.startsWith('task-'))).toEqual([])
    expect(await factory.get('/v2/_catalog')).toEqual({ repositories: ['shop'] })
  })

  it('that lies about what it built forges nothing', async () => {
    join('liar', hostileProgram)
    const built = await factory.built(await order('stall'))
    expect([built.error, built.state]).toEqual([null, 'published'])
    const reference = parseReference(`${factory.host}/stall@${built.digest}`)
    const context = sampleContext(factory.folder, {
      fetch: createNodeFetch(),
      offline: false,
      insecureRegistries: [factory.host],
      credentials: async () => ({ kind: 'password', username: 'me', password: factory.token }),
    })
    const keys = [factory.path('data/keys/factory.pub')]
    const told = async (type: string) =>
      (await trustedStatements({ reference, type, keys }, context)).map(({ predicate }) => predicate)
    const provenance = await told('slsaprovenance1')
    expect(provenance).toHaveLength(1)
    expect(JSON.stringify(provenance)).toContain(`urn:temper:factory:${factory.host}`)
    expect(JSON.stringify(provenance)).not.toContain('forged')
    expect(await told('openvex')).toEqual([])
    const hidden = await factory.built(await order('hider'))
    expect(hidden.state).toBe('refused')
    expect(step(hidden, 'sign')?.note).toContain('leaves out gadget 1.0-1')
  })

  it('that builds from an earlier lock is found out', async () => {
    // Whoever keeps something from one build to another has no sandbox.
    join('swapper', hostileProgram, 'none')
    const earlier = await factory.built(await order('swapper'))
    expect([earlier.error, earlier.state]).toEqual([null, 'published'])
    await archive.offer({ gadget: '1.0-2' })
    const { id } = await factory.post<{ id: string }>(`/api/builds/${earlier.id}/retry`)
    const later = await factory.built(id)
    expect([later.state, later.error]).toEqual([
      'refused',
      'The worker returned a different image than the lock says: it has gadget 1.0-1, and the lock 1.0-2',
    ])
  })

  it('that nobody waits for any more is told so', async () => {
    const task = '00000000-0000-4000-8000-000000000000'
    const log = await factory.ask(`/api/worker/tasks/${task}/log`, { worker: 'me', lines: [] }, token)
    expect(await log.json()).toEqual({ wanted: false })
    const result = { worker: 'me', code: 0, text: '{}', lock: null }
    expect((await factory.ask(`/api/worker/tasks/${task}/result`, result, token)).status).toBe(409)
  })
})

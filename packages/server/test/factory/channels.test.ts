import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ArchiveFolder } from './archive.ts'
import { OwnFactory } from './own-factory.ts'
import type { ListedBuild } from './service.ts'

/* Which image is stable, and who says so. */

let factory: OwnFactory
let archive: ArchiveFolder

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1' })
  await factory.start()
})
afterAll(() => factory.remove())

async function build(more: string, tags = '["1"]'): Promise<ListedBuild> {
  const recipe = archive.recipe('shop', ['gadget'], more).replace('tags: ["1"]', `tags: ${tags}`)
  const { build: id } = await factory.post<{ build: string }>('/api/recipes', {
    name: 'shop',
    recipe,
    files: archive.files,
  })
  return await factory.built(id)
}

const decide = (digest: string, action: string, value: object = {}) =>
  factory.ask(`/api/images/shop/${digest}/${action}`, value)
const waiting = async () => (await factory.image('shop'))?.waiting
const pulled = async (tag: string) =>
  (await factory.ask(`/v2/shop/manifests/${tag}`)).headers.get('docker-content-digest')

const whole = 'environment: {COLOUR: red}\nports: [8080]\n'

describe('a new image', () => {
  let [first, second, only] = ['', '', '']

  it('that takes nothing away is stable at once', async () => {
    first = (await build(whole)).digest ?? ''
    expect([await factory.digestOf('shop', '1'), await waiting()]).toEqual([first, null])
    const { interfaces } = await factory.get<{ interfaces: readonly object[] }>(`/api/images/shop/${first}`)
    expect(interfaces).toMatchObject([
      { platform: 'linux/amd64', user: '65532', ports: ['8080/tcp'], environment: { COLOUR: 'red' } },
    ])
  })

  it('that takes something away is a candidate until somebody says so', async () => {
    const { digest, state, steps } = await build('ports: [9090]\n')
    second = digest ?? ''
    expect(state).toBe('published')
    const why = 'port 8080/tcp is gone; COLOUR is gone'.replace('COLOUR', 'environment COLOUR')
    expect(steps.at(-1)?.note).toBe(`a candidate, until somebody promotes it: ${why}`)
    expect([await pulled('1'), await pulled('1-candidate'), await waiting()]).toEqual([
      ...[first, second, `it takes away: ${why}`],
    ])
    expect(await (await factory.ask('/')).text()).toContain('Waiting for a person')
    expect((await decide(first, 'promote')).status).toBe(409)
    expect((await decide(`sha256:${'0'.repeat(64)}`, 'promote')).status).toBe(404)
    const decided = await decide(second, 'promote', { reason: 'all of ours use 9090' })
    expect(await decided.json()).toMatchObject({ by: 'admin', moved: [{ tag: '1', to: second }] })
    expect([await pulled('1'), await waiting()]).toEqual([second, null])
  })

  it('is seen where it runs, and whether that is behind', async () => {
    const images = [
      { image: 'shop:1', digest: first, count: 3 },
      { image: 'shop:1', digest: second, count: 1 },
      { image: 'other:1', digest: null, count: 1 },
    ]
    const report = { place: 'cluster', images }
    expect((await factory.ask('/api/running', report, factory.token, 'PUT')).status).toBe(204)
    expect(await factory.get('/api/running')).toMatchObject([
      { image: 'other:1', digest: null, name: null, state: 'unknown' },
      ...[
        { digest: first, name: 'shop', state: 'behind' },
        { digest: second, name: 'shop', state: 'current' },
      ].sort((a, b) => (a.digest < b.digest ? -1 : 1)),
    ])
    expect(await factory.get(`/api/images/shop/${first}`)).toMatchObject({
      running: [{ place: 'cluster', count: 3 }],
    })
  })

  it('that is taken back leaves its tags to the last good one, and does not come again', async () => {
    expect((await decide(second, 'withdraw')).status).toBe(400)
    const decided = await decide(second, 'withdraw', { reason: 'it loses orders' })
    expect(await decided.json()).toMatchObject({
      moved: [
        { tag: '1', to: first },
        { tag: '1-candidate', to: first },
      ],
    })
    expect([await pulled('1'), await pulled('1-candidate')]).toEqual([first, first])
    expect(await factory.get(`/api/images/shop/${second}`)).toMatchObject({
      withdrawn: { by: 'admin', reason: 'it loses orders' },
    })
    expect((await decide(second, 'withdraw', { reason: 'again' })).status).toBe(409)
    const [event] = await factory.get<readonly { kind: string; text: string }[]>('/api/events')
    expect(event).toMatchObject({
      kind: 'withdrawn',
      text: 'withdrawn by admin: it loses orders; it runs at cluster',
    })
    // Whoever starts it later is told too, and once.
    const later = { place: 'laptop', images: [{ image: 'shop:1', digest: second, count: 2 }] }
    for (const _ of [1, 2])
      expect((await factory.ask('/api/running', later, factory.token, 'PUT')).status).toBe(204)
    const told = await factory.get<readonly { kind: string; text: string }[]>('/api/events')
    expect(told.map(({ text }) => text).filter((text) => text.includes('laptop'))).toEqual([
      'it runs at laptop although it was withdrawn: it loses orders',
    ])
    const { id } = await factory.post<{ id: string }>(
      `/api/builds/${(await factory.builds('shop'))[0]?.id}/retry`,
    )
    expect(await factory.built(id)).toMatchObject({
      state: 'refused',
      error: 'The image was withdrawn: it loses orders',
    })
  })

  it('with tags of its own begins a version line', async () => {
    const { digest } = await build('ports: [9091]\n', '["2"]')
    expect([await pulled('1'), await pulled('2')]).toEqual([first, digest])
  })

  it('that was the only one is taken back, and its tags with it', async () => {
    const { digest } = await build('ports: [9092]\n', '["3"]')
    only = digest ?? ''
    expect((await decide(only, 'withdraw', { reason: 'nobody asked for it' })).status).toBe(200)
    expect(await pulled('3')).toBeNull()
  })

  it('is known again, with what was decided, when the database is lost', async () => {
    const told = async () => [
      await factory.image('shop'),
      // What runs where is told again by whoever told it.
      { ...(await factory.get<object>(`/api/images/shop/${first}`)), running: [] },
      { ...(await factory.get<object>(`/api/images/shop/${second}`)), running: [] },
      await factory.get<object>(`/api/images/shop/${only}`),
    ]
    const before = await told()
    await factory.stop()
    await rm(factory.path('data/database'), { recursive: true })
    await factory.start()
    expect(await told()).toEqual(before)
  })

  it('on a tag that stays by a rule is not taken back, and nothing moves', async () => {
    await factory.stop()
    await factory.start({ rules: { immutable: [{ project: 'shop', tags: ['1'] }] } })
    const refused = await decide(first, 'withdraw', { reason: 'it is bad' })
    expect([refused.status, JSON.stringify(await refused.json())]).toEqual([
      409,
      expect.stringContaining('stays where it is by a rule'),
    ])
    expect(await pulled('1')).toBe(first)
    expect(await factory.get(`/api/images/shop/${first}`)).toMatchObject({ withdrawn: null })
  })
})

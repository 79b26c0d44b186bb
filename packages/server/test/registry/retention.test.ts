import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { planRetention } from '../../src/registry/retention/plan.ts'
import { rulesSchema } from '../../src/registry/rules/rules.ts'
import { Storage } from '../../src/registry/storage/storage.ts'
import {
  digestOf,
  imageOf,
  indexType,
  manifestType,
  pushImage,
  putManifest,
  sha256,
  tagsOf,
} from '../push.ts'
import { ask, startServer, type TestServer } from '../server.ts'

type Rules = z.input<typeof rulesSchema>
const day = 24 * 3600 * 1000
const own = (server: TestServer, kind: string) => join(server.data, 'registry/repositories/team/app', kind)

/** Makes something that was pushed so many days old. */
async function age(server: TestServer, kind: string, name: string, days: number): Promise<void> {
  const time = new Date(Date.now() - days * day)
  await utimes(join(own(server, kind), name.replace(':', '/')), time, time)
}

/** Images 1.0 to 1.4, of which 1.4 is the newest; each a day younger than the one before, and none of them pulled. */
async function startWithTags(rules: Rules): Promise<{ server: TestServer; digests: readonly string[] }> {
  const server = await startServer({ rules })
  const digests: string[] = []
  for (const minor of [0, 1, 2, 3, 4]) {
    digests.push((await pushImage(server, `1.${minor}`, { layer: `layer ${minor}` })).digest)
    await age(server, '_tags', `1.${minor}`, 10 - minor)
  }
  return { server, digests }
}

interface Plan {
  readonly removed: readonly { readonly tag: string | null; readonly digest: string; readonly why: string }[]
  readonly kept: readonly { readonly tag: string; readonly why: string }[]
}
const asked = async (server: TestServer, method: string) =>
  (await (await ask(server, '/api/retention', { method })).json()) as Plan
const planned = async (server: TestServer, running: readonly string[] = [], rules: Rules = {}) => {
  const storage = await Storage.open(join(server.data, 'registry'))
  const options = { now: new Date(), rules: rulesSchema.parse(rules), running: new Set(running) }
  return planRetention(storage, options)
}
const newest = (keepNewest: number, more: object = {}): Rules => ({
  retention: [{ project: 'team', keepNewest, ...more }],
})

describe('retention', () => {
  it('tells first what it would remove, and then removes that', async () => {
    const { server } = await startWithTags(newest(2))
    const plan = await asked(server, 'GET')
    expect(plan.removed.map(({ tag }) => tag).sort()).toEqual(['1.0', '1.1', '1.2'])
    expect(plan.kept).toMatchObject([
      { tag: '1.4', why: 'it is one of the newest 2' },
      { tag: '1.3', why: 'it is one of the newest 2' },
    ])
    expect(await tagsOf(server)).toHaveLength(5)
    expect((await asked(server, 'POST')).removed).toEqual(plan.removed)
    expect(await tagsOf(server)).toEqual(['1.3', '1.4'])
    expect((await asked(server, 'POST')).removed).toEqual([])
  })

  it.each<[string, Rules, readonly string[]]>([
    ['nothing without rules', {}, []],
    ['nothing of other projects', { retention: [{ project: 'tea', keepNewest: 1 }] }, []],
    ['what is older than asked', { retention: [{ project: '*', keepFor: '8d' }] }, ['1.0', '1.1', '1.2']],
    ['only tags that the rule is about', newest(1, { tags: ['1.0', '1.1'] }), ['1.0']],
    [
      'no immutable tag',
      { ...newest(1), immutable: [{ project: '*', tags: ['1.2'] }] },
      ['1.0', '1.1', '1.3'],
    ],
    ['no supported line', newest(1, { lines: [{ line: '1.1' }] }), ['1.0', '1.2', '1.3']],
    [
      'a line whose day has passed',
      newest(1, { lines: [{ line: '1', until: '2020-01-01' }] }),
      ['1.0', '1.1', '1.2', '1.3'],
    ],
    ['no line until its day', newest(1, { lines: [{ line: '1', until: '2999-01-01' }] }), []],
    [
      'what no rule keeps',
      {
        retention: [
          { project: '*', keepFor: '8d' },
          { project: 'team', keepNewest: 3 },
        ],
      },
      ['1.0', '1.1'],
    ],
  ])('removes %s', async (_, rules, expected) => {
    const { server } = await startWithTags({})
    const { removed } = await planned(server, [], rules)
    expect(removed.map(({ tag }) => tag).sort()).toEqual(expected)
  })

  it('keeps what runs, what was pulled, and an index of which a part is', async () => {
    const { server, digests } = await startWithTags({})
    const index = {
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [{ mediaType: manifestType, digest: digests[1], size: 1 }],
    }
    await putManifest(server, 'index', { body: index })
    await age(server, '_tags', 'index', 9)
    await ask(server, '/v2/team/app/manifests/1.2')
    await ask(server, '/v2/team/app/manifests/1.3', { method: 'HEAD' })
    let pulled: readonly string[] = []
    while (pulled.length === 0) pulled = await readdir(own(server, '_pulled/sha256')).catch(() => [])
    const { removed, kept } = await planned(server, [digests[1] ?? ''], newest(1))
    expect(removed.map(({ tag }) => tag).sort()).toEqual(['1.0', '1.3'])
    expect(Object.fromEntries(kept.map(({ tag, why }) => [tag, why]))).toMatchObject({
      index: 'it runs',
      '1.1': 'it runs',
      '1.2': expect.stringContaining('pulled'),
    })
  })

  it('removes manifests that nothing leads to, but what a tag was on before', async () => {
    const rules = { retention: [{ project: '*', untaggedAfter: '2d' }], keepPulled: '0s' }
    const server = await startServer({ rules })
    const images = []
    for (const layer of ['a', 'b', 'c']) images.push((await pushImage(server, 'latest', { layer })).digest)
    const attached = imageOf('c', { subject: { mediaType: manifestType, digest: images[2], size: 1 } })
    const lost = imageOf('a', { subject: { mediaType: manifestType, digest: images[0], size: 1 } })
    for (const body of [attached, lost]) await putManifest(server, sha256(JSON.stringify(body)), { body })
    const all = await readdir(own(server, '_manifests/sha256'))
    expect(all).toHaveLength(5)
    expect((await asked(server, 'POST')).removed).toEqual([])
    for (const hex of all) await age(server, '_manifests', `sha256:${hex}`, 3)
    for (const kind of await readdir(own(server, '_referrers/sha256')))
      for (const name of await readdir(own(server, `_referrers/sha256/${kind}`)))
        await age(server, `_referrers/sha256/${kind}`, name, 3)
    const { removed } = await asked(server, 'POST')
    expect(removed.map(({ digest }) => digest).sort()).toEqual(
      [images[0], sha256(JSON.stringify(lost))].sort(),
    )
    expect(await digestOf(server, 'latest')).toBe(images[2])
    expect((await ask(server, `/v2/team/app/manifests/${images[1]}`)).status).toBe(200)
    expect((await ask(server, `/v2/team/app/manifests/${images[0]}`)).status).toBe(404)
    const listed = await (await ask(server, `/v2/team/app/referrers/${images[0]}`)).json()
    expect(listed).toMatchObject({ manifests: [] })
  })

  it('leaves a tag that was set again after it was planned', async () => {
    const { server } = await startWithTags({})
    const storage = await Storage.open(join(server.data, 'registry'))
    const plan = await planned(server, [], newest(1))
    const [first] = plan.removed.filter(({ tag }) => tag === '1.0')
    expect(first).toBeDefined()
    await new Promise((resolve) => setTimeout(resolve, 20))
    await pushImage(server, '1.0', { layer: 'layer 0' })
    const repository = storage.repository('team/app')
    if (first !== undefined) expect(await repository.removeTagOlder('1.0', first)).toBe(false)
    expect(await tagsOf(server)).toContain('1.0')
  })
})

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve } from '../../src/server.ts'
import { settingsSchema } from '../../src/settings.ts'
import { addToken } from '../server.ts'
import { ArchiveFolder, advisoryOf } from './archive.ts'
import { OwnFactory } from './own-factory.ts'

/* Recipes of a folder, images in another registry, a policy of one's own, and feeds that cannot be read. */

let factory: OwnFactory
let archive: ArchiveFolder
let elsewhere: { readonly host: string; readonly token: string; close(): Promise<void> }

const policy = `name: team
other-rules: off
own-rules:
  - id: quiet
    title: nothing listens at port 666
    broken-when: '"666/tcp" in image.ports'
    fix: choose another port
`

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1', widget: '2.0-1' })
  elsewhere = await registryElsewhere()
  await mkdir(factory.path('recipes/app'), { recursive: true })
  await writeFile(factory.path('recipes/key.asc'), archive.files['key.asc'] ?? '')
  await writeFile(factory.path('recipes/base.yaml'), archive.recipe('base', ['gadget']))
  await writeFile(factory.path('recipes/app/recipe.yaml'), app('widget'))
  await writeFile(factory.path('policy.yaml'), policy)
  await factory.start(
    { policy: factory.path('policy.yaml'), knownAs: 'images.example' },
    {
      factory: {
        recipes: factory.path('recipes'),
        registry: `http://${elsewhere.host}/team`,
        foreignRegistries: [elsewhere.host],
      },
      context: {
        credentials: async (host) =>
          host === elsewhere.host
            ? { kind: 'password', username: 'factory', password: elsewhere.token }
            : undefined,
      },
    },
  )
})
afterAll(async () => {
  // It pushes to the registry, whose folder lies in its own.
  await factory.stop()
  await elsewhere.close()
  await factory.remove()
})

const app = (name: string) => `extends: ../base.yaml\nname: app\ncontents:\n  packages: [${name}]\n`

async function registryElsewhere() {
  const data = factory.path('elsewhere')
  const token = await addToken(data, 'factory', [{ project: 'team', role: 'developer' }])
  const server = await serve(settingsSchema.parse({ port: 0, data }))
  return { ...server, host: new URL(server.url).host, token }
}

async function tagsElsewhere(name: string): Promise<readonly string[]> {
  const answer = await fetch(`http://${elsewhere.host}/v2/team/${name}/tags/list`, {
    headers: { Authorization: `Bearer ${elsewhere.token}` },
  })
  return ((await answer.json()) as { tags?: string[] }).tags ?? []
}

describe('an image of another registry', () => {
  it('is watched as the factory’s own are', async () => {
    const image = `${elsewhere.host}/team/base:1`
    await factory.until(async () => ((await tagsElsewhere('base')).includes('1') ? true : undefined), 'a tag')
    expect(await factory.post('/api/watched', { image })).toMatchObject({ image, digest: null })
    const seen = await factory.until(async () => {
      const [one] =
        await factory.get<readonly { checked: string | null; digest: string; error: string | null }[]>(
          '/api/watched',
        )
      return one?.checked === null ? undefined : one
    }, 'a look')
    expect(seen).toMatchObject({
      error: null,
      digest: await factory.digestOf('base', '1'),
      vulnerabilities: {},
    })
    await factory.post('/api/watched/remove', { image }).catch(() => undefined)
    expect(await factory.get('/api/watched')).toEqual([])
  })
})

describe('a factory over a folder of recipes', () => {
  it('builds what lies there, what others extend first, and publishes it to another registry', async () => {
    const base = await factory.builtFor('base', /^built because its recipe was added$/)
    const built = await factory.builtFor('app', /it extends base/)
    expect([base, built]).toMatchObject([
      { error: null, state: 'published' },
      { error: null, state: 'published' },
    ])
    expect(await factory.builds('app')).toHaveLength(1)
    expect(await tagsElsewhere('app')).toEqual(['1', '1-candidate'])
    const { evidence } = await factory.get<{ evidence: readonly { type: string; verified: boolean }[] }>(
      `/api/images/app/${built.digest}`,
    )
    const signed = evidence.filter(({ verified }) => verified).map(({ type }) => type)
    expect(signed).toContain('https://slsa.dev/provenance/v1')
  })

  it('follows a base through to what stands on it, and sees files beside recipes', async () => {
    await writeFile(
      factory.path('recipes/base.yaml'),
      archive.recipe('base', ['gadget'], 'environment: {COLOUR: red}\n'),
    )
    expect(await factory.builtFor('base', /its recipe has changed/)).toMatchObject({ state: 'published' })
    await factory.until(async () => ((await factory.builds('app')).length === 2 ? true : undefined), 'app')
    const [app2] = await factory.builds('app')
    expect(await factory.built(app2?.id ?? '')).toMatchObject({
      state: 'published',
      reason: 'rebuilt because it extends base, whose recipe has changed',
    })
    await writeFile(factory.path('recipes/app/notes.txt'), 'nothing that the image has')
    expect(await factory.builtFor('app', /a file beside its recipe/)).toMatchObject({ state: 'unchanged' })
  })

  it('does not publish what the policy refuses, and says which rule', async () => {
    const before = await factory.digestOf('base', '1')
    await writeFile(factory.path('recipes/loud.yaml'), archive.recipe('loud', ['gadget'], loud))
    const refused = await factory.builtFor('loud', /added/)
    expect(refused.state).toBe('refused')
    expect(refused.error).toContain('quiet')
    expect(await tagsElsewhere('loud')).toEqual([])
    expect(await factory.digestOf('base', '1')).toBe(before)
    await rm(factory.path('recipes/loud.yaml'))
  })

  it('builds on with feeds that cannot be read, tells of them before all else, and says what is late and why', async () => {
    await writeFile(
      factory.path('feeds/one.json'),
      JSON.stringify({ ...advisoryOf('CVE-2026-1', 'gadget', '9.0-1'), published: '2026-01-01T00:00:00Z' }),
    )
    await writeFile(factory.path('feeds/broken.zip'), 'PK, and no more')
    const feeds = await factory.until(async () => {
      const now = await factory.get<{ feeds: readonly { id: string; error: string | null }[] }>('/api/feeds')
      return now.feeds.length > 1 ? now.feeds : undefined
    }, 'feeds')
    expect(feeds).toMatchObject([
      { id: 'file broken.zip', error: expect.stringContaining('zip') },
      { error: null },
    ])
    const page = await (await factory.ask('/')).text()
    expect(page.indexOf('Feeds that cannot be read')).toBeGreaterThan(0)
    expect(page.indexOf('Feeds that cannot be read')).toBeLessThan(page.indexOf('Builds'))
    const open =
      await factory.get<readonly { finding: string; image: string; late: boolean; why: string }[]>('/api/sla')
    expect(open).toMatchObject([
      { finding: 'CVE-2026-1', image: 'app', late: true, why: 'the fix is not in the archive yet' },
      { finding: 'CVE-2026-1', image: 'base', late: true, why: 'the fix is not in the archive yet' },
    ])
    const waiver = { project: 'app', finding: 'CVE-2026-1', owner: 'us', reason: 'nobody reaches it' }
    await factory.post('/api/waivers', { ...waiver, expires: new Date(Date.now() + 60_000).toISOString() })
    expect(await factory.get('/api/sla')).toMatchObject([
      { image: 'app', late: false, waiver: { owner: 'us' } },
      { image: 'base', late: true, waiver: null },
    ])
    const events = await factory.get<readonly { kind: string; text: string }[]>('/api/events')
    expect(events.filter(({ kind }) => kind === 'feed')).toMatchObject([
      { text: expect.stringContaining('broken.zip') },
    ])
    expect(events.filter(({ kind }) => kind === 'late')).toHaveLength(2)
    // Broken off in the middle, it says what it said before.
    await writeFile(factory.path('feeds/one.json'), '{"schema_version":"1.6.0","id":"CVE-20')
    await factory.work('/api/feeds/update')
    expect((await factory.image('base'))?.vulnerabilities).toEqual({ high: 1 })
    await writeFile(
      factory.path('recipes/base.yaml'),
      archive.recipe('base', ['gadget'], 'environment: {COLOUR: blue}\n'),
    )
    await factory.until(async () => ((await factory.builds('base')).length === 3 ? true : undefined), 'base')
    const [last] = await factory.builds('base')
    expect(await factory.built(last?.id ?? '')).toMatchObject({ error: null, state: 'published' })
  })
})

const loud = 'ports: [666]\n'

import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ArchiveFolder, advisoryOf } from './archive.ts'
import { OwnFactory } from './own-factory.ts'

/* What time alone does: candidates become stable, findings late, waivers end, images are built anew, and who stopped looking is told of. */

const hour = 3600_000
const day = 24 * hour
const start = Date.now()

let factory: OwnFactory
let archive: ArchiveFolder
/** Milliseconds that the service believes to have passed beside those that have. */
let passed = 0
let image = ''

interface Open {
  readonly late: boolean
  readonly why: string
  readonly waiver: { readonly owner: string } | null
}

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1' })
  await factory.start(
    {},
    {
      // Nothing looks by itself while a test moves the clock.
      factory: { promotion: { after: 12 }, archivesEvery: 24 * 3600 },
      context: { now: () => new Date(Date.now() + passed) },
    },
  )
  const { build } = await factory.post<{ build: string }>('/api/recipes', {
    name: 'shop',
    recipe: archive.recipe('shop', ['gadget']),
    files: archive.files,
  })
  image = (await factory.built(build)).digest ?? ''
})
afterAll(() => factory.remove())

const look = () => factory.work('/api/watch/run')
const page = async () => (await factory.ask('/')).text()
const open = async () => (await factory.get<readonly Open[]>('/api/sla'))[0]
const eventsOf = async (kind: string) =>
  (await factory.get<readonly { kind: string; text: string }[]>('/api/events'))
    .filter((event) => event.kind === kind)
    .map(({ text }) => text)
const metric = async (name: string) =>
  (await (await factory.ask('/metrics')).text())
    .split('\n')
    .find((line) => line.startsWith(`${name} `))
    ?.split(' ')[1]
const waive = (owner: string, until: number) =>
  factory.post('/api/waivers', {
    project: 'shop',
    finding: 'CVE-2026-1',
    owner,
    reason: 'nobody reaches it',
    expires: new Date(start + until).toISOString(),
  })

describe('a candidate', () => {
  it('becomes stable by rule when it has been one for so many hours, and not before', async () => {
    passed = 11 * hour
    await look()
    expect(await factory.digestOf('shop', '1')).toBeUndefined()
    expect(await factory.digestOf('shop', '1-candidate')).toBe(image)
    passed = 12 * hour + 60_000
    await look()
    expect(await factory.digestOf('shop', '1')).toBe(image)
    expect(await eventsOf('promoted')).toEqual(['promoted by rule: it was a candidate for 12 hours'])
  })
})

describe('a finding', () => {
  const unrepaired = 'the fix is not in the archive yet'

  it('is not late while somebody answers for it, and says so loudly when that has ended', async () => {
    await writeFile(
      factory.path('feeds/one.json'),
      JSON.stringify({
        ...advisoryOf('CVE-2026-1', 'gadget', '9.0-1'),
        published: new Date(start).toISOString(),
        modified: new Date(start).toISOString(),
      }),
    )
    await factory.work('/api/feeds/update')
    expect(await open()).toMatchObject({ late: false, why: unrepaired, waiver: null })
    const clock = await factory.get<{ images: readonly { clock: object }[] }>('/api/advisories/CVE-2026-1')
    await waive('the shop', 10 * day)
    passed = 8 * day
    await look()
    expect(await open()).toMatchObject({ late: false, waiver: { owner: 'the shop' } })
    expect(await page()).not.toContain('<h2>Late')
    expect([await eventsOf('late'), await metric('temper_findings_late')]).toEqual([[], '0'])
    // It runs on all the while.
    expect(await factory.get('/api/advisories/CVE-2026-1')).toEqual(clock)
    passed = 10 * day + 60_000
    await look()
    const why = `the waiver of the shop has ended; ${unrepaired}`
    expect(await open()).toMatchObject({ late: true, why, waiver: null })
    expect(await page()).toContain(why)
    expect(await eventsOf('late')).toEqual([`late: CVE-2026-1 in gadget, high: ${why}`])
    expect(await metric('temper_findings_late')).toBe('1')
  })

  it('is told of once, and again when a waiver that came later has ended', async () => {
    await look()
    expect(await eventsOf('late')).toHaveLength(1)
    await waive('the stall', 12 * day)
    await look()
    expect(await open()).toMatchObject({ late: false, waiver: { owner: 'the stall' } })
    passed = 12 * day + 60_000
    await look()
    await look()
    expect((await eventsOf('late')).map((text) => text.split(': ').at(-1))).toEqual([
      `the waiver of the stall has ended; ${unrepaired}`,
      `the waiver of the shop has ended; ${unrepaired}`,
    ])
  })
})

describe('an image', () => {
  it('is built anew when a week has passed, which says why and moves nothing that stays the same', async () => {
    const before = (await factory.builds('shop')).length
    await factory.world.jobs.add('calendar')
    const built = await factory.builtFor('shop', /because a week has passed since the last build/)
    expect(built).toMatchObject({ error: null, state: 'unchanged', digest: image })
    passed += 6 * day
    await factory.world.jobs.add('calendar')
    await factory.until(async () => {
      const { looks } = await factory.get<{ looks: readonly { name: string; done: string | null }[] }>(
        '/api/feeds',
      )
      const done = Date.parse(looks.find(({ name }) => name === 'calendar')?.done ?? '')
      return done > start + 18 * day ? true : undefined
    }, 'the calendar')
    expect(await factory.builds('shop')).toHaveLength(before + 1)
    // Newer packages come in though nothing was wrong.
    await archive.offer({ gadget: '1.0-2' })
    passed += 2 * day
    await factory.world.jobs.add('calendar')
    await factory.until(
      async () => ((await factory.builds('shop')).length === before + 2 ? true : undefined),
      'a build',
    )
    const [newest] = await factory.builds('shop')
    expect(await factory.built(newest?.id ?? '')).toMatchObject({
      error: null,
      state: 'published',
      reason: 'rebuilt because a week has passed since the last build',
    })
  })
})

describe('a watcher that has stopped, and feeds that are old', () => {
  it('are the first thing on the page, and are in what is measured', async () => {
    await look()
    const ready = async () => await (await fetch(`${factory.url}/readyz`)).json()
    expect(await ready()).not.toHaveProperty('stopped')
    expect(await metric('temper_look_stopped{look="watch"}')).toBe('0')
    passed += 40 * 60_000
    const text = await page()
    const sections = [...text.matchAll(/<h2>([^<(]*)/g)].map(([, title = '']) => title.trim())
    expect(sections.slice(0, 2)).toEqual(['Not running', 'Feeds that are old'])
    expect(text).toContain('<strong>watch</strong> last succeeded: ')
    expect(await ready()).toMatchObject({
      status: 'ready',
      stopped: ['watch'],
      oldFeeds: [expect.any(String)],
    })
    expect(await metric('temper_look_stopped{look="watch"}')).toBe('1')
    expect(await (await factory.ask('/metrics')).text()).toMatch(/^temper_feed_old\{feed="[^"]+"\} 1$/m)
    await look()
    expect(await ready()).not.toHaveProperty('stopped')
    expect(await page()).not.toContain('Not running')
  })
})

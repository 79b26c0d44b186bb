import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ArchiveFolder } from './archive.ts'
import { OwnFactory } from './own-factory.ts'

/* Recipes that extend others, over two levels: top extends mid, which extends base. */

let factory: OwnFactory
let archive: ArchiveFolder
let passed = 0
const all = ['base', 'mid', 'top'] as const

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1', widget: '2.0-1', spring: '3.0-1' })
  await factory.start({}, { context: { now: () => new Date(Date.now() + passed) } })
})
afterAll(() => factory.remove())

async function send(name: string, recipe: string): Promise<string> {
  const { build } = await factory.post<{ build: string }>('/api/recipes', {
    name,
    recipe,
    files: archive.files,
  })
  return build
}
const extending = (name: string, base: string, more: string) =>
  `extends: ${base}\nname: ${name}\ncontents:\n  packages: [${more}]\n`
const counts = async () => Promise.all(all.map(async (name) => (await factory.builds(name)).length))

interface Timed {
  readonly id: string
  readonly created: string
  readonly started: string
  readonly ended: string
  readonly reason: string
  readonly state: string
  readonly error: string | null
}

/** The newest build of each, when the last of them has ended; there are so many of each by then. */
async function followed(count: number): Promise<readonly Timed[]> {
  const builds: Timed[] = []
  for (const name of all) {
    const newest = await factory.until(async () => {
      const of = await factory.builds(name)
      return of.length >= count ? of[0] : undefined
    }, `build ${count} of ${name}`)
    builds.push((await factory.built(newest.id)) as unknown as Timed)
  }
  return builds
}

function expectInOrder(builds: readonly Timed[]): void {
  for (const [at, build] of builds.entries()) {
    expect([build.error, build.state]).toEqual([null, 'published'])
    const before = builds[at - 1]
    if (before !== undefined) expect(Date.parse(build.created)).toBeGreaterThan(Date.parse(before.started))
  }
}

describe('images that extend others', () => {
  it('are built after what they extend, in order', async () => {
    for (const [name, recipe] of [
      ['base', archive.recipe('base', ['gadget'])],
      ['mid', extending('mid', 'base', 'widget')],
      ['top', extending('top', 'mid', 'spring')],
    ] as const)
      expect(await factory.built(await send(name, recipe))).toMatchObject({ error: null, state: 'published' })
    expect(await counts()).toEqual([1, 1, 1])
    await send('base', archive.recipe('base', ['gadget'], 'environment: {COLOUR: red}\n'))
    const builds = await followed(2)
    expectInOrder(builds)
    expect(builds.map(({ reason }) => reason)).toEqual([
      'rebuilt because its recipe has changed',
      'rebuilt because it extends base, whose recipe has changed',
      'rebuilt because it extends mid, whose recipe has changed',
    ])
    const top = await factory.digestOf('top', '1')
    const { interfaces } = await factory.get<{ interfaces: readonly object[] }>(`/api/images/top/${top}`)
    expect(interfaces).toMatchObject([{ environment: { COLOUR: 'red' } }])
  })

  it('stay as they are while what they extend cannot be built, and follow when it can', async () => {
    const failed = await factory.built(
      await send('base', archive.recipe('base', ['gadget', 'lever'], 'environment: {COLOUR: red}\n')),
    )
    expect(failed).toMatchObject({ state: 'failed' })
    expect(await counts()).toEqual([3, 2, 2])
    await archive.offer({ gadget: '1.0-1', widget: '2.0-1', spring: '3.0-1', lever: '4.0-1' })
    // Not for its recipe any more: what stands on it has not seen that change.
    passed = 25 * 3600_000
    await factory.world.jobs.add('calendar')
    const builds = [await factory.builtFor('base', /because the last build failed/)]
    expect(builds).toMatchObject([{ error: null, state: 'published' }])
    await factory.until(async () => ((await counts()).join() === '4,3,3' ? true : undefined), 'the others')
    for (const name of all) {
      const [newest] = await factory.builds(name)
      expect(await factory.built(newest?.id ?? '')).toMatchObject({ error: null, state: 'published' })
      const digest = await factory.digestOf(name, '1')
      const { packages } = await factory.get<{ packages: readonly { name: string }[] }>(
        `/api/images/${name}/${digest}`,
      )
      expect(packages.map((each) => each.name)).toContain('lever')
    }
    // Nobody follows what is built anew as it was.
    passed = 40 * 24 * 3600_000
    const { id } = await factory.post<{ id: string }>(
      `/api/builds/${(await factory.builds('base'))[0]?.id}/retry`,
    )
    expect(await factory.built(id)).toMatchObject({ state: 'unchanged' })
    expect(await counts()).toEqual([5, 3, 3])
  })
})

import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temper, temperJson } from '../../../temper/test/support/temper-cli.ts'
import { ArchiveFolder, advisoryOf, exploitedList } from './archive.ts'
import { type ListedBuild, type ListedImage, Service } from './service.ts'

/* The whole way, from outside: the command, a folder with an archive, a folder with feeds. */

let service: Service
let archive: ArchiveFolder

beforeAll(async () => {
  service = await Service.inFolder()
  await mkdir(service.path('tmp'))
  service.env = { TMPDIR: service.path('tmp') }
  archive = await ArchiveFolder.make(service.path('mirror'))
  await archive.offer({ gadget: '1.0-1', widget: '2.0-1' })
  await service.start()
})
afterAll(() => service.remove())

describe('the factory', () => {
  let first = ''

  it('builds, signs and publishes what a recipe says', async () => {
    const { build } = await service.post<{ build: string }>('/api/recipes', {
      name: 'shop',
      recipe: archive.recipe('shop', ['gadget', 'widget']),
      files: archive.files,
    })
    const built = await service.built(build)
    expect(built).toMatchObject({
      error: null,
      state: 'published',
      reason: 'built because its recipe was added',
    })
    expect(built.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'lock done',
      'build done',
      'test skipped',
      'scan done',
      'gate done',
      'sign done',
      'publish done',
    ])
    first = built.digest ?? ''
    expect(await service.get<readonly ListedImage[]>('/api/images')).toMatchObject([
      {
        name: 'shop',
        tags: [
          { tag: '1', digest: first, channel: 'stable' },
          { tag: '1-candidate', digest: first, channel: 'candidate' },
        ],
        vulnerabilities: {},
      },
    ])
  })

  it('rebuilds it when an archive repairs what an advisory tells of, and says so', async () => {
    const begun = performance.now()
    await archive.offer({ gadget: '1.0-2', widget: '2.0-1' })
    await service.feed('kev.json', exploitedList('CVE-2026-1000'))
    await service.feed('DEBIAN-CVE-2026-1000.json', {
      ...advisoryOf('DEBIAN-CVE-2026-1000', 'gadget', '1.0-2'),
      upstream: ['CVE-2026-1000'],
    })
    const digest = await service.until(async () => {
      const now = await service.digestOf('shop', '1')
      return now === first ? undefined : now
    }, 'the tag to move')
    expect((performance.now() - begun) / 1000).toBeLessThan(120)
    const [build] = await service.get<readonly ListedBuild[]>('/api/builds')
    expect(await service.built(build?.id ?? '')).toMatchObject({
      digest,
      reason: 'rebuilt because gadget 1.0-2 fixes CVE-2026-1000, high, KEV',
    })
    const advisory = await service.get<object>('/api/advisories/CVE-2026-1000')
    expect(advisory).toMatchObject({
      id: 'CVE-2026-1000',
      images: [{ name: 'shop', digest, package: 'gadget', fixed: '1.0-2', state: 'fixed' }],
    })
    // By the id of the record that was put there, too.
    expect(await service.get('/api/advisories/DEBIAN-CVE-2026-1000')).toEqual(advisory)
    expect(await service.get('/api/sla')).toEqual([])
    const detail = await service.get<object>(`/api/images/shop/${digest}`)
    expect(detail).toMatchObject({
      findings: [],
      packages: [{ name: 'gadget', version: '1.0-2' }, { name: 'widget' }],
    })
    await verifyFromOutside(digest)
  })

  it('has its data folder alone, whichever database another one would have', async () => {
    const words = ['serve', '--port', '0', '--data', service.path('data')]
    const other = ['--database', 'postgres://temper@127.0.0.1:1/temper']
    for (const more of [[], other]) {
      const { code, stderr } = await temper([...words, ...more], { env: service.env })
      expect([more, code]).toEqual([more, 2])
      expect(stderr).toContain('Another service uses this data folder')
    }
  })

  it('makes its database again out of the registry', async () => {
    const before = await told()
    await service.stop()
    await rm(service.path('data/database'), { recursive: true })
    const places = ['--data', service.path('data'), '--feeds', service.path('feeds')]
    const env = { TEMPER_CACHE_DIR: service.path('cache') }
    expect(await temperJson(['reindex', ...places], { env })).toEqual({ images: 2, builds: 2, recipes: 1 })
    await service.start()
    expect(await told()).toEqual(before)
  })

  it('makes it again once more when it was killed in the middle of that', async () => {
    const before = await told()
    await service.stop()
    await rm(service.path('data/database'), { recursive: true })
    await service.killWhileFilling('serve', '--port', '0')
    await service.start()
    expect(await told()).toEqual(before)
    // By hand, too, when all was there before.
    await service.stop()
    await service.killWhileFilling('reindex')
    await service.start()
    expect(await told()).toEqual(before)
  })

  it('that is killed in the middle of a build ends it after the next start, once', async () => {
    const before = await service.digestOf('shop', '1')
    const { build } = await service.post<{ build: string }>('/api/recipes', {
      name: 'shop',
      recipe: archive.recipe('shop', ['gadget', 'widget'], 'environment:\n  COLOUR: red\n'),
      files: archive.files,
    })
    await service.until(async () => {
      const { steps } = await service.get<ListedBuild>(`/api/builds/${build}`)
      return steps.some(({ state }) => state === 'done') ? true : undefined
    }, 'a step')
    await service.stop('SIGKILL')
    const left = await remains()
    expect(left).not.toEqual([])
    await service.start()
    const now = await remains()
    expect(now.filter((name) => left.includes(name))).toEqual([])
    expect(await service.built(build)).toMatchObject({ error: null, state: 'published' })
    const after = await service.digestOf('shop', '1')
    expect(after).not.toBe(before)
    expect((await service.ask(`/v2/shop/manifests/${after}`)).status).toBe(200)
    expect(
      (await service.get<readonly ListedBuild[]>('/api/builds?image=shop')).map(({ id }) => id),
    ).toHaveLength(3)
  })
})

/** Folders that the service makes for as long as it needs them. */
async function remains(): Promise<readonly string[]> {
  const work = await readdir(service.path('data/work')).catch(() => [])
  // Node keeps compiled code there, too.
  const temporary = (await readdir(service.path('tmp'))).filter((name) => name.startsWith('temper-'))
  return [...temporary, ...work].filter((name) => !name.endsWith('.recipes'))
}

/** All that it tells but when it did what. */
async function told(): Promise<unknown> {
  const images = await service.get<readonly ListedImage[]>('/api/images')
  const details: unknown[] = []
  for (const { name, tags } of images)
    for (const digest of new Set(tags.map((each) => each.digest)))
      details.push(await service.get(`/api/images/${name}/${digest}`))
  const builds = await service.get<readonly ListedBuild[]>('/api/builds')
  return {
    images,
    details,
    builds: builds.map(({ id, image, reason, state, digest, steps }) => ({
      id,
      image,
      reason,
      state,
      digest,
      steps: steps.map(({ name, state: of }) => `${name} ${of}`),
    })),
    advisory: await service.get('/api/advisories/CVE-2026-1000'),
    recipes: (await service.get<readonly object[]>('/api/recipes')).map((each) => ({
      ...each,
      updated: undefined,
    })),
  }
}

/** As whoever pulls it would. */
async function verifyFromOutside(digest: string): Promise<void> {
  const { publicKey } = await service.get<{ publicKey: string }>('/api/key')
  const keyFile = service.path('factory.pub')
  await writeFile(keyFile, publicKey)
  const config = service.path('docker')
  const auth = Buffer.from(`me:${service.token}`).toString('base64')
  await writeFile(`${config}.json`, JSON.stringify({ auths: { [service.host]: { auth } } }))
  await mkdir(config)
  await rename(`${config}.json`, `${config}/config.json`)
  const verified = await temperJson<{ verified: boolean; subject: string }>(
    ['verify', `${service.host}/shop:1`, '--key', keyFile, '--require', 'provenance', '--require', 'spdx'],
    { env: { DOCKER_CONFIG: config } },
  )
  expect(verified).toMatchObject({ verified: true, subject: digest })
}

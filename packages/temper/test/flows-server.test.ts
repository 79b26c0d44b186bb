import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanUp } from '../src/distro/debian/fixtures/mirror.ts'
import { archiveContext, writeRecipe } from '../src/flows/fixtures/sample-archive.ts'
import {
  type Context,
  changeTrust,
  generateKeyFiles,
  importFeeds,
  initTrust,
  type Progress,
  plainWords,
  type SigningKey,
  silentProgress,
  trustPolicyOf,
} from '../src/index.ts'
import { LoopbackRegistry } from '../src/oci/registry/fixtures/loopback/registry.ts'
import { cliWordPattern } from './support/cli-words.ts'
import { type Asked, startFlowsServer } from './support/flows-server.ts'
import { reachable, readRepositoryFile } from './support/source-files.ts'

/* Build, scan, sign and verify as a server runs them: it says nothing of the command line, whatever happens. */

let folder = ''
let context: Context
let registry: LoopbackRegistry
let image = ''
/** Everything that was answered, and said on the way. */
const said: string[] = []
const servers: { close(): void }[] = []
const signer: SigningKey = { key: { kind: 'file', path: 'ours.key' }, password: async () => 'secret' }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-flows-server-'))
  registry = await LoopbackRegistry.start()
  image = `${registry.host}/team/toy:1`
  const note = (text: string) => void said.push(text)
  const progress: Progress = { ...silentProgress, note, warn: note }
  const debs = [
    { name: 'toy', files: { '/usr/share/toy/hello': 'hello' } },
    {
      name: 'odd',
      files: { '/usr/share/odd/a': 'a' },
      postinst: '#!/bin/sh\nset -e\nfrobnicate /usr/share/odd\n',
    },
  ]
  context = (await archiveContext(folder, debs, { progress })).context
  await generateKeyFiles({ prefix: 'ours', algorithm: 'ed25519', password: signer.password }, context)
  const record = {
    id: 'DEBIAN-CVE-2026-1',
    modified: '2026-05-01T00:00:00Z',
    published: '2026-04-01T00:00:00Z',
    upstream: ['CVE-2026-1'],
    affected: [
      {
        package: { ecosystem: 'Debian:13', name: 'toy' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0-1' }] }],
      },
    ],
  }
  await writeFile(join(folder, 'feed.ndjson'), `${JSON.stringify(record)}\n`)
})
afterAll(async () => {
  for (const server of servers) server.close()
  await registry.stop()
  await cleanUp()
  await rm(folder, { recursive: true, force: true })
})

async function ask(path: string, asked: Asked, world: Partial<Context> = {}) {
  const server = await startFlowsServer({ ...context, ...world }, { signer })
  servers.push(server)
  const response = await fetch(`${server.url}${path}`, { method: 'POST', body: JSON.stringify(asked) })
  const text = await response.text()
  said.push(text)
  return { status: response.status, body: JSON.parse(text) }
}

describe('a server over the flows', () => {
  it('builds and publishes', async () => {
    const recipe = await writeRecipe(folder, { name: 'toy', packages: ['toy'] })
    const { status, body } = await ask('/build', { recipe, image })
    expect(body).toMatchObject({ published: [image], platforms: [{ platform: 'linux/amd64' }] })
    expect(status).toBe(200)
  })

  it('says what to do as an action', async () => {
    expect(await ask('/scan', { image })).toMatchObject({
      status: 422,
      body: {
        code: 'not-found',
        next: { action: 'update-feeds' },
        advice: plainWords['update-feeds']({ action: 'update-feeds' }),
      },
    })
    expect(await ask('/verify', { image })).toMatchObject({
      status: 422,
      body: { next: { action: 'name-trusted' } },
    })
  })

  it('scans, and the gate refuses', async () => {
    await importFeeds({ paths: ['feed.ndjson'] }, context)
    const { body } = await ask('/scan', { image, failOn: 'fixable' })
    expect(body).toMatchObject({ passed: false, reports: [{ result: { target: { name: image } } }] })
    expect(body.reports[0].verdict.violations).toHaveLength(1)
    expect(await ask('/scan', { image })).toMatchObject({ status: 200, body: { passed: true } })
    expect(await ask('/scan', { image, failOn: 'hihg' })).toMatchObject({
      status: 422,
      body: { code: 'bad-usage' },
    })
  })

  it('signs and verifies', async () => {
    expect(await ask('/sign', { image })).toMatchObject({ status: 200, body: { name: image } })
    await initTrust('trust.yaml', context)
    await changeTrust('trust.yaml', { add: 'key', name: 'ours', file: 'ours.pub' }, context)
    const rule = {
      add: 'rule',
      images: [`${registry.host}/**`],
      signedBy: ['ours'],
      require: [],
      name: true,
    } as const
    await changeTrust('trust.yaml', rule, context)
    const trust = () => trustPolicyOf(join(folder, 'trust.yaml'))
    expect(await ask('/verify', { image }, { trust })).toMatchObject({
      status: 200,
      body: { verified: true },
    })
  })

  it.each<[string, string, Asked, Partial<Context>]>([
    ['an image that is not there', '/verify', { image: 'oci:nowhere' }, {}],
    ['a reference that is none', '/sign', { image: 'nginx' }, {}],
    ['no network', '/scan', { image: 'registry.example/team/toy:1' }, { offline: true }],
    ['a recipe that is not there', '/build', { recipe: 'absent', image: 'oci-archive:x.tar' }, {}],
    [
      'a platform that is not there',
      '/build',
      { recipe: 'toy.yaml', image: 'oci-archive:x.tar', platforms: ['linux/s390x'] },
      {},
    ],
    [
      'a cache without packages',
      '/build',
      { recipe: 'toy.yaml', image: 'oci-archive:x.tar' },
      { offline: true, cacheDir: '/nowhere/cache' },
    ],
    [
      'a script that is not modelled',
      '/build',
      { recipe: 'odd.yaml', image: 'oci-archive:x.tar', strict: true },
      {},
    ],
    ['a key that is not there', '/sign', {}, { workingDir: '/' }],
  ])('reports %s', async (_, path, asked, world) => {
    await writeRecipe(folder, { name: 'odd', packages: ['odd'] })
    const { status, body } = await ask(path, { image, ...asked }, world)
    expect(body).toMatchObject({ code: expect.any(String), message: expect.any(String) })
    expect(status).toBe(422)
  })

  it('has said no word of the command line, which it does not import', () => {
    const reference = readRepositoryFile('docs/reference/cli.md')
    const words = (pattern: RegExp) => [
      ...new Set([...reference.matchAll(pattern)].map(([, word]) => word ?? '')),
    ]
    const pattern = cliWordPattern({
      options: words(/(?<![\w-])--?(?:no-)?([a-z][a-z-]*)/g),
      commands: words(/^## temper ([a-z]+)/gm),
      variables: words(/\b(TEMPER_[A-Z_]+)\b/g),
    })
    expect(said.length).toBeGreaterThan(15)
    expect(said.flatMap((text) => text.match(pattern) ?? [])).toEqual([])
    const imported = reachable(['packages/temper/test/support/flows-server.ts'])
    expect(imported.filter((path) => path.includes('/src/cli/'))).toEqual([])
  })
})

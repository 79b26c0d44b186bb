import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { importFeeds, scanComponents } from '../../src/temper.ts'
import { ArchiveFolder, advisoryOf, notReached } from './archive.ts'
import { OwnFactory } from './own-factory.ts'

/* What other programs read of images: statements, advisories, owners, changes. */

const run = promisify(execFile)
let factory: OwnFactory
let archive: ArchiveFolder
let [first, second] = ['', '']

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1', widget: '2.0-1' })
  const owners = [
    { project: '*', owner: 'platform' },
    { project: 'shop', owner: 'group:default/shop-team' },
  ]
  await factory.start({}, { factory: { owners } })
  first = await built(archive.recipe('shop', ['gadget', 'widget']))
  await archive.offer({ gadget: '1.0-2', widget: '2.0-1' })
  second = await built(archive.recipe('shop', ['gadget', 'widget'], 'dates: {end-of-life: 2024-01-31}\n'))
  await writeFile(factory.path('feeds/one.json'), JSON.stringify(advisoryOf('CVE-2026-1', 'widget', '9.0-1')))
  await writeFile(factory.path('feeds/two.json'), JSON.stringify(advisoryOf('CVE-2026-2', 'widget', '9.0-2')))
  await factory.work('/api/feeds/update')
})
afterAll(() => factory.remove())

const statement = notReached('CVE-2026-1', 'widget')

async function built(recipe: string): Promise<string> {
  const files = { ...archive.files, 'recipe.openvex.json': JSON.stringify(statement) }
  const { build } = await factory.post<{ build: string }>('/api/recipes', { name: 'shop', recipe, files })
  const { error, state, digest } = await factory.built(build)
  expect([error, state]).toEqual([null, 'published'])
  return digest ?? ''
}

describe('the VEX repository', () => {
  it('names an archive with a document for each image, which is the same until something is stated anew', async () => {
    const manifest = await factory.get<{
      name: string
      versions: readonly { spec_version: string; locations: readonly { url: string }[] }[]
    }>('/.well-known/vex-repository.json')
    expect(manifest).toMatchObject({ versions: [{ spec_version: '0.1', update_interval: '1h' }] })
    const { url = '' } = manifest.versions[0]?.locations[0] ?? {}
    expect(url).toBe(`${factory.url}/api/vex/repository.tar.gz`)
    const answer = await factory.ask(new URL(url).pathname)
    await writeFile(factory.path('vex.tar.gz'), Buffer.from(await answer.arrayBuffer()))
    await mkdir(factory.path('vex'))
    await run('tar', ['-xzf', factory.path('vex.tar.gz'), '-C', factory.path('vex')])
    const index = JSON.parse(await readFile(factory.path('vex/index.json'), 'utf8'))
    expect(index).toEqual({
      updated_at: expect.stringMatching(/^2026-/),
      packages: [
        'pkg:oci/shop',
        ...['HOST:PORT/shop', 'HOST%3APORT%2Fshop', 'HOST:PORT%2Fshop', 'HOST%3APORT/shop'].map(
          (each) =>
            `pkg:oci/shop?repository_url=${each.replace('HOST', '127.0.0.1').replace('PORT', new URL(factory.url).port)}`,
        ),
      ].map((id) => ({ id, location: 'pkg/oci/shop/vex.json', format: 'openvex' })),
    })
    const document = JSON.parse(await readFile(factory.path('vex/pkg/oci/shop/vex.json'), 'utf8'))
    const about = document.statements.map((each: (typeof statement.statements)[0]) => [
      each.vulnerability.name,
      each.status,
      ...each.products.map((product) => decodeURIComponent(product['@id'])),
    ])
    const said = (digest: string) => ['CVE-2026-1', 'not_affected', `pkg:oci/shop@${digest}`]
    expect(about).toEqual([said(second), said(first)])
    const again = await factory.ask(new URL(url).pathname)
    expect(again.headers.get('etag')).toBe(answer.headers.get('etag'))
    const headers = {
      Authorization: `Bearer ${factory.token}`,
      'If-None-Match': answer.headers.get('etag') ?? '',
    }
    expect((await fetch(url, { headers })).status).toBe(304)
  })
})

describe('the OSV feed', () => {
  it('says of the versions that images have what the feeds say of them, and of no others', async () => {
    const answer = await factory.ask('/api/osv/all.zip')
    await mkdir(factory.path('osv'))
    await writeFile(factory.path('osv/all.zip'), Buffer.from(await answer.arrayBuffer()))
    const context = sampleContext(factory.folder, {})
    await importFeeds({ paths: [factory.path('osv')], feeds: factory.path('osv-store') }, context)
    const widget = (version: string) => ({
      type: 'deb' as const,
      name: 'widget',
      version,
      purl: `pkg:deb/debian/widget@${version}`,
      distribution: { id: 'debian', version: '13' },
      locations: [],
      foundBy: 'dpkg',
    })
    const versions = ['1.0-1', '2.0-1', '9.0-1', '9.0-2'].map(widget)
    const { findings } = await scanComponents(versions, { feeds: factory.path('osv-store') }, context)
    expect(
      findings.map(({ id, component, fixedVersions }) => [id, component.version, fixedVersions]),
    ).toEqual([
      ['CVE-2026-1', '2.0-1', ['9.0-1']],
      ['CVE-2026-2', '2.0-1', ['9.0-2']],
      ['CVE-2026-2', '9.0-1', ['9.0-2']],
    ])
    const record = await factory.get<{ affected: readonly object[] }>('/api/osv/CVE-2026-1')
    expect(record).toMatchObject({
      id: 'CVE-2026-1',
      database_specific: { severity: 'HIGH' },
      affected: [
        {
          package: { ecosystem: 'Debian:13', name: 'widget' },
          versions: ['2.0-1'],
          database_specific: { images: [`shop@${second}`] },
        },
      ],
    })
    expect((await factory.ask('/api/osv/CVE-2026-1003')).status).toBe(404)
  })
})

describe('a record of OSV', () => {
  it('is one by OSV’s own schema, whoever gave the advisory its id', async () => {
    const schema = JSON.parse(
      await readFile(new URL('../fixtures/osv-schema/schema.json', import.meta.url), 'utf8'),
    )
    const valid = addFormats.default(new Ajv2020({ strict: false })).compile(schema)
    // Debian gives what has no CVE yet an id of its own, and Oracle is none of OSV's databases.
    const ids = ['TEMP-0841856-B18BAF', 'ELSA-2026-1', 'SUSE-SU-2026:1-1', 'odd id', 'DSA-1-1']
    for (const [at, id] of ids.entries())
      await writeFile(
        factory.path(`feeds/more-${at}.json`),
        JSON.stringify(advisoryOf(id, 'widget', `9.1-${at}`)),
      )
    await factory.work('/api/feeds/update')
    const own = new Map<string, string>()
    for (const id of ['CVE-2026-1', ...ids]) {
      const asked = [id, `x_temper-${id}`].map((each) => factory.ask(`/api/osv/${encodeURIComponent(each)}`))
      const answer = (await Promise.all(asked)).find(({ status }) => status === 200)
      const record = (await answer?.json()) as { readonly id: string } | undefined
      own.set(id, record?.id ?? '')
      expect([id, valid(record), valid.errors]).toEqual([id, true, null])
    }
    expect(Object.fromEntries(own)).toEqual({
      ...Object.fromEntries(['CVE-2026-1', 'SUSE-SU-2026:1-1', 'DSA-1-1'].map((id) => [id, id])),
      ...Object.fromEntries(ids.filter((id) => /TEMP|ELSA|odd/.test(id)).map((id) => [id, `x_temper-${id}`])),
    })
    expect(valid({ id: 'ELSA-2026-1', modified: '2026-11-29T00:00:00Z' })).toBe(false)
  })
})

describe('an image', () => {
  it('has an owner and a lifecycle, as Backstage asks for them', async () => {
    expect(await factory.get('/api/owners')).toEqual([
      {
        name: 'shop',
        owner: 'group:default/shop-team',
        lifecycle: 'deprecated',
        tags: ['1'],
        digest: second,
        extends: null,
        endOfLife: '2024-01-31',
      },
    ])
    const text = await (await factory.ask('/api/catalog-info.yaml')).text()
    const [start, ...entities] = text.split('---\n')
    expect([start, entities.length]).toEqual(['', 1])
    expect(JSON.parse(entities[0] ?? '')).toMatchObject({
      kind: 'Component',
      metadata: { name: 'shop' },
      spec: { type: 'container-image', lifecycle: 'deprecated', owner: 'group:default/shop-team' },
    })
  })

  it('says what it changes', async () => {
    const { text, ...changes } = await factory.get<{ text: string }>(`/api/images/shop/${second}/changes`)
    expect(changes).toMatchObject({
      packages: [{ name: 'gadget', from: '1.0-1', to: '1.0-2' }],
      fixed: [],
      found: [],
      breaks: [],
      reason: 'rebuilt because its recipe has changed',
    })
    expect(text).toContain('- gadget 1.0-1 → 1.0-2')
    expect((await factory.ask(`/api/images/shop/${'0'}/changes`)).status).toBe(404)
  })
})

describe('the VEX repository later', () => {
  it('leaves out what was taken back', async () => {
    expect((await fetch(`${factory.url}/.well-known/vex-repository.json`)).status).toBe(401)
    await factory.post(`/api/images/shop/${first}/withdraw`, { reason: 'it loses orders' })
    const answer = await factory.ask('/api/vex/repository.tar.gz')
    await writeFile(factory.path('later.tar.gz'), Buffer.from(await answer.arrayBuffer()))
    const { stdout } = await run('tar', ['-xzOf', factory.path('later.tar.gz'), 'pkg/oci/shop/vex.json'])
    expect(decodeURIComponent(stdout)).toContain(second)
    expect(decodeURIComponent(stdout)).not.toContain(first)
  })
})

describe('an advisory', () => {
  it('has the same images by whatever name somebody has for it', async () => {
    const records = [
      { ...advisoryOf('DEBIAN-CVE-2026-1003', 'widget', '9.0-1'), upstream: ['CVE-2026-1003'] },
      { ...advisoryOf('DSA-6001-1', 'widget', '9.0-1'), upstream: ['CVE-2026-1003', 'CVE-2026-1004'] },
      // About a package that nobody has.
      { ...advisoryOf('GHSA-ab12-cd34-ef56', 'other', '9.0-1'), aliases: ['CVE-2026-1003'] },
      advisoryOf('MAL-2026-7', 'widget', '9.0-1'),
    ]
    for (const record of records)
      await writeFile(factory.path(`feeds/${(record as { id: string }).id}.json`), JSON.stringify(record))
    await factory.work('/api/feeds/update')
    interface Shown {
      readonly id: string
      readonly images: readonly { readonly name: string; readonly digest: string; readonly finding: string }[]
    }
    const shown = async (name: string) => {
      const { id, images } = await factory.get<Shown>(`/api/advisories/${name}`)
      return [id, ...images.map((each) => `${each.finding} ${each.digest}`)]
    }
    await factory.until(
      async () => ((await factory.ask('/api/advisories/CVE-2026-1004')).ok ? true : undefined),
      'the clocks',
    )
    const [third, fourth, bad] = ['CVE-2026-1003', 'CVE-2026-1004', 'MAL-2026-7'].map(
      (id) => `${id} ${second}`,
    )
    const names = {
      'CVE-2026-1003': ['CVE-2026-1003', third],
      'cve-2026-1003': ['CVE-2026-1003', third],
      'DEBIAN-CVE-2026-1003': ['CVE-2026-1003', third],
      'debian-cve-2026-1003': ['CVE-2026-1003', third],
      'GHSA-ab12-cd34-ef56': ['CVE-2026-1003', third],
      'ghsa-AB12-CD34-EF56': ['CVE-2026-1003', third],
      'DSA-6001-1': ['DSA-6001-1', third, fourth],
      'dsa-6001-1': ['dsa-6001-1', third, fourth],
      'MAL-2026-7': ['MAL-2026-7', bad],
      'mal-2026-7': ['MAL-2026-7', bad],
    }
    for (const [name, expected] of Object.entries(names))
      expect([name, await shown(name)]).toEqual([name, expected])
    for (const name of ['DSA-6001', 'GHSA-ab12-cd34-ef57', 'CVE-2026-10033', '%25', 'x'.repeat(200)])
      expect([name, (await factory.ask(`/api/advisories/${name}`)).status]).toEqual([name, 404])
  })

  it('is waived by whatever name somebody has for it, if that is about one problem alone', async () => {
    const expires = new Date(Date.now() + 86_400_000).toISOString()
    const waive = (finding: string) =>
      factory.ask('/api/waivers', { project: 'shop', finding, owner: 'us', reason: 'not reached', expires })
    const several = await waive('dsa-6001-1')
    expect([several.status, await several.json()]).toMatchObject([
      400,
      { detail: expect.stringMatching(/dsa-6001-1 is about several: .* CVE-2026-1003, CVE-2026-1004/) },
    ])
    for (const [asked, finding] of Object.entries({
      'ghsa-AB12-cd34-ef56': 'CVE-2026-1003',
      'debian-cve-2026-1003': 'CVE-2026-1003',
      'cve-2026-1004': 'CVE-2026-1004',
      // No image has these.
      'cve-2031-12345': 'CVE-2031-12345',
      'ours-1': 'ours-1',
    }))
      expect([asked, await (await waive(asked)).json()]).toMatchObject([asked, { finding }])
    const open = await factory.get<readonly { finding: string; waiver: object | null }[]>('/api/sla')
    const waived = open.filter(({ waiver }) => waiver !== null).map(({ finding }) => finding)
    expect([...new Set(waived)].sort()).toEqual(['CVE-2026-1003', 'CVE-2026-1004'])
  })
})

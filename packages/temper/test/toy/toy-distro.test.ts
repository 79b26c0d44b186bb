// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of vars
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sha256 } from '../../src/base/digest.ts'
import { build } from '../../src/flows/build/build.ts'
import type { Context } from '../../src/flows/context.ts'
import { importFeeds } from '../../src/flows/feeds/import.ts'
import { sampleContext } from '../../src/flows/fixtures/sample-context.ts'
import { inventoryOf } from '../../src/flows/inventory/inventory.ts'
import { lock } from '../../src/flows/lock/lock.ts'
import { rebuild } from '../../src/flows/rebuild/rebuild.ts'
import { sbom } from '../../src/flows/sbom/sbom.ts'
import { scan } from '../../src/flows/scan/scan.ts'
import { vex } from '../../src/flows/vex/vex.ts'
import { parseReference } from '../../src/oci/reference.ts'
import { type ToyFile, type ToyMetadata, toy } from './toy-distro.ts'

/* Another distribution is built from with no line outside its own folder: the flows are those of every other. */

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const files = new Map<string, Buffer>()
let server: Server
let folder = ''
let context: Context

function offer(metadata: ToyMetadata, contents: Readonly<Record<string, string>>): ToyMetadata & ToyFile {
  const entries = Object.entries(contents).map(([path, text]) => {
    const mode = path.startsWith('usr/bin/') ? 0o755 : 0o644
    return JSON.stringify({ path, text, mode })
  })
  const bytes = Buffer.from(`${[JSON.stringify(metadata), ...entries].join('\n')}\n`)
  const file = `${metadata.name}-${metadata.version}.toy`
  files.set(`/${file}`, bytes)
  return { ...metadata, file, digest: sha256(bytes), size: bytes.length }
}

function publish(packages: readonly (ToyMetadata & ToyFile)[]): void {
  const text = packages.map((each) => JSON.stringify(each)).join('\n')
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const signature = sign(null, Buffer.from(text), privateKey).toString('base64')
  files.set('/index.toy', Buffer.from(`${signature}\n${key}\n${text}\n`))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-toy-'))
  server = createServer((request, response) => {
    const bytes = files.get(request.url ?? '')
    if (bytes === undefined) response.writeHead(404).end()
    else response.end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  context = sampleContext(folder, {
    fetch: globalThis.fetch,
    offline: false,
    distributions: [toy],
    mirrors: { toys: [address] },
  })
  publish([
    offer({ name: 'top', version: 'v9', needs: ['string'], gives: [] }, { 'usr/bin/top': 'old' }),
    offer(
      { name: 'top', version: 'v10', needs: ['string@v2', 'installer'], gives: [], user: 'player' },
      { 'usr/bin/top': 'spins', 'etc/top.conf': 'colour = red\n' },
    ),
    offer({ name: 'yarn', version: 'v2', needs: [], gives: ['string@v3'] }, { 'usr/share/yarn': 'wool' }),
    offer({ name: 'installer', version: 'v1', needs: [], gives: [] }, { 'usr/bin/installer': 'x' }),
  ])
  await writeFile(
    join(folder, 'recipe.yaml'),
    'name: toys\ncontents: { packages: [top] }\nentrypoint: /usr/bin/top\n',
  )
  const record = {
    id: 'CVE-2026-1',
    modified: '2026-01-01T00:00:00Z',
    affected: [
      {
        package: { ecosystem: 'Wolfi', name: 'yarn' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
        versions: ['v2'],
      },
    ],
  }
  await writeFile(join(folder, 'toys.ndjson'), `${JSON.stringify(record)}\n`)
  await importFeeds({ paths: ['toys.ndjson'] }, context)
})

afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

it('is locked by its own versions and relations, with what only installs left out', async () => {
  const { lock: locked } = await lock({ target: 'recipe.yaml' }, context)
  expect(locked.distribution).toBe('toy-1')
  expect(locked.suites).toMatchObject([
    { repository: 'toys', signedBy: [expect.stringMatching(/^[0-9A-F]{64}$/)] },
  ])
  const [platform] = locked.platforms
  expect(platform?.packages.map(({ name, version, wantedBy }) => [name, version, wantedBy])).toEqual([
    ['top', 'v10', 'recipe'],
    ['yarn', 'v2', 'top'],
  ])
  expect(platform?.pruned).toMatchObject([{ name: 'installer', reason: 'installs toys' }])
  expect(platform?.effects).toEqual([{ effect: 'toy-users', detail: 'player' }])
  const { inventory } = await inventoryOf({ kind: 'lock', path: 'recipe.lock.json' }, {}, context)
  expect(inventory.distribution).toEqual({ id: 'wolfi', version: '1', title: 'Toy 1' })
  expect(inventory.components.map(({ purl }) => purl)).toEqual([
    'pkg:apk/wolfi/top@v10?arch=any&distro=wolfi-1',
    'pkg:apk/wolfi/yarn@v2?arch=any&distro=wolfi-1',
  ])
})

it('is built, listed, scanned, stated and built again to the same digest', async () => {
  const output = join(folder, 'out')
  const built = await build({ target: 'recipe.yaml', layout: { path: output }, vexFeeds: {} }, context)
  const reference = parseReference(`oci:${output}`)
  expect(built.platforms).toMatchObject([{ packages: 2, user: '65532', unmodelledEffects: [] }])
  const { text } = await sbom(
    { target: { kind: 'image', reference }, format: 'cyclonedx-json', source: 'attached' },
    context,
  )
  const { components } = JSON.parse(text)
  expect(components.map((each: { purl?: string }) => each.purl)).toContain(
    'pkg:apk/wolfi/yarn@v2?arch=any&distro=wolfi-1',
  )
  expect(text).toContain('Toymaker')
  expect(text).toContain('var/lib/toys/yarn')
  const { reports } = await scan({ targets: [{ kind: 'lock', path: 'recipe.lock.json' }] }, context)
  expect(reports[0]?.result.findings.map(({ id, component }) => [id, component.name])).toEqual([
    ['CVE-2026-1', 'yarn'],
  ])
  const stated = JSON.parse((await vex({ reference, keys: [] }, context)).text)
  expect(stated.statements).toMatchObject([{ vulnerability: { name: 'CVE-2026-1' }, status: 'affected' }])
  expect(JSON.stringify(stated.statements)).toContain('pkg:apk/wolfi/yarn@v2')
  const again = await rebuild({ reference, keys: [] }, context)
  expect(again).toMatchObject({ equal: true, expected: built.digest, rebuilt: built.digest })
})

it('has its variants, and recipes that extend others, built again from what is attached alone', async () => {
  await writeFile(join(folder, 'motto.txt'), 'play\n')
  await writeFile(
    join(folder, 'more.yaml'),
    [
      'extends: recipe.yaml',
      'vars: { HOME: /srv }',
      'contents: { files: [{ source: motto.txt, path: /etc/motto }] }',
      'variants: { dev: { contents: { packages: [yarn] }, work-dir: "${{vars.HOME}}/dev", tags: ["1"] } }',
    ].join('\n'),
  )
  const request = { target: 'more.yaml', variant: 'dev', vars: { HOME: '/home' } }
  await lock(request, context)
  const built = await build(request, context)
  expect(built).toMatchObject({
    reference: `oci:${join(folder, 'out/more-dev')}:1-dev`,
    lock: join(folder, 'more.dev.lock.json'),
  })
  const plain = await build({ target: 'more.yaml' }, context)
  expect(plain.digest).not.toBe(built.digest)
  const reference = parseReference(built.reference)
  const again = await rebuild({ reference, keys: [] }, context)
  expect(again).toMatchObject({ equal: true, rebuilt: built.digest })
})

it('is not taken from an index that was changed after it was signed, nor known where it is not given', async () => {
  const signed = files.get('/index.toy') ?? Buffer.alloc(0)
  files.set('/index.toy', Buffer.from(signed.toString().replace('"v10"', '"v11"')))
  await expect(lock({ target: 'recipe.yaml' }, context)).rejects.toMatchObject({ code: 'signature-invalid' })
  files.set('/index.toy', signed)
  await writeFile(
    join(folder, 'named.yaml'),
    `distribution: toy-1\n${await readFile(join(folder, 'recipe.yaml'))}`,
  )
  const { distributions: _, ...plain } = context
  await expect(lock({ target: 'named.yaml' }, plain)).rejects.toMatchObject({ code: 'bad-recipe' })
})

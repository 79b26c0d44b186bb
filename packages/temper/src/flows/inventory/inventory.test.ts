import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesOf } from '../../base/bytes.ts'
import type { Lock, LockedPackage, LockedPlatform } from '../../model/lock.ts'
import { formatLock } from '../../recipe/lock/lock-file.ts'
import type { Context } from '../context.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { type InventoryOfOptions, inventoryOf } from './inventory.ts'
import type { ScanTarget } from './target.ts'

let folder = ''
let context: Context
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-inventory-of-'))
  context = sampleContext(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content)
const read = (target: ScanTarget, options: InventoryOfOptions = {}) => inventoryOf(target, options, context)
const purls = async (target: ScanTarget, options: InventoryOfOptions = {}) =>
  (await read(target, options)).inventory.components.map(({ purl }) => purl)

const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: 'urn:uuid:1',
  version: 1,
  metadata: {
    timestamp: '2026-01-01T00:00:00Z',
    component: { type: 'container', name: 'web', version: '1', purl: 'pkg:oci/web@1' },
  },
  components: [
    { type: 'library', name: 'left-pad', version: '1.3.0', purl: 'pkg:npm/left-pad@1.3.0' },
    { type: 'library', name: 'openssl', version: '3', purl: 'pkg:deb/debian/openssl@3' },
  ],
}

describe('a bill of materials', () => {
  it('is read from a file, and tells what it describes', async () => {
    await write('bom.json', JSON.stringify(bom))
    expect(await read({ kind: 'sbom', path: 'bom.json' })).toMatchObject({
      kind: 'sbom',
      name: 'sbom:bom.json',
      title: 'web',
      purl: 'pkg:oci/web@1',
      from: 'CycloneDX 1.6',
      created: '2026-01-01T00:00:00Z',
      inventory: { components: [{ name: 'openssl' }, { name: 'left-pad' }] },
    })
  })

  it('is read from whatever gives its bytes', async () => {
    const open = () => bytesOf(Buffer.from(JSON.stringify(bom)))
    expect(await purls({ kind: 'sbom', path: '-', open })).toHaveLength(2)
    const broken = () => bytesOf(Buffer.from('{'))
    await expect(read({ kind: 'sbom', path: '-', open: broken })).rejects.toMatchObject({
      code: 'bad-sbom',
      message: expect.stringContaining('standard input'),
    })
    await expect(read({ kind: 'sbom', path: 'x.json', open: broken })).rejects.toMatchObject({
      message: expect.stringContaining('x.json'),
    })
  })

  it('says nothing that it does not', async () => {
    const { metadata: _, ...bare } = bom
    await write('bare.json', JSON.stringify(bare))
    const inventoried = await read({ kind: 'sbom', path: 'bare.json' })
    for (const name of ['title', 'purl', 'created', 'digest', 'platform'])
      expect(inventoried).not.toHaveProperty(name)
  })

  it.each<ScanTarget>([
    { kind: 'sbom', path: 'none.json' },
    { kind: 'lock', path: 'none.lock.json' },
  ])('or a lock that is not there is told: %j', async (target) => {
    await expect(read(target)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('There is no file none'),
    })
  })
})

function locked(name: string, more: Partial<LockedPackage> = {}): LockedPackage {
  return {
    name,
    version: '1.0-1',
    architecture: 'amd64',
    source: { name: `${name}-src`, version: '1.0-1' },
    digest: `sha256:${'a'.repeat(64)}`,
    size: 1,
    installedSize: 1,
    wantedBy: 'recipe',
    origin: { repository: 'debian', suite: 'trixie', component: 'main', location: `pool/${name}.deb` },
    ...more,
  } as LockedPackage
}

const platform = (name: string, ...packages: readonly LockedPackage[]): LockedPlatform => ({
  platform: name,
  packages,
  pruned: [],
  effects: [],
  unmodelledEffects: [],
})
const lockOf = (platforms: readonly LockedPlatform[], more: Partial<Lock> = {}): Lock => ({
  formatVersion: 1,
  distribution: 'debian-13',
  recipe: { name: 'web', checksum: `sha256:${'c'.repeat(64)}`, files: [] },
  compressor: { format: 'gzip', level: 6, definition: 'pako-3.0.3' },
  suites: ['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'].map((date, at) => ({
    repository: 'debian',
    address: 'http://mirror.example/debian',
    suite: `s${at}`,
    components: ['main'],
    digest: `sha256:${'b'.repeat(64)}`,
    date,
    signedBy: ['0123456789ABCDEF0123456789ABCDEF01234567'],
  })),
  platforms,
  ...more,
})

describe('a lock', () => {
  const target = { kind: 'lock', path: 'web.lock.json' } as const
  const both = [
    platform('linux/amd64', locked('a')),
    platform('linux/arm64', locked('b', { architecture: 'arm64' })),
  ]
  const put = (lock: Lock) => write('web.lock.json', formatLock(lock))

  it('has the packages that it pins, of the release that it is for, and is as new as what it was made from', async () => {
    await put(lockOf([platform('linux/amd64', locked('a'), locked('b'))]))
    const inventoried = await read(target)
    expect(inventoried).toMatchObject({
      kind: 'lock',
      name: 'lock:web.lock.json',
      from: 'lock',
      platform: 'linux/amd64',
      title: 'web',
      created: '2026-03-01T00:00:00Z',
      inventory: { distribution: { id: 'debian', version: '13' }, architecture: 'amd64' },
    })
    expect(inventoried.inventory.components[0]).toMatchObject({
      type: 'deb',
      name: 'a',
      version: '1.0-1',
      source: { name: 'a-src', version: '1.0-1' },
      purl: expect.stringMatching(/^pkg:deb\/debian\/a@1\.0-1\?.*distro=debian-13/),
      digest: `sha256:${'a'.repeat(64)}`,
    })
  })

  it('for several platforms asks for one', async () => {
    await put(lockOf(both))
    await expect(read(target)).rejects.toMatchObject({
      code: 'bad-usage',
      next: { action: 'choose-platform', platforms: ['linux/amd64', 'linux/arm64'] },
    })
    const arm64 = { os: 'linux', architecture: 'arm64' }
    expect((await read(target, { platform: arm64 })).inventory.components.map(({ name }) => name)).toEqual([
      'b',
    ])
    await expect(read(target, { platform: { os: 'linux', architecture: 's390x' } })).rejects.toMatchObject({
      code: 'not-found',
      hint: 'It has them for linux/amd64, linux/arm64.',
    })
  })

  it.each([
    ['alpine-3.99', 'alpine', '3.99', 'apk'],
    ['debian-99', 'debian', '99', 'deb'],
    ['opensuse-15', 'opensuse', '15', 'generic'],
  ])('for %s, which nobody here knows, is of %s %s', async (distribution, id, version, type) => {
    await put(lockOf([platform('linux/amd64', locked('a'))], { distribution }))
    const { inventory } = await read(target)
    expect(inventory.distribution).toEqual({ id, version })
    expect(inventory.components.map((each) => each.type)).toEqual([type])
  })

  it.each<[string, string | Uint8Array]>([
    ['no JSON', '{'],
    ['no lock', '{}'],
    ['no UTF-8', Uint8Array.from([0x7b, 0xff, 0x7d])],
  ])('that is %s is refused with its name', async (_, content) => {
    await write('bad.lock.json', content)
    await expect(read({ kind: 'lock', path: 'bad.lock.json' })).rejects.toMatchObject({
      code: 'bad-lock',
      message: expect.stringContaining('bad.lock.json'),
    })
  })
})

describe('a package URL', () => {
  it.each([
    ['pkg:npm/left-pad@1.3.0', 'left-pad', undefined],
    ['pkg:deb/debian/openssl@3.0.11-1?distro=debian-12', 'openssl', { id: 'debian', version: '12' }],
    ['pkg:maven/org.slf4j/slf4j-api@2.0.1', 'org.slf4j:slf4j-api', undefined],
  ])('%s is one package', async (purl, name, distribution) => {
    const { inventory, kind, title, from } = await read({ kind: 'purl', purl })
    expect([kind, title, from]).toEqual(['sbom', name, 'package URL'])
    expect(inventory.components.map((each) => [each.name, each.foundBy])).toEqual([[name, 'purl']])
    expect(inventory.distribution).toEqual(
      distribution === undefined ? undefined : expect.objectContaining(distribution),
    )
  })

  it.each([
    '',
    'npm/left-pad',
    'pkg:',
    'pkg:npm',
    'pkg:npm/',
    `pkg:npm/${'a'.repeat(5000)}`,
    'pkg:\u001b[31m/x',
  ])('is not %j', async (purl) => {
    const error = await read({ kind: 'purl', purl }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'bad-reference' })
    expect((error as Error).message.length).toBeLessThan(200)
    expect((error as Error).message).not.toContain('\u001b')
  })
})

describe('what a person says of any target', () => {
  it('is which places do not count, and which distribution it is', async () => {
    await mkdir(join(folder, 'root/vendor'), { recursive: true })
    const manifest = (name: string) => JSON.stringify({ name, version: '1.0.0' })
    await write('root/vendor/package.json', manifest('theirs'))
    await write('root/package.json', manifest('ours'))
    const target = { kind: 'directory', path: 'root' } as const
    expect((await purls(target)).sort()).toEqual(['pkg:npm/ours@1.0.0', 'pkg:npm/theirs@1.0.0'])
    expect(await purls(target, { exclude: ['vendor'] })).toEqual(['pkg:npm/ours@1.0.0'])
    expect(await purls(target, { exclude: ['./root/vendor'] })).toEqual(['pkg:npm/ours@1.0.0'])
    const distribution = { id: 'debian', version: '12' }
    expect((await read(target, { distribution })).inventory.distribution).toEqual(distribution)
  })

  it('completes a document that says of no distribution, and changes nothing else of it', async () => {
    await write('bom.json', JSON.stringify(bom))
    const target = { kind: 'sbom', path: 'bom.json' } as const
    const plain = await read(target)
    const stated = await read(target, { distribution: { id: 'debian', version: '12' } })
    expect(stated).toEqual({
      ...plain,
      inventory: {
        ...plain.inventory,
        distribution: { id: 'debian', version: '12' },
        components: stated.inventory.components,
      },
    })
    expect(stated.inventory.components.map(({ name }) => name)).toEqual(['openssl', 'left-pad'])
  })
})

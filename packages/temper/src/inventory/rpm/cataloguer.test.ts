import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { file } from '../fixtures/sample-tree.ts'
import { readImageInventory } from '../reading/image.ts'
import { rpmCataloguer } from './cataloguer.ts'

const fixture = (name: string) =>
  gunzipSync(readFileSync(new URL(`../../formats/rpm/fixtures/${name}`, import.meta.url)))
const release = file('etc/os-release', 'ID="rhel"\nVERSION_ID="9.4"\nID_LIKE="fedora"\n')
const inventoryOf = (...layers: Parameters<typeof sampleImage>[0]) =>
  readImageInventory(sampleImage(layers), { cataloguers: [rpmCataloguer] })

describe.each([
  ['var/lib/rpm/rpmdb.sqlite', 'rpmdb.sqlite.gz'],
  ['usr/lib/sysimage/rpm/rpmdb.sqlite', 'rpmdb.sqlite.gz'],
  ['var/lib/rpm/Packages', 'Packages.gz'],
])('%s', (path, name) => {
  test('gives packages with epoch, source, module and files', async () => {
    const { components, notes } = await inventoryOf([
      release,
      file(path, fixture(name)),
      file('usr/bin/sample'),
      file('usr/lib64/libsample.so.1'),
    ])
    expect(notes).toEqual([])
    const [sample, libs] = components
    expect(sample).toMatchObject({
      type: 'rpm',
      name: 'temper-sample',
      version: '2:1.2.3-4.el9',
      purl: 'pkg:rpm/example-makers/temper-sample@1.2.3-4.el9?arch=noarch&distro=rhel-9.4&epoch=2&rpmmod=sample:1.2:9020020:abcdef&upstream=temper-sample-1.2.3-4.el9.src.rpm',
      source: { name: 'temper-sample', version: '2:1.2.3-4.el9' },
      licence: 'MIT AND Apache-2.0',
      supplier: 'Example Makers',
      files: ['usr/bin/sample'],
      foundBy: 'rpm',
    })
    expect(libs).toMatchObject({ name: 'temper-sample-libs', dependsOn: [sample?.purl] })
    expect(libs?.files).toEqual(['usr/lib64/libsample.so.1'])
  })
})

describe('databases that cannot be read', () => {
  test('in part give what can be read, and a note', async () => {
    const path = 'var/lib/rpmmanifest/container-manifest-2'
    const line = (name: string, both: string, more = '') => `${name}\t${both}\t\t\t\t\t\tx86_64\t${more}\n`
    const text =
      line('a', '1-1', '0') + line('b', 'nodash') + line('gpg-pubkey', '1-1') + line('c', '2-1', '3')
    const { components, notes } = await inventoryOf([file(path, text)])
    expect(components.map(({ name, version }) => `${name} ${version}`)).toEqual(['a 1-1', 'c 3:2-1'])
    expect(notes).toEqual([
      {
        code: 'database-damaged',
        message: `The package database is damaged; packages may be missing: 1 lines of ${path} name no package`,
        location: { path, layer: 0 },
      },
    ])
  })

  test('list a package once that two databases have, and each version that is there', async () => {
    const path = 'var/lib/rpmmanifest/container-manifest-2'
    const line = (both: string) => `kernel\t${both}\t\t\t\t\t\tx86_64\t0\n`
    const { components } = await inventoryOf([file(path, line('1-1') + line('2-1') + line('1-1'))])
    expect(components.map(({ version }) => version)).toEqual(['1-1', '2-1'])
  })

  test('become notes', async () => {
    const { components, notes } = await inventoryOf([
      release,
      file('var/lib/rpm/rpmdb.sqlite', fixture('rpmdb.sqlite.gz').subarray(0, 5000)),
      file('var/lib/rpm/Packages', 'no database'),
      file('var/lib/rpm/rpmdb.sqlite-wal', 'changes'),
    ])
    expect(components).toEqual([])
    expect(notes.map(({ code, location }) => [code, location?.path])).toEqual([
      ['unreadable-file', 'var/lib/rpm/rpmdb.sqlite'],
      ['unreadable-file', 'var/lib/rpm/Packages'],
      ['database-incomplete', 'var/lib/rpm/rpmdb.sqlite-wal'],
    ])
  })
})

test('the list of distroless images of Azure Linux is read', async () => {
  const line =
    'openssl-libs\t3.3.0-1.azl3\t1717000000\t1716000000\tMicrosoft\t(none)\t100\tx86_64\t0\topenssl-3.3.0-1.azl3.src.rpm\n'
  const { components } = await inventoryOf([file('var/lib/rpmmanifest/container-manifest-2', line)])
  expect(components).toMatchObject([
    { name: 'openssl-libs', version: '3.3.0-1.azl3', source: { name: 'openssl', version: '3.3.0-1.azl3' } },
  ])
})

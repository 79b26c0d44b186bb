import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { file, link } from '../fixtures/sample-tree.ts'
import { readImageInventory } from '../reading/image.ts'
import { apkCataloguer } from './cataloguer.ts'
import { parseInstalled } from './installed.ts'

const installed = readFileSync(new URL('fixtures/installed', import.meta.url), 'utf8')
const release = file('etc/os-release', 'ID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n')
const inventoryOf = (...layers: Parameters<typeof sampleImage>[0]) =>
  readImageInventory(sampleImage(layers), { cataloguers: [apkCataloguer] })

describe('the installed database', () => {
  test('gives packages with origin, licence and what they need', async () => {
    const { components } = await inventoryOf([release, file('lib/apk/db/installed', installed)])
    const [busybox, sh, musl] = components
    expect(sh).toMatchObject({
      type: 'apk',
      name: 'busybox-binsh',
      version: '1.36.1-r29',
      architecture: 'x86_64',
      source: { name: 'busybox', version: '1.36.1-r29' },
      licence: 'GPL-2.0-only',
      purl: 'pkg:apk/alpine/busybox-binsh@1.36.1-r29?arch=x86_64&distro=alpine-3.20.3&upstream=busybox',
      dependsOn: [busybox?.purl],
      foundBy: 'apk',
    })
    expect(busybox?.dependsOn).toEqual([musl?.purl])
  })

  test('owns the files that are there', async () => {
    const { components, files } = await inventoryOf([
      release,
      file('usr/lib/apk/db/installed', installed),
      link('lib', 'usr/lib'),
      file('bin/busybox'),
      file('etc/securetty'),
      file('opt/own'),
    ])
    expect(components.find(({ name }) => name === 'busybox')?.files).toEqual(['bin/busybox', 'etc/securetty'])
    const owned = files?.filter(({ owner }) => owner !== undefined).map(({ path }) => path)
    expect(owned).toEqual(['bin/busybox', 'etc/securetty'])
  })

  test('tells the layer since when each package is there', async () => {
    const [first = '', ...others] = installed.trimEnd().split('\n\n')
    const upgraded = installed.replace('V:1.2.5-r0', 'V:1.2.5-r1')
    const { components } = await inventoryOf(
      [release, file('lib/apk/db/installed', `${first}\n\n${others.at(-1)}\n`)],
      [file('lib/apk/db/installed', installed)],
      [file('lib/apk/db/installed', upgraded)],
    )
    expect(components.map(({ name, locations }) => [name, locations[0]?.layer])).toEqual([
      ['busybox', 0],
      ['busybox-binsh', 1],
      ['musl', 2],
    ])
  })
})

describe('a database that is damaged or odd', () => {
  const paragraph = (...lines: string[]) => `${lines.join('\n')}\n\n`

  test('gives what can be read, and a note', async () => {
    const text =
      paragraph('P:a', 'V:1') + paragraph('P:b') + paragraph('V:2') + paragraph('P:c', 'V:3', 'D:a')
    const { components, notes } = await inventoryOf([release, file('lib/apk/db/installed', text)])
    expect(components.map(({ name }) => name)).toEqual(['a', 'c'])
    expect(components[1]?.dependsOn).toEqual([components[0]?.purl])
    expect(notes).toEqual([
      {
        code: 'database-damaged',
        message: '2 paragraphs of the package database name no package',
        location: { path: 'lib/apk/db/installed', layer: 0 },
      },
    ])
  })

  test('is no list without packages where it is too large to be one', async () => {
    const { components, notes } = await inventoryOf([
      release,
      file('lib/apk/db/installed', `P:${'a'.repeat(2 << 20)}`),
    ])
    expect(components).toEqual([])
    expect(notes.map(({ code, location }) => [code, location?.path])).toEqual([
      ['limit-exceeded', 'lib/apk/db/installed'],
    ])
  })

  test('lists a package once that two places have', async () => {
    const text = paragraph('P:a', 'V:1')
    const { components } = await inventoryOf([
      release,
      file('lib/apk/db/installed', text),
      file('usr/lib/apk/db/installed', text),
    ])
    expect(components).toHaveLength(1)
  })

  test('says of a package only what it knows, without a distribution too', async () => {
    const { components } = await inventoryOf([file('lib/apk/db/installed', paragraph('P:a', 'V:1-r0'))])
    expect(components).toEqual([
      {
        type: 'apk',
        name: 'a',
        version: '1-r0',
        purl: 'pkg:apk/a@1-r0',
        source: { name: 'a', version: '1-r0' },
        locations: [{ path: 'lib/apk/db/installed', layer: 0 }],
        files: [],
        foundBy: 'apk',
      },
    ])
  })
})

test('any text gives packages with name and version, or none', () => {
  const line = fc.oneof(
    fc.constantFrom('P:a', 'V:1', 'P:', 'F:etc', 'R:x', 'Z:', 'o:b', 'D:!c so:d', '', 'nonsense', ':'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const { packages } = parseInstalled(lines.join('\n'), 'installed')
      for (const { name, version } of packages) expect([name, version]).not.toContain('')
    }),
  )
  expect(() => parseInstalled(`P:${'a'.repeat(2 << 20)}`, 'installed')).toThrow(/line of more than/)
})

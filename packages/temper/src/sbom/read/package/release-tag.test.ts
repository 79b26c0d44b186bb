import { describe, expect, test } from 'vitest'
import type { ComponentType } from '../../../model/inventory.ts'
import { readSbom } from '../read.ts'
import { taggedRelease } from './release-tag.ts'

const told = (type: ComponentType, id: string, ...versions: string[]) =>
  taggedRelease(
    versions.map((version) => ({ type, version, distribution: { id, version: '' } })),
    undefined,
  )?.version

describe('the release that versions tell', () => {
  test.each<[ComponentType, string, readonly string[], string | undefined]>([
    ['deb', 'debian', ['2.2.4', '1.18.4-2.1~deb11u1', '2.31-13+deb11u5'], '11'],
    ['deb', 'debian', ['1.0-1~bpo12+1'], '12'],
    ['deb', 'debian', ['2.2.4', '1.0-1'], undefined],
    ['deb', 'debian', ['1-1+deb11u1', '1-1+deb12u1'], undefined],
    ['deb', 'ubuntu', ['2.34-0ubuntu3.2', '8.5.0-0ubuntu0.22.04.1'], '22.04'],
    ['deb', 'ubuntu', ['1.1.1f-1ubuntu2.16'], undefined],
    ['deb', 'raspbian', ['1-1+deb11u1'], undefined],
    ['rpm', 'rhel', ['1:3.0.7-24.el9', '5.1.8-9.el9_2'], '9'],
    ['rpm', 'rhel', ['1-1.el9', '1-1.el8'], undefined],
    ['rpm', 'almalinux', ['1-1.module_el8.6.0+2876+9ed4eae2', '1-1.el8_6.alma.1'], '8'],
    ['rpm', 'fedora', ['1-1.fc40'], '40'],
    ['rpm', 'fedora', ['1-1.el9'], undefined],
    ['rpm', 'photon', ['4.4.18-2.ph3'], '3.0'],
    ['rpm', 'amzn', ['1-1.amzn2023.0.1'], '2023'],
    ['rpm', 'azurelinux', ['1-1.azl3'], '3.0'],
    ['rpm', 'mariner', ['1-1.cm2'], '2.0'],
    ['apk', 'alpine', ['1.36.1-r5'], undefined],
    ['npm', 'debian', ['1.0.0+deb12u1'], undefined],
    ['deb', 'debian', ['', '+deb', '~deb1', `${'1'.repeat(300)}+deb12u1`], undefined],
  ])('%s of %s: %j: %s', (type, id, versions, expected) => {
    expect(told(type, id, ...versions)).toBe(expected)
  })

  test('packages of two distributions tell nothing of each other', () => {
    const of = (id: string, version: string) => ({
      type: 'rpm' as const,
      version,
      distribution: { id, version: '' },
    })
    expect(taggedRelease([of('rhel', '1-1.el9'), of('fedora', '1-1')], undefined)).toBeUndefined()
  })

  test('the distribution may be that of the document', () => {
    const stated = { id: 'debian', version: '' }
    expect(taggedRelease([{ type: 'deb', version: '1-1+deb12u1' }], stated)).toEqual({
      id: 'debian',
      version: '12',
    })
    expect(taggedRelease([{ type: 'deb', version: '1-1+deb12u1' }], undefined)).toBeUndefined()
  })
})

describe('a document that names no release', () => {
  const read = async (system: object | undefined, ...versions: string[]) => {
    const components = versions.map((version, i) => ({
      type: 'library',
      name: `a${i}`,
      version,
      purl: `pkg:deb/debian/a${i}@${encodeURIComponent(version)}?arch=amd64`,
    }))
    const document = {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: [...(system === undefined ? [] : [system]), ...components],
    }
    return (await readSbom(Buffer.from(JSON.stringify(document)), { what: 'x' })).inventory
  }

  test('is of that which versions tell, and says so', async () => {
    const { distribution, components, notes } = await read(undefined, '1-1', '2-1+deb11u2')
    expect(distribution).toEqual({ id: 'debian', version: '11' })
    expect(components.every((each) => each.distribution === undefined)).toBe(true)
    expect(notes.map(({ code }) => code)).toEqual(['release-told-by-versions'])
  })

  test('keeps what it says, whatever versions tell', async () => {
    const system = { type: 'operating-system', name: 'debian', version: '12' }
    const { distribution, notes } = await read(system, '2-1+deb11u2')
    expect(distribution).toEqual({ id: 'debian', version: '12' })
    expect(notes).toEqual([])
  })

  test('stays without one where nothing tells it', async () => {
    const { distribution, notes } = await read(undefined, '1-1')
    expect(distribution).toBeUndefined()
    expect(notes).toEqual([])
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '../base/digest.ts'
import { formatPurl } from '../formats/purl/purl.ts'
import type { Component, Inventory } from '../model/inventory.ts'
import type { Sbom } from '../model/sbom.ts'
import { writeCycloneDx } from './cyclonedx/cyclonedx.ts'
import { describeInventory } from './describe/inventory.ts'
import { readSbom } from './read/read.ts'
import { writeSpdx } from './spdx/spdx.ts'
import { writeSpdx3 } from './spdx3/spdx3.ts'

/* What is written of an inventory is what is read of the document. */

const about = {
  generator: { name: 'temper', version: '0' },
  subject: {
    kind: 'image',
    name: 'app',
    digest: sha256('app'),
    architecture: 'amd64',
    created: '2026-01-02T03:04:05Z',
  },
} as const

const word = fc.stringMatching(/^[a-z][a-z0-9+.-]{0,8}$/)
const version = fc.stringMatching(/^([1-9]:)?[0-9][0-9a-z.+~]{0,6}(-[0-9]{1,2})?$/)
const licence = fc.constantFrom(
  'MIT',
  'GPL-2.0-only WITH Classpath-exception-2.0 OR MIT',
  'MIT AND LicenseRef-own',
  'GPL v2, more or less',
)

const sentence = fc
  .string({ minLength: 1, maxLength: 60 })
  .map((text) => `/var/lib/x: ${text.replace(/\s+/g, ' ').trim()}.`)

const systemComponent = fc
  .record({ name: word, version, source: fc.record({ name: word, version }), licence: fc.option(licence) })
  .map(
    ({ name, version: own, source, licence: stated }): Component => ({
      type: 'deb',
      name,
      version: own,
      purl: formatPurl({
        type: 'deb',
        namespace: 'debian',
        name,
        version: own,
        qualifiers: { arch: 'amd64', distro: 'debian-13' },
      }),
      architecture: 'amd64',
      source,
      ...(stated === null ? {} : { licence: stated }),
      supplier: 'Someone <a@example.org>',
      locations: [{ path: 'var/lib/dpkg/status' }],
      files: [`usr/bin/${name}`],
      foundBy: 'dpkg',
    }),
  )

const languageComponent = fc
  .record({
    group: word,
    name: word,
    version,
    type: fc.constantFrom('npm', 'maven', 'golang', 'pypi'),
    path: word,
  })
  .map(
    ({ group, name, version: own, type, path }): Component => ({
      type,
      name: { npm: `@${group}/${name}`, maven: `${group}:${name}`, golang: `${group}/${name}`, pypi: name }[
        type
      ],
      version: own,
      purl: formatPurl({
        type,
        ...(type === 'pypi' ? {} : { namespace: type === 'npm' ? `@${group}` : group }),
        name,
        version: own,
      }),
      locations: [{ path: `app/${path}` }],
      foundBy: type,
    }),
  )

const notes = fc.array(
  fc.record({ code: fc.constantFrom('unreadable-file', 'limit-exceeded'), message: sentence }),
  { maxLength: 4 },
)

const inventory = fc
  .tuple(
    fc.uniqueArray(systemComponent, { selector: ({ name }) => name, maxLength: 5 }),
    fc.uniqueArray(languageComponent, {
      selector: ({ purl, locations }) => purl + locations[0]?.path,
      maxLength: 5,
    }),
    notes,
  )
  .map(([system, language, told]): Inventory => {
    const components = [...system, ...language]
    const [first, second] = components
    return {
      distribution: { id: 'debian', version: '13', title: 'Debian GNU/Linux 13 (trixie)' },
      architecture: 'amd64',
      components:
        first === undefined || second === undefined || first.purl === second.purl
          ? components
          : [{ ...first, dependsOn: [second.purl] }, ...components.slice(1)],
      files: system
        .map(({ name }) => ({
          path: `usr/bin/${name}`,
          digest: sha256(name),
          sha1: '1'.repeat(40),
          layer: 0,
        }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
      layers: [],
      notes: told,
    }
  })

test.each([
  ['SPDX', writeSpdx],
  ['SPDX 3', writeSpdx3],
  ['CycloneDX', writeCycloneDx],
])('%s', async (_, write: (sbom: Sbom) => string) => {
  await fc.assert(
    fc.asyncProperty(inventory, async (given) => {
      const readBack = await readSbom(Buffer.from(write(describeInventory(given, about))), { what: 'own' })
      expect(readBack.subject).toMatchObject({ name: 'app', digest: sha256('app'), architecture: 'amd64' })
      expect(readBack.inventory.distribution).toEqual(given.distribution)
      const byCode = Map.groupBy(given.notes, ({ code }) => code)
      expect(readBack.inventory.notes).toEqual([...byCode.values()].flat())
      expect(readBack.inventory.files ?? []).toEqual(given.files?.map(({ layer: _layer, ...file }) => file))
      const told = ({ foundBy: _by, supplier, licence: stated, locations, source, ...rest }: Component) => ({
        ...rest,
        // SPDX has an element for where a package was found or for its source, not for both; agents are written otherwise.
        ...(source === undefined ? { locations } : { source }),
        ...(supplier === undefined ? {} : { supplier: supplier.replace(/<(.*)>/, '($1)') }),
        ...(stated === undefined || stated.includes(',') ? {} : { licence: stated }),
      })
      const words = readBack.inventory.components.map((component) =>
        component.licence?.startsWith('LicenseRef-words') === true
          ? { ...component, licence: 'GPL v2, more or less' }
          : component,
      )
      expect(sorted(words.map(told))).toEqual(sorted(given.components.map(told)))
    }),
    { numRuns: 60 },
  )
})

function sorted<T extends { readonly purl: string }>(list: readonly T[]): readonly T[] {
  return list
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    .toSorted((a, b) => (a.purl < b.purl ? -1 : 1))
}

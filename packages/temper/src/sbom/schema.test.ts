import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Ajv, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import type { Inventory } from '../model/inventory.ts'
import type { Sbom } from '../model/sbom.ts'
import { writeCycloneDx } from './cyclonedx/cyclonedx.ts'
import { describeContents } from './describe/describe.ts'
import { describeInventory } from './describe/inventory.ts'
import { foreignInventory, foreignSubject } from './fixtures/foreign-sample.ts'
import { sampleInput, samplePackage } from './fixtures/sample.ts'
import { writeSpdx } from './spdx/spdx.ts'
import { writeSpdx3 } from './spdx3/spdx3.ts'

/* The documents against the official schemas. */

const sboms = [
  describeContents(sampleInput()),
  describeContents(sampleInput({ packages: [samplePackage('bare', { repository: 'mine' })], nodes: [] })),
  describeContents(sampleInput({ packages: [], nodes: [], dependsOn: new Map() })),
  foreign({}),
  foreign({ files: [] }),
  describeInventory(
    { components: [], layers: [], notes: [{ code: 'x', message: 'X.' }] },
    {
      generator: { name: 'temper', version: '0' },
      subject: { kind: 'lock', name: 'x', created: '2026-01-02T03:04:05Z' },
    },
  ),
]

function foreign(fields: Partial<Inventory>): Sbom {
  const about = { generator: { name: 'temper', version: '0.1.0' }, subject: foreignSubject }
  return describeInventory({ ...foreignInventory(), ...fields }, about)
}

function readJson(path: string): object {
  return JSON.parse(readFileSync(path, 'utf8'))
}

function validator(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  for (const name of ['idn-email', 'iri-reference']) ajv.addFormat(name, true)
  return ajv
}

function cycloneDx(): ValidateFunction {
  const library = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')
  const read = (name: string) =>
    readJson(join(dirname(library), 'res/schema', `${name}.SNAPSHOT.schema.json`))
  const ajv = validator()
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'])
    ajv.addSchema(read(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`)
  return ajv.compile(read('bom-1.6'))
}

describe('SPDX 2.3', () => {
  const valid = validator().compile(readJson(join(import.meta.dirname, 'fixtures/spdx-schema-2.3.json')))

  test.each(sboms)('document %#', (sbom) => {
    expect(valid(JSON.parse(writeSpdx(sbom))) || valid.errors).toBe(true)
  })

  test('the schema refuses what is wrong', () => {
    expect(valid({ ...JSON.parse(writeSpdx(sboms[0] as never)), files: [{ fileName: './a' }] })).toBe(false)
  })
})

describe('SPDX 3.0.1', () => {
  const packed = readFileSync(join(import.meta.dirname, 'fixtures/spdx-schema-3.0.1.json.gz'))
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  const valid = ajv.compile(JSON.parse(gunzipSync(packed).toString('utf8')))

  test.each(sboms)('document %#', (sbom) => {
    expect(valid(JSON.parse(writeSpdx3(sbom))) || valid.errors).toBe(true)
  })

  test('the schema refuses what is wrong', () => {
    const document: { '@graph': object[] } = JSON.parse(writeSpdx3(sboms[0] as never))
    const wrong = [
      { type: 'software_File', spdxId: 'urn:x', name: 'x' },
      { type: 'software_Package', spdxId: 'urn:x', creationInfo: '_:creation', name: 'x', unheard: true },
      {
        type: 'Relationship',
        spdxId: 'urn:x',
        creationInfo: '_:creation',
        from: 'urn:x',
        relationshipType: 'has',
        to: [],
      },
    ]
    for (const each of wrong)
      expect(valid({ ...document, '@graph': [...document['@graph'], each] })).toBe(false)
  })

  test.each(sboms)('document %# names nothing that is not there', (sbom) => {
    const graph: readonly Record<string, unknown>[] = JSON.parse(writeSpdx3(sbom))['@graph']
    const ids = graph.map((each) => each['spdxId'] ?? each['@id'])
    expect(new Set(ids).size).toBe(ids.length)
    const text = JSON.stringify(graph.map(({ spdxId: _, ...members }) => members))
    const named = [...text.matchAll(/"(https:\/\/spdx\.org\/spdxdocs\/[^"]+)"/g)].map(([, id]) => id)
    expect(named.filter((id) => !ids.includes(id))).toEqual([])
  })
})

describe('CycloneDX 1.6', () => {
  const valid = cycloneDx()

  test.each(sboms)('document %#', (sbom) => {
    expect(valid(JSON.parse(writeCycloneDx(sbom))) || valid.errors).toBe(true)
  })

  test('the schema refuses what is wrong', () => {
    expect(valid({ ...JSON.parse(writeCycloneDx(sboms[0] as never)), serialNumber: 'urn:uuid:x' })).toBe(
      false,
    )
  })
})

import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { VexStatement } from '../../../model/advisory/vex.ts'
import { digestA, sampleStatement } from '../fixtures/sample.ts'
import { readVex } from './read.ts'
import { justifications, statuses } from './words.ts'
import { writeOpenVex } from './write.ts'

const head = {
  author: 'Temper',
  role: 'Build tool',
  timestamp: '2025-06-01T00:00:00.000Z',
  tooling: 'temper 1',
}

// What OPENVEX-SPEC.md of 0.2.0 demands of documents, statements and components; no member besides those named.
const members = (required: readonly string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
})
const component = (more: object) =>
  members(['@id'], {
    '@id': { type: 'string', format: 'iri' },
    hashes: members([], { 'sha-256': { type: 'string', pattern: '^[0-9a-f]{64}$' } }),
    ...more,
  })
const distinctList = (items: object, minItems = 0) => ({ type: 'array', items, minItems, uniqueItems: true })
const dateTime = { type: 'string', format: 'date-time' }
const when = (status: string, then: object) => ({ if: { properties: { status: { const: status } } }, then })
const ajv = new Ajv2020.default({ strict: false })
addFormats.default(ajv)
ajv.addFormat('iri', /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i)
const validate = ajv.compile(
  members(['@context', '@id', 'author', 'timestamp', 'version', 'statements'], {
    '@context': { const: 'https://openvex.dev/ns/v0.2.0' },
    '@id': { type: 'string', format: 'iri' },
    author: { type: 'string' },
    role: { type: 'string' },
    timestamp: dateTime,
    version: { type: 'integer', minimum: 1 },
    tooling: { type: 'string' },
    statements: distinctList(
      {
        ...members(['vulnerability', 'status'], {
          vulnerability: members(['name'], {
            name: { type: 'string' },
            aliases: distinctList({ type: 'string' }),
          }),
          products: distinctList(component({ subcomponents: distinctList(component({})) })),
          status: { enum: [...statuses] },
          justification: { enum: [...justifications] },
          impact_statement: { type: 'string' },
          action_statement: { type: 'string' },
          status_notes: { type: 'string' },
          timestamp: dateTime,
        }),
        allOf: [
          when('not_affected', {
            anyOf: [{ required: ['justification'] }, { required: ['impact_statement'] }],
          }),
          when('affected', { required: ['action_statement'] }),
        ],
      },
      1,
    ),
  }),
)

function faults(text: string): unknown {
  validate(JSON.parse(text))
  return validate.errors ?? []
}

const text = fc.string({ minLength: 1, maxLength: 20 }).map((each) => `x${each.trim()}x`)
const time = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())
const purl = fc.constantFrom('pkg:deb/debian/a@1', 'pkg:deb/debian/b@2?arch=amd64', 'pkg:oci/web')
const product = fc.record(
  {
    id: purl,
    subcomponents: fc.uniqueArray(purl, { maxLength: 3 }),
    digests: fc.constant([digestA]),
  },
  { requiredKeys: ['id', 'subcomponents'] },
)
const statement = fc
  .record({
    vulnerability: fc.constantFrom('CVE-2025-1', 'CVE-2025-2'),
    aliases: fc.uniqueArray(fc.constantFrom('GHSA-1', 'GHSA-2')),
    products: fc.uniqueArray(product, { maxLength: 3, selector: ({ id }) => id }),
    status: fc.constantFrom(...statuses),
    justification: fc.constantFrom(...justifications),
    statement: text,
    timestamp: time,
    expires: time,
  })
  .map(({ justification, ...rest }): VexStatement => {
    return rest.status === 'not_affected' ? { ...rest, justification } : rest
  })
const distinct = fc.uniqueArray(statement, {
  minLength: 1,
  maxLength: 5,
  selector: (each) => JSON.stringify(each),
})

describe('OpenVEX as it is written', () => {
  test('has what the specification demands, and nothing else', () => {
    fc.assert(
      fc.property(distinct, (statements) => void expect(faults(writeOpenVex(head, statements))).toEqual([])),
    )
  })

  test('is read back as it was', () => {
    fc.assert(
      fc.property(distinct, (statements) => {
        const { document, notes } = readVex(Buffer.from(writeOpenVex(head, statements)), { origin: 'x' })
        expect(notes).toEqual([])
        expect(document.statements).toEqual(statements)
        expect(document).toMatchObject({ author: 'Temper', timestamp: head.timestamp })
      }),
    )
  })

  test.each(statuses)('%s without any words is valid', (status) => {
    expect(faults(writeOpenVex(head, [sampleStatement({ status })]))).toEqual([])
  })

  test('names the role and the tool where there are any', () => {
    const written = (more: object) =>
      JSON.parse(writeOpenVex({ author: 'Jane', timestamp: head.timestamp, ...more }, [sampleStatement()]))
    expect(written({ role: 'Build tool', tooling: 'temper 1' })).toMatchObject({
      author: 'Jane',
      role: 'Build tool',
      tooling: 'temper 1',
      timestamp: '2025-06-01T00:00:00Z',
    })
    expect(Object.keys(written({}))).toEqual([
      ...['@context', '@id', 'author', 'timestamp', 'version', 'statements'],
    ])
  })

  test('has of digests only those that OpenVEX and scanners know, and no empty list', () => {
    const written = (products: VexStatement['products']) =>
      JSON.parse(writeOpenVex(head, [sampleStatement({ products })])).statements[0]
    const sha512 = `sha512:${'a'.repeat(128)}`
    expect(written([{ id: 'pkg:oci/a', digests: [sha512, digestA], subcomponents: [] }]).products).toEqual([
      { '@id': 'pkg:oci/a', hashes: { 'sha-256': 'a'.repeat(64) } },
    ])
    expect(written([{ id: 'pkg:oci/a', digests: [sha512], subcomponents: [] }]).products).toEqual([
      { '@id': 'pkg:oci/a' },
    ])
    expect(written([])).not.toHaveProperty('products')
  })

  test('the id follows from the content', () => {
    const id = (author: string) => JSON.parse(writeOpenVex({ ...head, author }, [sampleStatement()]))['@id']
    expect(id('a')).toBe(id('a'))
    expect(id('a')).not.toBe(id('b'))
  })

  test('texts cannot steer a terminal', () => {
    const written = writeOpenVex(head, [sampleStatement({ statement: '\u001b[2J\u202e' })])
    for (const char of ['\u001b', '\u202e']) expect(written).not.toContain(char)
    expect(readVex(Buffer.from(written), { origin: 'x' }).document.statements[0]?.statement).toBe(
      '\u001b[2J\u202e',
    )
  })
})

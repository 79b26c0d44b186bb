import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TemperError } from '../../../base/error.ts'
import { vexLimits } from './limits.ts'
import { readVex, readVexValue } from './read.ts'

const openVex = {
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'urn:x',
  author: 'Jane',
  timestamp: '2025-01-01T00:00:00Z',
  statements: [
    {
      vulnerability: { name: 'CVE-2025-1', aliases: ['GHSA-1'] },
      products: [
        { '@id': 'pkg:oci/a', hashes: { 'sha-256': 'ff' }, subcomponents: [{ '@id': 'pkg:deb/debian/x' }] },
      ],
      status: 'not_affected',
      justification: 'component_not_present',
    },
  ],
}
const cycloneDx = {
  bomFormat: 'CycloneDX',
  metadata: { component: { 'bom-ref': 'r', purl: 'pkg:oci/a' }, authors: [{ name: 'Jane' }] },
  components: [{ 'bom-ref': 'a', purl: 'pkg:npm/a', components: [] }],
  vulnerabilities: [
    {
      id: 'CVE-2025-1',
      references: [{ id: 'GHSA-1' }],
      analysis: { state: 'not_affected', justification: 'code_not_present', response: ['update'] },
      affects: [{ ref: 'a', versions: [{ version: '1', status: 'affected' }] }],
    },
  ],
}
const csaf = {
  document: {
    csaf_version: '2.0',
    publisher: { name: 'X' },
    tracking: { id: 'X', current_release_date: '' },
  },
  product_tree: {
    branches: [
      { product: { product_id: 'A', product_identification_helper: { purl: 'pkg:npm/a@1' } }, branches: [] },
    ],
    relationships: [
      { product_reference: 'A', relates_to_product_reference: 'B', full_product_name: { product_id: 'A:B' } },
    ],
    product_groups: [{ group_id: 'G', product_ids: ['A'] }],
  },
  vulnerabilities: [
    {
      cve: 'CVE-2025-1',
      product_status: { fixed: ['A'], known_not_affected: ['A:B'] },
      flags: [{ label: 'component_not_present', product_ids: ['A'], group_ids: ['G'] }],
      threats: [{ category: 'impact', details: 'x', product_ids: ['A'] }],
    },
  ],
}
const documents = [openVex, cycloneDx, csaf]

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

function codeOf(content: Uint8Array): string {
  try {
    readVex(content, { origin: 'x' })
    return 'read'
  } catch (error) {
    if (error instanceof TemperError) return error.code
    throw error
  }
}

describe('what it is', () => {
  test.each([
    ['openvex', openVex],
    ['cyclonedx', cycloneDx],
    ['csaf', csaf],
  ])('%s', (format, value) => {
    expect(readVex(bytes(value), { origin: 'x' })).toMatchObject({
      document: { format, origin: 'x' },
      notes: [],
    })
  })

  test('one of several contexts', () => {
    const contexts = ['https://example.com/ns', openVex['@context']]
    expect(codeOf(bytes({ ...openVex, '@context': contexts }))).toBe('read')
  })

  test('what is none of them is told, with what to give', () => {
    const refused = (text: string) => expect(() => readVex(bytes(text), { origin: 'x' }))
    const named = { hint: 'Give a VEX document: OpenVEX, CycloneDX or CSAF, in JSON.' }
    for (const text of ['{"document":{}}', '{"document":null}', '{"document":"csaf_version"}', '{}']) {
      refused(text).toThrow('x: expected OpenVEX, CycloneDX or CSAF, found {')
      refused(text).toThrow(expect.objectContaining(named) as unknown as Error)
    }
  })

  test('a byte order mark is none within a text', () => {
    const statements = [{ ...openVex.statements[0], impact_statement: 'a\uFEFFb' }]
    const { document } = readVex(bytes({ ...openVex, statements }), { origin: 'x' })
    expect(document.statements[0]?.statement).toBe('a\uFEFFb')
  })

  test('the predicate of an in-toto statement, and a byte order mark', () => {
    const statement = { _type: 'https://in-toto.io/Statement/v1', subject: [], predicate: openVex }
    expect(
      readVex(bytes(`\uFEFF${JSON.stringify(statement)}`), { origin: 'x' }).document.statements,
    ).toHaveLength(1)
  })

  test.each([
    ['bad-vex', '{}'],
    ['bad-vex', '[]'],
    ['bad-vex', 'null'],
    ['bad-vex', '{"@context":"https://openvex.dev/nsx"}'],
    ['bad-vex', '{"@context":"see https://openvex.dev/ns"}'],
    ['bad-vex', '{"@context":[["https://openvex.dev/ns"]]}'],
    ['bad-vex', '{"@context":"https://openvex.dev/ns","statements":{}}'],
    ['bad-vex', '{"_type":"https://in-toto.io/Statement/v1"}'],
    ['bad-vex', 'no json'],
    ['bad-vex', Buffer.from([0xff, 0xfe])],
    ['limit-exceeded', '['.repeat(100)],
  ])('%s: %s', (code, content) => {
    expect(codeOf(typeof content === 'string' ? Buffer.from(content) : content)).toBe(code)
  })
})

describe('hostile documents', () => {
  test('of more bytes than the limit are not read', () => {
    // Bytes that are no text: reading ends with the first of them.
    expect(codeOf(Buffer.alloc(vexLimits.bytes, 0xff))).toBe('bad-vex')
    expect(codeOf(Buffer.alloc(vexLimits.bytes + 1, 0xff))).toBe('limit-exceeded')
  })

  test('more products than anybody needs', () => {
    const subcomponents = Array.from({ length: 50_000 }, (_, i) => ({ '@id': `p${i}` }))
    const statement = { ...openVex.statements[0], products: [{ '@id': 'pkg:oci/a', subcomponents }] }
    // Values share what they have in common: written out it would be 100 MB.
    const value = { ...openVex, statements: Array.from({ length: 100 }, () => statement) }
    expect(() => readVexValue(value, { origin: 'x' })).toThrow(
      /^x: more than 200000 statements or 4000000 products$/,
    )
  })

  test('any value at any place is read, noted or refused', () => {
    const values = fc.oneof(
      fc.constantFrom(null, 0, '', 'x', [], {}, [null], [[]], { product_id: 'A' }, '__proto__', true),
      fc.jsonValue({ maxDepth: 2 }),
    )
    const change = fc.tuple(fc.constantFrom(...documents), fc.nat(), values)
    fc.assert(
      fc.property(change, ([document, place, value]) => {
        const content = bytes(replaced(document, place, value))
        expect(['read', 'bad-vex', 'limit-exceeded']).toContain(codeOf(content))
      }),
      { numRuns: 500 },
    )
  })

  test('any bytes, and documents that are cut off', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.nat(),
        fc.uint8Array({ maxLength: 4 }),
        (value, at, other) => {
          const whole = bytes(value)
          const cut = at % whole.length
          const content = Buffer.concat([whole.subarray(0, cut), other, whole.subarray(cut + other.length)])
          expect(['read', 'bad-vex', 'limit-exceeded']).toContain(codeOf(content))
          expect(codeOf(whole.subarray(0, cut))).toBe('bad-vex')
        },
      ),
    )
  })
})

/** The value with the n-th of its members, counted through all of it, replaced. */
function replaced(value: unknown, n: number, by: unknown): unknown {
  let count = 0
  JSON.stringify(value, (_, inner) => {
    count++
    return inner
  })
  const chosen = n % count
  let seen = 0
  const walk = (inner: unknown): unknown => {
    if (seen++ === chosen) return by
    if (Array.isArray(inner)) return inner.map(walk)
    if (inner === null || typeof inner !== 'object') return inner
    return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, walk(each)]))
  }
  return walk(value)
}

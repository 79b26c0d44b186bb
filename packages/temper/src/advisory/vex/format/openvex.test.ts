import { describe, expect, test } from 'vitest'
import { digestA } from '../fixtures/sample.ts'
import { readVexValue } from './read.ts'

const hex = 'a'.repeat(64)

function read(statements: readonly unknown[], head: object = {}) {
  const document = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'urn:x',
    author: 'Jane',
    statements,
    ...head,
  }
  return readVexValue(document, { origin: 'x.json' })
}

const minimal = { vulnerability: { name: 'CVE-2025-1' }, products: [{ '@id': 'pkg:oci/a' }], status: 'fixed' }

describe('OpenVEX 0.2.0', () => {
  test('everything that a statement may have', () => {
    const { document, notes } = read(
      [
        {
          '@id': 'urn:statement',
          vulnerability: {
            '@id': 'https://x.example/CVE-2025-1',
            name: 'CVE-2025-1',
            aliases: ['GHSA-1', 'CVE-2025-1'],
          },
          timestamp: '2025-01-02T03:04:05.123456789+02:00',
          products: [
            {
              '@id': 'pkg:oci/a',
              identifiers: { purl: 'pkg:oci/b', cpe23: 'cpe:2.3:a:b:c' },
              hashes: { 'sha-256': hex.toUpperCase(), md5: 'ff' },
              subcomponents: [{ '@id': 'pkg:deb/debian/x' }, { identifiers: { purl: 'pkg:deb/debian/y' } }],
            },
          ],
          status: 'not_affected',
          justification: 'component_not_present',
          impact_statement: 'gone',
          status_notes: 'more\nExpires: 2026-01-01T00:00:00Z',
        },
      ],
      { timestamp: '2025-01-01T00:00:00Z', last_updated: '2025-02-01T00:00:00Z' },
    )
    expect(notes).toEqual([])
    const subcomponents = ['pkg:deb/debian/x', 'pkg:deb/debian/y']
    expect(document).toEqual({
      id: 'urn:x',
      format: 'openvex',
      author: 'Jane',
      timestamp: '2025-02-01T00:00:00.000Z',
      origin: 'x.json',
      statements: [
        {
          vulnerability: 'CVE-2025-1',
          aliases: ['GHSA-1'],
          products: [
            { id: 'pkg:oci/a', digests: [digestA], subcomponents },
            { id: 'pkg:oci/b', subcomponents },
            { id: 'cpe:2.3:a:b:c', subcomponents },
          ],
          status: 'not_affected',
          justification: 'component_not_present',
          statement: 'gone\nmore',
          timestamp: '2025-01-02T01:04:05.123Z',
          expires: '2026-01-01T00:00:00.000Z',
        },
      ],
    })
  })

  test.each(['', '/', '//#'])('a vulnerability that has an address only, which ends in %j', (end) => {
    const vulnerability = { '@id': `https://nvd.nist.gov/vuln/detail/CVE-2025-7${end}` }
    expect(read([{ ...minimal, vulnerability }]).document.statements[0]?.vulnerability).toBe('CVE-2025-7')
  })

  test('an end of its own', () => {
    const [statement] = read([{ ...minimal, expires: '2026-01-01T00:00:00Z' }]).document.statements
    expect(statement?.expires).toBe('2026-01-01T00:00:00.000Z')
  })

  test('what it has none of, empty or null', () => {
    const product = { '@id': 'pkg:oci/a', identifiers: null, hashes: null }
    const none = { products: [product], expires: null, impact_statement: '' }
    for (const justification of [null, '']) {
      const { document, notes } = read([{ ...minimal, ...none, justification }])
      expect(notes).toEqual([])
      expect(document.statements).toStrictEqual([
        {
          vulnerability: 'CVE-2025-1',
          aliases: [],
          products: [{ id: 'pkg:oci/a', subcomponents: [] }],
          status: 'fixed',
        },
      ])
    }
  })

  test('a justification counts for what is not affected only', () => {
    const [statement] = read([{ ...minimal, justification: 'component_not_present' }]).document.statements
    expect(statement).not.toHaveProperty('justification')
  })

  test.each([
    ['vulnerability', { vulnerability: {} }],
    ['vulnerability', { vulnerability: 7 }],
    ['status', { status: 'fine' }],
    ['justification', { justification: 'because' }],
    ['product', { products: [{}] }],
    ['product', { products: [7] }],
    ['products', { products: 'pkg:oci/a' }],
    ['product, which is not there,', { products: [], subcomponents: ['pkg:deb/debian/x'] }],
    ['subcomponent', { products: [{ '@id': 'pkg:oci/a', subcomponents: [{ x: 1 }] }] }],
    ['end that cannot be read', { expires: 'soon' }],
    ['id that is too long', { products: [{ '@id': 'x'.repeat(9000) }] }],
  ])('a bad %s costs its statement only: %j', (_, fault) => {
    const { document, notes } = read([{ ...minimal, ...fault }, minimal, 7])
    expect(document.statements).toHaveLength(1)
    expect(notes.map(({ code }) => code)).toEqual(['vex-statement-unusable', 'vex-statement-unusable'])
    expect(notes[0]?.message).toMatch(/^x\.json: statement 1: /)
  })

  test('many bad statements give a hundred notes and a count', () => {
    const { notes } = read(Array.from({ length: 250 }, () => 7))
    expect(notes).toHaveLength(101)
    expect(notes[100]).toEqual({ code: 'vex-more-notes', message: 'x.json: 150 more like these' })
  })

  test('who signed it stands behind it, not whom it names', () => {
    const document = { '@context': 'https://openvex.dev/ns/v0.2.0', author: 'Mallory', statements: [] }
    expect(readVexValue(document, { origin: 'x', signer: 'jane@example.com' }).document.author).toBe(
      'jane@example.com',
    )
  })
})

test('OpenVEX 0.0.1: bare texts, and subcomponents of all products', () => {
  const statement = {
    vulnerability: 'CVE-2025-1',
    products: ['pkg:oci/a', 'pkg:oci/b'],
    subcomponents: ['pkg:deb/debian/x'],
    status: 'affected',
    action_statement: 'update',
  }
  const { document } = read([statement], { '@context': 'https://openvex.dev/ns', version: '1' })
  expect(document.statements).toEqual([
    {
      vulnerability: 'CVE-2025-1',
      aliases: [],
      products: [
        { id: 'pkg:oci/a', subcomponents: ['pkg:deb/debian/x'] },
        { id: 'pkg:oci/b', subcomponents: ['pkg:deb/debian/x'] },
      ],
      status: 'affected',
      statement: 'update',
    },
  ])
})

test('a real document (Docker Hardened Images, shortened)', () => {
  const part = {
    '@id': 'pkg:deb/debian/systemd@257.8-1~deb13u2?os_distro=trixie&os_name=debian&os_version=13',
  }
  const { document, notes } = read([
    {
      '@id': '392eeac8-8ee8-4dd8-a417-b2e6ae081bcb',
      vulnerability: { name: 'CVE-2023-31437' },
      timestamp: '2025-08-05T20:37:00.526Z',
      products: [part, { '@id': 'pkg:docker/dhi/activemq-artemis', subcomponents: [part] }],
      status: 'not_affected',
      status_notes: 'This CVE is disputed and not considered a security vulnerability by upstream.',
      justification: 'vulnerable_code_cannot_be_controlled_by_adversary',
    },
  ])
  expect(notes).toEqual([])
  expect(document.statements[0]).toMatchObject({
    products: [{ id: part['@id'] }, { id: 'pkg:docker/dhi/activemq-artemis', subcomponents: [part['@id']] }],
    statement: 'This CVE is disputed and not considered a security vulnerability by upstream.',
  })
})

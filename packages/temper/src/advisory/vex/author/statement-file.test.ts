import { describe, expect, it } from 'vitest'
import { sampleStatement } from '../fixtures/sample.ts'
import { type AddOptions, addToFile } from './statement-file.ts'

const options: AddOptions = {
  author: 'Jane Doe',
  timestamp: '2026-01-15T10:00:00Z',
  file: 'web.json',
  unique: 'abc',
}
const about = (id: string) => ({ products: [{ id, subcomponents: [] }] })
const statement = sampleStatement({ justification: 'component_not_present', ...about('pkg:oci/web') })

/** The document that a file holds once a statement is added. */
function added(old: unknown, more = statement, over: Partial<AddOptions> = {}) {
  const text =
    old === undefined || typeof old === 'string' ? (old as string | undefined) : JSON.stringify(old)
  return JSON.parse(addToFile(text, more, { ...options, ...over }))
}

const known = {
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://example.org/vex',
  author: 'Jane Doe',
  timestamp: '2025-01-01T00:00:00Z',
  version: 3,
  statements: [
    { vulnerability: { name: 'CVE-2020-1' }, status: 'fixed', products: [{ '@id': 'pkg:oci/web' }] },
  ],
}

describe('a new file', () => {
  it('names who makes it, when, and what is stated', () => {
    expect(added(undefined)).toEqual({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': 'https://openvex.dev/docs/public/vex-abc',
      author: 'Jane Doe',
      timestamp: '2026-01-15T10:00:00Z',
      version: 1,
      statements: [
        {
          vulnerability: { name: 'CVE-2025-1' },
          products: [{ '@id': 'pkg:oci/web' }],
          status: 'not_affected',
          justification: 'component_not_present',
        },
      ],
    })
    expect(addToFile(undefined, statement, options)).toMatch(/^\{\n {2}"@context".*\}\n$/s)
  })

  it('needs an author', () => {
    const { author: _author, ...nobody } = options
    expect(() => addToFile(undefined, statement, nobody)).toThrow(
      expect.objectContaining({ code: 'bad-usage', message: expect.stringContaining('Expected an author') }),
    )
    expect(JSON.parse(addToFile(JSON.stringify(known), statement, nobody)).author).toBe('Jane Doe')
  })
})

describe('a file that is there', () => {
  it('keeps what is in it, and counts its editions', () => {
    expect(added({ ...known, remark: 'ours' })).toMatchObject({
      '@id': 'https://example.org/vex',
      author: 'Jane Doe',
      timestamp: '2025-01-01T00:00:00Z',
      last_updated: '2026-01-15T10:00:00Z',
      version: 4,
      remark: 'ours',
      statements: [known.statements[0], { vulnerability: { name: 'CVE-2025-1' } }],
    })
    expect(added(undefined)).not.toHaveProperty('last_updated')
  })

  it.each([undefined, 'three', 1.5, 2 ** 53])('begins to count where its version is %j', (version) => {
    expect(added({ ...known, version }).version).toBe(1)
  })

  it('says who states what its author does not', () => {
    const last = (author: string, more = statement) =>
      added(known, more, { author }).statements.at(-1) as Record<string, unknown>
    expect(last('Jane Doe')).not.toHaveProperty('impact_statement')
    expect(last('Joe')).toMatchObject({ impact_statement: 'Stated by Joe' })
    expect(last('Joe', { ...statement, statement: 'not there' })).toMatchObject({
      impact_statement: 'not there\nStated by Joe',
    })
    expect(added({ ...known, author: 7 }, statement, { author: 'Joe' })).toMatchObject({ author: 7 })
  })

  it('has what is said again replaced, and nothing else', () => {
    const names = (old: readonly unknown[], more = statement) =>
      added({ ...known, statements: old }, more).statements.length
    const same = {
      vulnerability: { name: 'CVE-2025-1' },
      products: [{ '@id': 'pkg:oci/web' }],
      status: 'fixed',
    }
    expect(names([same])).toBe(1)
    expect(names([{ ...same, vulnerability: 'CVE-2025-1' }])).toBe(1)
    expect(names([{ ...same, vulnerability: { name: 'CVE-2025-2' } }])).toBe(2)
    expect(names([{ ...same, vulnerability: { id: 'CVE-2025-1' } }])).toBe(2)
    expect(names([{ ...same, vulnerability: null }])).toBe(2)
    expect(names([{ ...same, products: [{ '@id': 'pkg:oci/other' }] }])).toBe(2)
    expect(names([{ vulnerability: { name: 'CVE-2025-1' } }])).toBe(2)
    expect(names([null, 'text', 7])).toBe(4)
    const whatever = sampleStatement({ justification: 'component_not_present' })
    expect(names([{ vulnerability: { name: 'CVE-2025-1' } }], whatever)).toBe(1)
    expect(names([{ vulnerability: { name: 'CVE-2025-1' }, products: [] }], whatever)).toBe(1)
    const { statements: _statements, ...none } = known
    expect(added(none).statements).toHaveLength(1)
  })

  it.each<[string, string]>([
    ['{', 'web.json: '],
    ['[]', 'web.json: the file: expected an object'],
    ['null', 'web.json: the file: expected an object'],
    ['{}', 'web.json: expected OpenVEX 0.2'],
    ['{"@context": 7}', 'web.json: expected OpenVEX 0.2'],
    ['{"@context": "https://openvex.dev/ns/v0.0.1"}', 'web.json: expected OpenVEX 0.2'],
    ['{"@context": "https://openvex.dev/ns/v0.2.0/more"}', 'web.json: expected OpenVEX 0.2'],
    ['{"@context": "see https://openvex.dev/ns/v0.2.0"}', 'web.json: expected OpenVEX 0.2'],
    ['{"@context": "https://openvex.dev/ns/v0.2.0", "statements": {}}', '"statements": expected a list'],
  ])('is refused when it is %s', (text, message) => {
    expect(() => addToFile(text, statement, options)).toThrow(message)
  })

  it.each(['https://openvex.dev/ns', 'https://openvex.dev/ns/v0.2.0', 'https://openvex.dev/ns/v0.2.15'])(
    'is taken as of %s',
    (context) => {
      expect(added({ ...known, '@context': context }).statements).toHaveLength(2)
    },
  )
})

import { describe, expect, test } from 'vitest'
import { readVexValue } from './read.ts'

function read(vulnerabilities: readonly unknown[], over: object = {}) {
  const document = { bomFormat: 'CycloneDX', specVersion: '1.6', vulnerabilities, ...over }
  const { document: vex, notes } = readVexValue(document, { origin: 'x.json' })
  return { statements: vex.statements, notes, document: vex }
}

const affects = [{ ref: 'pkg:npm/a@1' }]
const one = (analysis: object, over: object = {}) => read([{ id: 'CVE-2025-1', analysis, affects, ...over }])

describe('states', () => {
  test.each([
    ['resolved', 'fixed'],
    ['resolved_with_pedigree', 'fixed'],
    ['exploitable', 'affected'],
    ['in_triage', 'under_investigation'],
    ['false_positive', 'not_affected'],
    ['not_affected', 'not_affected'],
  ])('%s is %s', (state, status) => {
    expect(one({ state }).statements).toMatchObject([{ status, products: [{ id: 'pkg:npm/a@1' }] }])
  })

  test('without a state nothing is stated', () => {
    expect(
      read([
        { id: 'CVE-2025-1', affects },
        { id: 'CVE-2025-2', analysis: {}, affects },
      ]),
    ).toMatchObject({
      statements: [],
      notes: [],
    })
  })
})

describe('justifications', () => {
  test.each([
    ['code_not_present', 'vulnerable_code_not_present'],
    ['code_not_reachable', 'vulnerable_code_not_in_execute_path'],
    ['requires_configuration', 'vulnerable_code_cannot_be_controlled_by_adversary'],
    ['requires_dependency', 'component_not_present'],
    ['requires_environment', 'vulnerable_code_cannot_be_controlled_by_adversary'],
    ['protected_by_compiler', 'inline_mitigations_already_exist'],
    ['protected_at_runtime', 'inline_mitigations_already_exist'],
    ['protected_at_perimeter', 'inline_mitigations_already_exist'],
    ['protected_by_mitigating_control', 'inline_mitigations_already_exist'],
  ])('%s is %s', (word, justification) => {
    const { statements } = one({ state: 'not_affected', justification: word, detail: 'so it is' })
    expect(statements).toMatchObject([{ justification, statement: `so it is\nCycloneDX: ${word}` }])
  })

  test('of other states they count for nothing', () => {
    const [statement] = one({ state: 'exploitable', justification: 'code_not_present' }).statements
    expect(statement).not.toHaveProperty('justification')
    expect(statement).not.toHaveProperty('statement')
  })

  test('there need be none, nor any words', () => {
    const [statement] = one({ state: 'not_affected' }).statements
    expect(statement).not.toHaveProperty('justification')
    expect(statement).not.toHaveProperty('statement')
  })
})

describe('what is nothing', () => {
  test('may be written as null', () => {
    const none = { analysis: null, references: null }
    const { statements, notes, document } = read([{ id: 'CVE-2025-2', affects, ...none }], { metadata: null })
    expect([statements, notes, document.author]).toEqual([[], [], undefined])
  })

  test('is no answer, where a list has something else than words', () => {
    expect(one({ state: 'exploitable', response: ['update', 7] }).statements).toMatchObject([
      { statement: 'response: update' },
    ])
  })
})

describe('what a note quotes', () => {
  const long = 'x'.repeat(500)

  test.each<[string, number, object]>([
    ['a state', 60, { analysis: { state: long } }],
    ['a justification', 60, { analysis: { state: 'not_affected', justification: long } }],
    ['a range', 100, { affects: [{ ref: 'pkg:npm/a', versions: [{ range: long }] }] }],
    ['what has versions', 100, { affects: [{ ref: long, versions: [{ version: '1' }] }] }],
    ['what has ranges', 100, { affects: [{ ref: long, versions: [{ range: 'vers:npm/1' }] }] }],
  ])('of %s is %i characters', (_, most, over) => {
    const { notes } = read([{ id: 'CVE-2025-1', analysis: { state: 'exploitable' }, affects, ...over }])
    expect(notes[0]?.message).toMatch(new RegExp(`"x{${most}}"`))
  })

  test('is cut with the note, and the place of what it is about stays', () => {
    const ref = `pkg:npm/${long}`
    const faulty = {
      id: 'CVE-2025-1',
      analysis: { state: 'exploitable' },
      affects: [{ ref, versions: [{ range: 'vers:made-up/1' }] }],
    }
    expect(read([faulty]).notes[0]?.message.length).toBeLessThan(420)
    expect(read([{}]).notes).toEqual([])
    expect(read([7, faulty, { ...faulty, id: 7 }]).notes.map(({ message }) => message.slice(0, 24))).toEqual([
      'x.json: vulnerability 1:',
      `x.json: ${ref.slice(0, 16)}`,
      'x.json: vulnerability 3:',
    ])
  })
})

test('names, times, responses and author', () => {
  const { document } = read(
    [
      {
        id: 'GHSA-1',
        references: [{ id: 'CVE-2025-1', source: {} }, { id: 'GHSA-1' }],
        analysis: {
          state: 'exploitable',
          response: ['will_not_fix', 'update'],
          firstIssued: '2025-01-01T00:00:00Z',
          lastUpdated: '2025-02-01T00:00:00Z',
        },
        affects,
      },
    ],
    {
      serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
      metadata: { timestamp: '2025-03-01T00:00:00Z', authors: [{ name: 'Jane' }] },
    },
  )
  expect(document).toMatchObject({
    id: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    author: 'Jane',
    timestamp: '2025-03-01T00:00:00.000Z',
    statements: [
      {
        vulnerability: 'GHSA-1',
        aliases: ['CVE-2025-1'],
        statement: 'response: will_not_fix, update',
        timestamp: '2025-02-01T00:00:00.000Z',
      },
    ],
  })
})

describe('what is affected', () => {
  const analysis = { state: 'not_affected' }
  const components = [
    { 'bom-ref': 'a', purl: 'pkg:npm/a@1', components: [{ 'bom-ref': 'b', purl: 'pkg:npm/b@2' }] },
  ]
  const serial = 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1'

  test.each([
    ['a', 'pkg:npm/a@1'],
    ['b', 'pkg:npm/b@2'],
    ['pkg:npm/c@3', 'pkg:npm/c@3'],
    [`${serial}#pkg%3Anpm%2Fd%404`, 'pkg:npm/d@4'],
    [`${serial}#b`, 'pkg:npm/b@2'],
    [`${serial.slice(0, -1)}21#b`, 'pkg:npm/b@2'],
    [`see ${serial}#b`, `see ${serial}#b`],
    [`${serial}#else`, `${serial}#else`],
    [`${serial}#%zz`, `${serial}#%zz`],
  ])('%s', (ref, id) => {
    const { statements } = read([{ id: 'CVE-2025-1', analysis, affects: [{ ref }] }], { components })
    expect(statements).toMatchObject([{ products: [{ id, subcomponents: [] }] }])
  })

  test('parts of an image are parts of that image only', () => {
    const metadata = { component: { 'bom-ref': 'root', purl: 'pkg:oci/web@sha256:1' } }
    const refs = [{ ref: 'a' }, { ref: 'root' }]
    const { statements } = read([{ id: 'CVE-2025-1', analysis, affects: refs }], { components, metadata })
    expect(statements[0]?.products).toEqual([
      { id: 'pkg:oci/web@sha256:1', subcomponents: ['pkg:npm/a@1'] },
      { id: 'pkg:oci/web@sha256:1', subcomponents: [] },
    ])
  })

  test('parts of what is no image are by themselves', () => {
    const metadata = { component: { 'bom-ref': 'root', purl: 'pkg:npm/shop@1' } }
    const { statements } = read([{ id: 'CVE-2025-1', analysis, affects: [{ ref: 'a' }] }], {
      components,
      metadata,
    })
    expect(statements[0]?.products).toEqual([{ id: 'pkg:npm/a@1', subcomponents: [] }])
  })

  test('a version of what is named without one, and what is fixed stays so in versions that never had it', () => {
    const versions = [{ version: '1.0' }, { version: '2.0', status: 'unaffected' }]
    const { statements } = read([
      { id: 'CVE-2025-1', analysis: { state: 'resolved' }, affects: [{ ref: 'pkg:npm/a', versions }] },
    ])
    expect(statements.map(({ status, products }) => [status, products.map(({ id }) => id)])).toEqual([
      ['fixed', ['pkg:npm/a@1.0', 'pkg:npm/a@2.0']],
    ])
  })

  test('versions with a status of their own', () => {
    const versions = [
      { version: '1.0' },
      { version: '2+b', status: 'unaffected' },
      { version: '3', status: 'unknown' },
    ]
    const { statements } = read([
      {
        id: 'CVE-2025-1',
        analysis: { state: 'exploitable' },
        affects: [{ ref: 'pkg:npm/a@9?x=y', versions }],
      },
    ])
    expect(statements.map(({ status, products }) => [status, products[0]?.id])).toEqual([
      ['affected', 'pkg:npm/a@1.0?x=y'],
      ['not_affected', 'pkg:npm/a@2%2Bb?x=y'],
      ['under_investigation', 'pkg:npm/a@3?x=y'],
    ])
  })

  test('ranges, as qualifiers of package URLs', () => {
    const versions = [{ range: 'vers:npm/<2' }, { range: 'vers:npm/>=3', status: 'unaffected' }]
    const { statements } = read([
      {
        id: 'CVE-2025-1',
        analysis: { state: 'exploitable' },
        affects: [{ ref: 'pkg:npm/a@9?x=y', versions }],
      },
    ])
    expect(statements.map(({ status, products }) => [status, products[0]?.id])).toEqual([
      ['affected', 'pkg:npm/a?vers=vers:npm%2F%3C2&x=y'],
      ['not_affected', 'pkg:npm/a?vers=vers:npm%2F%3E%3D3&x=y'],
    ])
  })

  test('ranges that cannot be read are not used, and that is told', () => {
    const { statements, notes } = read([
      {
        id: 'CVE-2025-1',
        analysis,
        affects: [{ ref: 'pkg:npm/a', versions: [{ range: 'vers:made-up/<2' }] }],
      },
    ])
    expect(statements).toEqual([])
    expect(notes).toMatchObject([
      { code: 'vex-range', message: expect.stringContaining('"vers:made-up/<2" cannot be compared') },
    ])
  })

  test.each([
    ['no reference', { affects: [{}] }],
    ['nothing', { affects: undefined }],
    ['an unheard-of state', { analysis: { state: 'fine' } }],
    ['an unheard-of justification', { analysis: { state: 'not_affected', justification: 'x' } }],
    ['no id', { id: undefined }],
  ])('%s costs its statement only', (_, fault) => {
    const good = { id: 'CVE-2025-1', analysis, affects }
    const { statements, notes } = read([{ ...good, ...fault }, good])
    expect(statements).toHaveLength(1)
    expect(notes).toMatchObject([{ code: 'vex-statement-unusable' }])
  })
})

import { describe, expect, test } from 'vitest'
import { applyVex } from './apply/apply.ts'
import { StatementCollector } from './apply/collector.ts'
import { sampleComponent, sampleDocument, sampleFinding, sampleStatement } from './fixtures/sample.ts'
import { vexLimits } from './format/limits.ts'
import { readVexValue } from './format/read.ts'

/* What documents may say at most: each limit is reached, and passed by one. */

const now = new Date('2026-01-01T00:00:00Z')
const many = (count: number): readonly string[] => new Array(count)

describe('one document', () => {
  test('has a limit of products, with all that is named of them', () => {
    const { identifiers } = vexLimits
    const collected = (...subcomponents: readonly (readonly string[])[]) => {
      const collector = new StatementCollector('x.json')
      for (const each of subcomponents)
        collector.add(
          sampleStatement({
            aliases: ['a', 'b'],
            products: [{ id: 'p', digests: ['d'], subcomponents: each }],
          }),
        )
      return collector.statements.length
    }
    // Two aliases, the product and its digest count as well.
    expect(collected(many(identifiers - 4))).toBe(1)
    expect(() => collected(many(identifiers - 3))).toThrow(`or ${identifiers} products`)
    expect(collected(many(identifiers - 8), [])).toBe(2)
    expect(() => collected(many(identifiers - 7), [])).toThrow('x.json: more than')
    const bare = new StatementCollector('x.json')
    bare.add(sampleStatement({ products: [{ id: 'p', subcomponents: many(identifiers - 1) }] }))
    expect(bare.statements).toHaveLength(1)
  })

  test('has a limit of statements', () => {
    const collector = new StatementCollector('x.json')
    const statement = sampleStatement()
    for (let i = 0; i < vexLimits.statements; i++) collector.add(statement)
    expect(() => collector.add(statement)).toThrow(
      expect.objectContaining({ code: 'limit-exceeded' }) as unknown as Error,
    )
    expect(collector.statements).toHaveLength(vexLimits.statements)
  })

  test('counts the notes that it gives no more', () => {
    const notes = (count: number) => {
      const collector = new StatementCollector('x.json')
      for (let i = 0; i < count; i++) collector.note('code', `${i}`)
      return collector.notes().map(({ message }) => message)
    }
    expect(notes(vexLimits.notes)).toHaveLength(vexLimits.notes)
    expect(notes(vexLimits.notes).at(-1)).toBe('x.json: 99')
    expect(notes(vexLimits.notes + 2)).toHaveLength(vexLimits.notes + 1)
    expect(notes(vexLimits.notes + 2).at(-1)).toBe('x.json: 2 more like these')
  })

  test.each([
    [8, 'read'],
    [9, 'told'],
  ])('of CSAF with a product in %i others in each other is %s', (depth, outcome) => {
    const ids = Array.from({ length: depth }, (_, index) => `P${index}`)
    const document = {
      document: {
        category: 'csaf_vex',
        csaf_version: '2.0',
        publisher: { name: 'X' },
        tracking: { id: 'X-1' },
      },
      product_tree: {
        full_product_names: ['IMAGE', 'LIB'].map((id) => ({
          name: id,
          product_id: id,
          product_identification_helper: { purl: `pkg:oci/${id.toLowerCase()}` },
        })),
        relationships: ids.map((id, index) => ({
          category: 'default_component_of',
          product_reference: index === 0 ? 'LIB' : ids[index - 1],
          relates_to_product_reference: 'IMAGE',
          full_product_name: { name: id, product_id: id },
        })),
      },
      vulnerabilities: [
        { cve: 'CVE-2025-1', product_status: { fixed: [ids.at(-1)] } },
        { cve: 'CVE-2025-2', product_status: { fixed: ['LIB'] } },
      ],
    }
    const { document: vex, notes } = readVexValue(document, { origin: 'x.json' })
    expect(vex.statements.some(({ vulnerability }) => vulnerability === 'CVE-2025-1')).toBe(
      outcome === 'read',
    )
    expect(vex.statements.some(({ vulnerability }) => vulnerability === 'CVE-2025-2')).toBe(true)
    expect(notes.map(({ message }) => message).join()).toMatch(
      outcome === 'read' ? /^$/ : /is a part of itself, or of too many others$/,
    )
  })
})

describe('all documents together', () => {
  const inventory = { components: [sampleComponent()] }

  test('have a thousand statements told one by one that are about nothing', () => {
    const documents = (count: number) => [
      sampleDocument(
        Array.from({ length: count }, (_, i) => sampleStatement({ vulnerability: `CVE-2024-${i}` })),
      ),
      sampleDocument([sampleStatement({ vulnerability: 'CVE-2023-1' })]),
    ]
    const unused = (count: number) =>
      applyVex([sampleFinding()], documents(count), { product: ['web:1'], now, inventory }).unused
    expect(
      unused(999)
        .map(({ id }) => id)
        .at(-1),
    ).toBe('CVE-2023-1')
    expect(unused(999)).toHaveLength(1000)
    expect(unused(1000)).toHaveLength(1000)
    expect(unused(1000).map(({ id }) => id)).not.toContain('CVE-2023-1')
  })

  test('have a hundred notes about what has ended', () => {
    const documents = Array.from({ length: 102 }, (_, index) =>
      sampleDocument([sampleStatement({ status: 'affected', expires: '2025-01-01T00:00:00Z' })], {
        origin: `${index}.json`,
      }),
    )
    const notesOf = (count: number) =>
      applyVex([sampleFinding()], documents.slice(0, count), { product: ['web:1'], now, inventory }).notes
    expect(notesOf(99)).toHaveLength(99)
    expect(notesOf(102)).toHaveLength(100)
  })
})

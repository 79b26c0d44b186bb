import { describe, expect, it } from 'vitest'
import type { VexDocument } from '../../../model/advisory/vex.ts'
import { sampleDocument, sampleStatement } from '../fixtures/sample.ts'
import { mergeDocuments } from './merge.ts'

const web = { id: 'pkg:oci/web', subcomponents: [] }
const api = { id: 'pkg:oci/api', subcomponents: [] }
const fixed = sampleStatement({ status: 'fixed', products: [web] })
const affected = sampleStatement({ status: 'affected', products: [web] })

function merged(...documents: readonly VexDocument[]) {
  const text = mergeDocuments(documents)
  return text === undefined ? undefined : JSON.parse(text)
}

/** Statements as "vulnerability status products". */
function statements(...documents: readonly VexDocument[]): string[] {
  return merged(...documents).statements.map(
    (each: { vulnerability: { name: string }; status: string; products?: readonly { '@id': string }[] }) =>
      [each.vulnerability.name, each.status, ...(each.products ?? []).map((product) => product['@id'])].join(
        ' ',
      ),
  )
}

describe('documents in one', () => {
  it('are nothing without statements', () => {
    expect(merged()).toBeUndefined()
    expect(merged(sampleDocument([]))).toBeUndefined()
  })

  it('have the first document speak, and of one document the latest statement', () => {
    expect(statements(sampleDocument([fixed]), sampleDocument([affected]))).toEqual([
      'CVE-2025-1 fixed pkg:oci/web',
    ])
    expect(statements(sampleDocument([affected]), sampleDocument([fixed]))).toEqual([
      'CVE-2025-1 affected pkg:oci/web',
    ])
    const old = { ...fixed, timestamp: '2025-01-01T00:00:00.000Z' }
    const young = { ...affected, timestamp: '2025-02-01T00:00:00.000Z' }
    expect(statements(sampleDocument([old, young]))).toEqual(['CVE-2025-1 affected pkg:oci/web'])
    expect(statements(sampleDocument([young, old]))).toEqual(['CVE-2025-1 affected pkg:oci/web'])
  })

  it('part statements about several products, and put together what is left of them', () => {
    const both = { ...fixed, products: [web, api] }
    expect(statements(sampleDocument([both]))).toEqual(['CVE-2025-1 fixed pkg:oci/web pkg:oci/api'])
    expect(statements(sampleDocument([affected]), sampleDocument([both]))).toEqual([
      'CVE-2025-1 affected pkg:oci/web',
      'CVE-2025-1 fixed pkg:oci/api',
    ])
  })

  it('keep what is about whatever carries it apart from what is about a product', () => {
    const everything = { ...fixed, products: [] }
    expect(statements(sampleDocument([everything, fixed]))).toEqual([
      'CVE-2025-1 fixed',
      'CVE-2025-1 fixed pkg:oci/web',
    ])
    expect(statements(sampleDocument([everything]), sampleDocument([{ ...affected, products: [] }]))).toEqual(
      ['CVE-2025-1 fixed'],
    )
  })

  it('keep statements that have ended, which say so themselves', () => {
    expect(statements(sampleDocument([{ ...fixed, expires: '2001-01-01T00:00:00.000Z' }]))).toHaveLength(1)
  })

  it('are in the order of vulnerabilities', () => {
    const of = (vulnerability: string) => ({ ...fixed, vulnerability })
    expect(
      statements(sampleDocument([of('CVE-2025-10'), of('CVE-2025-9')]), sampleDocument([of('CVE-2024-99')])),
    ).toEqual(['CVE-2024-99', 'CVE-2025-9', 'CVE-2025-10'].map((id) => `${id} fixed pkg:oci/web`))
  })

  it('say who stated what, and when', () => {
    const jane = { author: 'Jane', timestamp: '2025-03-01T00:00:00.000Z' }
    const document = merged(
      sampleDocument([fixed], jane),
      sampleDocument(
        [{ ...fixed, products: [api], statement: 'done', timestamp: '2025-05-01T00:00:00.000Z' }],
        {
          author: 'Joe',
        },
      ),
      sampleDocument([], { author: 'Jane' }),
    )
    expect(document).toMatchObject({ author: 'Jane, Joe', timestamp: '2025-05-01T00:00:00Z' })
    expect(document.statements).toMatchObject([
      { status_notes: 'Stated by Jane', timestamp: '2025-03-01T00:00:00Z' },
      { status_notes: 'done\nStated by Joe', timestamp: '2025-05-01T00:00:00Z' },
    ])
  })

  it('are as young as the youngest statement', () => {
    const at = (vulnerability: string, timestamp: string) => ({ ...fixed, vulnerability, timestamp })
    const [young, old] = ['2025-05-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z']
    for (const times of [
      [young, old, old],
      [old, young, old],
      [old, old, young],
    ]) {
      const statements = times.map((time, index) => at(`CVE-2025-${index}`, time))
      expect(merged(sampleDocument(statements)).timestamp).toBe('2025-05-01T00:00:00Z')
    }
  })

  it('leave alone who is named already, and name nobody where nobody is known', () => {
    const named = { ...fixed, statement: 'done\nStated by Ann' }
    expect(merged(sampleDocument([named], { author: 'Jane' })).statements[0].status_notes).toBe(
      'done\nStated by Ann',
    )
    const nobody = merged(sampleDocument([fixed]))
    expect(nobody).toMatchObject({ author: 'unknown', timestamp: '1970-01-01T00:00:00Z' })
    expect(nobody.statements[0]).not.toHaveProperty('status_notes')
    expect(nobody.statements[0]).not.toHaveProperty('timestamp')
    expect(mergeDocuments([sampleDocument([fixed])])).toContain('\n  "author"')
  })
})

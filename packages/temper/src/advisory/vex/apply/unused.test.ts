import { describe, expect, test } from 'vitest'
import { unusedInAll, unusedNotes } from '../../../model/advisory/unused-rule.ts'
import type { VexProduct } from '../../../model/advisory/vex.ts'
import {
  digestA,
  sampleComponent,
  sampleDocument,
  sampleFinding,
  sampleStatement,
} from '../fixtures/sample.ts'
import { applyVex } from './apply.ts'

const now = new Date('2026-01-01T00:00:00Z')
const inventory = { components: [sampleComponent()] }

function unused(product: VexProduct | undefined, vulnerability = 'CVE-2025-1') {
  const products = product === undefined ? [] : [product]
  const document = sampleDocument([sampleStatement({ products, vulnerability })])
  return applyVex([sampleFinding()], [document], { product: ['web:1'], now, inventory }).unused
}

const whole = (id: string): VexProduct => ({ id, subcomponents: [] })
const part = (id: string, ...subcomponents: string[]): VexProduct => ({ id, subcomponents })

describe('statements that are about no finding say why', () => {
  test.each<[VexProduct | undefined, string | undefined]>([
    [undefined, undefined],
    [whole('pkg:oci/web'), undefined],
    [whole('pkg:deb/debian/libssl3t64'), undefined],
    [part('pkg:oci/web', 'pkg:deb/debian/libssl3t64'), undefined],
    [whole('pkg:oci/other'), 'product: pkg:oci/other is not in it'],
    [whole('https://example.com/web'), 'product: https://example.com/web is not in it'],
    [part('pkg:oci/other', 'pkg:deb/debian/libssl3t64'), 'product: pkg:oci/other is not in it'],
    [part('pkg:oci/web', 'pkg:deb/debian/zlib1g'), 'package: pkg:deb/debian/zlib1g is not in it'],
    [
      part('pkg:oci/web', 'pkg:deb/debian/zlib1g', 'pkg:deb/debian/libssl3t64@1'),
      'version: pkg:deb/debian/libssl3t64@1 is there in version 3.5.1-1',
    ],
    [
      whole('pkg:deb/debian/libssl3t64?arch=arm64'),
      'qualifiers: pkg:deb/debian/libssl3t64?arch=arm64 is there as pkg:deb/debian/libssl3t64@3.5.1-1?arch=amd64&distro=debian-13&upstream=openssl',
    ],
  ])('%j: %s', (product, expected) => {
    const [first] = unused(product)
    expect(first && `${first.reason}: ${first.why}`).toBe(expected)
  })

  test('what is there, and has no such problem', () => {
    expect(unused(whole('pkg:oci/web'), 'CVE-2024-1')).toEqual([
      {
        kind: 'vex',
        source: 'sample.json',
        position: 1,
        id: 'CVE-2024-1',
        reason: 'finding',
        why: 'CVE-2024-1 was not found in it',
      },
    ])
  })

  test('of several products the one that comes closest tells why, the first of those that come as close', () => {
    const told = (...ids: string[]) => {
      const document = sampleDocument([sampleStatement({ products: ids.map(whole) })])
      return applyVex([sampleFinding()], [document], { product: ['web:1'], now, inventory }).unused[0]?.why
    }
    const other = 'pkg:oci/other'
    const version = 'pkg:deb/debian/libssl3t64@1'
    const is = 'pkg:deb/debian/libssl3t64@1 is there in version 3.5.1-1'
    expect(told(other, version)).toBe(is)
    expect(told(version, other)).toBe(is)
    expect(told(other, 'pkg:oci/third')).toBe('pkg:oci/other is not in it')
  })

  test('of several parts, too', () => {
    const told = (...ids: string[]) => unused(part('pkg:oci/web', ...ids))[0]?.why
    const is = 'pkg:deb/debian/libssl3t64@1 is there in version 3.5.1-1'
    expect(told('pkg:deb/debian/libssl3t64@1', 'pkg:deb/debian/zlib1g')).toBe(is)
    expect(told('pkg:deb/debian/zlib1g', 'pkg:deb/debian/libssl3t64@1')).toBe(is)
    expect(told('pkg:deb/debian/zlib1g', 'pkg:deb/debian/curl')).toBe('pkg:deb/debian/zlib1g is not in it')
  })

  test.each([
    ['3', '3'],
    ['3, 4, 5', '3, 4, 5'],
    ['3, 4, 5, 6', '3, 4, 5…'],
    ['3, 4, 3', '3, 4'],
  ])('which versions are there: %s', (versions, shown) => {
    const components = versions.split(', ').map((version, index) =>
      sampleComponent({
        version,
        purl: `pkg:deb/debian/libssl3t64@${version}?arch=amd64&copy=${index}`,
      }),
    )
    const document = sampleDocument([sampleStatement({ products: [whole('pkg:deb/debian/libssl3t64@1')] })])
    const applied = applyVex([], [document], { product: [], now, inventory: { components } })
    expect(applied.unused[0]?.why).toBe(`pkg:deb/debian/libssl3t64@1 is there in version ${shown}`)
  })

  test('where one of several has the version, what else differs is told', () => {
    const components = [
      sampleComponent(),
      sampleComponent({ version: '3.6-1', purl: 'pkg:deb/debian/libssl3t64@3.6-1?arch=amd64' }),
    ]
    const id = 'pkg:deb/debian/libssl3t64@3.5.1-1?arch=arm64'
    const document = sampleDocument([sampleStatement({ products: [whole(id)] })])
    const applied = applyVex([], [document], { product: [], now, inventory: { components } })
    expect(applied.unused).toMatchObject([
      { reason: 'qualifiers', why: `${id} is there as ${components[0]?.purl}` },
    ])
  })

  test('a source is there as what was built of it, and as itself where nothing says what that was built of', () => {
    const told = (id: string) => unused(whole(id), 'CVE-2024-1')[0]?.reason
    expect(told('pkg:deb/debian/openssl?arch=source')).toBe('finding')
    expect(told('pkg:deb/debian/libssl3t64?arch=source')).toBe('product')
    const { source: _, ...sourceless } = sampleComponent()
    const document = sampleDocument([
      sampleStatement({ products: [whole('pkg:deb/debian/libssl3t64?arch=source')], vulnerability: 'X-1' }),
    ])
    const bare = { components: [sourceless] }
    expect(applyVex([], [document], { product: [], now, inventory: bare }).unused).toMatchObject([
      { reason: 'finding' },
    ])
  })

  test('what is there, but not because of the product alone', () => {
    const app = sampleComponent({ name: 'app', purl: 'pkg:golang/example.com/app@v1' })
    const both = { components: [...inventory.components, app] }
    const document = sampleDocument([
      sampleStatement({ products: [part(app.purl, 'pkg:deb/debian/libssl3t64')] }),
    ])
    const applied = applyVex([sampleFinding()], [document], { product: [], now, inventory: both })
    expect(applied.unused).toMatchObject([
      { reason: 'place', why: `pkg:deb/debian/libssl3t64 is there, but not because of ${app.purl} alone` },
    ])
  })

  test('one that has ended, or that another goes before, is about a finding', () => {
    const documents = [
      sampleDocument([sampleStatement({ expires: '2025-01-01T00:00:00Z' })]),
      sampleDocument([sampleStatement({ status: 'affected' })]),
      sampleDocument([sampleStatement()]),
    ]
    expect(applyVex([sampleFinding()], documents, { product: [], now, inventory }).unused).toEqual([])
  })
})

describe('documents that are attached', () => {
  const told = (...products: VexProduct[]) => {
    const statements = products.map((each) =>
      sampleStatement({ products: [each], vulnerability: 'CVE-2024-1' }),
    )
    const attached = [sampleDocument(statements, { origin: 'attached' })]
    const options = { product: ['web:1', digestA], now, inventory, attached }
    return applyVex([sampleFinding()], attached, options).unused
  }

  test('may say much of the target that nobody asks for', () => {
    expect(told(whole('pkg:oci/web'), whole('pkg:oci/other'))).toEqual([])
    expect(told(whole('pkg:deb/debian/libssl3t64@1'))).toEqual([])
    expect(told()).toEqual([])
  })

  test('are about the target where any product of any statement is in it', () => {
    const both = [whole('pkg:oci/other'), whole('pkg:oci/web')]
    const of = (products: readonly VexProduct[]) => {
      const attached = [
        sampleDocument([sampleStatement({ products, vulnerability: 'CVE-2024-1' })], { origin: 'attached' }),
      ]
      const options = { product: ['web:1', digestA], now, inventory, attached }
      return applyVex([sampleFinding()], attached, options).unused
    }
    expect(of(both)).toEqual([])
    expect(of(both.toReversed())).toEqual([])
    // Without products it is about whatever carries it.
    expect(of([])).toEqual([])
    expect(of([whole('pkg:oci/other')])).toHaveLength(1)
  })

  test('are told when all of it is about something else', () => {
    expect(told(whole('pkg:oci/other'), whole('pkg:deb/debian/zlib1g'))).toEqual([
      { kind: 'vex', source: 'attached', reason: 'product', why: 'none of its products is in it' },
    ])
  })
})

describe('notes', () => {
  const statement = (position: number, source = 'a.json') =>
    ({ kind: 'vex', source, position, id: `CVE-${position}`, reason: 'finding', why: 'why' }) as const
  const rule = { kind: 'rule', source: 'i.yaml:4', id: 'CVE-9 liba', reason: 'finding', why: 'why' } as const

  test('one for each document and one for all rules, with the first few spelt out', () => {
    const all = [1, 2, 3, 4, 5].map((position) => statement(position))
    const whole = { kind: 'vex', source: 'c.json', reason: 'product', why: 'why' } as const
    expect(unusedNotes([...all, statement(2, 'b.json'), whole, rule])).toEqual([
      {
        code: 'vex-unused',
        message:
          'a.json: 5 statements match nothing: CVE-1 (statement 1: why); CVE-2 (statement 2: why); CVE-3 (statement 3: why); and 2 more',
      },
      { code: 'vex-unused', message: 'b.json: 1 statement matches nothing: CVE-2 (statement 2: why)' },
      { code: 'vex-unused', message: 'c.json: no statement is about this target: why' },
      { code: 'ignore-rule-unused', message: '1 ignore rule matches nothing: CVE-9 liba (i.yaml:4: why)' },
    ])
    expect(unusedNotes([])).toEqual([])
  })

  test('of several targets only what fits none', () => {
    expect(unusedInAll([[statement(1), statement(2), rule], [statement(2), rule], [rule]])).toEqual([rule])
    expect(unusedInAll([[statement(1)]])).toEqual([statement(1)])
    expect(unusedInAll([])).toEqual([])
  })
})

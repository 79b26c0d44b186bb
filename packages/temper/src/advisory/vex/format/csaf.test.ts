import { describe, expect, test } from 'vitest'
import { readVexValue } from './read.ts'

const product = (id: string, helper?: object) => ({
  name: id,
  product_id: id,
  ...(helper === undefined ? {} : { product_identification_helper: helper }),
})
const purl = (text: string) => ({ purl: text })

const tree = {
  branches: [
    {
      category: 'vendor',
      name: 'X',
      branches: [
        {
          category: 'product_version',
          name: '1',
          product: product('LIB', purl('pkg:rpm/redhat/lib@1-1?arch=x86_64')),
        },
        { category: 'product_version', name: 'bare', product: product('BARE', purl('pkg:rpm/redhat/bare')) },
        { category: 'product_version', name: '2.0', product: product('TWO', purl('pkg:npm/a')) },
        {
          category: 'product_version_range',
          name: 'vers:npm/<2.0',
          product: product('OLD', purl('pkg:npm/a')),
        },
        {
          category: 'product_version_range',
          name: 'vers:npm/>=1.0|<2.0',
          branches: [{ category: 'architecture', name: 'x', product: product('DEEP', purl('pkg:npm/a')) }],
        },
        { category: 'product_version_range', name: '<= 3.1', product: product('WORDS', purl('pkg:npm/a')) },
      ],
    },
  ],
  full_product_names: [
    product('IMAGE', purl('pkg:oci/web@sha256:1')),
    product('PLATFORM', { cpe: 'cpe:/o:redhat:enterprise_linux:9' }),
    product('FILE', {
      hashes: [{ file_hashes: [{ algorithm: 'sha256', value: 'A'.repeat(64) }], filename: 'x' }],
    }),
    product('NAMELESS'),
  ],
  relationships: [
    ['LIB', 'IMAGE', 'LIB:IMAGE'],
    ['LIB', 'PLATFORM', 'LIB:PLATFORM'],
    ['BARE', 'PLATFORM', 'BARE:PLATFORM'],
    ['LIB:IMAGE', 'LOOP', 'LOOP'],
  ].map(([part, whole, id = '']) => ({
    category: 'default_component_of',
    product_reference: part,
    relates_to_product_reference: whole,
    full_product_name: product(id),
  })),
  product_groups: [{ group_id: 'G', product_ids: ['LIB', 'IMAGE'] }],
}

function read(vulnerability: object, over: { readonly head?: object; readonly tree?: object } = {}) {
  return readVexValue(
    {
      document: {
        category: 'csaf_vex',
        csaf_version: '2.0',
        publisher: { name: 'X Security' },
        tracking: { id: 'X-1', current_release_date: '2025-01-01T00:00:00Z' },
        ...over.head,
      },
      product_tree: { ...tree, ...over.tree },
      vulnerabilities: [{ cve: 'CVE-2025-1', ...vulnerability }],
    },
    { origin: 'x.json' },
  )
}

test('head, names, and each list of products', () => {
  const { document } = read({
    ids: [{ system_name: 'X', text: 'X-2025-1' }],
    product_status: {
      known_affected: ['LIB'],
      fixed: ['IMAGE'],
      known_not_affected: ['FILE'],
      under_investigation: ['LIB:IMAGE'],
      recommended: ['NAMELESS'],
    },
    remediations: [{ category: 'vendor_fix', details: 'update', product_ids: ['LIB', 'IMAGE'] }],
  })
  expect(document).toMatchObject({
    id: 'X-1',
    format: 'csaf',
    author: 'X Security',
    timestamp: '2025-01-01T00:00:00.000Z',
  })
  expect(document.statements).toMatchObject([
    { status: 'affected', statement: 'update', products: [{ id: 'pkg:rpm/redhat/lib@1-1?arch=x86_64' }] },
    {
      status: 'under_investigation',
      products: [{ id: 'pkg:oci/web@sha256:1', subcomponents: ['pkg:rpm/redhat/lib@1-1?arch=x86_64'] }],
    },
    { status: 'fixed', statement: 'update', products: [{ id: 'pkg:oci/web@sha256:1', subcomponents: [] }] },
    { status: 'not_affected', products: [{ digests: [`sha256:${'a'.repeat(64)}`] }] },
  ])
  for (const { vulnerability, aliases } of document.statements)
    expect([vulnerability, aliases]).toEqual(['CVE-2025-1', ['X-2025-1']])
})

test('flags and threats say why a product is not affected, also by groups', () => {
  const { document } = read({
    product_status: { known_not_affected: ['LIB', 'IMAGE', 'FILE'] },
    flags: [{ label: 'vulnerable_code_not_present', group_ids: ['G'], date: '2025-02-01T00:00:00Z' }],
    threats: [
      { category: 'impact', details: 'never built in', product_ids: ['FILE'] },
      { category: 'exploit_status', details: 'no', product_ids: ['LIB'] },
    ],
  })
  expect(document.statements).toMatchObject([
    {
      justification: 'vulnerable_code_not_present',
      timestamp: '2025-02-01T00:00:00.000Z',
      products: [{ id: 'pkg:rpm/redhat/lib@1-1?arch=x86_64' }, { id: 'pkg:oci/web@sha256:1' }],
    },
    { statement: 'never built in' },
  ])
})

test('versions and ranges of branches, where package URLs have none', () => {
  const { document, notes } = read({
    product_status: { known_not_affected: ['TWO', 'OLD', 'DEEP', 'LIB', 'WORDS'] },
    flags: [{ label: 'vulnerable_code_not_present', product_ids: ['TWO', 'OLD', 'DEEP', 'LIB', 'WORDS'] }],
  })
  expect(document.statements.flatMap(({ products }) => products.map(({ id }) => id))).toEqual([
    'pkg:npm/a@2.0',
    'pkg:npm/a?vers=vers:npm%2F%3C2.0',
    'pkg:npm/a?vers=vers:npm%2F%3E%3D1.0%7C%3C2.0',
    'pkg:rpm/redhat/lib@1-1?arch=x86_64',
  ])
  expect(notes).toMatchObject([
    {
      message: expect.stringContaining(
        'product "WORDS" has a range of versions that cannot be compared: "<= 3.1"',
      ),
    },
  ])
})

test('a name in place of a version is none, and a range that the package URL has itself goes before', () => {
  const branch = (category: string, name: string, helper: object) => ({
    category,
    name,
    product: product('P', helper),
  })
  const id = (made: object) =>
    read({ product_status: { fixed: ['P'] } }, { tree: { branches: [made] } }).document.statements[0]
      ?.products[0]?.id
  expect(id(branch('product_version', 'kernel5', purl('pkg:npm/a')))).toBe('pkg:npm/a')
  expect(id(branch('product_version', 'v5', purl('pkg:npm/a')))).toBe('pkg:npm/a@v5')
  expect(id(branch('product_version', '5', purl('pkg:npm/a?vers=vers:npm/1')))).toBe(
    'pkg:npm/a?vers=vers:npm/1',
  )
})

test('a part that has a package URL of its own is that', () => {
  const relationships = [
    {
      product_reference: 'LIB',
      relates_to_product_reference: 'IMAGE',
      full_product_name: product('PART', purl('pkg:rpm/redhat/part@1-1')),
    },
  ]
  const { document } = read({ product_status: { fixed: ['PART'] } }, { tree: { relationships } })
  expect(document.statements[0]?.products).toEqual([{ id: 'pkg:rpm/redhat/part@1-1', subcomponents: [] }])
  expect(document.statements[0]?.products[0]).not.toHaveProperty('digests')
})

test('what a document leaves out, or writes as null, is not there', () => {
  const bare = { publisher: null, tracking: undefined }
  const { document, notes } = read(
    { product_status: { fixed: ['LIB'], known_affected: null } },
    { head: bare },
  )
  expect(notes).toEqual([])
  expect(document).toMatchObject({ id: '', statements: [{ status: 'fixed' }] })
  expect(document).not.toHaveProperty('author')
  expect(read({ product_status: null }).notes).toEqual([])
  const helpers = [null, { purl: null, purls: null, hashes: null }]
  for (const helper of helpers) {
    const names = [
      { ...product('ODD'), product_identification_helper: helper },
      product('LIB', purl('pkg:npm/a')),
    ]
    const odd = { branches: [], relationships: [], full_product_names: names }
    expect(read({ product_status: { fixed: ['LIB'] } }, { tree: odd }).notes).toEqual([])
  }
})

test('flags say nothing of what is affected', () => {
  const [statement] = read({
    product_status: { known_affected: ['LIB'] },
    flags: [{ label: 'vulnerable_code_not_present', product_ids: ['LIB'] }],
  }).document.statements
  expect(statement).not.toHaveProperty('justification')
})

describe('what a note quotes', () => {
  const long = 'x'.repeat(500)
  const told = (id: string, over: object = {}) =>
    read({ product_status: { fixed: [id] } }, { tree: over }).notes[0]?.message

  test('of the id of a product is a hundred characters', () => {
    expect(told(long)).toBe(
      `x.json: CVE-2025-1: product "${'x'.repeat(100)}" has no package URL and no digest`,
    )
    const loop = {
      product_reference: long,
      relates_to_product_reference: 'IMAGE',
      full_product_name: product(long),
    }
    expect(told(long, { relationships: [loop] })).toContain(
      `product "${'x'.repeat(100)}" is a part of itself`,
    )
  })

  test('of a range is as long, and of a part on an unknown platform', () => {
    const branches = [
      { category: 'product_version_range', name: long, product: product(long, purl('pkg:npm/a')) },
    ]
    expect(told(long, { branches })).toContain(
      `product "${'x'.repeat(100)}" has a range of versions that cannot be compared: "${'x'.repeat(100)}"`,
    )
    const name = `pkg:npm/${long}`
    const tree = {
      branches: [{ category: 'product_name', name: 'x', product: product('PART', purl(name)) }],
      relationships: [
        {
          product_reference: 'PART',
          relates_to_product_reference: 'PLATFORM',
          full_product_name: product('PART:PLATFORM'),
        },
      ],
    }
    expect(told('PART:PLATFORM', tree)).toContain(`"${name.slice(0, 100)}" is on a platform`)
  })

  test('says which vulnerability it is about', () => {
    expect(read({ cve: null }).notes).toMatchObject([{ message: 'x.json: vulnerability 1: it has no id' }])
  })
})

describe('products that cannot be recognised', () => {
  test('a part with a version on a platform that only a CPE names stands for itself', () => {
    const { document } = read({ product_status: { fixed: ['LIB:PLATFORM'] } })
    expect(document.statements).toMatchObject([
      { products: [{ id: 'pkg:rpm/redhat/lib@1-1?arch=x86_64', subcomponents: [] }] },
    ])
  })

  test.each([
    ['a part without a version, which would be that of every platform', 'BARE:PLATFORM'],
    ['a product without package URL and digest', 'NAMELESS'],
    ['a product that is not in the tree', 'NOWHERE'],
    ['a product that is a part of itself', 'LOOP'],
  ])('%s', (_, id) => {
    const { document, notes } = read({ product_status: { known_not_affected: [id, 'LIB'] } })
    expect(document.statements).toMatchObject([{ products: [{ id: 'pkg:rpm/redhat/lib@1-1?arch=x86_64' }] }])
    expect(notes).toMatchObject([{ code: 'vex-statement-unusable' }])
  })
})

describe('digests of files', () => {
  const hex = 'a'.repeat(64)
  const hashed = (hashes: unknown, more: object = {}) =>
    readVexValue(
      {
        document: {
          category: 'csaf_vex',
          csaf_version: '2.0',
          publisher: { name: 'X' },
          tracking: { id: 'X-1', current_release_date: '2025-01-01T00:00:00Z' },
        },
        product_tree: {
          full_product_names: [
            product('FILE', { hashes: [{ file_hashes: hashes, filename: 'x' }], ...more }),
          ],
        },
        vulnerabilities: [{ cve: 'CVE-2025-1', product_status: { fixed: ['FILE'] } }],
      },
      { origin: 'x.json' },
    )

  test.each([
    ['SHA-256', hex],
    ['sha256', hex.toUpperCase()],
  ])('as %s', (algorithm, value) => {
    expect(hashed([{ algorithm, value }]).document.statements).toMatchObject([
      { products: [{ id: `sha256:${hex}`, digests: [`sha256:${hex}`], subcomponents: [] }] },
    ])
  })

  test.each([
    ['of another algorithm', { algorithm: 'sha3-256', value: hex }],
    ['of none', { value: hex }],
    ['without a value', { algorithm: 'sha256' }],
    ['that are too short', { algorithm: 'sha256', value: hex.slice(1) }],
    ['that are too long', { algorithm: 'sha256', value: `${hex}a` }],
    ['that begin with something else', { algorithm: 'sha256', value: `x${hex}` }],
  ])('not those %s', (_, hash) => {
    const { document, notes } = hashed([hash])
    expect(document.statements).toEqual([])
    expect(notes).toMatchObject([{ code: 'vex-statement-unusable' }])
  })

  test('stand beside the first of several package URLs', () => {
    const purls = ['pkg:generic/a@1', 'pkg:generic/b@1']
    expect(hashed([{ algorithm: 'sha256', value: hex }], { purls }).document.statements).toMatchObject([
      {
        products: [
          { id: purls[0], digests: [`sha256:${hex}`], subcomponents: [] },
          { id: purls[1], subcomponents: [] },
        ],
      },
    ])
  })
})

test('a part of an image is that part, a package alone has none', () => {
  const { document } = read({ product_status: { fixed: ['LIB'], known_affected: ['LIB:IMAGE'] } })
  expect(
    document.statements.map(({ products }) => products.map(({ subcomponents }) => subcomponents)),
  ).toEqual([[['pkg:rpm/redhat/lib@1-1?arch=x86_64']], [[]]])
})

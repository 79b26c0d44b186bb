import { describe, expect, test } from 'vitest'
import type { VexDocument, VexProduct, VexStatement } from '../../../model/advisory/vex.ts'
import type { Component } from '../../../model/inventory.ts'
import {
  digestA,
  digestB,
  sampleComponent,
  sampleDocument,
  sampleFinding,
  sampleStatement,
} from '../fixtures/sample.ts'
import { applyVex } from './apply.ts'

const now = new Date('2026-01-01T00:00:00Z')
const image = [`registry.example/team/web:1.2@${digestA}`, digestB]

function silences(product: VexProduct, component: Component = sampleComponent(), names = image): boolean {
  const document = sampleDocument([sampleStatement({ products: [product] })])
  const { suppressed } = applyVex([sampleFinding({ component })], [document], { product: names, now })
  return suppressed.length === 1
}

describe('products that are the image', () => {
  test.each([
    [digestA, true],
    [digestB, true],
    ['b'.repeat(64), true],
    [`sha256:${'c'.repeat(64)}`, false],
    [`pkg:oci/web@${digestA}`, true],
    [`pkg:oci/web@sha256%3A${'a'.repeat(64)}`, true],
    // The digest decides, whatever it is called elsewhere.
    [`pkg:oci/other@${digestA}?repository_url=mirror.example/x/other&arch=amd64`, true],
    [`pkg:oci/web@sha256:${'c'.repeat(64)}`, false],
    ['pkg:oci/web', true],
    ['pkg:oci/team%2Fweb', true],
    ['pkg:oci/other%2Fweb', false],
    ['pkg:oci/eb', false],
    ['pkg:oci/web?tag=1.2', true],
    ['pkg:oci/web?tag=1.3', false],
    ['pkg:oci/web?repository_url=registry.example/team/web', true],
    ['pkg:oci/web?repository_url=registry.example/team', true],
    ['pkg:oci/web?repository_url=registry.example/other/web', false],
    ['pkg:oci/web?repository_url=other.example/team/web', false],
    ['pkg:docker/team/web', true],
    ['pkg:docker/team/web@1.2', true],
    ['pkg:docker/team/web@1.3', false],
    ['pkg:docker/team/web@1.2?repository_url=https://registry.example', true],
    ['registry.example/team/web:1.2', true],
    ['registry.example/team/web', true],
    ['registry.example/team/web:1.3', false],
    ['web:1.2', true],
    [`registry.example/team/web@${digestA}`, true],
    ['https://example.com/a-web', false],
    ['', false],
  ])('%s: %j', (id, expected) => {
    expect(silences({ id, subcomponents: [] })).toBe(expected)
    expect(silences({ id, subcomponents: ['pkg:deb/debian/libssl3t64'] })).toBe(expected)
    expect(silences({ id, subcomponents: ['pkg:deb/debian/zlib1g'] })).toBe(false)
  })

  test('digests beside the id', () => {
    expect(silences({ id: 'urn:whatever', digests: [digestA], subcomponents: [] })).toBe(true)
    expect(silences({ id: 'urn:whatever', digests: [`sha256:${'c'.repeat(64)}`], subcomponents: [] })).toBe(
      false,
    )
  })

  test('Docker Hub is called by several names', () => {
    const hub = ['docker.io/nginx:1']
    for (const host of ['index.docker.io/library', 'docker.io/library', 'registry-1.docker.io/library/nginx'])
      expect(
        silences({ id: `pkg:oci/nginx?repository_url=${host}`, subcomponents: [] }, sampleComponent(), hub),
      ).toBe(true)
  })

  test('a package URL that the target goes by, which is no image', () => {
    const names = ['pkg:generic/app@1?x=y']
    expect(silences({ id: 'pkg:generic/app', subcomponents: [] }, sampleComponent(), names)).toBe(true)
    expect(silences({ id: 'pkg:generic/app@2', subcomponents: [] }, sampleComponent(), names)).toBe(false)
    expect(silences({ id: 'pkg:generic/app@1?x=z', subcomponents: [] }, sampleComponent(), names)).toBe(false)
  })
})

describe('products that are the package', () => {
  test.each([
    ['pkg:deb/debian/libssl3t64', true],
    ['pkg:deb/debian/libssl3t64@3.5.1-1', true],
    ['pkg:deb/debian/libssl3t64@3.5.1-2', false],
    ['pkg:deb/ubuntu/libssl3t64', false],
    ['pkg:deb/libssl3t64', false],
    ['pkg:deb/debian/libssl3t64@3.5.1-1?arch=amd64', true],
    ['pkg:deb/debian/libssl3t64@3.5.1-1?arch=arm64', false],
    ['pkg:deb/debian/libssl3t64?distro=debian-13', true],
    ['pkg:deb/debian/libssl3t64?distro=debian-13.1', true],
    ['pkg:deb/debian/libssl3t64?distro=trixie', true],
    ['pkg:deb/debian/libssl3t64?distro=debian-12', false],
    ['pkg:deb/debian/libssl3t64?os_distro=trixie&os_name=debian&os_version=13', true],
    ['pkg:deb/debian/libssl3t64?os_version=1', false],
    ['pkg:deb/debian/libssl3t64?upstream=openssl', true],
    ['pkg:deb/debian/libssl3t64?upstream=openssl%403.5.1-1', true],
    ['pkg:deb/debian/libssl3t64?upstream=other', false],
    ['pkg:deb/debian/libssl3t64?unheard=of', false],
    // The source package stands for all that is built from it, its name for the binary package only.
    ['pkg:deb/debian/openssl?arch=source', true],
    ['pkg:deb/debian/openssl@3.5.1-1?arch=source&distro=trixie', true],
    ['pkg:deb/debian/openssl@3.5.0-1?arch=source', false],
    ['pkg:deb/debian/openssl?arch=source&distro=bookworm', false],
    ['pkg:deb/debian/openssl', false],
    ['pkg:deb/%zz', false],
  ])('%s: %j', (id, expected) => {
    expect(silences({ id, subcomponents: [] })).toBe(expected)
    expect(silences({ id: 'pkg:oci/web', subcomponents: [id] })).toBe(expected)
  })

  test('with parts the component has to be one of them', () => {
    const product = { id: 'pkg:deb/debian/openssl?arch=source', subcomponents: ['pkg:deb/debian/libssl3t64'] }
    expect(silences(product)).toBe(true)
    expect(silences({ ...product, subcomponents: ['pkg:deb/debian/openssl'] })).toBe(false)
  })

  test.each([
    ['pkg:deb/debian/a@1:2-3', 'pkg:deb/debian/a@2-3?epoch=1', true],
    ['pkg:deb/debian/a@2-3?epoch=1', 'pkg:deb/debian/a@1:2-3', true],
    ['pkg:deb/debian/a@2-3', 'pkg:deb/debian/a@2-3?epoch=0', true],
    ['pkg:deb/debian/a@2-3', 'pkg:deb/debian/a@2-3?epoch=1', false],
    ['pkg:pypi/my-pkg@1', 'pkg:pypi/My_Pkg', true],
    ['pkg:npm/%40babel/core@7.0.0', 'pkg:npm/@babel/core@7.0.0', true],
    ['pkg:golang/github.com/a/b@v1', 'pkg:golang/github.com/a/b@v1#sub', false],
    ['pkg:golang/github.com/a/b/v2@v2.0', 'pkg:golang/github.com/A/b@v2.0#v2', true],
    ['pkg:golang/github.com/a/b@v2.0#v2', 'pkg:golang/github.com/a/b/v2@v2.0', true],
    ['pkg:golang/github.com/a/b@v2.0#v2', 'pkg:golang/github.com/a/b@v2.0', false],
  ])('%s against %s: %j', (purl, id, expected) => {
    const { source: _, ...component } = sampleComponent({ purl })
    expect(silences({ id, subcomponents: [] }, component)).toBe(expected)
  })
})

describe('names of vulnerabilities', () => {
  test.each([
    ['CVE-2025-1', [], 'CVE-2025-1', [], true],
    ['CVE-2025-1', [], 'cve-2025-1', [], true],
    ['CVE-2025-1', [], 'CVE-2025-11', [], false],
    ['CVE-2025-1', ['GHSA-x'], 'GHSA-x', [], true],
    ['GHSA-x', [], 'CVE-2025-1', ['GHSA-x'], true],
    ['GHSA-y', ['CVE-2025-1'], 'GHSA-x', ['CVE-2025-1'], true],
    ['__proto__', [], 'constructor', [], false],
  ])('%s %j, statement about %s %j: %j', (id, aliases, vulnerability, others, expected) => {
    const document = sampleDocument([sampleStatement({ vulnerability, aliases: others })])
    const { suppressed } = applyVex([sampleFinding({ id, aliases })], [document], { product: [], now })
    expect(suppressed).toHaveLength(expected ? 1 : 0)
  })
})

const own = { id: 'pkg:deb/debian/libssl3t64', subcomponents: [] }
const exact = { id: 'pkg:deb/debian/libssl3t64@3.5.1-1', subcomponents: [] }
const fixed = (over: Partial<VexStatement> = {}) => sampleStatement({ status: 'fixed', ...over })
const affected = (over: Partial<VexStatement> = {}) => sampleStatement({ status: 'affected', ...over })
const not = sampleStatement
const at = (day: number) => ({ timestamp: `2025-06-0${day}T00:00:00.000Z` })
const ends = (expires: string) => ({ expires })

/** Which of several statements counts. */
const precedence: readonly (readonly [string, readonly VexDocument[], string | undefined])[] = [
  ['the first document', [sampleDocument([affected(at(1))]), sampleDocument([fixed(at(2))])], 'affected'],
  ['the later statement of a document', [sampleDocument([affected(at(1)), fixed(at(2))])], 'fixed'],
  ['the later statement, whatever the order', [sampleDocument([fixed(at(2)), affected(at(1))])], 'fixed'],
  [
    'the time of the document where a statement has none',
    [sampleDocument([fixed(), affected(at(1))], at(2))],
    'fixed',
  ],
  ['a statement with a time before one without', [sampleDocument([fixed(), affected(at(1))])], 'affected'],
  [
    'of the same time the more precise one',
    [sampleDocument([affected({ products: [own], ...at(1) }), fixed({ products: [exact], ...at(1) })])],
    'fixed',
  ],
  [
    'the later one before the more precise one',
    [sampleDocument([affected({ products: [own], ...at(2) }), fixed({ products: [exact], ...at(1) })])],
    'affected',
  ],
  ['else the more cautious one', [sampleDocument([not(at(1)), fixed(at(1)), affected(at(1))])], 'affected'],
  [
    'under investigation before not affected',
    [sampleDocument([not(at(1)), sampleStatement({ status: 'under_investigation', ...at(1) })])],
    'under_investigation',
  ],
  [
    'not one that has ended',
    [sampleDocument([fixed({ ...at(2), ...ends('2025-12-31T23:59:59Z') }), affected(at(1))])],
    'affected',
  ],
  ['one that ends later', [sampleDocument([fixed({ ...at(2), ...ends('2026-01-02T00:00:00Z') })])], 'fixed'],
  ['none when all have ended', [sampleDocument([fixed(ends('2026-01-01T00:00:00.000Z'))])], undefined],
  [
    'the next document when the first says nothing of it',
    [sampleDocument([affected({ vulnerability: 'CVE-2025-2' })]), sampleDocument([fixed()])],
    'fixed',
  ],
]

describe('precedence', () => {
  test.each(precedence)('%s', (_, documents, expected) => {
    const { findings, suppressed } = applyVex([sampleFinding()], documents, { product: image, now })
    const status = [...findings, ...suppressed].map((finding) => finding.status)
    expect(status).toEqual([expected ?? 'affected'])
    const isSilent = expected === 'fixed' || expected === 'not_affected'
    expect([findings.length, suppressed.length]).toEqual(isSilent ? [0, 1] : [1, 0])
  })
})

describe('what is said', () => {
  test('a suppressed finding says who said so, why, and until when', () => {
    const statement = sampleStatement({
      justification: 'component_not_present',
      statement: 'left out',
      ...ends('2027-01-01T00:00:00Z'),
    })
    const document = sampleDocument([statement], { author: 'Jane' })
    expect(applyVex([sampleFinding()], [document], { product: image, now }).suppressed).toMatchObject([
      {
        status: 'not_affected',
        justification: 'component_not_present',
        reason: 'below 3.5.2-1; not affected, component_not_present according to Jane, sample.json: left out',
        suppressedBy: { kind: 'vex', source: 'Jane, sample.json', expires: '2027-01-01T00:00:00Z' },
      },
    ])
  })

  test('what a statement does not say is not there', () => {
    const [suppressed] = applyVex([sampleFinding()], [sampleDocument([fixed()])], {
      product: image,
      now,
    }).suppressed
    expect(suppressed).toStrictEqual({
      ...sampleFinding(),
      status: 'fixed',
      reason: 'below 3.5.2-1; fixed according to sample.json',
      suppressedBy: { kind: 'vex', source: 'sample.json' },
    })
  })

  test('a finding that counts keeps what was said of it', () => {
    const document = sampleDocument([affected({ statement: 'update' })])
    expect(applyVex([sampleFinding()], [document], { product: image, now }).findings).toMatchObject([
      { status: 'affected', reason: 'below 3.5.2-1; affected according to sample.json: update' },
    ])
  })

  test('what has ended, and contradictions between documents, are noted once', () => {
    const documents = [
      sampleDocument([fixed(), affected(ends('2025-01-01T00:00:00Z'))], { origin: 'a' }),
      sampleDocument([affected()], { origin: 'b' }),
    ]
    const { notes } = applyVex([sampleFinding(), sampleFinding()], documents, { product: image, now })
    expect(notes).toEqual([
      {
        code: 'vex-expired',
        message:
          'a: the statement that CVE-2025-1 is affected expired at 2025-01-01T00:00:00Z and no longer counts',
      },
      {
        code: 'vex-contradiction',
        message:
          'CVE-2025-1 in libssl3t64 is fixed according to a, which counts, and affected according to b',
      },
    ])
  })

  test('the order of findings stays', () => {
    const findings = ['CVE-2025-3', 'CVE-2025-1', 'CVE-2025-2'].map((id) => sampleFinding({ id }))
    const applied = applyVex(findings, [sampleDocument([fixed()])], { product: image, now })
    expect(applied.findings.map(({ id }) => id)).toEqual(['CVE-2025-3', 'CVE-2025-2'])
  })
})

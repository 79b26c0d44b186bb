import { expect, test } from 'vitest'
import type { ImageDiff } from '../../flows/image/diff.ts'
import type { Style } from '../style.ts'
import { imageDiffPieces } from './image-diff.ts'

const imageDiffText = (...given: Parameters<typeof imageDiffPieces>) =>
  [...imageDiffPieces(...given)].join('')

const plain = (text: string) => text
const style: Style = { finished: plain, bold: plain, dim: plain, good: plain, warn: plain, bad: plain }

const side = (name: string) => ({ name, from: 'layers', packages: 1 })
const same: ImageDiff = {
  old: side('oci:a'),
  new: side('oci:b'),
  equal: true,
  packages: { added: [], removed: [], changed: [] },
  configuration: [],
  measures: {
    old: { size: 1_000_000, layers: 2 },
    new: { size: 1_000_000, layers: 2 },
    shared: { size: 1_000_000, layers: 2 },
  },
}
const finding = (id: string) => ({
  id,
  severity: 'high' as const,
  package: { type: 'deb' as const, name: 'zlib', version: '1.2' },
  fixedVersions: [],
})

test('what is the same is said in a line each', () => {
  expect(
    imageDiffText({ ...same, vulnerabilities: { appeared: [], disappeared: [] } }, { style, verbose: false }),
  ).toBe(
    [
      '= oci:a and oci:b have the same contents',
      'Configuration: the same',
      'Size: the same',
      '  transferred  1.0 MB → 1.0 MB',
      '  layers       2 → 2, 2 of them shared (1.0 MB)',
      'Vulnerabilities: the same',
      '',
    ].join('\n'),
  )
})

test('what differs is told', () => {
  const diff: ImageDiff = {
    ...same,
    equal: false,
    configuration: [
      { name: 'Entrypoint', old: ['/a'] },
      { name: 'Env PATH', old: '/bin', new: '/usr/bin' },
    ],
    measures: { ...same.measures, new: { size: 400_000, layers: 1 } },
    vulnerabilities: { appeared: [finding('CVE-2026-1')], disappeared: [finding('CVE-2025-2')] },
  }
  const text = imageDiffText(diff, { style, verbose: false })
  expect(text).toContain('Packages: the same\n')
  expect(text).toContain(
    'Configuration: 2 changed\n  Entrypoint  ["/a"] → not set\n  Env PATH    /bin → /usr/bin\n',
  )
  expect(text).toContain('Size: -600 kB\n')
  expect(text).toContain(
    'Vulnerabilities: 1 more, 1 fewer\n  +  CVE-2026-1  high  zlib  1.2\n  -  CVE-2025-2',
  )
})

test('without advisories it says how to get them', () => {
  expect(imageDiffText(same, { style, verbose: false })).toMatch(
    /Vulnerabilities: no advisories .*temper feeds update/,
  )
})

test('many packages beside one with a long name are written in pieces of whole lines', () => {
  const added = Array.from({ length: 2000 }, (_, i) => ({
    type: 'npm' as const,
    name: i === 0 ? 'x'.repeat(200) : `p${i}`,
    version: '1',
    purl: `pkg:npm/p${i}@1`,
  }))
  const packages = { ...same.packages, added }
  const pieces = [...imageDiffPieces({ ...same, equal: false, packages }, { style, verbose: false })]
  expect(pieces.length).toBeGreaterThan(5)
  for (const piece of pieces) {
    expect(piece.endsWith('\n')).toBe(true)
    expect(piece.length).toBeLessThan(70_000)
  }
  expect(pieces.join('').match(/^ {2}\+ {2}npm {2}/gm)).toHaveLength(2000)
})

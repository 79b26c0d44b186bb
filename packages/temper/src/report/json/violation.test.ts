import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { upgradeOf } from '../../model/advisory/scan-report.ts'
import type { Place, Violation } from '../../model/rule.ts'
import { sampleFinding, sampleReport } from '../fixtures/sample.ts'
import { scanJson } from './json.ts'
import { verdictJson } from './verdict.ts'
import { placeSchema, violationJson, violationMembers } from './violation.ts'
import { record } from './vocabulary.ts'

const layer = `sha256:${'0'.repeat(64)}` as const
const purl = 'pkg:deb/debian/a@1'
const violation: Violation = {
  rule: 'shell',
  level: 'error',
  subject: '/usr/bin/bash',
  place: { kind: 'path', path: '/usr/bin/bash' },
  found: 'a shell',
  remedy: 'leave it out',
}

const validate = new Ajv2020({ strict: false }).compile({
  ...record(violationMembers, 'A violation.'),
  $defs: { place: placeSchema },
})

const places: readonly Place[] = [
  { kind: 'path', path: '/a' },
  { kind: 'path', path: '/a', layer },
  { kind: 'span', file: 'Dockerfile', line: 1, column: 1 },
  { kind: 'span', file: '/a', line: 3, column: 7, layer },
  { kind: 'layer', layer },
  { kind: 'package', name: 'a', version: '1', purl },
  { kind: 'package', name: 'a', version: '1', purl, path: '/var/lib/dpkg/status' },
  { kind: 'whole' },
]

describe('violations as JSON', () => {
  it.each(places)('fit the schema: $kind', (place) => {
    expect(validate(violationJson({ ...violation, place }))).toBe(true)
  })

  it.each([
    ['an unknown level', { ...violation, path: null, level: 'fatal' }],
    ['no rule', { ...violation, path: null, rule: undefined }],
    ['an unknown place', { ...violation, path: null, place: { kind: 'elsewhere' } }],
    ['a path that is none', { ...violation, path: null, place: { kind: 'path', path: 1 } }],
    ['line 0', { ...violation, path: null, place: { kind: 'span', file: 'a', line: 0, column: 1 } }],
    ['column 0', { ...violation, path: null, place: { kind: 'span', file: 'a', line: 1, column: 0 } }],
    ['a package without purl', { ...violation, path: null, place: { kind: 'package', name: 'a' } }],
  ])('the schema refuses %s', (_, wrong) => {
    expect(validate(JSON.parse(JSON.stringify(wrong)))).toBe(false)
  })

  it('have the path of their place, and nothing that their kind of rule adds', () => {
    const more = { ...violation, finding: sampleFinding(), excerpt: 'x' }
    expect(violationJson(more)).toEqual({ ...violation, path: '/usr/bin/bash' })
    expect(violationJson({ ...violation, place: { kind: 'whole' } }).path).toBeNull()
  })
})

describe('a verdict as JSON', () => {
  const finding = sampleFinding()
  const { upgrades } = sampleReport().result

  it('names findings, and keeps the names that its members had before', () => {
    const upgrade = upgradeOf(finding, upgrades)
    const about = { kind: 'finding', id: finding.id, finding, ...(upgrade && { upgrade }) } as const
    const verdict = { passed: false, rules: ['high'], violations: [{ ...violation, rule: 'high', ...about }] }
    const json = verdictJson(verdict)
    expect(json.violations).toEqual([
      {
        ...violationJson({ ...violation, rule: 'high' }),
        kind: 'finding',
        id: finding.id,
        why: violation.found,
        purl: finding.component.purl,
        location: finding.component.locations[0]?.path,
        upgrade: { name: upgrade?.name, from: upgrade?.from, to: upgrade?.to },
      },
    ])
    expect(scanJson(sampleReport({ verdict }))['verdict']).toEqual(json)
  })

  it('has null where there is no finding', () => {
    const whole = { ...violation, kind: 'end-of-life', id: 'debian' } as const
    const [json] = verdictJson({ passed: false, rules: ['eol'], violations: [whole] }).violations
    expect(json).toMatchObject({ purl: null, location: null, upgrade: null })
  })
})

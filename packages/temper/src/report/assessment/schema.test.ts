import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import type { Assessment } from '../../model/assess/assessment.ts'
import { comparedAssessment, sampleAssessment } from './fixtures/sample.ts'
import { assessmentJson } from './json.ts'
import { assessmentJsonSchema } from './schema.ts'

const valid = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
  assessmentJsonSchema(),
)

function problems(document: unknown): readonly string[] {
  return valid(document) ? [] : (valid.errors ?? []).map((each) => `${each.instancePath} ${each.message}`)
}

/** Names of the members that a schema describes, at any depth. */
function described(schema: unknown): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (value: unknown) => {
    if (value === null || typeof value !== 'object') return
    const { properties } = value as { properties?: object }
    for (const name of Object.keys(properties ?? {})) names.add(name)
    for (const each of Object.values(value)) visit(each)
  }
  visit(schema)
  return names
}

function members(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(members)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, each]) => [name, ...members(each)])
}

const fips: NonNullable<Assessment['fips']> = {
  claimed: 'io.temper.fips',
  active: false,
  missing: ['no provider'],
  certificates: ['4985'],
  modules: [{ path: '/usr/lib/fips.so', name: 'OpenSSL FIPS Provider', version: '3.5.4' }],
}

describe('the schema of assessments', () => {
  it.each([
    ['a plain one', sampleAssessment()],
    ['one beside another', comparedAssessment()],
    ['one with a claim of FIPS', sampleAssessment({ fips })],
  ])('fits %s, and describes each member of it', (_, assessment) => {
    const json = JSON.parse(JSON.stringify(assessmentJson(assessment)))
    expect(problems(json)).toEqual([])
    const known = described(assessmentJsonSchema())
    expect(members(json).filter((name) => !known.has(name))).toEqual([])
  })

  it.each([
    ['without a tier', { tier: undefined }],
    ['of a tier that there is not', { tier: 'best' }],
    ['with findings that say nothing', { findings: [{}] }],
    ['with numbers that are none', { measures: { size: -1 } }],
  ])('refuses one %s', (_, wrong) => {
    const json = { ...assessmentJson(sampleAssessment()), ...wrong }
    expect(problems(JSON.parse(JSON.stringify(json)))).not.toEqual([])
  })
})

import { Cvss2, Cvss3P0, Cvss3P1, Cvss4P0 } from 'ae-cvss-calculator'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cvssScore } from './score.ts'

function vectors(metrics: Readonly<Record<string, string>>): fc.Arbitrary<string> {
  const parts = Object.entries(metrics).map(([name, values]) =>
    fc.constantFrom(...values.split('')).map((value) => `${name}:${value}`),
  )
  return fc.tuple(...parts).map((all) => all.join('/'))
}

const v2 = vectors({ AV: 'LAN', AC: 'HML', Au: 'MSN', C: 'NPC', I: 'NPC', A: 'NPC' })
const v3 = vectors({ AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'NLH', I: 'NLH', A: 'NLH' })
const v4 = vectors({
  AV: 'NALP',
  AC: 'LH',
  AT: 'NP',
  PR: 'NLH',
  UI: 'NPA',
  VC: 'HLN',
  VI: 'HLN',
  VA: 'HLN',
  SC: 'HLN',
  SI: 'HLN',
  SA: 'HLN',
})

describe('cvssScore', () => {
  it.each([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', '3.1', 10],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '3.1', 9.8],
    ['CVSS:3.0/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N', '3.0', 1.8],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', '3.1', 0],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 9.3],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', '4.0', 0],
    ['AV:N/AC:L/Au:N/C:C/I:C/A:C', '2.0', 10],
    ['(AV:N/AC:L/Au:N/C:P/I:P/A:P)', '2.0', 7.5],
  ])('%s is %s %d', (vector, version, score) => {
    expect(cvssScore(vector)).toEqual({ version, score })
  })

  it('leaves threat and environmental metrics aside', () => {
    const base = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
    expect(cvssScore(`${base}/E:U/RL:O/CR:L`)).toEqual(cvssScore(base))
  })

  it.each([
    '',
    '9.8',
    'CVSS:3.1/',
    'CVSS:3.1/AV:N',
    'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    `CVSS:3.1/${'AV:N/'.repeat(10_000)}`,
  ])('finds no score in %j', (vector) => {
    expect(cvssScore(vector)).toBeUndefined()
  })

  it('agrees with another calculator', () => {
    const check =
      (prefix: string, other: new (vector: string) => { calculateScores(): { base?: number | undefined } }) =>
      (vector: string) => {
        const score = cvssScore(prefix + vector)?.score
        expect([prefix + vector, score]).toEqual([
          prefix + vector,
          new other(prefix + vector).calculateScores().base,
        ])
      }
    fc.assert(fc.property(v2, check('', Cvss2)), { numRuns: 100 })
    fc.assert(fc.property(v3, check('CVSS:3.1/', Cvss3P1)), { numRuns: 100 })
    fc.assert(fc.property(v3, check('CVSS:3.0/', Cvss3P0)), { numRuns: 100 })
    fc.assert(fc.property(v4, check('CVSS:4.0/', Cvss4P0)), { numRuns: 200 })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Compliance } from '../../model/assess/compliance.ts'
import { controlStatuses } from '../../model/assess/compliance.ts'
import { sampleCompliance, sampleJudged } from '../fixtures/sample.ts'
import { frameworks } from '../frameworks.ts'
import { nameUuid } from './name-uuid.ts'
import { controlToken, oscalResults } from './oscal.ts'
import { compliancePage } from './page.ts'
import { xccdfResults } from './xccdf.ts'

interface Results {
  readonly uuid: string
  readonly results: readonly {
    readonly uuid: string
    readonly 'reviewed-controls': {
      readonly 'control-selections': readonly {
        readonly 'include-controls': readonly { 'control-id': string }[]
      }[]
    }
    readonly observations?: readonly { readonly uuid: string; readonly title: string }[]
    readonly findings?: readonly {
      readonly uuid: string
      readonly target: { readonly 'target-id': string; readonly status: { readonly state: string } }
      readonly 'related-observations': readonly { readonly 'observation-uuid': string }[]
    }[]
  }[]
}
const oscal = (compliance: Compliance) =>
  (oscalResults(compliance) as { 'assessment-results': Results })['assessment-results']
const uuids = (compliance: Compliance): string[] =>
  [...JSON.stringify(oscal(compliance)).matchAll(/"uuid":"([^"]*)"/g)].map(([, uuid = '']) => uuid)

const all = frameworks.map((framework) => [framework.id, sampleCompliance(framework)] as const)
/** Of an image of which nothing could be checked, and of one that keeps everything. */
const extremes = frameworks.flatMap((framework) => {
  const rules = new Map(
    framework.controls.flatMap((control) => control.rules.map((rule) => [rule, rule] as const)),
  )
  const everything = new Set(['declares-ports', 'claims-fips'] as const)
  return [
    sampleCompliance(framework, sampleJudged({ rules: new Map(), findings: [], unjudged: [] })),
    sampleCompliance(framework, { rules, findings: [], unjudged: [], applies: everything }),
  ]
})
const every = [...all.map(([, compliance]) => compliance), ...extremes]

describe.each(all)('the results of %s', (_, compliance) => {
  it('name each control once, in OSCAL and in XCCDF', () => {
    const tokens = compliance.controls.map(({ id }) => controlToken(id))
    expect(new Set(tokens).size).toBe(tokens.length)
    const [result] = oscal(compliance).results
    const included = result?.['reviewed-controls']['control-selections'][0]?.['include-controls']
    expect(included?.map((each) => each['control-id'])).toEqual(tokens)
    const xml = xccdfResults(compliance)
    const rules = [...xml.matchAll(/<Rule id="([^"]+)"/g)].map(([, id]) => id)
    expect([...xml.matchAll(/idref="([^"]+)"/g)].map(([, id]) => id)).toEqual(rules)
    expect(rules).toEqual(tokens.map((token) => `xccdf_io.temper_rule_${compliance.framework.id}-${token}`))
  })

  it('refer to nothing that is not in them, and are no others each time', () => {
    const { results } = oscal(compliance)
    const observations = new Set(results[0]?.observations?.map(({ uuid }) => uuid))
    for (const finding of results[0]?.findings ?? [])
      for (const each of finding['related-observations'])
        expect(observations.has(each['observation-uuid'])).toBe(true)
    const own = uuids(compliance)
    expect(new Set(own).size).toBe(own.length)
    for (const uuid of own)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(uuids(compliance)).toEqual(own)
    const others = [
      { ...compliance, assessed: '2026-01-02T03:04:06Z' },
      { ...compliance, image: { ...compliance.image, platform: 'linux/arm64' } },
    ]
    for (const other of others) expect(uuids(other).filter((uuid) => own.includes(uuid))).toEqual([])
  })
})

describe('what is said of controls', () => {
  it('is the same in all three documents, and satisfied only where nothing is left', () => {
    for (const compliance of every) {
      const xml = xccdfResults(compliance)
      const said = [...xml.matchAll(/<result>(\w+)<\/result>/g)].map(([, word]) => word)
      const words = { pass: 'pass', fail: 'fail', 'not-applicable': 'notapplicable', manual: 'notchecked' }
      expect(said).toEqual(compliance.controls.map(({ status }) => words[status]))
      const decided = compliance.controls.filter(
        ({ status, rest }) => status === 'fail' || (status === 'pass' && rest === undefined),
      )
      const [result] = oscal(compliance).results
      expect(
        (result?.findings ?? []).map(({ target }) => [target['target-id'], target.status.state]),
      ).toEqual(
        decided.map(({ id, status }) => [
          controlToken(id),
          status === 'pass' ? 'satisfied' : 'not-satisfied',
        ]),
      )
      const page = compliancePage(compliance)
      for (const status of controlStatuses)
        expect(page).toContain(`<li class="${status}"><b>${compliance.counts[status]}</b>`)
    }
  })

  it('is a score of those that were judged', () => {
    for (const compliance of every) {
      const { pass, fail } = compliance.counts
      const expected = pass + fail === 0 ? 0 : (100 * pass) / (pass + fail)
      expect(xccdfResults(compliance)).toContain(`maximum="100">${expected.toFixed(2)}</score>`)
    }
  })

  it('leaves members out that may not be empty', () => {
    const [nothing] = extremes
    if (nothing === undefined) throw new Error('no framework')
    const [result] = oscal({
      ...nothing,
      controls: nothing.controls.map((each) => ({ ...each, evidence: [] })),
    }).results
    expect(result).not.toHaveProperty('observations')
    expect(result).not.toHaveProperty('findings')
  })
})

describe('foreign text', () => {
  const [framework] = frameworks
  if (framework === undefined) throw new Error('no framework')
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(']]>', '<!--', '&#0;', '\ud800', '\uffff', '"><script>', "'", '\u2028'),
  )

  it('is text in XML and in the page, whatever it is', () => {
    fc.assert(
      fc.property(texts, texts, (reference, found) => {
        const judged = sampleJudged({
          findings: [{ rule: 'setuid', level: 'error', subject: reference, found }],
        })
        const made = sampleCompliance(framework, judged)
        const compliance = { ...made, image: { ...made.image, reference } }
        const plain = sampleCompliance(framework)
        const tags = (text: string) => text.match(/<\/?[a-zA-Z!?][^\s>]*/g)
        expect(tags(xccdfResults(compliance))).toEqual(tags(xccdfResults(plain)))
        expect(tags(compliancePage(compliance))).toEqual(tags(compliancePage(plain)))
        // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has none of them
        expect(xccdfResults(compliance)).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
        expect(xccdfResults(compliance).isWellFormed()).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('as the id of a control is a token of OSCAL', () => {
    fc.assert(
      fc.property(texts, (id) => {
        expect(controlToken(id)).toMatch(/^[a-z_][a-z0-9._-]*$/)
      }),
    )
  })
})

it.each([
  ['AC-6', 'ac-6'],
  ['AC-6(10)', 'ac-6.10'],
  ['4.1', 'control-4.1'],
  ['SV-1 r2', 'sv-1-r2'],
  ['', 'control-'],
])('the control %j is %s', (id, token) => {
  expect(controlToken(id)).toBe(token)
})

it('names of the same text are the same UUID, of others another', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(nameUuid(a) === nameUuid(b)).toBe(a === b)
    }),
  )
})

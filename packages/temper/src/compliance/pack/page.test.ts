import { describe, expect, it } from 'vitest'
import { sampleCompliance } from '../fixtures/sample.ts'
import { frameworks } from '../frameworks.ts'
import { nameUuid } from './name-uuid.ts'
import { controlToken, oscalResults } from './oscal.ts'
import { compliancePage } from './page.ts'
import { xccdfResults } from './xccdf.ts'

const [framework] = frameworks
if (framework === undefined) throw new Error('no framework')
const compliance = sampleCompliance(framework)

describe('a pack', () => {
  it('lets nothing foreign become markup, and asks for nothing from elsewhere', () => {
    for (const text of [compliancePage(compliance), xccdfResults(compliance)]) {
      expect(text).not.toContain('<web>')
      expect(text).not.toContain('<su>')
      expect(text).not.toContain('\u0007')
      expect(text).toContain('&lt;su&gt;: setuid &amp; &quot;more&quot;\\u0007')
    }
    expect(compliancePage(compliance)).not.toMatch(/(?:src|href)="?(?:https?:|\/\/)/)
  })

  it('says satisfied in OSCAL only where nothing is left for a person', () => {
    const { findings, observations } = (
      oscalResults(compliance) as { 'assessment-results': { results: never[] } }
    )['assessment-results'].results[0] as never as { findings: { target: object }[]; observations: object[] }
    const states = findings.map(({ target }) => target)
    expect(states).toMatchObject([
      { 'target-id': 'control-4.1', status: { state: 'satisfied' } },
      { 'target-id': 'control-4.8', status: { state: 'not-satisfied' } },
    ])
    expect(observations.length).toBeGreaterThanOrEqual(2)
  })

  it('names what it is told apart by as UUIDs of names', () => {
    // RFC 9562, appendix A.4, has another namespace; this one is that of Python: uuid5(NAMESPACE_URL, 'python.org').
    expect(nameUuid('python.org')).toBe('7af94e2b-4dd9-50f0-9c9a-8a48519bdef0')
    expect(controlToken('AC-6(10)')).toBe('ac-6.10')
    expect(controlToken('164.312(a)(2)(iv)')).toBe('control-164.312.a.2.iv')
  })
})

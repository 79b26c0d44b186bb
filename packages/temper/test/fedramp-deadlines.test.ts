import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { windows } from '../src/rules/image/vulnerabilities/standing.ts'

const read = (path: string) => readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8')

/* As FedRAMP's catalogue has them: the fixture names where it is from. */
const { parameters } = JSON.parse(read('compliance/fixtures/nist-800-53-r5.json'))
const text: string = parameters['ra-05_odp.03']
const days = (risk: string) => Number(new RegExp(`${risk}[- ]risk[^;]*?\\((\\d+)\\) days`).exec(text)?.[1])

it.each([
  ['high', 'high'],
  ['moderate', 'medium'],
  ['low', 'low'],
])('what the catalogue gives %s risks is what the policy and the rule give', (risk, severity) => {
  expect(days(risk)).toBeGreaterThan(0)
  expect(read('policy/packaged/fedramp.yaml')).toContain(`- ${severity}>${days(risk)}d\n`)
  expect(windows[severity as keyof typeof windows]).toBe(days(risk))
})

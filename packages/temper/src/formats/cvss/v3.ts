import { parseMetrics, weight } from './vector.ts'

const grammar = { AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'NLH', I: 'NLH', A: 'NLH' }
const impacts = { N: 0, L: 0.22, H: 0.56 }

/**
 * The base score of a CVSS 3.0 or 3.1 vector without its prefix (CVSS v3.1 specification, section 7.1 and appendix A);
 * undefined when it is not one.
 */
export function scoreV3(vector: string): number | undefined {
  const metrics = parseMetrics(vector, grammar)
  if (metrics === undefined) return undefined
  const changed = metrics.get('S') === 'C'
  const left = ['C', 'I', 'A'].reduce((product, name) => product * (1 - weight(metrics, name, impacts)), 1)
  const base = 1 - left
  const impact = changed ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base
  if (impact <= 0) return 0
  const privileges = changed ? { N: 0.85, L: 0.68, H: 0.5 } : { N: 0.85, L: 0.62, H: 0.27 }
  const exploitability =
    8.22 *
    weight(metrics, 'AV', { N: 0.85, A: 0.62, L: 0.55, P: 0.2 }) *
    weight(metrics, 'AC', { L: 0.77, H: 0.44 }) *
    weight(metrics, 'PR', privileges) *
    weight(metrics, 'UI', { N: 0.85, R: 0.62 })
  return roundedUp(Math.min(10, (changed ? 1.08 : 1) * (impact + exploitability)))
}

/** To the next tenth, as version 3.1 has it so that floating point makes no difference. */
function roundedUp(score: number): number {
  const whole = Math.round(score * 100_000)
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10
}

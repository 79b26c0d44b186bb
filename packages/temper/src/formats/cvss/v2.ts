import { parseMetrics, weight } from './vector.ts'

const grammar = { AV: 'LAN', AC: 'HML', Au: 'MSN', C: 'NPC', I: 'NPC', A: 'NPC' }
const impacts = { N: 0, P: 0.275, C: 0.66 }

/** The base score of a CVSS 2.0 vector (CVSS v2 guide, section 3.2.1), with one decimal; undefined when it is not one. */
export function scoreV2(vector: string): number | undefined {
  const metrics = parseMetrics(vector.replace(/^\((.*)\)$/, '$1'), grammar)
  if (metrics === undefined) return undefined
  const left = ['C', 'I', 'A'].reduce((product, name) => product * (1 - weight(metrics, name, impacts)), 1)
  const impact = 10.41 * (1 - left)
  const exploitability =
    20 *
    weight(metrics, 'AV', { L: 0.395, A: 0.646, N: 1 }) *
    weight(metrics, 'AC', { H: 0.35, M: 0.61, L: 0.71 }) *
    weight(metrics, 'Au', { M: 0.45, S: 0.56, N: 0.704 })
  const factor = impact === 0 ? 0 : 1.176
  return Math.round((0.6 * impact + 0.4 * exploitability - 1.5) * factor * 10) / 10
}

import { type Metrics, parseMetrics } from './vector.ts'

const grammar = {
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
}

/**
 * Scores of the macro vectors that base metrics can have or step down to (CVSS v4.0 specification, section 8.3), by EQ1
 * and EQ2; in each row EQ3 with EQ6 as 00, 01, 10, 11, 21, each with EQ4 at 1 and 2. EQ5 is 0: nothing is known of
 * exploits.
 */
const scores: readonly (readonly number[])[] = [
  [10, 9.3, 9.6, 9, 9.3, 8.8, 9.2, 8, 7.9, 6.9],
  [9.5, 9.2, 9.1, 8.1, 9.2, 8.4, 8.2, 7, 7.1, 6.3],
  [9.4, 8.7, 8.9, 7.5, 8.6, 7.2, 7.6, 5.7, 6.5, 5.3],
  [9, 7.7, 7.7, 6.6, 7.4, 6.1, 5.9, 5.2, 5.8, 2.3],
  [8.6, 7, 7.4, 5.4, 7.2, 5.3, 5.7, 3.6, 4.7, 2.4],
  [7.3, 5.4, 5.5, 4.3, 6.1, 4.6, 5.1, 1.8, 2.4, 1],
]

/** Columns of `scores`: EQ3 and EQ6 together. */
const impactColumns = ['00', '01', '10', '11', '21']

/** How far each metric's values are from its worst one, in tenths (section 8.2). */
const steps: Readonly<Record<string, string>> = {
  AV: 'NALP',
  PR: 'NLH',
  UI: 'NPA',
  AC: 'LH',
  AT: 'NP',
  VC: 'HLN',
  VI: 'HLN',
  VA: 'HLN',
  // The worst of these two is S(afety), which only environmental metrics can say.
  SI: '-HLN',
  SA: '-HLN',
  SC: '-HLN',
}

/** The worst vectors of each level of an equivalence class (section 8.2, table of highest severity vectors). */
const worst = {
  eq1: [
    ['AV:N/PR:N/UI:N'],
    ['AV:A/PR:N/UI:N', 'AV:N/PR:L/UI:N', 'AV:N/PR:N/UI:P'],
    ['AV:P/PR:N/UI:N', 'AV:A/PR:L/UI:P'],
  ],
  eq2: [['AC:L/AT:N'], ['AC:H/AT:N', 'AC:L/AT:P']],
  eq3: [['VC:H/VI:H/VA:H'], ['VC:L/VI:H/VA:H', 'VC:H/VI:L/VA:H'], ['VC:L/VI:L/VA:L']],
  eq4: [[], ['SC:H/SI:H/SA:H'], ['SC:L/SI:L/SA:L']],
} as const

/** Depth of each level, in steps (section 8.2, table of maximum severity distances). */
const depths = { eq1: [1, 4, 5], eq2: [1, 2], eq3: [7, 8, 10], eq4: [6, 5, 4] } as const

type Class = keyof typeof depths
type Levels = Readonly<Record<Class, number>>

/**
 * The base score (CVSS-B) of a CVSS 4.0 vector without its prefix; undefined when it is not one. Threat and
 * environmental metrics are ignored. Source: CVSS v4.0 specification, section 8.
 */
export function scoreV4(vector: string): number | undefined {
  const metrics = parseMetrics(vector, grammar)
  if (metrics === undefined) return undefined
  if (['VC', 'VI', 'VA', 'SC', 'SI', 'SA'].every((name) => metrics.get(name) === 'N')) return 0
  const levels = levelsOf(metrics)
  const value = scoreOf(levels)
  let sum = 0
  // EQ5 always has a lower level and no distance to it.
  let count = 1
  for (const name of ['eq1', 'eq2', 'eq3', 'eq4'] as const) {
    const lower = lowerScore(levels, name)
    if (lower === undefined) continue
    count++
    sum +=
      (value - lower) *
      (distance(metrics, worst[name][levels[name]] ?? []) / (depths[name][levels[name]] ?? 1))
  }
  return Math.round(Math.max(0, Math.min(10, value - sum / count)) * 10 + 1e-9) / 10
}

function levelsOf(metrics: Metrics): Levels {
  const is = (name: string, value: string) => metrics.get(name) === value
  const open = [is('AV', 'N'), is('PR', 'N'), is('UI', 'N')]
  const eq1 = open.every(Boolean) ? 0 : open.some(Boolean) && !is('AV', 'P') ? 1 : 2
  const high = is('VC', 'H') || is('VI', 'H') || is('VA', 'H')
  return {
    eq1,
    eq2: is('AC', 'L') && is('AT', 'N') ? 0 : 1,
    eq3: is('VC', 'H') && is('VI', 'H') ? 0 : high ? 1 : 2,
    eq4: is('SC', 'H') || is('SI', 'H') || is('SA', 'H') ? 1 : 2,
  }
}

/** Without requirements, EQ6 is 0 as long as any impact is high. */
function scoreOf({ eq1, eq2, eq3, eq4 }: Levels, impact = eq3 === 2 ? '21' : `${eq3}0`): number {
  return scores[eq1 * 2 + eq2]?.[impactColumns.indexOf(impact) * 2 + (eq4 - 1)] ?? 0
}

/** The score one level down in one class; undefined when it is the lowest. */
function lowerScore(levels: Levels, name: Class): number | undefined {
  if (name === 'eq3') {
    if (levels.eq3 === 2) return undefined
    return levels.eq3 === 1 ? scoreOf(levels, '11') : Math.max(scoreOf(levels, '01'), scoreOf(levels, '10'))
  }
  if (levels[name] === (name === 'eq2' ? 1 : 2)) return undefined
  return scoreOf({ ...levels, [name]: levels[name] + 1 })
}

/** Steps from the first of the worst vectors that is nowhere milder than the vector. */
function distance(metrics: Metrics, vectors: readonly string[]): number {
  for (const vector of vectors) {
    const each = vector.split('/').map((part) => {
      const [name = '', value = ''] = part.split(':')
      const order = steps[name] ?? ''
      return order.indexOf(metrics.get(name) ?? '') - order.indexOf(value)
    })
    if (each.every((step) => step >= 0)) return each.reduce((sum, step) => sum + step, 0)
  }
  return 0
}

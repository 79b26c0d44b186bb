import { cvssScore } from '../../formats/cvss/score.ts'
import type { AdvisoryIndex, Severity, SeverityStatement } from '../../model/advisory/advisory.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import { isDistribution, parseEcosystem } from '../ecosystem.ts'
import { type ComponentProblem, isMalicious } from './problems.ts'

export type Rating = Pick<Finding, 'severity' | 'severitySource' | 'score' | 'vector'>

/** What records about any package say about an id. */
export interface KnownFacts {
  factsOf(id: string): ReturnType<AdvisoryIndex['facts']>
}

interface Statement extends SeverityStatement {
  /** Whose word it is: a feed, or a distribution. */
  readonly by: string
}

interface Scored {
  readonly vector: string
  readonly by: string
  readonly version: string
  readonly score: number
}

const words: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'high',
  important: 'high',
  medium: 'medium',
  moderate: 'medium',
  low: 'low',
  minor: 'low',
  negligible: 'negligible',
  none: 'negligible',
  unimportant: 'negligible',
}

/**
 * How severe a problem is, and according to whom: what the distribution considers negligible is negligible; else the
 * CVSS base score decides, newest version of CVSS first, from the records that matched, then from any other record
 * about the problem or one of its aliases; else a severity word. A malicious package is as bad as anything can be.
 */
export function ratingOf(problem: ComponentProblem, known: KnownFacts): Rating {
  if (isMalicious(problem.id))
    return {
      severity: 'critical',
      severitySource: `malicious package (${problem.hits[0]?.entry.feed ?? ''})`,
    }
  const own = problem.hits.flatMap(({ entry }) => statementsOf(entry))
  const base = bestScore(own)
  const denied = own.find((each) => wordOf(each) === 'negligible')
  if (denied !== undefined)
    return { severity: 'negligible', severitySource: sourceOf(denied), ...scoreOf(base) }
  const others = base === undefined ? elsewhere(problem, known) : []
  const score = base ?? bestScore(others)
  if (score !== undefined)
    return {
      severity: severityOfScore(score.score),
      severitySource: `CVSS ${score.version} (${score.by})`,
      ...scoreOf(score),
    }
  for (const each of [...own, ...others]) {
    const severity = wordOf(each)
    if (severity !== undefined) return { severity, severitySource: sourceOf(each) }
  }
  return { severity: 'unknown', severitySource: 'nobody says' }
}

/** Names of a problem that other records are looked up by, at most. */
const aliasLimit = 8

/** What records about other packages say of the problem by any of its names; its own name first. */
function elsewhere({ id, aliases }: ComponentProblem, known: KnownFacts): readonly Statement[] {
  for (const name of [id, ...aliases.slice(0, aliasLimit)]) {
    const facts = known.factsOf(name)
    const stated = (facts?.severity ?? []).map((each) => ({ ...each, by: facts?.feed ?? '' }))
    if (stated.some((each) => wordOf(each) !== undefined || cvssScore(each.value) !== undefined))
      return stated
  }
  return []
}

/** The qualitative scale of CVSS 3 and 4 (v3.1 specification, section 5). */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical'
  if (score >= 7) return 'high'
  if (score >= 4) return 'medium'
  return score > 0 ? 'low' : 'negligible'
}

function statementsOf(entry: ComponentProblem['hits'][number]['entry']): readonly Statement[] {
  const { family } = parseEcosystem(entry.affected.ecosystem)
  const byDistribution = isDistribution(family)
  const all = [...(entry.affected.severity ?? []), ...entry.severity].map((each) => ({
    ...each,
    by: each.kind === 'word' && byDistribution ? family : entry.feed,
  }))
  if (all.length > 0 || !byDistribution) return all
  // Advisories of RPM distributions say it in front of their title.
  const [, word] = /^(Critical|Important|Moderate|Low): /.exec(entry.summary ?? '') ?? []
  return word === undefined ? [] : [{ kind: 'word', value: word, by: family }]
}

function bestScore(statements: readonly Statement[]): Scored | undefined {
  let best: Scored | undefined
  for (const { kind, value, by } of statements) {
    const scored = kind === 'word' ? undefined : cvssScore(value)
    if (scored === undefined) continue
    const newer = best === undefined || scored.version > best.version
    if (newer || (scored.version === best?.version && scored.score > best.score))
      best = { ...scored, vector: value, by }
  }
  return best
}

function scoreOf(score: Scored | undefined): Pick<Rating, 'score' | 'vector'> {
  return score === undefined ? {} : { score: score.score, vector: score.vector }
}

function wordOf({ kind, value }: SeverityStatement): Severity | undefined {
  const word = value.toLowerCase()
  return kind === 'word' && Object.hasOwn(words, word) ? words[word] : undefined
}

function sourceOf({ by, value }: Statement): string {
  return `${by}: ${value}`
}

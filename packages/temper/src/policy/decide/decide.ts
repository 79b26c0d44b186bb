import { glob } from '../../base/glob.ts'
import { normalName } from '../../model/repository-name.ts'
import { levels } from '../../model/rule.ts'
import type { ImageFacts } from '../facts/facts.ts'
import type { Policy } from '../file/policy.ts'
import type { Decision, Reason } from './decision.ts'
import { applyExceptions } from './exceptions.ts'
import { judgeOwnRules, type OwnRuleOptions } from './own-rules.ts'
import { judgeEvidence, judgeScope, judgeTier } from './requirements.ts'
import { judgeRules } from './rules.ts'
import { judgeVulnerabilities } from './vulnerabilities.ts'

export interface DecideOptions extends OwnRuleOptions {
  /** Folder that relative paths in patterns of images start from; default "/". */
  readonly folder?: string
}

/**
 * The gate: what a policy says about an image, given what is known about it. Only what was looked at can pass; an
 * expired exception does not count.
 */
export async function decide(policy: Policy, facts: ImageFacts, options: DecideOptions): Promise<Decision> {
  const fits = (pattern: string) =>
    glob(normalName(pattern, options.folder))(normalName(facts.image.repository, options.folder))
  const reasons: Reason[] = [
    ...judgeScope(policy, facts, fits),
    ...judgeTier(policy, facts),
    ...judgeVulnerabilities(policy, facts, options.now),
    ...judgeRules(policy, facts),
    ...judgeEvidence(policy, facts),
    ...(await judgeOwnRules(policy.ownRules, facts, options)),
  ]
  const { remaining, ...excepted } = applyExceptions(reasons, policy.exceptions, { now: options.now, fits })
  const refusing = remaining.filter(({ level }) => level === 'error')
  const others = remaining.filter(({ level }) => level !== 'error')
  return {
    allowed: refusing.length === 0,
    policy: policy.name,
    reasons: refusing,
    remarks: others.sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level)),
    ...excepted,
  }
}

import type { Component } from '../../model/inventory.ts'
import { absolutePath, defineRule, type Place, type Rule, type Violation } from '../../model/rule.ts'
import { LicenceJudge, type LicencePolicy, type LicenceRuleId } from './judge.ts'

/** The members of a package that identify it. */
export type LicencedPackage = Pick<Component, 'type' | 'name' | 'version' | 'purl'>

/** Further facts in a violation of a licence rule. */
export interface LicenceFacts {
  readonly package: LicencedPackage
  /** The licence that the package states; absent when it states none. */
  readonly licence?: string
  /** The same as `found`. */
  readonly reason: string
}

export type LicenceViolation = Violation<LicenceRuleId> & LicenceFacts
export type LicenceRule = Rule<Component, LicenceRuleId, LicenceFacts>

const texts: Readonly<Record<LicenceRuleId, Pick<LicenceRule, 'title' | 'why' | 'fix'>>> = {
  'licence-denied': {
    title: 'No package has a licence that the policy denies',
    why: 'Whoever ships an image takes on the obligations of its licences.',
    fix: 'replace the package, or take its licence off the list of denied ones',
  },
  'licence-not-allowed': {
    title: 'Every package has a licence that the policy allows',
    why: 'If a list says which licences are accepted, somebody has to examine any other first.',
    fix: 'replace the package, or allow its licence',
  },
  'licence-unknown': {
    title: 'Every package states its licence as an SPDX expression',
    why: 'A licence that is not stated, or only in words, cannot be compared with a list.',
    fix: 'find out what the licence is, replace the package, or allow "unknown"',
  },
}

/** The rules of a licence policy; a package breaks at most one of them. */
export function licenceRules(policy: LicencePolicy): readonly LicenceRule[] {
  const judge = new LicenceJudge(policy)
  return Object.keys(texts).map((id) => licenceRule(id as LicenceRuleId, judge))
}

function licenceRule(id: LicenceRuleId, judge: LicenceJudge): LicenceRule {
  return defineRule({
    ...texts[id],
    id,
    level: 'error',
    *check(component) {
      const refusal = judge.refusal(component.licence ?? '')
      if (refusal?.rule !== id) return
      const { reason } = refusal
      yield { place: placeOf(component), found: reason, ...statedBy(component), reason }
    },
  })
}

/** A package and the licence that it states. */
export function statedBy({
  type,
  name,
  version,
  purl,
  licence,
}: Component): Pick<LicenceFacts, 'package' | 'licence'> {
  return { package: { type, name, version, purl }, ...(licence === undefined ? {} : { licence }) }
}

function placeOf({ name, version, purl, locations: [location] }: Component): Place {
  const path = location === undefined ? {} : { path: absolutePath(location.path) }
  return { kind: 'package', name, version, purl, ...path }
}

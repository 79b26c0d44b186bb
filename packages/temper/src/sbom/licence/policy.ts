import type { Component } from '../../model/inventory.ts'
import { parseExpression } from './expression.ts'
import type { LicencePolicy } from './judge.ts'
import { type LicencedPackage, type LicenceViolation, licenceRules, statedBy } from './rules.ts'

export interface LicenceVerdict {
  readonly packages: number
  /** In the order of the packages. */
  readonly violations: readonly LicenceViolation[]
  /** Packages whose licence is not stated, or not stated as an expression. */
  readonly unknown: readonly { readonly package: LicencedPackage; readonly licence?: string }[]
}

/**
 * Checks the licences that packages state against a policy. One alternative (OR) has to be acceptable, and every part
 * of a combination (AND). A pattern without exception means a licence with any exception too, unless the other list
 * names it with that exception. Words that are no expression are matched as a whole.
 */
export function judgeLicences(components: readonly Component[], policy: LicencePolicy): LicenceVerdict {
  const rules = licenceRules(policy)
  return {
    packages: components.length,
    violations: components.flatMap((component) => rules.flatMap((rule) => [...rule.check(component)])),
    unknown: components.filter(isUnknown).map(statedBy),
  }
}

function isUnknown({ licence }: Component): boolean {
  return licence === undefined || parseExpression(licence) === undefined
}

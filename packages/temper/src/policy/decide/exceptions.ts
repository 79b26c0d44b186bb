import { type Glob, glob } from '../../base/glob.ts'
import { placePath } from '../../model/rule.ts'
import type { PolicyException } from '../file/policy.ts'
import type { Decision, Reason, Waiver } from './decision.ts'
import type { Fits } from './requirements.ts'

/** Sorts what refuses from what an exception lets pass. */
export function applyExceptions(
  reasons: readonly Reason[],
  exceptions: readonly PolicyException[],
  { now, fits }: { readonly now: Date; readonly fits: Fits },
): Pick<Decision, 'waived' | 'expired' | 'unused'> & { readonly remaining: readonly Reason[] } {
  const today = now.toISOString().slice(0, 10)
  const matchers = exceptions
    .filter(({ images }) => images.length === 0 || images.some(fits))
    .map((exception) => new Matcher(exception))
  const used = new Set<PolicyException>()
  const remaining: Reason[] = []
  const waived: Waiver[] = []
  for (const reason of reasons) {
    const fitting = matchers.filter((matcher) => matcher.fits(reason)).map(({ exception }) => exception)
    for (const exception of fitting) used.add(exception)
    const exception = fitting.find(({ expires }) => expires >= today)
    if (exception === undefined) remaining.push(reason)
    else waived.push({ reason, exception })
  }
  const all = matchers.map(({ exception }) => exception)
  return {
    remaining,
    waived,
    expired: all.filter((each) => used.has(each) && each.expires < today),
    unused: all.filter((each) => !used.has(each)),
  }
}

class Matcher {
  readonly exception: PolicyException
  readonly #rule: Glob
  readonly #finding: string | undefined
  readonly #package: Glob | undefined
  readonly #path: Glob | undefined

  constructor(exception: PolicyException) {
    this.exception = exception
    this.#rule = glob(exception.rule)
    this.#finding = exception.finding?.toUpperCase()
    this.#package = exception.package === undefined ? undefined : glob(exception.package)
    this.#path = exception.path === undefined ? undefined : glob(exception.path)
  }

  /** What was not judged is let pass only by an exception that says nothing narrower than the rule. */
  fits(reason: Reason): boolean {
    if (!this.#rule(reason.rule)) return false
    const { finding } = reason
    if (this.#finding !== undefined && !finding?.ids.some((id) => id.toUpperCase() === this.#finding))
      return false
    const packages = finding?.packages ?? (reason.place.kind === 'package' ? [reason.place.name] : [])
    if (this.#package !== undefined && !packages.some(this.#package)) return false
    const path = placePath(reason.place)
    return this.#path === undefined || (path !== undefined && this.#path(path))
  }
}

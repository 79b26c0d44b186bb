import { type Glob, glob } from '../../base/glob.ts'
import { placePath } from '../../model/rule.ts'
import type { PolicyException } from '../file/policy.ts'
import type { Decision, Reason, Waiver } from './decision.ts'
import type { Fits } from './requirements.ts'

/** Separates the reasons that refuse an image from those that an exception lets pass. */
export function applyExceptions(
  reasons: readonly Reason[],
  exceptions: readonly PolicyException[],
  { now, fits }: { readonly now: Date; readonly fits: Fits },
): Pick<Decision, 'waived' | 'expired' | 'unused'> & { readonly remaining: readonly Reason[] } {
  const today = now.toISOString().slice(0, 10)
  const matchers = exceptions
    .filter(({ images }) => images.length === 0 || images.some(fits))
    .map((exception) => new Matcher(exception))
  const candidates = candidatesOf(matchers)
  const used = new Set<PolicyException>()
  const remaining: Reason[] = []
  const waived: Waiver[] = []
  for (const reason of reasons) {
    const fitting = candidates(reason)
      .filter((matcher) => matcher.fits(reason))
      .map(({ exception }) => exception)
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

/** Thousands of exceptions for single findings meet thousands of findings: each is asked about its own. */
function candidatesOf(matchers: readonly Matcher[]): (reason: Reason) => readonly Matcher[] {
  const general = matchers.filter(({ findingId }) => findingId === undefined)
  const byFinding = Map.groupBy(matchers, ({ findingId }) => findingId)
  return ({ finding }) =>
    finding === undefined
      ? general
      : [...finding.ids.flatMap((id) => byFinding.get(id.toUpperCase()) ?? []), ...general]
}

class Matcher {
  readonly exception: PolicyException
  /** In capitals. */
  readonly findingId: string | undefined
  readonly #rule: Glob
  readonly #package: Glob | undefined
  readonly #path: Glob | undefined
  readonly #object: Glob | undefined

  constructor(exception: PolicyException) {
    this.exception = exception
    this.#rule = glob(exception.rule)
    this.findingId = exception.finding?.toUpperCase()
    this.#package = exception.package === undefined ? undefined : glob(exception.package)
    this.#path = exception.path === undefined ? undefined : glob(exception.path)
    this.#object = exception.object === undefined ? undefined : glob(exception.object)
  }

  /** What was not judged passes only by an exception that is no narrower than the rule. */
  fits(reason: Reason): boolean {
    if (!this.#rule(reason.rule)) return false
    const { finding, object } = reason
    if (this.#object !== undefined && (object === undefined || !this.#object(object))) return false
    if (this.findingId !== undefined && !finding?.ids.some((id) => id.toUpperCase() === this.findingId))
      return false
    const packages = finding?.packages ?? (reason.place.kind === 'package' ? [reason.place.name] : [])
    if (this.#package !== undefined && !packages.some(this.#package)) return false
    const path = placePath(reason.place)
    return this.#path === undefined || (path !== undefined && this.#path(path))
  }
}

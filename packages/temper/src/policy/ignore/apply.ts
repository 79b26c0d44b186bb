import { type Glob, glob } from '../../base/glob.ts'
import type {
  Finding,
  SecretFinding,
  SuppressedFinding,
  SuppressedSecret,
} from '../../model/advisory/finding.ts'
import type { UnusedRule } from '../../model/advisory/unused-rule.ts'
import type { InventoryNote } from '../../model/inventory.ts'
import type { IgnoreRule } from './rule.ts'

export interface Sifted {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly secrets: readonly SecretFinding[]
  readonly suppressedSecrets: readonly SuppressedSecret[]
  /** Rules that match nothing. */
  readonly unused: readonly UnusedRule[]
  /** Notes about rules that no longer count. */
  readonly notes: readonly InventoryNote[]
}

/** Removes findings that match a rule that has not expired, and names the first such rule. */
export function applyIgnoreRules(
  outcome: {
    readonly findings: readonly Finding[]
    /** Absent where none were searched. */
    readonly secrets?: readonly SecretFinding[]
    /** Findings that something else suppresses: a rule for one of them has no effect, and the result says why. */
    readonly suppressed?: readonly SuppressedFinding[]
  },
  rules: readonly IgnoreRule[],
  options: { readonly now: Date },
): Sifted {
  const today = options.now.toISOString().slice(0, 10)
  const [untaken, taken] = [rules.filter(isUntaken), rules.filter((rule) => !isUntaken(rule))]
  const expired = taken.filter((rule) => rule.expires !== undefined && rule.expires < today)
  const matchers = taken.filter((rule) => !expired.includes(rule)).map((rule) => new Matcher(rule))
  const findings: Finding[] = []
  const suppressed: SuppressedFinding[] = []
  for (const finding of outcome.findings) {
    const matcher = firstOf(matchers, (each) => each.fitsFinding(finding))
    if (matcher === undefined) findings.push(finding)
    else suppressed.push({ ...finding, reason: matcher.rule.reason, suppressedBy: suppressor(matcher.rule) })
  }
  const secrets: SecretFinding[] = []
  const suppressedSecrets: SuppressedSecret[] = []
  for (const secret of outcome.secrets ?? []) {
    const matcher = firstOf(matchers, (each) => each.fitsSecret(secret))
    if (matcher === undefined) secrets.push(secret)
    else
      suppressedSecrets.push({
        ...secret,
        reason: matcher.rule.reason,
        suppressedBy: suppressor(matcher.rule),
      })
  }
  const unused = matchers
    .filter(({ isUsed, rule }) => !isUsed && !(outcome.secrets === undefined && mayBeOfSecret(rule)))
    .map((each) => unusedRule(each, outcome))
  const notes = [...untaken.map(untakenNote), ...expired.map(expiryNote)]
  return { findings, suppressed, secrets, suppressedSecrets, unused, notes }
}

function isUntaken({ untaken }: IgnoreRule): boolean {
  return untaken !== undefined
}

/** The first that fits; all that fit are of use, so that none is called superfluous that stands in for another. */
function firstOf(matchers: readonly Matcher[], fits: (matcher: Matcher) => boolean): Matcher | undefined {
  const fitting = matchers.filter(fits)
  for (const each of fitting) each.isUsed = true
  return fitting[0]
}

function suppressor({ origin, expires }: IgnoreRule): SuppressedFinding['suppressedBy'] {
  return {
    kind: 'rule',
    source: origin,
    ...(expires === undefined ? {} : { expires: `${expires}T23:59:59Z` }),
  }
}

function patternsOf({ id, package: name, path, purl }: IgnoreRule): string {
  return [id, name, path, purl].filter((each) => each !== undefined).join(' ')
}

/** Names of rules for secrets are written small, ids of vulnerabilities in capitals. */
function mayBeOfSecret({ id, package: name, purl }: IgnoreRule): boolean {
  return name === undefined && purl === undefined && (id === undefined || /^[a-z0-9-]+$/.test(id))
}

/** A rule that matches nothing, with the likely reason: what has its id is in another package or place. */
function unusedRule(
  matcher: Matcher,
  outcome: { readonly findings: readonly Finding[]; readonly suppressed?: readonly SuppressedFinding[] },
): UnusedRule {
  const { rule } = matcher
  const common = { kind: 'rule', source: rule.origin, id: patternsOf(rule) } as const
  const silent = outcome.suppressed?.find((each) => matcher.fitsFinding(each))
  if (silent !== undefined)
    return { ...common, reason: 'suppressed', why: `${silent.suppressedBy.source} already suppresses it` }
  const near = rule.id === undefined ? undefined : outcome.findings.find((each) => matcher.hasId(each))
  if (near === undefined)
    return {
      ...common,
      reason: 'finding',
      why: rule.id === undefined ? 'nothing was found in it' : `${rule.id} was not found`,
    }
  const { component } = near
  const [place] = component.locations
  const where = place === undefined ? '' : ` at ${place.path}`
  return { ...common, reason: 'package', why: `${rule.id} is in ${component.purl}${where}` }
}

function untakenNote({ untaken, origin }: IgnoreRule): InventoryNote {
  return {
    code: 'ignore-rule-not-taken',
    message: `The ignore rule at ${origin} ignores nothing: ${untaken}.`,
  }
}

function expiryNote(rule: IgnoreRule): InventoryNote {
  return {
    code: 'ignore-rule-expired',
    message: `The ignore rule for ${patternsOf(rule)} (${rule.origin}) expired on ${rule.expires} and no longer counts.`,
  }
}

class Matcher {
  readonly rule: IgnoreRule
  isUsed = false
  readonly #id: string | undefined
  readonly #package: Glob | undefined
  readonly #path: Glob | undefined
  readonly #purl: Glob | undefined

  constructor(rule: IgnoreRule) {
    this.rule = rule
    this.#id = rule.id?.toUpperCase()
    this.#package = rule.package === undefined ? undefined : glob(rule.package)
    this.#path = rule.path === undefined ? undefined : glob(rule.path)
    this.#purl = rule.purl === undefined ? undefined : purlPattern(rule.purl)
  }

  hasId({ id, aliases }: Finding): boolean {
    return this.#id === undefined || [id, ...aliases].some((name) => name.toUpperCase() === this.#id)
  }

  fitsFinding(finding: Finding): boolean {
    const { component } = finding
    const names = [component.name, ...(component.source === undefined ? [] : [component.source.name])]
    return (
      this.hasId(finding) &&
      fitsSome(this.#package, names) &&
      fitsSome(
        this.#path,
        component.locations.map((location) => location.path),
      ) &&
      (this.#purl === undefined || this.#purl(component.purl))
    )
  }

  /** A rule that asks for a package says nothing of secrets. */
  fitsSecret({ rule, location }: SecretFinding): boolean {
    if (this.#package !== undefined || this.#purl !== undefined) return false
    return (
      (this.#id === undefined || rule.toUpperCase() === this.#id) && fitsSome(this.#path, [location.path])
    )
  }
}

function fitsSome(pattern: Glob | undefined, texts: readonly string[]): boolean {
  return pattern === undefined || texts.some((text) => pattern(text))
}

function purlPattern(pattern: string): Glob {
  const hasVersion = /@[^/]*$/.test(pattern.replace(/[?#].*$/s, ''))
  const hasQualifiers = /[?#]/.test(pattern)
  const expression = glob(hasQualifiers ? pattern.replace('?', '\u0000') : pattern)
  return (purl) => {
    const bare = hasQualifiers ? purl.replace('?', '\u0000') : purl.replace(/[?#].*$/s, '')
    return expression(hasVersion ? bare : bare.replace(/@[^/@]*$/, ''))
  }
}

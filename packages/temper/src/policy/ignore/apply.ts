import { type Glob, glob } from '../../base/glob.ts'
import type {
  Finding,
  SecretFinding,
  SuppressedFinding,
  SuppressedSecret,
} from '../../model/advisory/finding.ts'
import type { InventoryNote } from '../../model/inventory.ts'
import type { IgnoreRule } from './rule.ts'

export interface Sifted {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly secrets: readonly SecretFinding[]
  readonly suppressedSecrets: readonly SuppressedSecret[]
  /** Rules that count no more. */
  readonly notes: readonly InventoryNote[]
}

/** Takes out what a rule that has not expired fits; the first rule that fits is named. */
export function applyIgnoreRules(
  found: { readonly findings: readonly Finding[]; readonly secrets: readonly SecretFinding[] },
  rules: readonly IgnoreRule[],
  options: { readonly now: Date },
): Sifted {
  const today = options.now.toISOString().slice(0, 10)
  const expired = rules.filter((rule) => rule.expires !== undefined && rule.expires < today)
  const matchers = rules.filter((rule) => !expired.includes(rule)).map((rule) => new Matcher(rule))
  const findings: Finding[] = []
  const suppressed: SuppressedFinding[] = []
  for (const finding of found.findings) {
    const matcher = matchers.find((each) => each.fitsFinding(finding))
    if (matcher === undefined) findings.push(finding)
    else suppressed.push({ ...finding, reason: matcher.rule.reason, suppressedBy: suppressor(matcher.rule) })
  }
  const secrets: SecretFinding[] = []
  const suppressedSecrets: SuppressedSecret[] = []
  for (const secret of found.secrets) {
    const matcher = matchers.find((each) => each.fitsSecret(secret))
    if (matcher === undefined) secrets.push(secret)
    else
      suppressedSecrets.push({
        ...secret,
        reason: matcher.rule.reason,
        suppressedBy: suppressor(matcher.rule),
      })
  }
  return { findings, suppressed, secrets, suppressedSecrets, notes: expired.map(expiryNote) }
}

function suppressor({ origin, expires }: IgnoreRule): SuppressedFinding['suppressedBy'] {
  return {
    kind: 'rule',
    source: origin,
    ...(expires === undefined ? {} : { expires: `${expires}T23:59:59Z` }),
  }
}

function expiryNote(rule: IgnoreRule): InventoryNote {
  const patterns = [rule.id, rule.package, rule.path, rule.purl].filter((each) => each !== undefined)
  return {
    code: 'ignore-rule-expired',
    message: `The ignore rule for ${patterns.join(' ')} (${rule.origin}) expired on ${rule.expires} and counts no more.`,
  }
}

class Matcher {
  readonly rule: IgnoreRule
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

  fitsFinding({ id, aliases, component }: Finding): boolean {
    const names = [component.name, ...(component.source === undefined ? [] : [component.source.name])]
    return (
      (this.#id === undefined || [id, ...aliases].some((name) => name.toUpperCase() === this.#id)) &&
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

import type { ExpressionNode, LicenceNode } from 'spdx-expression-parse'
import { glob } from '../../base/glob.ts'
import { parseExpression } from './expression.ts'

export interface LicencePolicy {
  /** Patterns of licences that are refused: "GPL-3.0-only", "AGPL-*", "LicenseRef-*", "unknown". */
  readonly deny: readonly string[]
  /** Patterns of the only licences that are accepted, if there are any. */
  readonly allow: readonly string[]
}

/** The rule that a statement of licences breaks. */
export type LicenceRuleId = 'licence-denied' | 'licence-not-allowed' | 'licence-unknown'

/** Why a statement is not acceptable. */
export interface Refusal {
  readonly rule: LicenceRuleId
  /** As a sentence without a full stop: "GPL-3.0-only is denied". */
  readonly reason: string
}

/** Decides whether a statement of licences is acceptable under a policy. */
export class LicenceJudge {
  readonly #known = new Map<string, Refusal | undefined>()
  readonly #deny: readonly Pattern[]
  readonly #allow: readonly Pattern[]
  readonly #denyUnknown: boolean
  readonly #allowUnknown: boolean

  constructor({ deny, allow }: LicencePolicy) {
    const patterns = (list: readonly string[]) => list.filter((each) => each !== 'unknown').map(patternOf)
    this.#deny = patterns(deny)
    this.#allow = patterns(allow)
    this.#denyUnknown = deny.includes('unknown')
    this.#allowUnknown = allow.includes('unknown') || allow.length === 0
  }

  /** Why a statement is not acceptable; undefined when it is. An empty statement means that none was made. */
  refusal(text: string): Refusal | undefined {
    if (!this.#known.has(text)) this.#known.set(text, this.#judge(text))
    return this.#known.get(text)
  }

  #judge(text: string): Refusal | undefined {
    const parsed = text === '' ? undefined : parseExpression(text)
    if (parsed !== undefined) return this.#expression(parsed)
    if (text !== '' && this.#deny.some((pattern) => pattern.matches(text)))
      return { rule: 'licence-denied', reason: `"${text}" is denied` }
    if (text !== '' && this.#allow.some((pattern) => pattern.matches(text))) return undefined
    const what = text === '' ? 'no licence is stated' : 'the licence is not stated as an SPDX expression'
    const rule = 'licence-unknown'
    if (this.#denyUnknown) return { rule, reason: `${what}, and unknown licences are denied` }
    return this.#allowUnknown ? undefined : { rule, reason: `${what}, and only listed licences are allowed` }
  }

  #expression(node: ExpressionNode): Refusal | undefined {
    if ('license' in node) return this.#licence(node)
    const left = this.#expression(node.left)
    // One acceptable alternative will do; of a combination the first fault is told.
    if (node.conjunction === 'or')
      return left === undefined ? undefined : this.#expression(node.right) && left
    return left ?? this.#expression(node.right)
  }

  #licence(node: LicenceNode): Refusal | undefined {
    const [name, full] = namesOf(node)
    const exactly = (patterns: readonly Pattern[]) =>
      full !== name && patterns.some((each) => each.withException && each.matches(full))
    const denied = { rule: 'licence-denied', reason: `${full} is denied` } as const
    if (exactly(this.#deny)) return denied
    if (exactly(this.#allow)) return undefined
    const matched = (patterns: readonly Pattern[]) =>
      patterns.some((each) => !each.withException && each.matches(name))
    if (matched(this.#deny)) return denied
    if (this.#allow.length === 0 || matched(this.#allow)) return undefined
    return { rule: 'licence-not-allowed', reason: `${full} is not allowed` }
  }
}

/** The licence alone, and with its exception. Names that SPDX has given up become those that took their place. */
function namesOf({ license, plus, exception }: LicenceNode): [string, string] {
  const gnu = /^(?:A?GPL|LGPL|GFDL)-\d+(?:\.\d+)*$/.test(license)
  const name = gnu
    ? `${license}-${plus === true ? 'or-later' : 'only'}`
    : `${license}${plus === true ? '+' : ''}`
  return [name, exception === undefined ? name : `${name} WITH ${exception}`]
}

interface Pattern {
  readonly withException: boolean
  matches(text: string): boolean
}

function patternOf(text: string): Pattern {
  const [, license = text, plus, exception] = /^(\S+?)(\+)?(?:\s+WITH\s+(\S+))?$/i.exec(text.trim()) ?? []
  const node = {
    license,
    ...(plus === undefined ? {} : { plus: true as const }),
    ...(exception === undefined ? {} : { exception }),
  }
  const [, full] = namesOf(node)
  const fits = glob(full.toLowerCase().replace(/\*+/g, '**'))
  return { withException: exception !== undefined, matches: (name) => fits(name.toLowerCase()) }
}

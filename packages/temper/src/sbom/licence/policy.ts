import type { ExpressionNode, LicenceNode } from 'spdx-expression-parse'
import { globToRegExp } from '../../base/glob.ts'
import type { Component } from '../../model/inventory.ts'
import { parseExpression } from './expression.ts'

export interface LicencePolicy {
  /** Patterns of licences that are refused: "GPL-3.0-only", "AGPL-*", "LicenseRef-*", "unknown". */
  readonly deny: readonly string[]
  /** When there are any: patterns of the only licences that are accepted. */
  readonly allow: readonly string[]
}

export interface LicencedPackage {
  readonly type: Component['type']
  readonly name: string
  readonly version: string
  readonly purl: string
}

export interface LicenceViolation {
  readonly package: LicencedPackage
  /** What the package states; absent when it states nothing. */
  readonly licence?: string
  /** A sentence. */
  readonly reason: string
}

export interface LicenceVerdict {
  readonly packages: number
  readonly violations: readonly LicenceViolation[]
  /** Packages whose licence is not stated, or not as an expression. */
  readonly unknown: readonly { readonly package: LicencedPackage; readonly licence?: string }[]
}

/**
 * Holds what packages state of their licences against a policy. Of alternatives (OR) one has to be acceptable, of a
 * combination (AND) every part. A pattern without exception means a licence with any exception too, unless the
 * other list names it with that exception. Words that are no expression are matched as a whole.
 */
export function judgeLicences(components: readonly Component[], policy: LicencePolicy): LicenceVerdict {
  const judge = new Judge(policy)
  const known = new Map<string, string | undefined>()
  const violations: LicenceViolation[] = []
  const unknown: LicenceVerdict['unknown'][number][] = []
  for (const { type, name, version, purl, licence } of components) {
    const found = { package: { type, name, version, purl }, ...(licence === undefined ? {} : { licence }) }
    const text = licence ?? ''
    if (!known.has(text)) known.set(text, judge.reason(text))
    const reason = known.get(text)
    if (reason !== undefined) violations.push({ ...found, reason })
    if (licence === undefined || parseExpression(licence) === undefined) unknown.push(found)
  }
  return { packages: components.length, violations, unknown }
}

class Judge {
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

  /** Why a statement is not acceptable; undefined when it is. */
  reason(text: string): string | undefined {
    const parsed = text === '' ? undefined : parseExpression(text)
    if (parsed !== undefined) return this.#expression(parsed)
    if (text !== '' && this.#deny.some((pattern) => pattern.matches(text))) return `"${text}" is denied`
    if (text !== '' && this.#allow.some((pattern) => pattern.matches(text))) return undefined
    const what = text === '' ? 'no licence is stated' : 'the licence is not stated as an SPDX expression'
    if (this.#denyUnknown) return `${what}, and unknown licences are denied`
    return this.#allowUnknown ? undefined : `${what}, and only some are allowed`
  }

  #expression(node: ExpressionNode): string | undefined {
    if ('license' in node) return this.#licence(node)
    const left = this.#expression(node.left)
    // One acceptable alternative will do; of a combination the first fault is told.
    if (node.conjunction === 'or')
      return left === undefined ? undefined : this.#expression(node.right) && left
    return left ?? this.#expression(node.right)
  }

  #licence(node: LicenceNode): string | undefined {
    const [name, full] = namesOf(node)
    const exactly = (patterns: readonly Pattern[]) =>
      full !== name && patterns.some((each) => each.withException && each.matches(full))
    if (exactly(this.#deny)) return `${full} is denied`
    if (exactly(this.#allow)) return undefined
    const matched = (patterns: readonly Pattern[]) =>
      patterns.some((each) => !each.withException && each.matches(name))
    if (matched(this.#deny)) return `${full} is denied`
    return this.#allow.length === 0 || matched(this.#allow) ? undefined : `${full} is not allowed`
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
  const glob = globToRegExp(full.toLowerCase().replace(/\*+/g, '**'))
  return { withException: exception !== undefined, matches: (name) => glob.test(name.toLowerCase()) }
}

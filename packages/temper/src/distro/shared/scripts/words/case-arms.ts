import type { Node, Word } from '../parse/syntax.ts'
import type { Value } from '../world.ts'
import { type Expander, expandToPattern, expandToValue } from './expand.ts'
import { dependsOnCharacters, matchesPattern } from './pattern.ts'

export interface PossibleArms {
  readonly bodies: readonly Node[]
  /** One of the bodies runs for sure. */
  readonly complete: boolean
}

/** The arms of a `case` that may run, up to and including the first that matches for sure. */
export function possibleArms(node: Node & { kind: 'case' }, expander: Expander): PossibleArms {
  const subject = expandToValue(node.subject, expander)
  const bodies: Node[] = []
  for (const { patterns, body } of node.arms) {
    const matched = matchesAny(patterns, subject, expander)
    if (matched !== false) bodies.push(body)
    if (matched === true) return { bodies, complete: true }
  }
  return { bodies, complete: false }
}

function matchesAny(patterns: readonly Word[], subject: Value, expander: Expander): boolean | undefined {
  let result: boolean | undefined = false
  for (const word of patterns) {
    const pattern = expandToPattern(word, expander)
    if (pattern === '*') return true
    if (pattern === undefined || subject === undefined || dependsOnCharacters(pattern, subject))
      result = undefined
    else if (matchesPattern(pattern, subject, expander.fuel)) return true
  }
  return result
}

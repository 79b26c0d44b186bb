import { reaches } from '../../model/assess/assessment.ts'
import type { ImageFacts } from '../facts/facts.ts'
import type { Policy } from '../file/policy.ts'
import { evidenceKinds, kindIds } from '../file/words.ts'
import type { Reason } from './decision.ts'
import { unjudged } from './unjudged.ts'

const whole = { kind: 'whole' } as const

/** Whether the image is as hardened as the policy requires. */
export function judgeTier({ tier: least }: Policy, facts: ImageFacts): Reason[] {
  if (least === undefined || least === 'regular') return []
  const { tier, image } = facts
  if (tier === undefined) return [unjudged(kindIds.tier, 'error', facts.unjudged.tier)]
  if (reaches(tier, least)) return []
  const found = `the image is ${tier}, and ${least} is required`
  const remedy = remedyOf(facts.next ?? [])
  return [{ rule: kindIds.tier, level: 'error', subject: image.reference, place: whole, found, remedy }]
}

/** Most things to do that are told. */
const mostSteps = 5

function remedyOf(steps: readonly string[]): string {
  if (steps.length === 0) return 'assess the image: the result says what keeps it from the next tier'
  const more = steps.length > mostSteps ? [`and ${steps.length - mostSteps} more`] : []
  return [...steps.slice(0, mostSteps), ...more].join('; ')
}

/** Whether everything that the policy wants signed is attached, and signed by somebody who is trusted. */
export function judgeEvidence(policy: Policy, facts: ImageFacts): Reason[] {
  const { evidence, image } = facts
  return [...policy.evidence].flatMap(([kind, level]): Reason[] => {
    if (level === 'off') return []
    const rule = `${kindIds.evidence}-${kind}`
    if (evidence === undefined) return [unjudged(rule, level, facts.unjudged.evidence)]
    const types = evidenceKinds[kind] ?? [kind]
    const there = evidence.filter(({ type }) => types.some((wanted) => isOfType(type, wanted)))
    if (there.some(({ verified }) => verified)) return []
    const [first] = there
    return [
      {
        rule,
        level,
        subject: image.reference,
        place: whole,
        found: first === undefined ? `no ${kind} is attached` : `the ${kind} does not count: ${first.reason}`,
        remedy:
          first === undefined
            ? `attach it, signed by a signer that the trust file names`
            : 'have it signed by a signer that the trust file names, or name the signer there',
      },
    ]
  })
}

/** Addresses of types may go on with a version ("https://spdx.dev/Document/v2.3"). */
function isOfType(type: string, wanted: string): boolean {
  return type === wanted || type.startsWith(`${wanted}/`)
}

/** A policy for other images says nothing about this one: it is refused, since nobody has said that it is good. */
export function judgeScope({ images, name }: Policy, { image }: ImageFacts, fits: Fits): Reason[] {
  if (images.length === 0 || images.some((pattern) => fits(pattern))) return []
  const found = `the policy is for ${images.join(', ')}`
  const remedy = 'use a policy that applies to this image'
  return [
    { rule: kindIds.scope, level: 'error', subject: image.repository || name, place: whole, found, remedy },
  ]
}

/** Whether a pattern of repositories matches the image. */
export type Fits = (pattern: string) => boolean

import { reaches, type Tier, tiers } from '../../model/assess/assessment.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Policy } from '../../policy/file/policy.ts'
import { imageRules } from '../../rules/image/rules.ts'
import { gateBeforeTag, type PublishingPolicy } from '../assess/before-tag.ts'
import { pinned } from '../assess/facts.ts'
import type { GateJson } from '../assess/gate-json.ts'
import type { Context } from '../context.ts'
import type { BuildOutput } from './output.ts'

/**
 * Judges a built image by a policy: first everything that can be judged before signing, so that no refused image is
 * signed, and then what requires signatures.
 */
export class BuildGate {
  /** The policy's latest decision. */
  said: GateJson | undefined
  readonly #by: PublishingPolicy
  readonly #output: BuildOutput
  readonly #context: Context

  constructor(by: PublishingPolicy, output: BuildOutput, context: Context) {
    this.#by = by
    this.#output = output
    this.#context = context
  }

  /** Throws `gate-refused`. */
  async judge(root: Descriptor): Promise<void> {
    this.said = await this.#ask(root, {
      ...this.#by,
      policy: beforeSigning(this.#by.policy),
      state: 'it was built, but is not signed and not published',
    })
  }

  /** Throws `gate-refused`. Does nothing where the policy asks for no evidence. */
  async judgeEvidence(root: Descriptor): Promise<void> {
    if (!wantsEvidence(this.#by.policy)) return
    const [name] = this.#output.names
    const trust = { keys: [], ...(name === undefined ? {} : { name }) }
    this.said = await this.#ask(root, { ...this.#by, trust, state: 'it was built, but is not published' })
  }

  async #ask(
    { digest }: Descriptor,
    { state, ...by }: PublishingPolicy & { readonly state: string },
  ): Promise<GateJson> {
    const { reference, repositories } = this.#output
    return await gateBeforeTag(
      { reference: pinned(reference, digest), digest, repositories, state },
      by,
      this.#context,
    )
  }
}

/**
 * The policy without the parts that only evidence can meet: no evidence counts before anything is signed. What is
 * only reported stays.
 */
export function beforeSigning(policy: Policy): Policy {
  const { tier, rules } = policy
  return {
    ...policy,
    ...(tier !== undefined && reaches(tier, evidenceTier) ? { tier: tierBelow(evidenceTier) } : {}),
    evidence: new Map(),
    rules: new Map([
      ...rules,
      ...refusingRules(policy).map((id) => [id, { level: 'off', parameters: {} }] as const),
    ]),
    ownRules: policy.ownRules.filter((rule) => !asksForEvidence(rule)),
  }
}

/** Whether a policy may refuse an image for what is attached to it, or for who signed that. */
export function wantsEvidence(policy: Policy): boolean {
  const { tier, evidence, ownRules } = policy
  return (
    (tier !== undefined && reaches(tier, evidenceTier)) ||
    evidence.size > 0 ||
    ownRules.some(asksForEvidence) ||
    refusingRules(policy).length > 0
  )
}

/** Rules over what is attached. */
const evidenceRules = imageRules.filter(({ needs }) => needs.includes('evidence'))

/** The lowest tier that asks for something that is attached. */
const evidenceTier = tiers.find((each) => evidenceRules.some(({ tier }) => tier === each)) ?? 'secure'

function tierBelow(tier: Tier): Tier {
  return tiers[tiers.indexOf(tier) - 1] ?? tier
}

/** Of the rules over what is attached those that refuse. */
function refusingRules({ rules, otherRules }: Policy): readonly string[] {
  return evidenceRules.flatMap(({ id, level: own }) => {
    const level = rules.get(id)?.level ?? (rules.has(id) || otherRules === 'own' ? own : otherRules)
    return level === 'error' ? [id] : []
  })
}

/** What is signed changes what is attached, and with that how hardened the image is. */
function asksForEvidence({ brokenWhen }: Policy['ownRules'][number]): boolean {
  return /\b(?:evidence|tier|aspects)\b/.test(brokenWhen)
}

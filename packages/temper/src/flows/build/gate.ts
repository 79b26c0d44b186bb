import type { Descriptor } from '../../model/image.ts'
import type { Policy } from '../../policy/file/policy.ts'
import { gateBeforeTag, type PublishingPolicy } from '../assess/before-tag.ts'
import { pinned } from '../assess/facts.ts'
import type { GateJson } from '../assess/gate-json.ts'
import type { Context } from '../context.ts'
import type { Output } from './output.ts'

/**
 * Holds what was built against a policy: all that can be judged before it is signed, so that nothing is signed which is
 * refused, and then what has to be signed.
 */
export class BuildGate {
  /** What the policy said last. */
  said: GateJson | undefined
  readonly #by: PublishingPolicy
  readonly #output: Output
  readonly #context: Context

  constructor(by: PublishingPolicy, output: Output, context: Context) {
    this.#by = by
    this.#output = output
    this.#context = context
  }

  /** Throws `gate-refused`. */
  async judge(root: Descriptor): Promise<void> {
    this.said = await this.#ask(root, {
      ...{ ...this.#by, policy: unsigned(this.#by.policy) },
      state: 'it was built, but is not signed and not published',
    })
  }

  /** Throws `gate-refused`. Does nothing where the policy asks for no evidence. */
  async judgeEvidence(root: Descriptor): Promise<void> {
    const { policy } = this.#by
    if (policy.evidence.size === 0 && !policy.ownRules.some(asksForEvidence)) return
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

/** The policy without what it asks of evidence: before anything is signed there is none that counts. */
function unsigned(policy: Policy): Policy {
  return {
    ...policy,
    evidence: new Map(),
    ownRules: policy.ownRules.filter((rule) => !asksForEvidence(rule)),
  }
}

function asksForEvidence({ brokenWhen }: Policy['ownRules'][number]): boolean {
  return brokenWhen.includes('evidence')
}

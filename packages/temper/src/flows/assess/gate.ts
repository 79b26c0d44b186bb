import type { Digest } from '../../base/digest.ts'
import { type Tier, tiers } from '../../model/assess/assessment.ts'
import { decide } from '../../policy/decide/decide.ts'
import type { Decision, Reason, Waiver } from '../../policy/decide/decision.ts'
import { policyDigest } from '../../policy/file/extend.ts'
import type { Policy, PolicyException } from '../../policy/file/policy.ts'
import { behindArchive } from '../../rules/image/freshness/behind-archive.ts'
import { podRules } from '../../rules/kubernetes/rules.ts'
import type { Context } from '../context.ts'
import { type FactsRequest, type GatheredFacts, gatherFacts } from './facts.ts'

export interface GateRequest extends FactsRequest {
  readonly policy: Policy
  /** Repositories that it is about to be in: patterns are compared with each of them, instead of its present place. */
  readonly repositories?: readonly string[]
}

/** The gate's decision about the image of one platform. */
export interface GatedImage extends Decision {
  /** "linux/amd64". */
  readonly platform: string
  readonly digest: string
}

export interface GateOutcome {
  readonly reference: string
  /** Of the image, or of the index of an image for several platforms. */
  readonly digest: Digest
  /** True when every image of it is allowed. */
  readonly allowed: boolean
  readonly policy: string
  /** Digest of the policy, with everything that it extends. */
  readonly policyDigest: Digest
  /** The lowest tier of its images, if the tier of each is known. */
  readonly tier?: Tier
  /** One for each platform, in each repository. */
  readonly images: readonly GatedImage[]
}

/**
 * Checks an image against a policy, on every platform. The image is judged by its digest, which is in the
 * outcome: continue with that digest, because a tag may move.
 */
export async function gate(request: GateRequest, context: Context): Promise<GateOutcome> {
  const { policy } = request
  // Only a policy that names the rule has it asked.
  const named = policy.rules.get(behindArchive.id)
  const archive = named !== undefined && named.level !== 'off'
  const facts = await gatherFacts({ ...request, parameters: parametersOf(policy), archive }, context)
  return await judge(facts, { policy, repositories: request.repositories ?? [] }, context)
}

/** What the policy gives to rules. */
function parametersOf({ rules }: Policy): NonNullable<FactsRequest['parameters']> {
  return new Map([...rules].map(([id, { parameters }]) => [id, parameters]))
}

/** What a policy says of pods is not about images: nothing of it is missing here. */
function withoutPods(policy: Policy): Policy {
  const ids = new Set(podRules.map(({ id }) => id))
  return {
    ...policy,
    rules: new Map([...policy.rules].filter(([id]) => !ids.has(id))),
    exceptions: policy.exceptions.filter(({ rule, object }) => object === undefined && !ids.has(rule)),
  }
}

/** Judges facts by a policy. */
export async function judge(
  { reference, digest, images }: GatheredFacts,
  { policy, repositories }: Required<Pick<GateRequest, 'policy' | 'repositories'>>,
  context: Pick<Context, 'now' | 'workingDir'>,
): Promise<GateOutcome> {
  const options = { now: context.now(), folder: context.workingDir }
  const ofImages = withoutPods(policy)
  const gated: GatedImage[] = []
  for (const facts of images)
    for (const repository of repositories.length === 0 ? [facts.image.repository] : repositories) {
      const { platform, digest: own } = facts.image
      const there = { ...facts, image: { ...facts.image, repository } }
      gated.push({ platform, digest: own, ...(await decide(ofImages, there, options)) })
    }
  return {
    reference,
    digest,
    allowed: gated.length > 0 && gated.every(({ allowed }) => allowed),
    policy: policy.name,
    policyDigest: policyDigest(policy),
    ...lowestTier(images),
    images: gated,
  }
}

function lowestTier(images: GatheredFacts['images']): Pick<GateOutcome, 'tier'> {
  const reached = images.map(({ tier }) => tier)
  const tier = reached.includes(undefined) ? undefined : tiers.find((each) => reached.includes(each))
  return tier === undefined ? {} : { tier }
}

/** Something that concerns one or several platforms. */
export interface OfPlatforms<T> {
  readonly item: T
  readonly platforms: readonly string[]
}

/** Merges entries that are the same for several platforms. */
export function merged<T extends Reason | Waiver | PolicyException>(
  images: readonly GatedImage[],
  of: (image: GatedImage) => readonly T[],
): readonly OfPlatforms<T>[] {
  const all = new Map<string, { readonly item: T; readonly platforms: string[] }>()
  for (const image of images)
    for (const item of of(image)) {
      const key = JSON.stringify(item)
      const known = all.get(key)
      if (known === undefined) all.set(key, { item, platforms: [image.platform] })
      else if (!known.platforms.includes(image.platform)) known.platforms.push(image.platform)
    }
  return [...all.values()]
}

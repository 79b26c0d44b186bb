import { TemperError } from '../../base/error.ts'
import { inputOf } from '../../policy/facts/input.ts'
import type { PolicyInput } from '../../policy/facts/schema.ts'
import type { Context } from '../context.ts'
import { type FactsRequest, gatherFacts } from './facts.ts'

/**
 * The input that expressions of a policy read about an image. Throws `not-found` when it is for several platforms and
 * none is chosen.
 */
export async function policyInput(request: FactsRequest, context: Context): Promise<PolicyInput> {
  const { reference, images } = await gatherFacts(request, context)
  const [facts, ...others] = images
  if (facts === undefined || others.length > 0)
    throw new TemperError(
      'not-found',
      `${reference}: expected an image for one platform, found ${images.length}`,
      {
        next: { action: 'choose-platform', platforms: images.map(({ image }) => image.platform) },
      },
    )
  return inputOf(facts, { now: context.now() })
}

import { type IdentityPattern, trustedIdentity } from '../../attest/trust/identity.ts'
import { parseAge } from '../../base/age.ts'
import { TemperError } from '../../base/error.ts'
import type { Reference } from '../../model/reference.ts'
import type { Context } from '../context.ts'
import { nameOf } from '../image/name.ts'
import type { ImageTrust } from './image-trust.ts'
import type { LoadTrustPolicy, TrustedRoot } from './policy.ts'
import { readTrustedKeys } from './trusted-keys.ts'

/** Whom to trust about an image: signers named here, else those of a policy. */
export interface TrustRequest {
  /** Files with public keys. */
  readonly keys: readonly string[]
  readonly identity?: IdentityPattern
  /** Further identities, each of which counts like it. */
  readonly identities?: readonly IdentityPattern[]
  /** Trusted root: which services to trust about identities and times. */
  readonly trustedRoot?: TrustedRoot
  /** Oldest signature that counts, as "30d". */
  readonly maxAge?: string
  /** Whether the signature has to name the image as it is named here. */
  readonly requireName?: boolean
  /** Name of the image, instead of its reference: "HOST/REPOSITORY:TAG". */
  readonly name?: string
  /** Policy in place of the person's own. */
  readonly trust?: LoadTrustPolicy
}

/** What is asked of whom to trust, and how much of it. */
interface OpenRequest extends TrustRequest {
  readonly localOnly?: boolean
}

/**
 * Whom to trust, as far as that is known without a network, in order to report faults in keys, identities and rules
 * before a registry is asked. Services of the public good instance are left out.
 */
export async function checkTrust(
  request: TrustRequest,
  reference: Reference,
  context: Context,
): Promise<ImageTrust> {
  return await openTrust({ ...request, localOnly: true }, reference, context)
}

/**
 * Whom to trust. Named keys and identities replace the policy. Nobody is trusted when none are named and there is no
 * policy, or no rule in it matches.
 */
export async function openTrust(
  request: OpenRequest,
  reference: Reference,
  context: Context,
): Promise<ImageTrust> {
  const { keys: files, trust } = request
  const patterns = identitiesOf(request)
  if (files.length === 0 && patterns.length === 0) return await fromFile(request, reference, context)
  if (trust !== undefined) {
    throw new TemperError('bad-usage', 'Expected keys and identities, or a trust file, found both', {
      hint: 'Put the key into the trust file, or name no file.',
    })
  }
  const keys = await readTrustedKeys(files, context)
  const identities = patterns.map((pattern) => trustedIdentity(pattern))
  const services = await neededServices(request, context)
  return {
    trust: { keys, identities, ...(services === undefined ? {} : { services }) },
    require: [],
    otherwise: request.maxAge === undefined ? {} : { maxAge: parseAge(request.maxAge) },
    now: context.now(),
    ...namePart(request, reference),
  }
}

function identitiesOf({ identity, identities = [] }: TrustRequest): readonly IdentityPattern[] {
  return identity === undefined ? identities : [identity, ...identities]
}

async function fromFile(request: OpenRequest, reference: Reference, context: Context): Promise<ImageTrust> {
  const nobody: ImageTrust = {
    trust: { keys: [], identities: [] },
    require: [],
    otherwise: {},
    now: context.now(),
  }
  if ((request.trust ?? context.trust) === undefined) return nobody
  const { trustFor } = await import('./trust-for.ts')
  const trust = await trustFor(reference, context, {
    ...(request.trust === undefined ? {} : { policy: request.trust }),
    ...(request.name === undefined ? {} : { name: request.name }),
    ...(request.trustedRoot === undefined ? {} : { trustedRoot: request.trustedRoot }),
    localOnly: request.localOnly,
  })
  if (trust === undefined) return nobody
  const maxAge = request.maxAge === undefined ? {} : { maxAge: parseAge(request.maxAge) }
  return {
    ...trust,
    require: trust.require.map((each) => ({ ...each, ...maxAge })),
    otherwise: { ...trust.otherwise, ...maxAge },
    ...namePart(request, reference),
  }
}

async function neededServices(
  request: OpenRequest,
  context: Context,
): Promise<ImageTrust['trust']['services'] | undefined> {
  const { maxAge, trustedRoot, localOnly } = request
  const known = trustedRoot ?? context.sigstore?.trustedRoot
  // Keys do without; only a time has to be proved by somebody.
  if (localOnly && known === undefined) return undefined
  const named = identitiesOf(request).length > 0
  const needed = named || (maxAge !== undefined && known !== undefined)
  if (!needed && trustedRoot === undefined) return undefined
  const { openTrustedServices } = await import('./trusted-services.ts')
  const services = await openTrustedServices(trustedRoot, context)
  // One that was named is read all the same: whoever named it hears now that it is none, not when it is needed.
  return needed ? services : undefined
}

function namePart(request: TrustRequest, reference: Reference): { readonly name?: string } {
  if (request.requireName !== true) return {}
  const name = request.name ?? nameOf(reference)
  if (name !== undefined) return { name }
  throw new TemperError('bad-usage', 'The image has no name here that a signature could name', {
    next: { action: 'name-image' },
  })
}

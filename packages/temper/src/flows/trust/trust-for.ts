import { loadVerificationKeys } from '../../attest/key/keys.ts'
import { ruleFor, type TrustRule } from '../../attest/trust/trust-file.ts'
import { TemperError } from '../../base/error.ts'
import type { Trust, TrustedIdentity, VerificationKey } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import type { Context } from '../context.ts'
import { nameOf, repositoryOf } from '../image/name.ts'
import { type Attached, type JudgeAttachedOptions, judgeAttached } from './attached.ts'
import { admitted, type ImageTrust } from './image-trust.ts'
import type { LoadTrustPolicy, TrustedRoot, TrustPolicy } from './policy.ts'

/**
 * Whom the person's policy trusts about an image: by the first rule that matches its repository. Undefined without a
 * policy or a matching rule, so that nobody is trusted. Throws `bad-trust`.
 */
export async function trustFor(
  reference: Reference,
  context: Context,
  options: TrustForOptions = {},
): Promise<ImageTrust | undefined> {
  const load = options.policy ?? context.trust
  if (load === undefined) return undefined
  const policy = await load()
  const rule = ruleFor(
    policy.rules,
    namedRepository(options.name) ?? repositoryOf(reference),
    context.workingDir,
  )
  if (rule === undefined) return undefined
  const name = options.name ?? nameOf(reference)
  const { trustedRoot, localOnly } = options
  return await imageTrust(rule, { policy, name, trustedRoot, localOnly }, context)
}

/** The name without tag and digest. */
function namedRepository(name: string | undefined): string | undefined {
  return name?.replace(/@sha256:[0-9a-f]{64}$/, '').replace(/:[^/:]+$/, '')
}

export interface TrustForOptions {
  /** In place of the person's own. */
  readonly policy?: LoadTrustPolicy
  /** Name of the image, instead of its reference: "HOST/REPOSITORY:TAG". */
  readonly name?: string
  /** Trusted root in place of that of the policy. */
  readonly trustedRoot?: TrustedRoot
  /** See `checkTrust`. */
  readonly localOnly?: boolean | undefined
}

/**
 * Only those attachments of a manifest that are trusted: signed as the person's policy requires for this image. Empty
 * without a policy or a rule. `keep` says which statements are returned.
 */
export async function trustedAttached(
  source: { readonly store: Store; readonly reference: Reference },
  subject: Descriptor,
  options: JudgeAttachedOptions & { readonly context: Context },
): Promise<readonly Attached[]> {
  const { context, ...judging } = options
  const image = await trustFor(source.reference, context)
  if (image === undefined) return []
  const attached = await judgeAttached(source.store, subject, { ...judging, trust: image.trust })
  return attached.map((each) => admitted(each, image)).filter(({ verified }) => verified)
}

async function imageTrust(
  rule: TrustRule,
  place: {
    readonly policy: TrustPolicy
    readonly name: string | undefined
    readonly trustedRoot: TrustedRoot | undefined
    readonly localOnly: boolean | undefined
  },
  context: Context,
): Promise<ImageTrust> {
  const { policy, name } = place
  const { keys, identities, idsOf } = await signersOf(rule, policy)
  const ageOf = ({ maxAge = rule.maxAge }: { readonly maxAge?: number }) =>
    maxAge === undefined ? {} : { maxAge }
  const require = rule.require.map((each) => ({
    type: each.type,
    signedBy: idsOf(each.signedBy ?? rule.signedBy),
    ...ageOf(each),
  }))
  const trust: Trust = { keys, identities }
  const root = place.trustedRoot ?? namedRoot(policy)
  const aged = require.some(({ maxAge }) => maxAge !== undefined)
  const services = await neededServices({ root, aged, localOnly: place.localOnly }, trust, context)
  if (rule.name && name === undefined)
    throw new TemperError(
      'bad-usage',
      `The rule for ${rule.images.join(', ')} requires the name of the image, and it has none here`,
      {
        next: { action: 'name-image' },
      },
    )
  return {
    rule: rule.images.join(', '),
    trust: services === undefined ? trust : { ...trust, services },
    require,
    otherwise: { signedBy: idsOf(rule.signedBy), ...ageOf({}) },
    now: context.now(),
    ...(rule.name && name !== undefined ? { name } : {}),
  }
}

/** The signers that a rule names; `idsOf` tells the ids under which their signatures are found. */
interface Signers extends Pick<Trust, 'keys' | 'identities'> {
  idsOf(names: readonly string[]): readonly string[]
}

async function signersOf(rule: TrustRule, policy: TrustPolicy): Promise<Signers> {
  const { rules } = policy
  const needed = new Set([...rule.signedBy, ...rule.require.flatMap(({ signedBy }) => signedBy ?? [])])
  const keys = new Map<string, VerificationKey>()
  const keyIds = new Map<string, readonly string[]>()
  const identities: TrustedIdentity[] = []
  for (const id of needed) {
    const identity = rules.identities.get(id)
    if (identity !== undefined) identities.push(identity)
    const key = rules.keys.get(id)
    if (key === undefined) continue
    const publicKeys = await readTrustKey(key, policy)
    for (const each of publicKeys) keys.set(each.id, each)
    keyIds.set(
      id,
      publicKeys.map((each) => each.id),
    )
  }
  const idsOf = (names: readonly string[]) => names.flatMap((each) => keyIds.get(each) ?? [each])
  return { keys: [...keys.values()], identities, idsOf }
}

async function neededServices(
  {
    root,
    aged,
    localOnly,
  }: {
    readonly root: TrustedRoot | undefined
    readonly aged: boolean
    readonly localOnly: boolean | undefined
  },
  trust: Trust,
  context: Context,
): Promise<Trust['services']> {
  const given = root ?? context.sigstore?.trustedRoot
  if (localOnly && given === undefined) return undefined
  // Keys do without; only a time has to be proved by somebody.
  if (trust.identities.length === 0 && (!aged || given === undefined)) return undefined
  const { openTrustedServices } = await import('./trusted-services.ts')
  return await openTrustedServices(root, context)
}

/** A key in the policy itself or in a file that it names. */
export async function readTrustKey(key: string, policy: TrustPolicy): Promise<readonly VerificationKey[]> {
  if (key.includes('-----BEGIN')) return loadVerificationKeys({ bytes: Buffer.from(key), where: policy.name })
  const bytes = await policy.read(key)
  if (bytes !== undefined) return loadVerificationKeys({ bytes, where: key })
  throw new TemperError('bad-trust', `${policy.name}: there is no key file ${key} beside it`)
}

function namedRoot({ rules: { trustedRoot }, read }: TrustPolicy): TrustedRoot | undefined {
  return trustedRoot === undefined ? undefined : { name: trustedRoot, read: () => read(trustedRoot) }
}

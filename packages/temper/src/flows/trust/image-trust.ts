import { isOfType } from '../../attest/statement/predicate-type.ts'
import { isNamed } from '../../attest/trust/image-name.ts'
import { formatAge } from '../../base/age.ts'
import { predicateTypes, type Trust } from '../../model/attestation.ts'
import type { Attached } from './attached.ts'

/** The conditions for evidence of a type to count, beyond a good signature. */
export interface Condition {
  /** Predicate type, or the beginning of one. */
  readonly type: string
  /** Ids of keys and identities, of which one has to have signed; absent: any that is trusted. */
  readonly signedBy?: readonly string[]
  /** Milliseconds since it was signed. */
  readonly maxAge?: number
}

/** Whom to trust about an image, and what they have to have signed. */
export interface ImageTrust {
  /** The rule of the trust file, by its patterns; absent when signers were named in the request. */
  readonly rule?: string
  readonly trust: Trust
  /** What has to be signed. */
  readonly require: readonly Condition[]
  /** For evidence of other types. */
  readonly otherwise: Omit<Condition, 'type'>
  /** The name that a signature has to give to the image; absent: any. */
  readonly name?: string
  /** The time as of which ages are counted. */
  readonly now: Date
}

/** Whether anybody is trusted at all. */
export function trustsAnyone({ trust }: ImageTrust): boolean {
  return trust.keys.length + trust.identities.length > 0
}

/** The evidence, marked as not verified if it does not meet the conditions for its type. */
export function admitted(attached: Attached, image: ImageTrust): Attached {
  if (!attached.verified) return attached
  const condition = image.require.find(({ type }) => isOfType(attached.type, type)) ?? image.otherwise
  const fault = faultOf(attached, condition, image)
  return fault === undefined ? attached : { ...attached, verified: false, vouchers: [], reason: fault }
}

function faultOf(
  attached: Attached,
  { signedBy, maxAge }: Omit<Condition, 'type'>,
  { name, now }: ImageTrust,
): string | undefined {
  const { vouchers, names, time } = attached
  if (signedBy !== undefined && !vouchers.some((id) => signedBy.includes(id)))
    return `it is signed by ${attached.signers.join(', ')}, who is not trusted for this`
  // What is said of a digest holds by whatever name; one signature that says the name binds it.
  const named = attached.type !== predicateTypes.signature || name === undefined
  if (!named && !isNamed(names ?? [], name))
    return names === undefined || names.length === 0
      ? `its signature does not name the image, and it has to name ${name}`
      : `its signature names the image ${names.join(', ')}, not ${name}`
  if (maxAge === undefined) return undefined
  if (time === undefined)
    return `no trusted service confirms when it was signed, and the signature may be at most ${formatAge(maxAge)} old`
  const age = now.getTime() - Date.parse(time)
  return age > maxAge ? `it was signed at ${time}, more than ${formatAge(maxAge)} ago` : undefined
}

/** Whom to trust about which images, and keys to sign with. */

export type { Attached } from '../flows/trust/attached.ts'
export { changeTrust, initTrust, type RuleChange, type TrustChange } from '../flows/trust/edit.ts'
export {
  type GeneratedKeys,
  type GenerateKeysRequest,
  generateKeyFiles,
} from '../flows/trust/generate-keys.ts'
export type { ImageTrust } from '../flows/trust/image-trust.ts'
export type { KeylessOptions, TokenSource } from '../flows/trust/keyless.ts'
export { checkTrust, type TrustRequest } from '../flows/trust/open.ts'
export type { TrustedRoot } from '../flows/trust/policy.ts'
export { type LoadTrustPolicy, type TrustPolicy, trustPolicyOf } from '../flows/trust/policy.ts'
export { type PublicKey, publicKeyOf } from '../flows/trust/public-key.ts'
export { type ShownTrust, showTrust } from '../flows/trust/show.ts'
export { trustedAttached, trustFor } from '../flows/trust/trust-for.ts'
export type { KeySource, SigningKey } from '../flows/trust/trusted-keys.ts'

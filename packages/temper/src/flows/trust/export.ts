import { resolve } from 'node:path'
import { type IdentityPattern, trustedIdentity } from '../../attest/trust/identity.ts'
import { TemperError } from '../../base/error.ts'
import { predicateTypes } from '../../model/attestation.ts'
import {
  type AdmissionRule,
  type ExportedPolicies,
  type ExportedSigner,
  labelOf,
} from '../../policy/export/admission-rule.ts'
import { gatekeeperPolicies } from '../../policy/export/gatekeeper.ts'
import { kyvernoPolicies } from '../../policy/export/kyverno.ts'
import { policyControllerPolicies } from '../../policy/export/policy-controller.ts'
import type { Context } from '../context.ts'
import { type TrustPolicy, trustPolicyOf } from './policy.ts'
import { readTrustKey } from './trust-for.ts'
import { readTrustedKeys } from './trusted-keys.ts'

/** Admission controllers that policies can be written for. */
export const admissionPrograms = {
  kyverno: kyvernoPolicies,
  'policy-controller': policyControllerPolicies,
  gatekeeper: gatekeeperPolicies,
} as const
export type AdmissionProgram = keyof typeof admissionPrograms

export interface PolicyExportRequest {
  readonly program: AdmissionProgram
  /** Path of a trust file; absent: the person's own. */
  readonly trust?: string
  /** Whom to trust instead of a trust file. */
  readonly named?: NamedTrust
}

/** Signers that are named in the request. */
export interface NamedTrust {
  /** Patterns of repositories that they sign; at least one. */
  readonly images: readonly string[]
  /** Files with public keys. */
  readonly keys: readonly string[]
  readonly identity?: IdentityPattern
}

export interface ExportedTrust extends ExportedPolicies {
  readonly program: AdmissionProgram
  /** Name of the source, for messages. */
  readonly from: string
  /** The objects as YAML, with the notes at the top. */
  readonly text: string
}

/**
 * Writes policies for a cluster from a trust file or from named signers. Throws `bad-trust`, `not-found`, and
 * `bad-usage` without rules.
 */
export async function exportTrust(request: PolicyExportRequest, context: Context): Promise<ExportedTrust> {
  const { named, program } = request
  if (named === undefined) return await fromFile(request, context)
  if (named.images.length === 0)
    throw new TemperError('bad-usage', 'Nothing says which images they sign', {
      hint: 'Name patterns of repositories, like registry.example/team/**.',
    })
  // An identity without its issuer may be anybody's.
  if (named.identity !== undefined) trustedIdentity(named.identity)
  const identity =
    named.identity === undefined ? [] : [{ name: 'signer', keys: [], identity: named.identity }]
  const keys = await readTrustedKeys(named.keys, context)
  const signers = [
    ...(keys.length === 0 ? [] : [{ name: 'key', keys: keys.map(({ pem }) => pem) }]),
    ...identity,
  ]
  const name = labelOf(named.images[0] ?? '', 'images')
  const rule = { name, images: named.images, signers, attestations: [], signature: true }
  const { objects, notes } = admissionPrograms[program]([rule])
  return await exported({ program, objects, notes, from: 'the command line' })
}

async function fromFile(request: PolicyExportRequest, context: Context): Promise<ExportedTrust> {
  const policy =
    request.trust === undefined
      ? await context.trust?.()
      : await trustPolicyOf(resolve(context.workingDir, request.trust))
  if (policy === undefined)
    throw new TemperError('bad-usage', 'There is no trust file to make policies from', {
      next: { action: 'make-trust-file' },
    })
  const rules = await admissionRules(policy)
  if (rules.length === 0)
    throw new TemperError('bad-usage', `${policy.name} has no rules: it trusts nobody`, {
      next: { action: 'add-trust-rule' },
    })
  const { objects, notes } = admissionPrograms[request.program](rules)
  const { program } = request
  return await exported({ program, objects, notes: [...notes, ...lost(policy)], from: policy.name })
}

async function exported(made: Omit<ExportedTrust, 'text'>): Promise<ExportedTrust> {
  const { stringify } = await import('yaml')
  const head = made.notes.map((note) => `# ${note}\n`).join('')
  const options = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const
  const text = head + made.objects.map((object) => stringify(object, options)).join('---\n')
  return { ...made, text }
}

async function admissionRules(policy: TrustPolicy): Promise<readonly AdmissionRule[]> {
  const names = new Set<string>()
  const rules: AdmissionRule[] = []
  for (const [index, rule] of policy.rules.rules.entries()) {
    let name = labelOf(rule.images[0] ?? '', 'images')
    if (names.has(name)) name = `${name}-${index + 1}`
    names.add(name)
    const types = rule.require.map(({ type }) => type)
    rules.push({
      name,
      images: rule.images,
      signers: await Promise.all(rule.signedBy.map((each) => signerOf(each, policy))),
      attestations: types.filter((type) => type !== predicateTypes.signature),
      signature: types.includes(predicateTypes.signature),
    })
  }
  return rules
}

async function signerOf(name: string, policy: TrustPolicy): Promise<ExportedSigner> {
  const label = labelOf(name, 'signer')
  const identity = policy.rules.identities.get(name)
  if (identity !== undefined) return { name: label, keys: [], identity }
  const key = policy.rules.keys.get(name)
  const keys = key === undefined ? [] : await readTrustKey(key, policy)
  return { name: label, keys: keys.map(({ pem }) => pem) }
}

/** What a trust file can say and no policy of a cluster. */
function lost({ rules: { rules } }: TrustPolicy): readonly string[] {
  const aged = rules.some(
    ({ maxAge, require }) => maxAge !== undefined || require.some((each) => each.maxAge !== undefined),
  )
  const own = rules.some(({ require }) => require.some(({ signedBy }) => signedBy !== undefined))
  return [
    ...(aged ? ['Left out: the oldest signature that counts (max-age).'] : []),
    ...(rules.some(({ name }) => name)
      ? ['Left out: the condition that the signature names the image.']
      : []),
    ...(own ? ['Left out: the signers of single statements; the signers of the rule count.'] : []),
  ]
}

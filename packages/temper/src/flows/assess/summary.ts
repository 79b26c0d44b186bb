import { resolve } from 'node:path'
import { signBundle } from '../../attest/envelope/bundle.ts'
import { digestSet, statementBytes } from '../../attest/statement/in-toto.ts'
import { policySummary, verifierId } from '../../attest/statement/verification-summary.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { writeFileAtomic } from '../../base/file.ts'
import { temperVersion } from '../../base/version.ts'
import type { Signer, Statement } from '../../model/attestation.ts'
import type { Reference } from '../../model/reference.ts'
import type { Context } from '../context.ts'
import { creationTime } from '../creation-time.ts'
import { attachSigned } from '../evidence/attest.ts'
import { nameOf } from '../image/name.ts'
import { openImage } from '../image/source.ts'
import { openSigner, type SigningKey, signerName } from '../trust/trusted-keys.ts'
import { pinned } from './facts.ts'
import type { GateOutcome } from './gate.ts'

export interface SummaryRequest {
  /** The gated image, as the person named it. */
  readonly reference: Reference
  readonly sign?: SigningKey
  /** Whether to attach it to the image; only a signed summary is attached. */
  readonly attach?: boolean
  /** Path of the file that is written: a Sigstore bundle when it is signed, else the statement itself. */
  readonly file?: string
}

/** A verification summary that was written. */
export interface WrittenSummary {
  readonly file?: string
  /** Digest of what was attached. */
  readonly digest?: Digest
  /** Id of the key, or the identity. */
  readonly signer?: string
}

/** Writes the gate's decision, allowed or refused, as an SLSA verification summary. */
export async function writeSummary(
  outcome: GateOutcome,
  { reference, sign, attach = false, file }: SummaryRequest,
  context: Context,
): Promise<WrittenSummary> {
  if (attach && sign === undefined)
    throw new TemperError('bad-usage', 'An unsigned verification summary proves nothing to others', {
      next: { action: 'sign-with-key' },
    })
  const signer = sign === undefined ? undefined : await openSigner(sign, context)
  const statement = statementOf(outcome, reference, context)
  if (file !== undefined)
    await writeFileAtomic(resolve(context.workingDir, file), await bytesOf(statement, signer))
  const digest =
    attach && signer !== undefined
      ? await attachTo(outcome, { reference, statement, signer }, context)
      : undefined
  return {
    ...(file === undefined ? {} : { file }),
    ...(digest === undefined ? {} : { digest }),
    ...(signer === undefined ? {} : { signer: signerName(signer) }),
  }
}

async function bytesOf(statement: Statement, signer: Signer | undefined): Promise<Uint8Array> {
  return signer === undefined ? statementBytes(statement) : await signBundle(statement, signer)
}

function statementOf(outcome: GateOutcome, reference: Reference, context: Context): Statement {
  const name = nameOf(reference)
  const { digest, tier } = outcome
  return policySummary({
    subjects: [{ ...(name === undefined ? {} : { name }), digest: digestSet(digest) }],
    verifier: context.builderId ?? verifierId,
    version: temperVersion(),
    time: creationTime(context),
    resource: name === undefined ? `urn:temper:image:${digest}` : `oci://${name}`,
    policy: outcome.policy,
    policyDigest: outcome.policyDigest,
    passed: outcome.allowed,
    ...(tier === undefined ? {} : { tier }),
  })
}

/** To the very image that was judged, which its tag may no longer mean. */
async function attachTo(
  { digest }: GateOutcome,
  what: { readonly reference: Reference; readonly statement: Statement; readonly signer: Signer },
  context: Context,
): Promise<Digest> {
  const { statement, signer } = what
  const { store, root } = await openImage(pinned(what.reference, digest), context)
  try {
    return await attachSigned(store, root, { statement, signer, scheme: 'referrers', context })
  } finally {
    await store.close()
  }
}

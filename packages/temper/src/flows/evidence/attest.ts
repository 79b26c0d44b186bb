import { resolve } from 'node:path'
import { signBundle } from '../../attest/envelope/bundle.ts'
import { envelopeJson, signEnvelope } from '../../attest/envelope/dsse.ts'
import { parseDocument } from '../../attest/json-document.ts'
import { digestSet, makeStatement, statementBytes } from '../../attest/statement/in-toto.ts'
import { predicateType } from '../../attest/statement/predicate-type.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { evidenceTypes, type Signer, type Statement } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { ImagePlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import { attachedDocument } from '../../oci/image/artifact.ts'
import type { Context } from '../context.ts'
import { creationTime } from '../creation-time.ts'
import { nameOf } from '../image/name.ts'
import { openImage } from '../image/source.ts'
import { chosenImage } from '../image/tree.ts'
import { signatureAnnotation } from '../trust/attached-check.ts'
import { openSigner, type SigningKey, signerName } from '../trust/trusted-keys.ts'
import { attach } from './attach.ts'
import { addOlderDocument } from './older-scheme.ts'

/** "referrers": Sigstore bundles by `subject`; "tags": the scheme of cosign before version 3. */
export type SignatureScheme = 'referrers' | 'tags'

export interface AttestRequest extends SigningKey {
  readonly reference: Reference
  /** Short name or address of the predicate's type. */
  readonly type: string
  /** Path of the predicate, a JSON object. */
  readonly predicate: string
  /** Which image of an index; absent: the index itself. */
  readonly platform?: ImagePlatform
  readonly scheme: SignatureScheme
  /** Name of the image, instead of its reference: "HOST/REPOSITORY:TAG". */
  readonly name?: string
}

export interface AttestResult {
  readonly reference: string
  readonly subject: Digest
  readonly type: string
  /** Digest of what was attached. */
  readonly digest: Digest
  /** Id of the key, or the identity. */
  readonly signer: string
}

/** Signs a statement about an image and attaches it. */
export async function attest(request: AttestRequest, context: Context): Promise<AttestResult> {
  refuseWitnessedTags(request)
  const type = predicateType(request.type)
  const file = await readFileIfExists(resolve(context.workingDir, request.predicate))
  if (file === undefined)
    throw new TemperError('not-found', `There is no predicate file ${request.predicate}`)
  const predicate = parseDocument(file, request.predicate)
  const { store, root, text, reference } = await openImage(request.reference, context)
  try {
    const subject = await chosenImage(store, root, request.platform)
    const signer = await openSigner(request, context)
    const name = request.name ?? nameOf(reference)
    const named = { ...(name === undefined ? {} : { name }), digest: digestSet(subject.digest) }
    const statement = makeStatement([named], {
      predicateType: type,
      predicate,
    })
    const digest = await attachSigned(store, subject, { statement, signer, scheme: request.scheme, context })
    return { reference: text, subject: subject.digest, type, digest, signer: signerName(signer) }
  } finally {
    await store.close()
  }
}

/**
 * Throws `bad-usage` when the older scheme is requested together with a timestamp or keyless signing, which only
 * bundles can hold.
 */
export function refuseWitnessedTags({
  key,
  scheme,
  timestamp,
}: Pick<AttestRequest, 'key' | 'scheme' | 'timestamp'>): void {
  if (scheme === 'referrers' || (key.kind !== 'keyless' && timestamp !== true)) return
  const what = key.kind === 'keyless' ? 'Signing without a key' : 'Signing with a timestamp'
  throw new TemperError('bad-usage', `${what} writes Sigstore bundles, not the older scheme`, {
    next: { action: 'write-bundles' },
  })
}

/**
 * How many signatures are made at the same time: several when witnesses have to be waited for; one with a key alone,
 * which keeps the order.
 */
export function atOnce({ witness }: Signer): number {
  return witness === undefined ? 1 : 4
}

/** Signs a statement and attaches it; returns the digest by which evidence lists it. */
export async function attachSigned(
  store: Store,
  subject: Descriptor,
  options: {
    readonly statement: Statement
    readonly signer: Signer
    readonly scheme: SignatureScheme
    readonly context: Pick<Context, 'now' | 'sourceDateEpoch'>
  },
): Promise<Digest> {
  const { statement, signer } = options
  if (options.scheme === 'referrers') {
    const annotations = {
      'org.opencontainers.image.created': creationTime(options.context),
      'dev.sigstore.bundle.content': 'dsse-envelope',
      'dev.sigstore.bundle.predicateType': statement.predicateType,
    }
    const bundle = await signBundle(statement, signer)
    const artifact = attachedDocument(subject, bundle, { artifactType: evidenceTypes.bundle, annotations })
    return (await attach(store, artifact)).digest
  }
  const payloadType = evidenceTypes.statement
  const envelope = await signEnvelope(statementBytes(statement), { payloadType, signer })
  const place = { subject: subject.digest, kind: 'attestations' } as const
  const document = {
    bytes: Buffer.from(canonicalJson(envelopeJson(envelope))),
    mediaType: evidenceTypes.envelope,
    annotations: { [signatureAnnotation]: '', predicateType: statement.predicateType },
  }
  return (await addOlderDocument(store, place, document)).digest
}

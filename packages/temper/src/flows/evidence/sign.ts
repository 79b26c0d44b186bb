import { simpleSigningPayload } from '../../attest/envelope/simple-signing.ts'
import { digestSet, makeStatement } from '../../attest/statement/in-toto.ts'
import { mapLimit } from '../../base/concurrency.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { evidenceTypes, predicateTypes, type Signer, type Trust } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import type { Context } from '../context.ts'
import { nameOf, repositoryOf } from '../image/name.ts'
import { openImage } from '../image/source.ts'
import { imageTree } from '../image/tree.ts'
import { type Attached, judgeAttached } from '../trust/attached.ts'
import { signatureAnnotation } from '../trust/attached-check.ts'
import { openSigner, type SigningKey, signerName, trustInSigner } from '../trust/trusted-keys.ts'
import { atOnce, attachSigned, refuseWitnessedTags, type SignatureScheme } from './attest.ts'
import { addOlderDocument } from './older-scheme.ts'

export interface SignRequest extends SigningKey {
  readonly reference: Reference
  readonly scheme: SignatureScheme
  /** Name of the image, instead of its reference: "HOST/REPOSITORY:TAG". */
  readonly name?: string
}

export interface SignResult {
  readonly reference: string
  readonly subject: Digest
  /** Id of the key, or the identity. */
  readonly signer: string
  /** What the signatures call the image, where it has a name. */
  readonly name?: string
  /** One for the image, and for several platforms one for each of them. */
  readonly signatures: readonly PlacedSignature[]
}

export interface PlacedSignature {
  readonly subject: Digest
  /** "linux/amd64"; absent for the index or the only image. */
  readonly platform?: string
  /** By which evidence lists it. */
  readonly digest: Digest
  /** True when the same signer had signed it already under the same name, so that nothing was added. */
  readonly existing: boolean
}

/**
 * Signs an image, and each platform of an image for several, so that whoever pulls one of them can verify it. The
 * signatures state the image's name, so that nobody can pass it off as another tag.
 */
export async function sign(request: SignRequest, context: Context): Promise<SignResult> {
  refuseWitnessedTags(request)
  const { store, root, text, reference } = await openImage(request.reference, context)
  try {
    const name = request.name ?? nameOf(reference)
    if (name !== undefined) assertName(name)
    const tree = await imageTree(store, root)
    const signer = await openSigner(request, context)
    const repository = reference.kind === 'registry' ? repositoryOf(reference) : ''
    const trust = await trustInSigner(signer, context)
    const { scheme } = request
    const options = { signer, trust, scheme, name, older: request.name ?? repository, context }
    const signatures = await mapLimit(tree, atOnce(signer), async ({ descriptor, platform }) => ({
      subject: descriptor.digest,
      ...(platform === undefined ? {} : { platform }),
      ...(await signOne(store, descriptor, options)),
    }))
    return {
      reference: text,
      subject: root.digest,
      signer: signerName(signer),
      ...(name === undefined ? {} : { name }),
      signatures,
    }
  } finally {
    await store.close()
  }
}

/** A name that a person gave has to look like one, or nobody could ever ask for it. */
function assertName(name: string): void {
  if (name.length <= 500 && /^[^\s/]+\/[^\s@]+$/.test(name)) return
  throw new TemperError('bad-reference', `"${name.slice(0, 100)}" is not a name of an image`, {
    hint: 'Write it as registries do: registry.example/team/web:1.2',
  })
}

interface SignOptions {
  readonly signer: Signer
  /** Trust in the signer alone. */
  readonly trust: Trust
  readonly scheme: SignatureScheme
  readonly name: string | undefined
  /** What a signature of cosign's older scheme calls the image. */
  readonly older: string
  readonly context: Context
}

async function signOne(
  store: Store,
  subject: Descriptor,
  options: SignOptions,
): Promise<Pick<PlacedSignature, 'digest' | 'existing'>> {
  const { signer, scheme, name } = options
  const mediaType = scheme === 'tags' ? evidenceTypes.simpleSigning : evidenceTypes.bundle
  const called = scheme === 'tags' ? options.older : name
  const attached = await judgeAttached(store, subject, { trust: options.trust })
  const isOwn = (each: Attached) =>
    each.verified &&
    each.type === predicateTypes.signature &&
    each.mediaType === mediaType &&
    (called === undefined || called === '' || each.names?.includes(called) === true)
  const own = attached.find(isOwn)
  if (own !== undefined) return { digest: own.digest, existing: true }
  if (scheme === 'referrers') {
    const subjects = [{ ...(name === undefined ? {} : { name }), digest: digestSet(subject.digest) }]
    const statement = makeStatement(subjects, { predicateType: predicateTypes.signature, predicate: {} })
    return { digest: await attachSigned(store, subject, { ...options, statement }), existing: false }
  }
  const bytes = simpleSigningPayload({ identity: options.older, digest: subject.digest })
  const signature = Buffer.from(await signer.sign(bytes)).toString('base64')
  const document = { bytes, mediaType, annotations: { [signatureAnnotation]: signature } }
  const place = { subject: subject.digest, kind: 'signatures' } as const
  return { digest: (await addOlderDocument(store, place, document)).digest, existing: false }
}

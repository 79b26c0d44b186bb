import { digestSet, makeStatement } from '../attest/in-toto.ts'
import { simpleSigningPayload } from '../attest/simple-signing.ts'
import type { Digest } from '../base/digest.ts'
import { evidenceTypes, predicateTypes, type Signer } from '../model/attestation.ts'
import type { Descriptor } from '../model/image.ts'
import type { Reference } from '../model/reference.ts'
import type { Store } from '../model/store.ts'
import { judgeAttached, signatureAnnotation } from './attached.ts'
import { attachSigned, type SignatureScheme } from './attest.ts'
import type { Context } from './context.ts'
import { openImage } from './image-source.ts'
import { imageTree } from './image-tree.ts'
import { addOlderDocument } from './older-scheme.ts'
import { openSigner, type SigningKey } from './trusted-keys.ts'

export interface SignRequest extends SigningKey {
  /** Image as text. */
  readonly reference: string
  readonly scheme: SignatureScheme
}

export interface SignResult {
  readonly reference: string
  readonly subject: Digest
  readonly signer: Digest
  /** One for the image, and for several platforms one for each of them. */
  readonly signatures: readonly PlacedSignature[]
}

export interface PlacedSignature {
  readonly subject: Digest
  /** "linux/amd64"; absent for the index or the only image. */
  readonly platform?: string
  /** By which evidence lists it. */
  readonly digest: Digest
  /** The same key had signed it already: nothing was added. */
  readonly existing: boolean
}

/** Signs an image, and each platform of an image for several, so that whoever pulls one of them can verify it. */
export async function sign(request: SignRequest, context: Context): Promise<SignResult> {
  const { store, root, text, reference } = await openImage(request.reference, context)
  try {
    const tree = await imageTree(store, root)
    const signer = await openSigner(request, context)
    const identity = identityOf(reference)
    const signatures: PlacedSignature[] = []
    for (const { descriptor, platform } of tree) {
      const options = { signer, scheme: request.scheme, identity, context }
      const placed = await signOne(store, descriptor, options)
      signatures.push({
        subject: descriptor.digest,
        ...(platform === undefined ? {} : { platform }),
        ...placed,
      })
    }
    return { reference: text, subject: root.digest, signer: signer.key.id, signatures }
  } finally {
    await store.close()
  }
}

async function signOne(
  store: Store,
  subject: Descriptor,
  options: {
    readonly signer: Signer
    readonly scheme: SignatureScheme
    readonly identity: string
    readonly context: Context
  },
): Promise<Pick<PlacedSignature, 'digest' | 'existing'>> {
  const { signer, scheme } = options
  const mediaType = scheme === 'tags' ? evidenceTypes.simpleSigning : evidenceTypes.bundle
  const attached = await judgeAttached(store, subject, [signer.key])
  const own = attached.find(
    (each) => each.verified && each.type === predicateTypes.signature && each.mediaType === mediaType,
  )
  if (own !== undefined) return { digest: own.digest, existing: true }
  if (scheme === 'referrers') {
    const subjects = [{ digest: digestSet(subject.digest) }]
    const statement = makeStatement(subjects, { predicateType: predicateTypes.signature, predicate: {} })
    return { digest: await attachSigned(store, subject, { ...options, statement }), existing: false }
  }
  const bytes = simpleSigningPayload({ identity: options.identity, digest: subject.digest })
  const signature = Buffer.from(await signer.sign(bytes)).toString('base64')
  const document = { bytes, mediaType, annotations: { [signatureAnnotation]: signature } }
  const place = { subject: subject.digest, kind: 'signatures' } as const
  return { digest: (await addOlderDocument(store, place, document)).digest, existing: false }
}

/** What older signatures call the image: where it is in a registry; a layout has no name of its own. */
function identityOf(reference: Reference): string {
  return reference.kind === 'registry' ? `${reference.registry}/${reference.repository}` : ''
}

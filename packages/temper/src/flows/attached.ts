import {
  checkBundle,
  checkDsse,
  checkSimpleSigning,
  checkStatement,
  type Expectation,
  type Verdict,
} from '../attest/check.ts'
import { documentLimit } from '../attest/json-document.ts'
import { mapLimit } from '../base/concurrency.ts'
import type { Digest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import {
  type Evidence,
  evidenceTypes,
  predicateTypes,
  type Statement,
  type VerificationKey,
} from '../model/attestation.ts'
import type { Descriptor, Manifest } from '../model/image.ts'
import type { Store } from '../model/store.ts'
import { olderTags } from '../oci/name.ts'
import { resolveIfThere } from '../oci/older-attachments.ts'
import { readBounded, readManifest } from '../oci/read-image.ts'

/** Something attached to an image, read and judged. */
export interface Attached extends Evidence {
  /** What it states, when it is about this image; to be believed only when `verified`. */
  readonly statement?: Statement
  /** The document itself. */
  readonly document?: Descriptor
}

/** Most things that are attached to one image. */
const attachedLimit = 1000

/** Where cosign's older scheme keeps the signature of a document. */
export const signatureAnnotation = 'dev.cosignproject.cosign/signature'

/**
 * Everything that is attached to one manifest, by `subject` and under the tags of cosign's older scheme, judged
 * with the given keys. What is damaged, lies or is about another image is listed with the reason; only failures
 * of the network or of files are thrown.
 */
export async function judgeAttached(
  store: Store,
  subject: Descriptor,
  keys: readonly VerificationKey[],
): Promise<readonly Attached[]> {
  const referrers = new Map<Digest, Descriptor>()
  for await (const referrer of store.referrers(subject.digest)) {
    referrers.set(referrer.digest, referrer)
    if (referrers.size > attachedLimit) throw tooMany(subject)
  }
  const judge = new Judge(store, subject.digest, keys)
  const attached = await mapLimit([...referrers.values()], 4, (referrer) => judge.referrer(referrer))
  const older = [await judge.tag('signatures'), await judge.tag('attestations')]
  return [...attached, ...older].flat()
}

class Judge {
  readonly #store: Store
  readonly #subject: Digest
  readonly #keys: readonly VerificationKey[]

  constructor(store: Store, subject: Digest, keys: readonly VerificationKey[]) {
    this.#store = store
    this.#subject = subject
    this.#keys = keys
  }

  async referrer(referrer: Descriptor): Promise<readonly Attached[]> {
    const { digest } = referrer
    const claimed = referrer.artifactType ?? referrer.mediaType
    const place = { digest, mediaType: claimed, type: documentType(claimed) }
    return await this.#judged(place, async () => {
      const parsed = await readManifest(this.#store, referrer)
      const { subject } = parsed.kind === 'index' ? parsed.index : parsed.manifest
      if (subject?.digest !== this.#subject) {
        const where = subject === undefined ? 'nothing' : subject.digest
        return [this.#refused(place, `it is listed as attached to this image, but is attached to ${where}`)]
      }
      if (parsed.kind === 'index') return [this.#refused(place, unsigned)]
      const { manifest } = parsed
      const [layer] = manifest.layers
      if (layer === undefined) return [this.#refused(place, 'it has no content')]
      const type = documentType(manifest.artifactType ?? manifest.config.mediaType)
      const known = { digest, mediaType: layer.mediaType, type }
      const many = manifest.layers.length > 1 && layer.mediaType !== evidenceTypes.simpleSigning
      if (many) return [this.#refused(known, unsigned)]
      return await Promise.all(manifest.layers.map((each) => this.#document(each, known)))
    })
  }

  async tag(kind: keyof ReturnType<typeof olderTags>): Promise<readonly Attached[]> {
    const tag = olderTags(this.#subject)[kind]
    const root = await resolveIfThere(this.#store, tag)
    if (root === undefined) return []
    const place = { digest: root.digest, mediaType: root.mediaType, type: predicateTypes.signature }
    return await this.#judged(place, async () => {
      const manifest = await imageManifest(this.#store, root)
      return await mapLimit(manifest.layers.slice(0, attachedLimit), 4, async (layer) => {
        const type = layer.annotations?.['predicateType'] ?? predicateTypes.signature
        return await this.#document(layer, { digest: layer.digest, mediaType: layer.mediaType, type })
      })
    })
  }

  async #document(layer: Descriptor, place: Place): Promise<Attached> {
    const check = checkOf(layer)
    if (check === undefined) return { ...this.#refused(place, unsigned), document: layer }
    const [judged] = await this.#judged(place, async () => {
      const bytes = await readBounded(this.#store, layer, documentLimit)
      const expected = { subject: this.#subject, keys: this.#keys, where: 'the document' }
      const { statement, type, ...verdict } = check(bytes, expected)
      return [
        {
          ...place,
          type: type === 'unknown' ? place.type : type,
          subject: this.#subject,
          ...verdict,
          ...(statement === undefined ? {} : { statement }),
          document: layer,
        },
      ]
    })
    return judged ?? this.#refused(place, 'it has no content')
  }

  #refused(place: Place, reason: string): Attached {
    return { ...place, subject: this.#subject, signers: [], verified: false, reason }
  }

  async #judged(place: Place, judge: () => Promise<readonly Attached[]>): Promise<readonly Attached[]> {
    try {
      return await judge()
    } catch (error) {
      if (error instanceof TemperError && badContent.has(error.code))
        return [this.#refused(place, error.message)]
      throw error
    }
  }
}

type Place = Pick<Evidence, 'digest' | 'mediaType' | 'type'>

const unsigned = 'it is not signed'

/** Codes that say that something attached is bad, not that reading failed for another reason. */
const badContent = new Set(['bad-image', 'bad-attestation', 'limit-exceeded', 'digest-mismatch', 'not-found'])

/** How a document is judged, by its media type; undefined when it carries no signature and no subject. */
function checkOf(layer: Descriptor): ((bytes: Uint8Array, expected: Expectation) => Verdict) | undefined {
  if (layer.mediaType.startsWith('application/vnd.dev.sigstore.bundle')) return checkBundle
  switch (layer.mediaType) {
    case evidenceTypes.statement:
      return checkStatement
    case evidenceTypes.envelope:
      return checkDsse
    case evidenceTypes.simpleSigning:
      return (bytes, expected) =>
        checkSimpleSigning(bytes, layer.annotations?.[signatureAnnotation], expected)
    default:
      return undefined
  }
}

/** Documents that are attached as they are, by what a statement about them would be called. */
function documentType(artifactType: string): string {
  if (artifactType.startsWith('application/spdx+json')) return predicateTypes.spdxjson
  if (artifactType.startsWith('application/vnd.cyclonedx+json')) return predicateTypes.cyclonedx
  return artifactType
}

async function imageManifest(store: Store, root: Descriptor): Promise<Manifest> {
  const parsed = await readManifest(store, root)
  if (parsed.kind === 'manifest') return parsed.manifest
  throw new TemperError('bad-image', `${root.digest}: expected signatures in a manifest, found an index`)
}

function tooMany(subject: Descriptor): TemperError {
  return new TemperError(
    'limit-exceeded',
    `${subject.digest}: more than ${attachedLimit} things are attached to this image`,
  )
}

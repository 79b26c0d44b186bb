import { documentLimit } from '../../attest/json-document.ts'
import { isAbout } from '../../attest/statement/in-toto.ts'
import { mapLimit } from '../../base/concurrency.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import {
  type Evidence,
  evidenceTypes,
  predicateTypes,
  type Statement,
  type Trust,
  unsignedReason,
} from '../../model/attestation.ts'
import type { Descriptor, Manifest } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { type BesideDocument, besideStatements, besideType } from '../../oci/image/beside.ts'
import { resolveIfThere } from '../../oci/image/older-attachments.ts'
import { readBounded, readManifest } from '../../oci/image/read-manifest.ts'
import { olderTags } from '../../oci/name.ts'
import { checkOf } from './attached-check.ts'

/** Something attached to an image, after it was read and checked. */
export interface Attached extends Evidence {
  /** Ids of the trusted keys and identities that signed it; empty unless `verified` is true. */
  readonly vouchers: readonly string[]
  /** Its statement, if it is about this image and was asked for; trust it only if `verified` is true. */
  readonly statement?: Statement
  /** The document itself. */
  readonly document?: Descriptor
  /** Why a good signature vouches for nothing: its signer says that the image did not pass. */
  readonly denial?: string
}

export interface JudgeAttachedOptions {
  /** Which statements are returned; default none, since each can be as large as a bill of materials. */
  readonly keep?: (attached: Omit<Attached, 'statement'>) => boolean
  /** Called with each statement once, whether or not it is kept. */
  readonly seen?: (attached: Omit<Attached, 'statement'>, statement: Statement) => void
}

/** Most things that are attached to one image. */
const attachedLimit = 1000

/** Limit on the bytes of all documents that are read for one image. */
export const attachedBytesLimit = 512 << 20

/** Documents up to this size are read several at a time, larger ones alone. */
const smallDocument = 1 << 20

/**
 * Everything that is attached to one manifest, by `subject` and under the tags of cosign's older scheme, checked
 * against a trust policy. Whatever is damaged, false or about another image is listed with the reason; only failures
 * of the network or of files are thrown.
 */
export async function judgeAttached(
  store: Store,
  subject: Descriptor,
  options: JudgeAttachedOptions & { readonly trust: Trust },
): Promise<readonly Attached[]> {
  const referrers = new Map<Digest, Descriptor>()
  for await (const referrer of store.referrers(subject.digest)) {
    referrers.set(referrer.digest, referrer)
    if (referrers.size > attachedLimit) throw tooMany(subject)
  }
  const finder = new Finder(store, subject.digest)
  const candidates = [
    ...(await mapLimit([...referrers.values()], 4, (referrer) => finder.referrer(referrer))),
    await finder.tag('signatures'),
    await finder.tag('attestations'),
  ].flat()
  return await judgeCandidates(candidates, { store, subject: subject.digest, ...options })
}

/** A build tool's statement, in a manifest that an index lists beside its image. */
export function besideCandidate({ type, document }: Omit<BesideDocument, 'subject'>): AttachedCandidate {
  const { digest, mediaType } = document
  return { digest, mediaType, type, document, place: 'beside' }
}

/**
 * What is attached, and what is beside the image without also being attached, as newer versions of BuildKit do. What
 * is attached is not deduplicated, since one manifest of the older scheme has the signatures of all signers.
 */
export function withBeside(attached: readonly Attached[], beside: readonly Attached[]): readonly Attached[] {
  const key = ({ subject, digest, type }: Attached) => `${subject} ${digest} ${type}`
  const known = new Set(attached.map(key))
  return [...attached, ...beside.filter((each) => !known.has(key(each)))]
}

/** Where something is stored, and what to read there, or why there is nothing to read. */
export type AttachedCandidate = Pick<Evidence, 'digest' | 'mediaType' | 'type'> &
  ({ readonly document: Descriptor; readonly place?: 'beside' } | { readonly fault: string })

type Place = Pick<Evidence, 'digest' | 'mediaType' | 'type'>

/** Reads the manifests of what is attached: they say where the documents are. */
class Finder {
  readonly #store: Store
  readonly #subject: Digest

  constructor(store: Store, subject: Digest) {
    this.#store = store
    this.#subject = subject
  }

  async referrer(referrer: Descriptor): Promise<readonly AttachedCandidate[]> {
    const { digest } = referrer
    const claimed = referrer.artifactType ?? referrer.mediaType
    const place = { digest, mediaType: claimed, type: documentType(claimed) }
    return await unlessBad(place, async () => {
      const parsed = await readManifest(this.#store, referrer)
      const { subject } = parsed.kind === 'index' ? parsed.index : parsed.manifest
      if (subject?.digest !== this.#subject) {
        const where = subject === undefined ? 'nothing' : subject.digest
        return [{ ...place, fault: `it is listed as attached to this image, but it is attached to ${where}` }]
      }
      if (parsed.kind === 'index') return [{ ...place, fault: unsignedReason }]
      const { manifest } = parsed
      if (manifest.artifactType === besideType) return besideStatements(manifest).map(besideCandidate)
      const [layer] = manifest.layers
      if (layer === undefined) return [{ ...place, fault: 'it has no content' }]
      const type = documentType(manifest.artifactType ?? manifest.config.mediaType)
      const known = { digest, mediaType: layer.mediaType, type }
      const many = manifest.layers.length > 1 && layer.mediaType !== evidenceTypes.simpleSigning
      if (many) return [{ ...known, fault: unsignedReason }]
      return manifest.layers.slice(0, attachedLimit).map((document) => ({ ...known, document }))
    })
  }

  async tag(kind: keyof ReturnType<typeof olderTags>): Promise<readonly AttachedCandidate[]> {
    const tag = olderTags(this.#subject)[kind]
    const root = await resolveIfThere(this.#store, tag)
    if (root === undefined) return []
    const place = { digest: root.digest, mediaType: root.mediaType, type: predicateTypes.signature }
    return await unlessBad(place, async () => {
      const manifest = await imageManifest(this.#store, root)
      return manifest.layers.slice(0, attachedLimit).map((document) => {
        const type = document.annotations?.['predicateType'] ?? predicateTypes.signature
        return { digest: document.digest, mediaType: document.mediaType, type, document }
      })
    })
  }
}

type Judging = JudgeAttachedOptions & {
  readonly store: Store
  readonly subject: Digest
  readonly trust: Trust
}

/** Reads and checks documents, the smallest first, so that large ones cannot keep signatures from being read. */
export async function judgeCandidates(
  candidates: readonly AttachedCandidate[],
  judging: Judging,
): Promise<readonly Attached[]> {
  const judged = new Map<AttachedCandidate, Attached>()
  // What is refused by its size or not read at all takes no room.
  const sizeOf = (each: AttachedCandidate) =>
    'document' in each && each.document.size <= documentLimit && checkOf(each.document) !== undefined
      ? each.document.size
      : 0
  const ordered = [...candidates].sort((a, b) => sizeOf(a) - sizeOf(b))
  let total = 0
  const readable = ordered.filter((each) => {
    total += sizeOf(each)
    if (total <= attachedBytesLimit) return true
    const fault = `it is not read: more than ${attachedBytesLimit} bytes are attached to this image`
    judged.set(each, refused(each, fault, judging))
    return false
  })
  const judge = async (each: AttachedCandidate) => void judged.set(each, await judgeOne(each, judging))
  const isSmall = (each: AttachedCandidate) => sizeOf(each) <= smallDocument
  await mapLimit(readable.filter(isSmall), 4, judge)
  for (const each of readable.filter((large) => !isSmall(large))) await judge(each)
  return candidates.flatMap((each) => judged.get(each) ?? [])
}

async function judgeOne(candidate: AttachedCandidate, judging: Judging): Promise<Attached> {
  if ('fault' in candidate) return refused(candidate, candidate.fault, judging)
  const { document, place: where, ...place } = candidate
  const { store, subject, trust, keep, seen } = judging
  const check = checkOf(document)
  if (check === undefined) return { ...refused(place, unsignedReason, judging), document }
  try {
    const bytes = await readBounded(store, document, documentLimit)
    const { statement, type, ...verdict } = check(bytes, {
      subject,
      trust,
      where: 'the document',
      ...(where === undefined ? {} : { place: where }),
    })
    const known = type === 'unknown' ? place.type : type
    const denial = statement === undefined ? {} : denialOf(statement)
    const attached = { ...place, type: known, subject, ...verdict, ...denial, document }
    // What is about another image states nothing of this one, signed or not.
    if (statement === undefined || !isAbout(statement, subject)) return attached
    seen?.(attached, statement)
    return keep?.(attached) === true ? { ...attached, statement } : attached
  } catch (error) {
    return { ...refused(place, badContentReason(error), judging), document }
  }
}

/** A verification summary may say that verification failed (slsa.dev/verification_summary/v1). */
function denialOf({ predicateType, predicate }: Statement): Pick<Attached, 'denial'> {
  if (predicateType !== predicateTypes.vsa || predicate?.['verificationResult'] === 'PASSED') return {}
  return { denial: 'its signer says that the image did not pass' }
}

function refused(place: Place, reason: string, { subject }: Pick<Judging, 'subject'>): Attached {
  const { digest, mediaType, type } = place
  return { digest, mediaType, type, subject, signers: [], vouchers: [], verified: false, reason }
}

async function unlessBad(
  place: Place,
  find: () => Promise<readonly AttachedCandidate[]>,
): Promise<readonly AttachedCandidate[]> {
  try {
    return await find()
  } catch (error) {
    return [{ ...place, fault: badContentReason(error) }]
  }
}

/** What is wrong with something attached; throws what says that reading failed for another reason. */
function badContentReason(error: unknown): string {
  if (error instanceof TemperError && badContent.has(error.code)) return error.message
  throw error
}

const badContent = new Set(['bad-image', 'bad-attestation', 'limit-exceeded', 'digest-mismatch', 'not-found'])

/** Documents that are attached as they are, by what a statement about them would be called. */
function documentType(artifactType: string): string {
  if (artifactType.startsWith('application/spdx+json')) return predicateTypes.spdxjson
  if (artifactType.startsWith('application/vnd.cyclonedx+json')) return predicateTypes.cyclonedx
  if (/^application\/(?:vnd\.)?openvex\+json/.test(artifactType)) return predicateTypes.openvex
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

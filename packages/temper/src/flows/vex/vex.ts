import { isOfType } from '../../attest/statement/predicate-type.ts'
import { tryUtf8 } from '../../base/bytes.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { readableJson } from '../../base/json/canonical-json.ts'
import { predicateTypes } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { ImagePlatform } from '../../model/platform.ts'
import type { Store } from '../../model/store.ts'
import { readBounded, readManifest } from '../../oci/image/read-manifest.ts'
import type { Context } from '../context.ts'
import { isBuildEvidence, openVexType } from '../evidence/evidence-type.ts'
import type { EvidenceRequest } from '../evidence/list.ts'
import { type ImageSource, openImage } from '../image/source.ts'
import { chosenImage, imageTree } from '../image/tree.ts'
import { type Attached, judgeAttached } from '../trust/attached.ts'
import { admitted, type ImageTrust, trustsAnyone } from '../trust/image-trust.ts'
import { checkTrust, openTrust } from '../trust/open.ts'

export interface VexRequest extends EvidenceRequest {
  /** Which image of an index; absent: the index itself. */
  readonly platform?: ImagePlatform
}

export interface FoundVex {
  readonly reference: string
  /** What it is attached to. */
  readonly subject: Digest
  /** The document; exactly as it is attached, unless it is the predicate of a statement. */
  readonly text: string
  readonly verified: boolean
  readonly signers: readonly string[]
}

/** Most bytes of a document. */
const documentLimit = 128 << 20

/**
 * The OpenVEX document of an image. If signers are trusted, only what they signed counts; else whatever is attached,
 * preferably by the build. Throws `not-found` when there is none, `not-verified` when none is trusted.
 */
export async function vex(request: VexRequest, context: Context): Promise<FoundVex> {
  await checkTrust(request, request.reference, context)
  const source = await openImage(request.reference, context)
  try {
    const { store, root, text } = source
    const trust = await openTrust(request, request.reference, context)
    const chosen = await chosenImage(store, root, request.platform)
    const places = chosen.digest === root.digest ? await imageTree(store, root) : [{ descriptor: chosen }]
    let refused: Attached | undefined
    for (const { descriptor } of places) {
      const outcome = await vexOf(source, descriptor, trust)
      if (outcome !== undefined && 'text' in outcome) return { ...outcome, reference: text }
      refused ??= outcome
    }
    throw noneOf(text, refused)
  } finally {
    await source.store.close()
  }
}

async function vexOf(
  { store }: ImageSource,
  subject: Descriptor,
  trust: ImageTrust,
): Promise<Omit<FoundVex, 'reference'> | Attached | undefined> {
  if (!trustsAnyone(trust)) {
    const own = await buildDocument(store, subject)
    if (own !== undefined) return { subject: subject.digest, text: own, verified: false, signers: [] }
  }
  const keep = ({ type }: Pick<Attached, 'type'>) => isOfType(type, predicateTypes.openvex)
  const judged = await judgeAttached(store, subject, { ...trust, keep })
  const all = judged.filter(keep).map((each) => admitted(each, trust))
  const best = all.find((each) => each.verified) ?? all.find((each) => each.statement !== undefined)
  if (best?.statement !== undefined && (best.verified || !trustsAnyone(trust))) {
    const { statement, verified, signers } = best
    return { subject: subject.digest, text: readableJson(statement.predicate ?? {}), verified, signers }
  }
  return best ?? all[0]
}

/** The newest document that a build attached as it is; others after it, in the order of digests. */
async function buildDocument(store: Store, subject: Descriptor): Promise<string | undefined> {
  const referrers: Descriptor[] = []
  for await (const referrer of store.referrers(subject.digest, openVexType)) referrers.push(referrer)
  const created = ({ annotations }: Descriptor) => annotations?.['org.opencontainers.image.created'] ?? ''
  const [first] = referrers.sort(
    (a, b) =>
      Number(isBuildEvidence(b)) - Number(isBuildEvidence(a)) ||
      (created(a) === created(b) ? 0 : created(a) < created(b) ? 1 : -1) ||
      (a.digest < b.digest ? -1 : 1),
  )
  if (first === undefined) return undefined
  const parsed = await readManifest(store, first)
  const [layer] = parsed.kind === 'manifest' ? parsed.manifest.layers : []
  if (layer === undefined || parsed.kind !== 'manifest' || parsed.manifest.layers.length !== 1)
    throw unusable(first, 'expected one document in it')
  const text = tryUtf8(await readBounded(store, layer, documentLimit))
  if (text === undefined) throw unusable(first, 'the document is not UTF-8')
  return text
}

function unusable({ digest }: Descriptor, reason: string): TemperError {
  return new TemperError('bad-image', `The OpenVEX document ${digest}: ${reason}`)
}

function noneOf(reference: string, refused: Attached | undefined): TemperError {
  if (refused === undefined) {
    return new TemperError('not-found', `${reference} has no OpenVEX document attached`, {
      hint: 'Images that Temper builds have one. A copy keeps it when it is made with its evidence.',
    })
  }
  return new TemperError(
    'not-verified',
    `${reference} has an OpenVEX document, but it cannot be used: ${refused.reason}`,
    { details: { digest: refused.digest } },
  )
}

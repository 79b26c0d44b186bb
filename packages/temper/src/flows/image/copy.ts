import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Reference } from '../../model/reference.ts'
import { isTag } from '../../oci/name.ts'
import { targetName } from '../../oci/open-store.ts'
import { formatReference } from '../../oci/reference.ts'
import type { PublishingPolicy } from '../assess/before-tag.ts'
import type { GateJson } from '../assess/gate-json.ts'
import type { Context } from '../context.ts'
import type { EvidencePolicy } from './evidence-policy.ts'
import { repositoryOf } from './name.ts'
import { publish, type RefusedEvidence } from './publish.ts'
import { type ImageSource, openImage } from './source.ts'
import { openStoreFor } from './store.ts'

export interface CopyRequest {
  readonly from: Reference
  readonly to: Reference
  /** How attachments of the image are treated. */
  readonly evidence: EvidencePolicy
  /** Judges the image before anything is copied. */
  readonly gate?: PublishingPolicy
}

export interface CopyResult {
  readonly from: string
  /** Where the copy is, as every command takes it. */
  readonly reference: string
  readonly digest: Digest
  /** Attachments of the image that the target refused. */
  readonly refused: readonly RefusedEvidence[]
  /** The policy's decision; absent without a policy. */
  readonly gate?: GateJson
}

/**
 * Copies an image with everything that it names; the tag of the target, if it gets one, is set last. Throws `gate-refused`
 * before anything is written where a policy refuses the image.
 */
export async function copyImage(request: CopyRequest, context: Context): Promise<CopyResult> {
  const { to } = request
  const source = await openImage(request.from, context)
  try {
    const target = named(to, source)
    const gate = request.gate && (await judged(source, { target, by: request.gate }, context))
    const refused = await copyTo(target, source, { evidence: request.evidence, context })
    const copied = { from: source.text, reference: formatReference(target), digest: source.root.digest }
    return { ...copied, refused, ...(gate === undefined ? {} : { gate }) }
  } finally {
    await source.store.close()
  }
}

/** The very image that is copied, as it will be called at the target. */
async function judged(
  { reference, root }: ImageSource,
  { target, by }: { readonly target: Reference; readonly by: PublishingPolicy },
  context: Context,
): Promise<GateJson> {
  const [{ gateBeforeTag }, { pinned }] = await Promise.all([
    import('../assess/before-tag.ts'),
    import('../assess/facts.ts'),
  ])
  const candidate = {
    reference: pinned(reference, root.digest),
    digest: root.digest,
    repositories: [repositoryOf(target)],
    state: 'nothing was copied',
  }
  return await gateBeforeTag(candidate, by, context)
}

/**
 * The target with a tag: its own, else that of the source, else "latest". In a registry, an image that is named by its
 * digest alone gets none: nothing said that "latest" should move.
 */
function named(to: Reference, { reference: from, root }: ImageSource): Reference {
  if (to.digest !== undefined && to.digest !== root.digest) {
    throw new TemperError(
      'bad-usage',
      `Cannot copy to ${formatReference(to)}: the digest of the image is ${root.digest}`,
      {
        hint: 'A digest follows from the content. Name the target with a tag instead.',
      },
    )
  }
  if (to.kind === 'docker-archive') return { ...to, name: targetName(to) }
  const tag = to.tag ?? tagOf(from, to)
  if (tag !== undefined) return { ...to, tag }
  const unnamed =
    to.kind === 'registry'
      ? (to.digest ?? from.digest) !== undefined
      : to.kind === 'oci' && to.digest !== undefined
  return unnamed ? { ...to, digest: root.digest } : { ...to, tag: 'latest' }
}

/** The tag of the source, unless the target's digest says that none is wanted, or no registry would take it. */
function tagOf(from: Reference, to: Reference): string | undefined {
  if (to.digest !== undefined) return undefined
  const tag = from.kind === 'docker-archive' ? from.name?.replace(/^.*:/s, '') : from.tag
  return tag !== undefined && (to.kind !== 'registry' || isTag(tag)) ? tag : undefined
}

async function copyTo(
  to: Reference,
  source: ImageSource,
  options: { readonly evidence: EvidencePolicy; readonly context: Context },
): Promise<readonly RefusedEvidence[]> {
  const from = source.reference
  const target = await openStoreFor(to, options.context)
  try {
    return await publish({
      from: source.store,
      to: target,
      root: source.root,
      name: to.kind !== 'docker-archive' && to.tag === undefined ? undefined : targetName(to),
      // Nobody could find it in an archive of Docker's.
      evidence: to.kind === 'docker-archive' ? 'none' : options.evidence,
      progress: options.context.progress,
      ...(from.kind === 'registry' && to.kind === 'registry' && from.registry === to.registry
        ? { mountFrom: [from.repository] }
        : {}),
    })
  } finally {
    // Finishes an archive that got its tag; drops what an error left incomplete.
    await target.close()
  }
}

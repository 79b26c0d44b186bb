import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { ScanResult } from '../../model/advisory/finding.ts'
import type { Image } from '../../model/image.ts'
import { type ImagePlatform, parseImagePlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import { readImage } from '../../oci/image/read-image.ts'
import type { EvidenceFact, ImageFacts, Unjudged } from '../../policy/facts/facts.ts'
import type { Context } from '../context.ts'
import { gatherEvidence } from '../evidence/list.ts'
import { openImage } from '../image/source.ts'
import { imageTree } from '../image/tree.ts'
import type { ScanRules } from '../scan/result.ts'
import { trustsAnyone } from '../trust/image-trust.ts'
import type { TrustRequest } from '../trust/open.ts'
import { describeImage } from './image-description.ts'

export interface FactsRequest {
  readonly reference: Reference
  /** Which image of one for several platforms; absent: each of them. */
  readonly platform?: ImagePlatform
  /** Which feeds, VEX documents and ignore rules count. */
  readonly scan?: Omit<ScanRules, 'failOn'>
  /** Whom to trust about what is attached. */
  readonly trust?: TrustRequest
}

/** What a policy judges: facts of each image that a reference stands for. */
export interface GatheredFacts {
  readonly reference: string
  /** What the reference meant when it was looked up: an index for several platforms. */
  readonly digest: Digest
  readonly images: readonly ImageFacts[]
}

/** Reads each image once, by its digest: a tag that moves meanwhile changes nothing. */
export async function gatherFacts(request: FactsRequest, context: Context): Promise<GatheredFacts> {
  const { reference: wanted, platform } = request
  const { store, root, text, reference } = await openImage(wanted, context)
  try {
    const tree = await imageTree(store, root)
    const chosen =
      platform === undefined
        ? tree.length > 1
          ? tree.slice(1).map(({ descriptor }) => descriptor)
          : [root]
        : [(await readImage(store, root, { platform })).descriptor]
    const evidence = await evidenceOf(request, context)
    const images: ImageFacts[] = []
    for (const descriptor of chosen) {
      const image = await readImage(store, descriptor)
      images.push(await factsOf(image, { reference, evidence, root: root.digest }, { request, context }))
    }
    return { reference: text, digest: root.digest, images }
  } finally {
    await store.close()
  }
}

interface Known {
  readonly reference: Reference
  /** Of the image and all of its platforms; undefined where nobody looked. */
  readonly evidence: EvidenceOf | undefined
  /** Digest of the image, or of its index: what is attached there counts for each platform. */
  readonly root: string
}

interface Asked {
  readonly request: FactsRequest
  readonly context: Context
}

async function factsOf(
  image: Image,
  { reference, evidence, root }: Known,
  { request, context }: Asked,
): Promise<ImageFacts> {
  const described = describeImage(image, reference)
  const scan = await scanOf(pinned(reference, image.descriptor.digest), described.platform, {
    request,
    context,
  })
  const attached = evidence?.attached?.filter(
    ({ subject }) => subject === described.digest || subject === root,
  )
  return {
    image: described,
    violations: [],
    judged: new Set(),
    unjudgedRules: [],
    ...(scan.result === undefined ? {} : { scan: scan.result }),
    ...(attached === undefined ? {} : { evidence: attached.map(({ subject: _, ...fact }) => fact) }),
    unjudged: {
      ...(scan.why === undefined ? {} : { scan: scan.why }),
      ...(evidence?.why === undefined ? {} : { evidence: evidence.why }),
    },
  }
}

/** The very image that was found, where such a reference can name one by its digest. */
export function pinned(reference: Reference, digest: Image['descriptor']['digest']): Reference {
  return reference.kind === 'registry' || reference.kind === 'oci' || reference.kind === 'oci-archive'
    ? { ...reference, digest }
    : reference
}

/** Without advisories nothing can be compared: that is told, and no failure. */
async function scanOf(
  reference: Reference,
  platform: string,
  { request, context }: Asked,
): Promise<{ readonly result?: ScanResult; readonly why?: Unjudged }> {
  const { scan } = await import('../scan/scan.ts')
  try {
    const targets = [{ kind: 'image', reference } as const]
    const chosen = reference.digest === undefined ? { platform: parseImagePlatform(platform) } : {}
    const { reports } = await scan({ ...request.scan, targets, ...chosen, secrets: 'all' }, context)
    const [report] = reports
    if (report !== undefined) return { result: report.result }
  } catch (error) {
    // The image is there: it was read before.
    if (!(error instanceof TemperError) || error.code !== 'not-found') throw error
    return { why: { why: 'there are no advisories to compare with', remedy: 'fetch advisories' } }
  }
  throw new TemperError('internal', 'A scan of one image without a report')
}

interface EvidenceOf {
  readonly attached?: readonly (EvidenceFact & { readonly subject: string })[]
  readonly why?: Unjudged
}

/** What nobody is trusted about cannot be judged: a list of signatures alone proves nothing. */
async function evidenceOf({ reference, trust }: FactsRequest, context: Context): Promise<EvidenceOf> {
  const gathered = await gatherEvidence({ keys: [], ...trust, reference }, context)
  if (!trustsAnyone(gathered.trust)) {
    const why = 'nobody is trusted about this image'
    return {
      why: { why, remedy: 'name a key that is trusted, or add a rule for the image to the trust file' },
    }
  }
  return {
    attached: gathered.attached.map(({ type, verified, denial, reason, signers, subject }) => ({
      ...{ type, subject, signers },
      verified: verified && denial === undefined,
      reason: denial ?? reason,
    })),
  }
}

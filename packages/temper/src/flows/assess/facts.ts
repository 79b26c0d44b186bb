import type { Digest } from '../../base/digest.ts'
import type { Descriptor, Image } from '../../model/image.ts'
import { type ImagePlatform, parseImagePlatform } from '../../model/platform.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import { readImage } from '../../oci/image/read-image.ts'
import type { ImageFacts, UnjudgedRule, UnknownFact } from '../../policy/facts/facts.ts'
import { imageRules } from '../../rules/image/rules.ts'
import type { ImageSubject } from '../../rules/image/subject.ts'
import type { Context } from '../context.ts'
import { openImage } from '../image/source.ts'
import { imageTree } from '../image/tree.ts'
import type { ScanRules } from '../scan/result.ts'
import type { TrustRequest } from '../trust/open.ts'
import { type Assessed, type AssessRequest, assess } from './assess.ts'
import { describeImage } from './image-description.ts'

export interface FactsRequest {
  readonly reference: Reference
  /** Which platform of an image for several; absent: each of them. */
  readonly platform?: ImagePlatform
  /** Which feeds, VEX documents and ignore rules count. */
  readonly scan?: Omit<ScanRules, 'failOn'>
  /** Parameters of rules, by id and name; default: their own. */
  readonly parameters?: AssessRequest['parameters']
  /** Whether the distribution's archive is asked for newer packages. */
  readonly archive?: boolean
  /** Whom to trust about what is attached; default: the person's trust settings. */
  readonly trust?: TrustRequest
}

/** What a policy judges: the facts about each image that a reference stands for. */
export interface GatheredFacts {
  readonly reference: string
  /** What the reference meant when it was looked up: an index for several platforms. */
  readonly digest: Digest
  readonly images: readonly ImageFacts[]
}

/** Reads each image once, by its digest, so that a tag that moves in the meantime changes nothing. */
export async function gatherFacts(request: FactsRequest, context: Context): Promise<GatheredFacts> {
  const { store, root, text, reference } = await openImage(request.reference, context)
  try {
    const chosen = await chosenImages(store, root, request.platform)
    const images: ImageFacts[] = []
    for (const { image, platform } of chosen) {
      // By the digest of the whole, since what is attached there counts for each platform.
      const digest = platform === undefined ? image.descriptor.digest : root.digest
      const target = { kind: 'image', reference: pinned(reference, digest) } as const
      const { scan, trust = { keys: [] }, parameters, archive = false } = request
      const assessed = await assess(
        {
          ...scan,
          target,
          trust,
          archive,
          ...(platform === undefined ? {} : { platform }),
          ...(parameters === undefined ? {} : { parameters }),
        },
        context,
      )
      images.push(factsOf({ ...assessed, named: new Set(parameters?.keys()) }, image, reference))
    }
    return { reference: text, digest: root.digest, images }
  } finally {
    await store.close()
  }
}

interface ChosenImage {
  readonly image: Image
  /**
   * The platform by which it is selected; absent when it is the only image, or when another one is for the same
   * platform.
   */
  readonly platform?: ImagePlatform
}

async function chosenImages(
  store: Store,
  root: Descriptor,
  platform: ImagePlatform | undefined,
): Promise<readonly ChosenImage[]> {
  if (platform !== undefined) return [{ image: await readImage(store, root, { platform }), platform }]
  const [, ...platforms] = await imageTree(store, root)
  if (platforms.length === 0) return [{ image: await readImage(store, root) }]
  const names = platforms.map((each) => each.platform)
  const chosen: ChosenImage[] = []
  for (const { descriptor, platform: name } of platforms) {
    const image = await readImage(store, descriptor)
    const isAlone = name !== undefined && names.filter((each) => each === name).length === 1
    chosen.push({ image, ...(isAlone ? { platform: parseImagePlatform(name) } : {}) })
  }
  return chosen
}

/**
 * A reference to exactly the image that was found, if such a reference can name one by digest. In a layout a tag
 * would have to agree with the digest, but may name another image by now, or an index of which only this image
 * exists; in a registry a tag only says what the image is called.
 */
export function pinned(reference: Reference, digest: Digest): Reference {
  if (reference.kind === 'registry') return { ...reference, digest }
  if (reference.kind !== 'oci' && reference.kind !== 'oci-archive') return reference
  const { kind, path } = reference
  return { kind, path, digest }
}

/** The facts about an image, as policies judge them. */
export function factsOf(
  { assessment, subject, named = new Set() }: Assessed & { readonly named?: ReadonlySet<string> },
  image: Image,
  reference: Reference,
): ImageFacts {
  const { findings, unjudged, tier, aspects, next } = assessment
  const { scan, evidence } = subject
  const missing = new Set(unjudged.map(({ rule }) => rule))
  const trusted = evidence?.trustsAnyone === true ? evidence.attached : undefined
  return {
    image: describeImage(image, reference),
    violations: findings.map(({ rule, level, subject: what, place, found, remedy }) => ({
      rule,
      level,
      subject: what,
      place,
      found,
      remedy,
    })),
    judged: new Set(imageRules.map(({ id }) => id).filter((id) => !missing.has(id))),
    unjudgedRules: unjudged
      // What an image is judged without is missing only to whoever names it.
      .filter(({ optional, rule }) => optional !== true || named.has(rule))
      .map(({ rule, why }) => unjudgedRule(rule, why, subject)),
    tier,
    next: next.map(({ todo }) => todo),
    aspects: Object.fromEntries(aspects.map((aspect) => [aspect.id, aspect.tier])),
    ...(scan === undefined ? {} : { scan }),
    ...(trusted === undefined
      ? {}
      : {
          evidence: trusted.map(({ type, verified, reason, signers }) => ({
            type,
            verified,
            reason,
            signers,
          })),
        }),
    unjudged: {
      ...(scan === undefined ? { scan: noFeeds } : {}),
      ...(trusted === undefined ? { evidence: nobodyTrusted } : {}),
    },
  }
}

const noFeeds: UnknownFact = { why: 'there are no advisories to compare with', remedy: 'fetch advisories' }
/** A list of signatures alone proves nothing. */
const nobodyTrusted: UnknownFact = {
  why: 'no signer is trusted for this image',
  remedy: 'name a trusted key, or add a rule for the image to the trust file',
}

function unjudgedRule(id: string, why: string, subject: ImageSubject): UnjudgedRule {
  const rule = imageRules.find((each) => each.id === id)
  const wantsFeeds = subject.scan === undefined && rule?.needs.includes('scan') === true
  return {
    rule: id,
    level: rule?.level ?? 'error',
    ...(wantsFeeds ? noFeeds : { why, remedy: 'judge an image for which that is known' }),
  }
}

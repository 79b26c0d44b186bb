import type { NamedBytes } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import type { ManifestContents } from '../../manifest/contents.ts'
import { pinText } from '../../manifest/pin.ts'
import { readManifests } from '../../manifest/read.ts'
import type { RunContract } from '../../model/assess/run-contract.ts'
import type { ImageMention, Pod, PodContainer, PodSubject } from '../../model/assess/workload.ts'
import type { Place, Violation } from '../../model/rule.ts'
import type { Policy } from '../../policy/file/policy.ts'
import type { PodSecurityLevel } from '../../rules/kubernetes/level.ts'
import { contractRules, standardRules } from '../../rules/kubernetes/rules.ts'
import type { Context } from '../context.ts'
import type { ScanRules } from '../scan/result.ts'
import type { TrustRequest } from '../trust/open.ts'
import type {
  Admission,
  AdmissionReason,
  AdmittedImage,
  AdmittedPlace,
  AdmittedPod,
  PinnedFile,
  UnjudgedPlace,
} from './admission.ts'
import { gatedBy, type LearnedImage, learnImages, signedBy } from './images.ts'
import { waive } from './waive.ts'

export interface AdmitRequest {
  /** Files by the names that messages give them. */
  readonly files: readonly NamedBytes[]
  /** The Pod Security Standard that every pod is checked against. */
  readonly podSecurity: PodSecurityLevel
  /** Whom to trust about images; absent: as the person's trust file says. If it names nobody, no signature is required. */
  readonly trust?: TrustRequest
  /** A packaged policy, or the path of a policy file, that every image is checked against. */
  readonly policy?: string
  /** Which feeds, VEX documents and ignore rules the policy uses. */
  readonly scan?: ScanRules
  /** Whether to return the files with each image named by its digest. */
  readonly pin?: boolean
}

/**
 * Judges what files ask a cluster or Docker to run, before anything reaches it: each image, each pod. Without a
 * network it judges what needs no registry and reports the rest as not judged; if something is required of
 * images, it refuses those. Throws `bad-manifest`, `limit-exceeded`, and the errors of registries, except for a
 * missing image.
 */
export async function admit(request: AdmitRequest, context: Context): Promise<Admission> {
  const files = request.files.map(({ name, bytes }) => {
    const text = decode(name, bytes)
    return { text, contents: readManifests(name, text) }
  })
  const mentions = files.flatMap(({ contents }) => contents.images)
  const signed = await signedBy(request.trust ?? { keys: [] }, context)
  const policy = request.policy === undefined ? undefined : await openedPolicy(request.policy, context)
  const gated = policy === undefined ? undefined : await gatedBy(policy, request, context)
  const judge = [signed, gated].filter((each) => each !== undefined)
  const progress = context.progress.start('Asking registries')
  const learned = await learnImages(mentions, { judge, context }).finally(() => progress.done())
  const asked = { policy, now: context.now(), ofImages: judge.length > 0 }
  const pinned = request.pin === true ? files.flatMap((file) => pinnedFile(file, learned)) : []
  const images = mentions.map((mention) =>
    judgedImage(mention, learned, { pinning: request.pin === true, ...asked }),
  )
  const pods = files.flatMap(({ contents }) =>
    contents.pods.map((pod) => judgedPod(pod, { contents, learned, level: request.podSecurity, ...asked })),
  )
  return {
    allowed: [...images, ...pods].every(({ allowed }) => allowed),
    podSecurity: request.podSecurity,
    ...(request.policy === undefined ? {} : { policy: request.policy }),
    objects: files.reduce((sum, { contents }) => sum + contents.objects, 0),
    images,
    pods,
    pinned,
    unjudged: files.flatMap(({ contents }) => unjudgedOf(contents, learned)),
  }
}

/** What a policy says, and the day that exceptions are counted to. */
interface Asked {
  readonly policy: Policy | undefined
  readonly now: Date
  /** Whether anything is required of images: that a trusted signer vouches for them, that they pass the policy. */
  readonly ofImages: boolean
}

async function openedPolicy(name: string, context: Context): Promise<Policy> {
  const { openPolicy } = await import('../assess/policy.ts')
  return await openPolicy(name, context)
}

function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new TemperError('bad-manifest', `${name}: this is not text in UTF-8`)
  }
}

function judgedImage(
  mention: ImageMention,
  learned: ReadonlyMap<string, LearnedImage>,
  { pinning, policy, now, ofImages }: Asked & { readonly pinning: boolean },
): AdmittedImage {
  const { text, place, where } = mention
  const { digest, faults, waived: passed, unjudged } = learned.get(text) ?? { faults: [], waived: [] }
  const told = faults.map((fault): AdmissionReason => ({ ...place, ...fault }))
  // Trust and policies are about every image: one that nobody could look at is not let pass for that.
  if (unjudged !== undefined && ofImages)
    told.push({
      ...place,
      rule: 'image-judged',
      level: 'error',
      found: `not judged: ${unjudged.why}`,
      remedy: unjudged.remedy,
    })
  const willBePinned = pinning && digest !== undefined && mention.span !== undefined
  // What a variable stands for may well be a digest.
  const isKnown = !/\$|\{\{/.test(text)
  if (isKnown && !/@sha256:[0-9a-f]{64}$/.test(text) && !willBePinned)
    told.push({
      ...place,
      rule: 'image-pinned',
      level: 'warning',
      found: 'it is named by a tag, which may point to another image tomorrow',
      remedy: digest === undefined ? 'name it by its digest' : `write ${pinnedName(text, digest)}`,
    })
  const own = told.filter(({ rule }) => rule.startsWith('image-'))
  const { reasons: left, waived } = waive(own, policy, { subject: text, images: [text], now })
  const reasons = told.filter((each) => !own.includes(each)).concat(left)
  return {
    image: text,
    ...place,
    where,
    ...(digest === undefined ? {} : { digest }),
    allowed: reasons.every(({ level }) => level !== 'error'),
    judged: unjudged === undefined,
    reasons,
    waived: [...passed, ...waived],
  }
}

function judgedPod(
  pod: Pod,
  {
    contents,
    learned,
    level,
    policy,
    now,
  }: Asked & {
    readonly contents: ManifestContents
    readonly learned: ReadonlyMap<string, LearnedImage>
    readonly level: PodSecurityLevel
  },
): AdmittedPod {
  const contracts = new Map<PodContainer, RunContract>()
  for (const { container, text } of contents.images) {
    const contract = learned.get(text)?.contract
    if (container !== undefined && contract !== undefined) contracts.set(container, contract)
  }
  const subject: PodSubject = { pod, contracts }
  const told = [...standardRules(level), ...contractRules].flatMap((rule) =>
    [...rule.check(subject)].map((violation) => reasonOf(violation, pod)),
  )
  const { kind, name, namespace, place } = pod
  const object = [kind, ...(namespace === undefined ? [] : [namespace]), name].join('/')
  const own = contents.images.filter(
    ({ container }) => container !== undefined && pod.containers.includes(container),
  )
  const images = own.map(({ text }) => text)
  const { reasons, waived } = waive(told, policy, { object, subject: object, images, now })
  return {
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...place,
    allowed: reasons.every((reason) => reason.level !== 'error'),
    reasons,
    waived,
  }
}

function reasonOf({ rule, level, found, remedy, place }: Violation, pod: Pod): AdmissionReason {
  return { rule, level, ...(spanOf(place) ?? pod.place), found, remedy }
}

function spanOf(place: Place): AdmittedPlace | undefined {
  if (place.kind !== 'span') return undefined
  return { file: place.file, line: place.line, column: place.column }
}

function unjudgedOf(
  { images, unread }: ManifestContents,
  learned: ReadonlyMap<string, LearnedImage>,
): readonly UnjudgedPlace[] {
  const notLookedAt = images.flatMap(({ text, place }) => {
    const why = learned.get(text)?.unjudged?.why
    return why === undefined ? [] : [{ ...place, why: `${text}: ${why}` }]
  })
  return [...unread.map(({ place, why }) => ({ ...place, why })), ...notLookedAt]
}

function pinnedFile(
  { text, contents }: { readonly text: string; readonly contents: ManifestContents },
  learned: ReadonlyMap<string, LearnedImage>,
): readonly PinnedFile[] {
  const pins = contents.images.flatMap((mention) => {
    const digest = learned.get(mention.text)?.digest
    if (digest === undefined || mention.span === undefined || mention.text.includes('@')) return []
    return [{ mention, text: pinnedName(mention.text, digest) }]
  })
  const pinned = pinText(text, pins)
  return pinned === text ? [] : [{ file: contents.file, text: pinned, pinned: pins.length }]
}

/** The tag stays for people; the digest decides (distribution reference, "NAME:TAG@DIGEST"). */
function pinnedName(text: string, digest: string): string {
  return text.includes('@') ? text : `${text}@${digest}`
}

import { mapLimit } from '../../base/concurrency.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { type RunContract, runContract } from '../../model/assess/run-contract.ts'
import type { ImageMention } from '../../model/assess/workload.ts'
import type { Reference } from '../../model/reference.ts'
import type { Level } from '../../model/rule.ts'
import { imageMembers } from '../../oci/image/members.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { isHostless, parseReference } from '../../oci/reference.ts'
import type { Policy } from '../../policy/file/policy.ts'
import type { FactsRequest } from '../assess/facts.ts'
import type { WaiverJson } from '../assess/gate-json.ts'
import type { Context } from '../context.ts'
import { verify } from '../evidence/verify.ts'
import { openImage } from '../image/source.ts'
import type { TrustRequest } from '../trust/open.ts'

/** What breaks a rule about an image as a whole. */
export interface ImageFault {
  readonly rule: string
  readonly level: Level
  readonly found: string
  readonly remedy: string
}

/** The result of looking at an image that files name. */
export interface LearnedImage {
  /** Absent when the image was not reached. */
  readonly digest?: Digest
  readonly contract?: RunContract
  readonly faults: readonly ImageFault[]
  /** What an exception of a policy lets pass. */
  readonly waived: readonly WaiverJson[]
  readonly unjudged?: UnjudgedImage
}

/** Why an image was not looked at, and what lets it be, as phrases. */
interface UnjudgedImage {
  readonly why: string
  readonly remedy: string
}

const nameless: UnjudgedImage = {
  why: 'its name has a variable in it',
  remedy: 'write out the name: render the file first',
}
const unreached: UnjudgedImage = {
  why: 'its registry was not asked',
  remedy: 'judge it where its registry can be reached',
}

/** Checks one existing image against everything that the person requires of images: trust, a policy. */
export type JudgeImage = (
  reference: Reference,
  digest: Digest,
) => Promise<Pick<LearnedImage, 'faults'> & Partial<Pick<LearnedImage, 'waived'>>>

const unknown: LearnedImage = { faults: [], waived: [] }

/** Looks at each image once, however many containers name it. Network failures are thrown. */
export async function learnImages(
  mentions: readonly ImageMention[],
  { judge, context }: { readonly judge: readonly JudgeImage[]; readonly context: Context },
): Promise<ReadonlyMap<string, LearnedImage>> {
  const texts = [...new Set(mentions.map(({ text }) => text))]
  const learned = await mapLimit(texts, 4, (text) => learn(text, { judge, context }))
  return new Map(texts.map((text, i) => [text, learned[i] ?? unknown]))
}

async function learn(
  text: string,
  { judge, context }: { readonly judge: readonly JudgeImage[]; readonly context: Context },
): Promise<LearnedImage> {
  // Compose replaces variables, and templates their values, before anybody pulls the image.
  if (/\$|\{\{/.test(text)) return { ...unknown, unjudged: nameless }
  const reference = named(text)
  if (reference === undefined)
    return {
      ...unknown,
      faults: [
        fault('image-name', 'this is not the name of an image', 'write HOST/NAME:TAG or HOST/NAME@DIGEST'),
      ],
    }
  if (context.offline) return { ...unknown, unjudged: unreached }
  const read = await readContract(reference, context)
  if (read === undefined)
    return {
      ...unknown,
      faults: [fault('image-there', 'its registry does not have it', 'publish it, or name an existing one')],
    }
  const judged = []
  for (const each of judge) judged.push(await each(reference, read.digest))
  return {
    ...read,
    faults: judged.flatMap(({ faults }) => faults),
    waived: judged.flatMap(({ waived = [] }) => waived),
  }
}

/** Reads a name as Kubernetes and Docker do: a name without a host is one on Docker Hub. */
export function named(text: string): Reference | undefined {
  try {
    const reference = parseReference(isHostless(text) ? `docker://${text}` : text)
    return reference.kind === 'registry' ? reference : undefined
  } catch (error) {
    if (error instanceof TemperError && error.code === 'bad-reference') return undefined
    throw error
  }
}

/** The image's digest, and the contract of its first platform of Linux: no layer is read. Undefined: it is not there. */
async function readContract(
  reference: Reference,
  context: Context,
): Promise<{ readonly digest: Digest; readonly contract?: RunContract } | undefined> {
  const source = await openImage(reference, context).catch((error) => {
    if (error instanceof TemperError && error.code === 'not-found') return undefined
    throw error
  })
  if (source === undefined) return undefined
  const { store, root } = source
  try {
    const members = await imageMembers(store, root)
    const member = members.find(({ platform }) => (platform?.os ?? 'linux') === 'linux')
    if (member === undefined) return { digest: root.digest }
    const { config } = await readImage(store, member)
    return { digest: root.digest, contract: runContract(config.config ?? {}) }
  } finally {
    await store.close()
  }
}

/**
 * Checks that a trusted signer has signed it. Undefined when nobody is named, neither in the request nor in a trust
 * file.
 */
export async function signedBy(trust: TrustRequest, context: Context): Promise<JudgeImage | undefined> {
  const { keys, identity, identities = [] } = trust
  const isNamed = keys.length + identities.length > 0 || identity !== undefined || trust.trust !== undefined
  if (!isNamed && (await context.trust?.()) === undefined) return undefined
  const unsigned = (why: string) => fault('image-signed', why, 'sign it, or trust whoever has signed it')
  return async (reference, digest) => {
    try {
      const asked = { ...trust, reference: { ...reference, digest }, require: [] }
      const { verified, required } = await verify(asked, context)
      const missing = required.filter((each) => !verified && !each.verified)
      return {
        faults: missing.map(({ type, reason }) =>
          unsigned(`no trusted signer vouches for ${type}: ${reason}`),
        ),
      }
    } catch (error) {
      if (error instanceof TemperError && error.code === 'not-verified')
        return { faults: [unsigned(error.message)] }
      throw error
    }
  }
}

/** Checks that a policy allows it. */
export async function gatedBy(
  policy: Policy,
  request: Pick<FactsRequest, 'trust' | 'scan'>,
  context: Context,
): Promise<JudgeImage> {
  const [{ gate }, { gateJson }] = await Promise.all([
    import('../assess/gate.ts'),
    import('../assess/gate-json.ts'),
  ])
  return async (reference, digest) => {
    const outcome = await gate({ ...request, policy, reference: { ...reference, digest } }, context)
    const { reasons, remarks, waived } = gateJson(outcome)
    const faults = [...reasons, ...remarks].map(({ rule, level, subject, found, remedy }) => ({
      rule,
      level,
      remedy,
      found: `${subject}: ${found}`,
    }))
    return { faults, waived }
  }
}

function fault(rule: string, found: string, remedy: string): ImageFault {
  return { rule, level: 'error', found, remedy }
}

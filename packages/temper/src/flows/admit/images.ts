import { mapLimit } from '../../base/concurrency.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Reference } from '../../model/reference.ts'
import { type RunContract, runContract } from '../../model/run-contract.ts'
import type { ImageMention } from '../../model/workload.ts'
import { isImage, readImage, readIndex } from '../../oci/image/read-image.ts'
import { isHostless, parseReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { verify } from '../evidence/verify.ts'
import { openImage } from '../image/source.ts'
import type { TrustRequest } from '../trust/open.ts'

/** What breaks a rule about an image as a whole. */
export interface ImageFault {
  readonly rule: string
  readonly found: string
  readonly remedy: string
}

/** What was learned of an image that files name. */
export interface LearnedImage {
  /** Absent: it was not reached. */
  readonly digest?: Digest
  readonly contract?: RunContract
  readonly faults: readonly ImageFault[]
  /** Why it was not looked at, as a phrase. */
  readonly unjudged?: string
}

/** Holds one image that is there against whatever the person asks of images: trust, a policy. */
export type JudgeImage = (reference: Reference, digest: Digest) => Promise<readonly ImageFault[]>

/** Looks at each image once, however many containers name it. What a network breaks is thrown. */
export async function learnImages(
  mentions: readonly ImageMention[],
  { judge, context }: { readonly judge: readonly JudgeImage[]; readonly context: Context },
): Promise<ReadonlyMap<string, LearnedImage>> {
  const texts = [...new Set(mentions.map(({ text }) => text))]
  const learned = await mapLimit(texts, 4, (text) => learn(text, { judge, context }))
  return new Map(texts.map((text, i) => [text, learned[i] ?? { faults: [] }]))
}

async function learn(
  text: string,
  { judge, context }: { readonly judge: readonly JudgeImage[]; readonly context: Context },
): Promise<LearnedImage> {
  // Compose replaces variables, and templates their values, before anybody pulls the image.
  if (/\$|\{\{/.test(text)) return { faults: [], unjudged: 'its name has a variable in it' }
  const reference = named(text)
  if (reference === undefined)
    return {
      faults: [
        fault('image-name', 'this is not the name of an image', 'write HOST/NAME:TAG or HOST/NAME@DIGEST'),
      ],
    }
  if (context.offline) return { faults: [], unjudged: 'its registry was not asked' }
  try {
    const { digest, contract } = await readContract(reference, context)
    const faults: ImageFault[] = []
    for (const each of judge) faults.push(...(await each(reference, digest)))
    return { digest, ...(contract === undefined ? {} : { contract }), faults }
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'not-found') throw error
    return {
      faults: [
        fault('image-there', 'its registry does not have it', 'publish it, or name one that is there'),
      ],
    }
  }
}

/** As Kubernetes and Docker read a name: without a host it is one of Docker Hub. */
export function named(text: string): Reference | undefined {
  try {
    const reference = parseReference(isHostless(text) ? `docker://${text}` : text)
    return reference.kind === 'registry' ? reference : undefined
  } catch (error) {
    if (error instanceof TemperError && error.code === 'bad-reference') return undefined
    throw error
  }
}

/** The image's digest, and the contract of its first platform of Linux: no layer is read. */
async function readContract(
  reference: Reference,
  context: Context,
): Promise<{ readonly digest: Digest; readonly contract?: RunContract }> {
  const { store, root } = await openImage(reference, context)
  try {
    const { manifests } = await readIndex(store, root)
    const member = manifests.find((each) => isImage(each) && (each.platform?.os ?? 'linux') === 'linux')
    if (member === undefined) return { digest: root.digest }
    const { config } = await readImage(store, member)
    return { digest: root.digest, contract: runContract(config.config ?? {}) }
  } finally {
    await store.close()
  }
}

/** Somebody who is trusted has to have signed it. Undefined when nobody is named, on the spot or in a trust file. */
export async function signedBy(trust: TrustRequest, context: Context): Promise<JudgeImage | undefined> {
  const isNamed = trust.keys.length > 0 || trust.identity !== undefined || trust.trust !== undefined
  if (!isNamed && (await context.trust?.()) === undefined) return undefined
  const unsigned = (why: string) => fault('image-signed', why, 'sign it, or trust who has signed it')
  return async (reference, digest) => {
    try {
      const asked = { ...trust, reference: { ...reference, digest }, require: [] }
      const { verified, required } = await verify(asked, context)
      const missing = required.filter((each) => !verified && !each.verified)
      return missing.map(({ type, reason }) =>
        unsigned(`nobody who is trusted vouches for ${type}: ${reason}`),
      )
    } catch (error) {
      if (error instanceof TemperError && error.code === 'not-verified') return [unsigned(error.message)]
      throw error
    }
  }
}

function fault(rule: string, found: string, remedy: string): ImageFault {
  return { rule, found, remedy }
}

import { resolve as resolvePath } from 'node:path'
import { tryUtf8 } from '../base/bytes.ts'
import type { Digest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { writeFileAtomic } from '../base/file.ts'
import type { Descriptor } from '../model/image.ts'
import { formatPlatform, type Platform } from '../model/platform.ts'
import type { Store } from '../model/store.ts'
import { readBounded, readImage, readManifest } from '../oci/read-image.ts'
import type { Context } from './context.ts'
import { isBuildEvidence, type SbomFormat, sbomFormats } from './evidence-type.ts'
import { openImage } from './image-source.ts'

export interface SbomRequest {
  readonly reference: string
  readonly format: SbomFormat
  /** Which image of several; may be left out when there is one only. */
  readonly platform?: Platform
  /** File to write the document to. */
  readonly output?: string
}

export interface SbomOutcome {
  readonly reference: string
  /** Of the image that the document describes. */
  readonly digest: Digest
  readonly format: SbomFormat
  /** The document, exactly as it is attached. */
  readonly text: string
  /** The same, read. */
  readonly document: Readonly<Record<string, unknown>>
  /** Absolute path of the file that was written. */
  readonly output?: string
}

/** Most bytes of a document: an image of 100,000 files has some 60 MB. */
const documentLimit = 128 << 20

/**
 * The bill of materials that is attached to an image. Errors: `not-found` when there is none of that format,
 * `bad-image` when it is not the JSON that it should be.
 */
export async function sbom(request: SbomRequest, context: Context): Promise<SbomOutcome> {
  const { store, root, text: reference } = await openImage(request.reference, context)
  try {
    const { platform, format } = request
    const image = await readImage(store, root, platform === undefined ? {} : { platform })
    const { digest } = image.descriptor
    const attached = await findAttached(store, digest, sbomFormats[format])
    if (attached === undefined) throw noneAttached(reference, request)
    const text = await readDocument(store, attached)
    const document = parseDocument(text, attached)
    const found = { reference, digest, format, text, document }
    if (request.output === undefined) return found
    const output = resolvePath(context.workingDir, request.output)
    await writeFileAtomic(output, text)
    return { ...found, output }
  } finally {
    await store.close()
  }
}

/** What a build attached is preferred to what others did; of equals the first in the order of digests. */
async function findAttached(
  store: Store,
  subject: Digest,
  artifactType: string,
): Promise<Descriptor | undefined> {
  const found: Descriptor[] = []
  for await (const referrer of store.referrers(subject, artifactType)) found.push(referrer)
  const rank = (descriptor: Descriptor) => `${isBuildEvidence(descriptor) ? 0 : 1}${descriptor.digest}`
  return found.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))[0]
}

async function readDocument(store: Store, attached: Descriptor): Promise<string> {
  const parsed = await readManifest(store, attached)
  const layers = parsed.kind === 'manifest' ? parsed.manifest.layers : []
  const [only] = layers
  if (only === undefined || layers.length !== 1)
    throw unusable(attached, `expected one document in it, found ${layers.length}`)
  const text = tryUtf8(await readBounded(store, only, documentLimit))
  if (text === undefined) throw unusable(attached, 'the document is not UTF-8')
  return text
}

function parseDocument(text: string, attached: Descriptor): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return { ...value }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw unusable(attached, 'the document is not a JSON object')
}

function unusable({ digest, artifactType }: Descriptor, reason: string): TemperError {
  return new TemperError('bad-image', `The bill of materials ${digest} (${artifactType}): ${reason}`)
}

function noneAttached(reference: string, { format, platform }: SbomRequest): TemperError {
  const which = platform === undefined ? '' : ` for ${formatPlatform(platform)}`
  return new TemperError(
    'not-found',
    `${reference} has no bill of materials${which} attached in the format ${format}`,
    {
      hint: 'Images that "temper build" writes have one. Copies keep it when they are made with what is attached.',
    },
  )
}

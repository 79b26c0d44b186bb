import { tryUtf8 } from '../../base/bytes.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { tryJson } from '../../base/json/parse.ts'
import { isObject } from '../../base/json/value.ts'
import { printableJson } from '../../base/printable.ts'
import type { Descriptor } from '../../model/image.ts'
import { formatPlatform, type ImagePlatform } from '../../model/platform.ts'
import type { Store } from '../../model/store.ts'
import { readBounded, readManifest } from '../../oci/image/read-manifest.ts'
import type { Context } from '../context.ts'
import { type AttachedSbomFormat, isBuildEvidence, sbomFormats } from '../evidence/evidence-type.ts'
import type { ImageSource } from '../image/source.ts'
import type { InventorySource } from '../inventory/target-inventory.ts'

export interface AttachedSbom {
  /** Of the manifest that attaches it, or of the statement in an index. */
  readonly digest: Digest
  readonly text: string
}

/** Most bytes of a document: an image of 100,000 files has some 60 MB. */
const documentLimit = 128 << 20

/**
 * The attached document that may be used for the image. If the person's trust file has a rule for the image, it has
 * to be signed as the rule requires; otherwise it is the one that a build of Temper attached. With the source
 * "attached", any document is used, also one in a statement or beside the image in its index; a missing one is `not-found`.
 */
export async function attachedSbom(
  opened: { readonly image: ImageSource; readonly descriptor: Descriptor },
  options: {
    readonly format: AttachedSbomFormat
    readonly source: InventorySource
    readonly platform?: ImagePlatform
  },
  context: Context,
): Promise<AttachedSbom | undefined> {
  const { image, descriptor } = opened
  const trusted = await trustedDocument(opened, options.format, context)
  if (trusted.document !== undefined) return trusted.document
  const any = options.source === 'attached'
  if (trusted.ruled && !any) return undefined
  const attached = await findAttached(image.store, descriptor.digest, options.format)
  if (attached !== undefined && (any || isBuildEvidence(attached)))
    return { digest: attached.digest, text: await readDocument(image.store, attached, descriptor) }
  if (!any) return undefined
  // What judges statements is only loaded where one is wanted.
  const { statedSbom } = await import('./stated.ts')
  const stated = await statedSbom(image, descriptor, options.format)
  if (stated === undefined) throw noneAttached(image.text, options)
  return stated
}

async function trustedDocument(
  { image, descriptor }: { readonly image: ImageSource; readonly descriptor: Descriptor },
  format: AttachedSbomFormat,
  context: Context,
): Promise<{ readonly ruled: boolean; readonly document?: AttachedSbom }> {
  if (context.trust === undefined) return { ruled: false }
  // What judges signatures is only loaded for people who trust somebody.
  const [{ trustFor }, { trustedSboms }] = await Promise.all([
    import('../trust/trust-for.ts'),
    import('../trust/trusted-sboms.ts'),
  ])
  if ((await trustFor(image.reference, context)) === undefined) return { ruled: false }
  const [first] = (await trustedSboms(image, descriptor, context)).filter((each) => each.format === format)
  if (first === undefined) return { ruled: true }
  return { ruled: true, document: { digest: first.digest, text: `${printableJson(first.document)}\n` } }
}

/** What a build attached is preferred to what others did; of equals the first in the order of digests. */
async function findAttached(
  store: Store,
  subject: Digest,
  format: AttachedSbomFormat,
): Promise<Descriptor | undefined> {
  const referrers: Descriptor[] = []
  for await (const referrer of store.referrers(subject, sbomFormats[format])) referrers.push(referrer)
  const rank = (descriptor: Descriptor) => `${isBuildEvidence(descriptor) ? 0 : 1}${descriptor.digest}`
  return referrers.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))[0]
}

async function readDocument(store: Store, attached: Descriptor, subject: Descriptor): Promise<string> {
  const parsed = await readManifest(store, attached)
  // Registries list what is attached; only the manifest itself can say to what.
  const to = (parsed.kind === 'manifest' ? parsed.manifest : parsed.index).subject?.digest
  if (to !== subject.digest)
    throw unusable(
      attached,
      `it is listed as attached to ${subject.digest}, but it is attached to ${to ?? 'nothing'}`,
    )
  const layers = parsed.kind === 'manifest' ? parsed.manifest.layers : []
  const [only] = layers
  if (only === undefined || layers.length !== 1)
    throw unusable(attached, `expected one document in it, found ${layers.length}`)
  const text = tryUtf8(await readBounded(store, only, documentLimit))
  if (text === undefined) throw unusable(attached, 'the document is not UTF-8')
  checkDocument(text, attached)
  return text
}

function checkDocument(text: string, attached: Descriptor): void {
  if (!isObject(tryJson(text, Number.POSITIVE_INFINITY)))
    throw unusable(attached, 'the document is not a JSON object')
}

function unusable({ digest, artifactType }: Descriptor, reason: string): TemperError {
  return new TemperError('bad-image', `The bill of materials ${digest} (${artifactType}): ${reason}`)
}

function noneAttached(
  reference: string,
  { format, platform }: { readonly format: AttachedSbomFormat; readonly platform?: ImagePlatform },
): TemperError {
  const which = platform === undefined ? '' : ` for ${formatPlatform(platform)}`
  return new TemperError(
    'not-found',
    `${reference} has no attached bill of materials${which} in the format ${format}`,
    { next: { action: 'read-layers' } },
  )
}

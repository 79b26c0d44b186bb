import { resolve as resolvePath } from 'node:path'
import type { Digest } from '../../base/digest.ts'
import { writeFileAtomic } from '../../base/file.ts'
import type { Inventory } from '../../model/inventory.ts'
import type { ImagePlatform } from '../../model/platform.ts'
import { readImage } from '../../oci/image/read-image.ts'
import type { Context } from '../context.ts'
import type { SbomFormat } from '../evidence/evidence-type.ts'
import { openImage } from '../image/source.ts'
import type { InventorySource } from '../inventory/inventory.ts'
import type { ScanTarget } from '../inventory/target.ts'
import { attachedSbom } from './attached.ts'
import { type DocumentText, sbomPieces, withText } from './document.ts'
import { namedInventoryOf } from './named.ts'

export interface SbomRequest {
  readonly target: ScanTarget
  readonly format: SbomFormat
  /** Which image of several; may be left out when there is one only. */
  readonly platform?: ImagePlatform
  /**
   * For images. "auto", the default: the attached document when it is trusted, else made from the layers. "attached":
   * whatever is attached. "layers": always made anew.
   */
  readonly source?: InventorySource
  /** Paths to leave out, from the root of the target, with `*` and `**`. */
  readonly exclude?: readonly string[]
  /** Name of what the document describes; default: the target as every command takes it. */
  readonly name?: string
  /** File to write the document to. */
  readonly output?: string
}

export interface SbomOutcome extends DocumentText {
  /** As every command takes it. */
  readonly reference: string
  /** Of the image that the document describes. */
  readonly digest?: Digest
  readonly format: SbomFormat
  /** "attached sha256:…", or what the document was made from: "layers", "files", "lock", "SPDX 2.3". */
  readonly from: string
  /** Absolute path of the file that was written. */
  readonly output?: string
}

/**
 * The bill of materials of any target: the attached one of an image if it is trusted, else one made from its
 * contents. Errors: `not-found` when an attached document is required and there is none of that format, `bad-image`
 * when it is not the JSON that it should be, and those of `inventoryOf`.
 */
export async function sbom(request: SbomRequest, context: Context): Promise<SbomOutcome> {
  const document = (await attached(request, context)) ?? (await made(request, context))
  return await written(document, request, context)
}

/** A document with its text, an attached one unchanged, written to a file if that is asked for. */
export async function written(
  { pieces, ...facts }: MadeDocument,
  { output }: Pick<SbomRequest, 'output'>,
  { workingDir }: Pick<Context, 'workingDir'>,
): Promise<SbomOutcome> {
  if (output === undefined) return withText(facts, pieces)
  const path = resolvePath(workingDir, output)
  await writeFileAtomic(path, utf8(pieces))
  return withText({ ...facts, output: path }, pieces)
}

/** What is known of a document, with its text in pieces. */
export type MadeDocument = Omit<SbomOutcome, 'text' | 'output'>

async function* utf8(pieces: Iterable<string>): AsyncGenerator<Uint8Array, void, void> {
  for (const piece of pieces) yield Buffer.from(piece)
}

async function attached(request: SbomRequest, context: Context): Promise<MadeDocument | undefined> {
  const { target, format, platform, source = 'auto' } = request
  if (source === 'layers' || target.kind !== 'image') return undefined
  // A document that is attached lists everything, and has its own name.
  if (request.exclude !== undefined || request.name !== undefined) return undefined
  // Nobody attaches it: it is made from what is there.
  if (format === 'spdx3-json') return undefined
  const image = await openImage(target.reference, context)
  try {
    const { descriptor } = await readImage(
      image.store,
      image.root,
      platform === undefined ? {} : { platform },
    )
    const options = { format, source, ...(platform === undefined ? {} : { platform }) }
    const document = await attachedSbom({ image, descriptor }, options, context)
    if (document === undefined) return undefined
    const { text, digest } = document
    const from = `attached ${digest}`
    return { reference: image.text, digest: descriptor.digest, format, from, pieces: [text] }
  } finally {
    await image.store.close()
  }
}

async function made(request: SbomRequest, context: Context): Promise<MadeDocument> {
  const { target, format, platform, source = 'auto' } = request
  const inventoried = await namedInventoryOf(
    target,
    {
      source: format === 'spdx3-json' ? source : 'layers',
      // SPDX 2.3 demands it. Without, what a scan has read of the layers serves again.
      sha1: format === 'spdx-json',
      ...(platform === undefined ? {} : { platform }),
      ...(request.exclude === undefined ? {} : { exclude: request.exclude }),
    },
    context,
  )
  tellNotes(inventoried.inventory, context)
  return {
    reference: inventoried.name,
    ...(inventoried.digest === undefined ? {} : { digest: inventoried.digest }),
    format,
    from: inventoried.from,
    pieces: sbomPieces(
      request.name === undefined ? inventoried : { ...inventoried, title: request.name },
      format,
      context,
    ),
  }
}

/** Most notes that are told one by one; all of them are in the document. */
const toldNotes = 10

/** Says what could not be read, as a scan does. */
function tellNotes({ notes }: Inventory, { progress }: Context): void {
  for (const { message } of notes.slice(0, toldNotes)) progress.warn(message)
  if (notes.length > toldNotes) progress.warn(`${notes.length - toldNotes} more notes are in the document`)
}

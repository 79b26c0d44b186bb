import { type Digest, isDigest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Descriptor, ImageIndex, Manifest } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { manifestKind } from './media-type.ts'
import { readManifest } from './read-manifest.ts'

/** A statement that a build tool put into the index of an image, beside the image that it is about. */
export interface BesideDocument {
  /** The image that the index says it is about. */
  readonly subject: Digest
  /** The predicate type according to its annotation; what the statement itself says decides. */
  readonly type: string
  readonly document: Descriptor
}

/** A manifest of such statements that cannot be read. */
export interface BesideFault {
  readonly subject: Digest
  readonly manifest: Descriptor
  readonly fault: TemperError
}

const depthLimit = 8
/** Manifests of statements, and statements in all of them. */
const besideLimit = 1000
/** Plain, or in an envelope, as tools that sign them replace them (buildx, util/imagetools/loader.go). */
const statementType = /^application\/vnd\.in-toto(?:\+json|\.[a-z0-9.-]+\+dsse)$/

/**
 * Statements beside the images of an index, as BuildKit stores what it says of a build (buildkit,
 * docs/attestations/attestation-storage.md): manifests for no platform with the annotation `vnd.docker.reference.type`,
 * whose layers are in-toto statements, which nobody signed or others put into envelopes. Layers of other kinds are left out, as that page says.
 * Throws `limit-exceeded`, and what the store throws.
 */
export async function besideDocuments(
  store: Store,
  root: Descriptor,
): Promise<readonly (BesideDocument | BesideFault)[]> {
  if (manifestKind(root.mediaType) !== 'index') return []
  const documents: (BesideDocument | BesideFault)[] = []
  for (const { subject, manifest } of await referring(store, root, 1)) {
    documents.push(...(await documentsOf(store, { subject, manifest })))
    if (documents.length > besideLimit) throw tooMany(root)
  }
  return documents
}

interface Referring {
  readonly subject: Digest
  readonly manifest: Descriptor
}

async function referring(store: Store, root: Descriptor, depth: number): Promise<readonly Referring[]> {
  const index = await unlessAbsent(readIndex(store, root))
  const referrers: Referring[] = []
  for (const member of index?.manifests ?? []) {
    const { 'vnd.docker.reference.type': type, 'vnd.docker.reference.digest': subject } =
      member.annotations ?? {}
    if (type === 'attestation-manifest' && subject !== undefined && isDigest(subject))
      referrers.push({ subject, manifest: member })
    else if (manifestKind(member.mediaType) === 'index' && depth < depthLimit)
      referrers.push(...(await referring(store, member, depth + 1)))
    if (referrers.length > besideLimit) throw tooMany(root)
  }
  return referrers
}

async function readIndex(store: Store, descriptor: Descriptor): Promise<ImageIndex | undefined> {
  const parsed = await readManifest(store, descriptor)
  return parsed.kind === 'index' ? parsed.index : undefined
}

/** An inner index may not have been copied: then it says nothing. */
async function unlessAbsent<Value>(value: Promise<Value>): Promise<Value | undefined> {
  try {
    return await value
  } catch (error) {
    if (error instanceof TemperError && error.code === 'not-found') return undefined
    throw error
  }
}

async function documentsOf(
  store: Store,
  { subject, manifest }: Referring,
): Promise<readonly (BesideDocument | BesideFault)[]> {
  try {
    const parsed = await readManifest(store, manifest)
    return parsed.kind === 'index'
      ? []
      : besideStatements(parsed.manifest).map((statement) => ({ subject, ...statement }))
  } catch (error) {
    if (!(error instanceof TemperError) || !unreadable.has(error.code)) throw error
    return [{ subject, manifest, fault: error }]
  }
}

/** The artifact type that BuildKit gives to such a manifest since it also names the image as its subject. */
export const besideType = 'application/vnd.docker.attestation.manifest.v1+json'

/** The statements in such a manifest. */
export function besideStatements({ layers }: Manifest): readonly Omit<BesideDocument, 'subject'>[] {
  return layers.slice(0, besideLimit).flatMap((document) => {
    if (!statementType.test(document.mediaType)) return []
    return [{ type: document.annotations?.['in-toto.io/predicate-type'] ?? 'unknown', document }]
  })
}

const unreadable: ReadonlySet<string> = new Set([
  'bad-image',
  'limit-exceeded',
  'digest-mismatch',
  'not-found',
])

function tooMany({ digest }: Descriptor): TemperError {
  return new TemperError('limit-exceeded', `${digest}: more than ${besideLimit} statements beside its images`)
}

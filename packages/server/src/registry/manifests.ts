import { createHash } from 'node:crypto'
import { RegistryError } from './error.ts'
import { answer, type Exchange, headerOf, readBody } from './exchange.ts'
import { type ManifestDocument, manifestLimit, parseManifestDocument } from './manifest-document.ts'
import { type ContentDigest, isTag, type ManifestReference, parseManifestReference, partsOf } from './name.ts'
import type { ManifestPlace, RepositoryPlace } from './place.ts'
import { guard } from './quarantine.ts'

/** Most tags that one request may give to a manifest. */
const tagLimit = 100

/** GET and HEAD of a manifest by tag or digest ("Pulling manifests"). */
export async function showManifest(exchange: Exchange, place: ManifestPlace, text: string): Promise<void> {
  const reference = parseManifestReference(text)
  const digest = await digestOf(place, reference)
  const found = digest === undefined ? undefined : await place.memory.read(place.name, digest)
  if (digest === undefined || found === undefined) throw await unknownManifest(place, text)
  const headers = { 'Docker-Content-Digest': digest, ETag: `"${digest}"` }
  if (headerOf(exchange, 'if-none-match') === headers.ETag) return answer(exchange, 304, { headers })
  answer(exchange, 200, { headers: { ...headers, 'Content-Type': found.mediaType }, body: found.bytes })
}

/**
 * PUT: takes a manifest when all that it names is there, and gives it its tags last ("Pushing Manifests"). Returns its
 * digest.
 */
export async function putManifest(
  exchange: Exchange,
  place: ManifestPlace,
  text: string,
): Promise<ContentDigest> {
  const reference = parseManifestReference(text)
  const tags = tagsToSet(exchange, reference)
  const bytes = await readBody(exchange, manifestLimit)
  const digest = checkedDigest(bytes, 'digest' in reference ? reference.digest : undefined)
  const document = parseManifestDocument(bytes, mediaTypeOf(exchange))
  await checkPresent(place, document)

  const { storage, repository } = place
  await storage.content.write(digest, bytes)
  await repository.addManifest(digest, document.mediaType)
  place.memory.forget(place.name, digest)
  if (document.subject !== undefined)
    await repository.addReferrer(document.subject, {
      mediaType: document.mediaType,
      digest,
      size: bytes.length,
      ...(document.artifactType === undefined ? {} : { artifactType: document.artifactType }),
      ...(document.annotations === undefined ? {} : { annotations: document.annotations }),
    })
  if (place.gate !== undefined && tags.length > 0)
    await guard(place, { digest, document, tags }, { gate: place.gate, now: new Date() })
  for (const tag of tags) await repository.setTag(tag, digest)

  answer(exchange, 201, {
    headers: {
      Location: `/v2/${place.name}/manifests/${digest}`,
      'Docker-Content-Digest': digest,
      ...(document.subject === undefined ? {} : { 'OCI-Subject': document.subject }),
      ...(exchange.query.has('tag') ? { 'OCI-Tag': tags.join(', ') } : {}),
    },
  })
  return digest
}

/** DELETE: a tag alone, or a manifest with all its tags ("Content Management"). */
export async function deleteManifest(exchange: Exchange, place: ManifestPlace, text: string): Promise<void> {
  const reference = parseManifestReference(text)
  const { repository } = place
  if ('tag' in reference) {
    if (!(await repository.removeTag(reference.tag))) throw await unknownManifest(place, text)
    return answer(exchange, 202)
  }
  const found = await place.memory.read(place.name, reference.digest)
  if (found === undefined) throw await unknownManifest(place, text)
  // First what leads to it: a reader never finds a name without what it names.
  for (const tag of await repository.tagsOf(reference.digest)) await repository.removeTag(tag)
  const { subject } = parseManifestDocument(found.bytes, found.mediaType)
  if (subject !== undefined) await repository.removeReferrer(subject, reference.digest)
  await repository.removeManifest(reference.digest)
  await repository.release(reference.digest)
  place.memory.forget(place.name, reference.digest)
  answer(exchange, 202)
}

async function digestOf(
  place: RepositoryPlace,
  reference: ManifestReference,
): Promise<ContentDigest | undefined> {
  return 'digest' in reference ? reference.digest : place.repository.tagged(reference.tag)
}

/** Tags of the address: its own reference, or the parameters `tag` beside a digest (distribution-spec 1.1+dev). */
function tagsToSet({ query }: Exchange, reference: ManifestReference): readonly string[] {
  const given = query.getAll('tag')
  const wrong = given.find((tag) => !isTag(tag))
  if (wrong !== undefined || given.length > tagLimit)
    throw new RegistryError('MANIFEST_INVALID', `expected at most ${tagLimit} tags, each a valid one`)
  return 'tag' in reference ? [reference.tag, ...given] : given
}

function checkedDigest(bytes: Uint8Array, expected: ContentDigest | undefined): ContentDigest {
  const algorithm = expected === undefined ? 'sha256' : partsOf(expected).algorithm
  const found: ContentDigest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
  if (expected === undefined || expected === found) return found
  throw new RegistryError('DIGEST_INVALID', `expected a manifest of digest ${expected}, found ${found}`)
}

function mediaTypeOf(exchange: Exchange): string | undefined {
  const header = headerOf(exchange, 'content-type')
  return header?.split(';', 1)[0]?.trim() || undefined
}

/** A manifest never comes before what it names, so that nobody pulls half an image. */
async function checkPresent(place: RepositoryPlace, document: ManifestDocument): Promise<void> {
  for (const digest of document.blobs)
    if (!(await place.repository.hasBlob(digest)) || !(await place.storage.content.keep(digest)))
      throw missing(place, 'blob', digest)
  for (const digest of document.manifests)
    if ((await place.repository.manifestType(digest)) === undefined) throw missing(place, 'manifest', digest)
}

function missing({ name }: RepositoryPlace, kind: string, digest: ContentDigest): RegistryError {
  return new RegistryError(
    'MANIFEST_BLOB_UNKNOWN',
    `the manifest names the ${kind} ${digest}, which ${name} does not have: push it first`,
    { detail: { digest } },
  )
}

async function unknownManifest(place: RepositoryPlace, text: string): Promise<RegistryError> {
  if (!(await place.repository.exists()))
    return new RegistryError('NAME_UNKNOWN', `there is no repository ${place.name}`)
  return new RegistryError('MANIFEST_UNKNOWN', `${place.name} has no manifest ${text.slice(0, 150)}`)
}

import { createHash } from 'node:crypto'
import { RegistryError } from './error.ts'
import { answer, type Exchange, headerOf, readBody } from './exchange.ts'
import { type ManifestDocument, manifestLimit, parseManifestDocument } from './manifest-document.ts'
import { type ContentDigest, isTag, type ManifestReference, parseManifestReference, partsOf } from './name.ts'
import type { ManifestPlace, RepositoryPlace } from './place.ts'
import { guard } from './quarantine.ts'
import { demandDeletable, demandMovable, setTags } from './rules/immutable.ts'

/** Most tags that one request may give to a manifest. */
const tagLimit = 100

/** GET and HEAD of a manifest by tag or digest ("Pulling manifests"). */
export async function showManifest(exchange: Exchange, place: ManifestPlace, text: string): Promise<void> {
  const reference = parseManifestReference(text)
  const digest = await digestOf(place, reference)
  const manifest = digest === undefined ? undefined : await place.memory.read(place.name, digest)
  if (digest === undefined || manifest === undefined) throw await unknownManifest(place, text)
  if (exchange.request.method === 'GET') place.pulls?.note(place, digest)
  const headers = { 'Docker-Content-Digest': digest, ETag: `"${digest}"` }
  if (headerOf(exchange, 'if-none-match') === headers.ETag) return answer(exchange, 304, { headers })
  answer(exchange, 200, { headers: { ...headers, 'Content-Type': manifest.mediaType }, body: manifest.body })
}

/**
 * PUT: accepts a manifest when everything that it names is there, and sets its tags last ("Pushing Manifests").
 * Returns its digest.
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
  await demandMovable(place, { digest, tags }, place.immutable)
  await checkPresent(place, document)

  const { storage, repository } = place
  if ((await repository.manifestType(digest)) === undefined) await place.usage.take(place.name, bytes.length)
  await storage.content.write(digest, bytes)
  await repository.addManifest(digest, document.mediaType)
  await confirm(place, digest, document)
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
  await setTags(place, { digest, tags }, place.immutable)
  // Without a tag it is a part of something, which comes later, or attached to something that is there.
  await place.pushed?.(place.name, document.subject === undefined ? tags : [...tags, document.subject])

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
    demandDeletable(place.name, [reference.tag], place.immutable)
    if (!(await repository.removeTag(reference.tag))) throw await unknownManifest(place, text)
    return answer(exchange, 202)
  }
  const manifest = await place.memory.read(place.name, reference.digest)
  if (manifest === undefined) throw await unknownManifest(place, text)
  // First what leads to it: a reader never finds a name without what it names.
  const tags = await repository.tagsOf(reference.digest)
  demandDeletable(place.name, tags, place.immutable)
  for (const tag of tags) await repository.removeTag(tag)
  const { subject } = parseManifestDocument(manifest.bytes, manifest.mediaType)
  if (subject !== undefined) await repository.removeReferrer(subject, reference.digest)
  await repository.removeManifest(reference.digest)
  await repository.release(reference.digest)
  place.memory.forget(place.name, reference.digest)
  place.usage.forget(place.name)
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
  const actual: ContentDigest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
  if (expected === undefined || expected === actual) return actual
  throw new RegistryError('DIGEST_INVALID', `expected a manifest of digest ${expected}, found ${actual}`)
}

function mediaTypeOf(exchange: Exchange): string | undefined {
  const header = headerOf(exchange, 'content-type')
  return header?.split(';', 1)[0]?.trim() || undefined
}

/**
 * A manifest never comes before what it names, so that nobody pulls half an image. What is named is touched: a sweep that began
 * before leaves it.
 */
async function checkPresent({ name, repository, storage }: RepositoryPlace, document: ManifestDocument) {
  for (const digest of document.blobs)
    if (!(await repository.keepBlob(digest)) || !(await storage.content.keep(digest)))
      throw missing(name, 'blob', digest)
  for (const digest of document.manifests)
    if (!(await repository.keepManifest(digest))) throw missing(name, 'manifest', digest)
}

/** Once more now that the manifest is there: a sweep may have listed manifests before it was, and taken what it names. */
async function confirm(place: ManifestPlace, digest: ContentDigest, document: ManifestDocument) {
  try {
    if (!(await place.storage.content.keep(digest))) throw missing(place.name, 'manifest', digest)
    await checkPresent(place, document)
  } catch (error) {
    await place.repository.removeManifest(digest)
    place.memory.forget(place.name, digest)
    throw error
  }
}

function missing(name: string, kind: string, digest: ContentDigest): RegistryError {
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

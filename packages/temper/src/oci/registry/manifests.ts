import { setTimeout as sleep } from 'node:timers/promises'
import { collect } from '../../base/bytes.ts'
import { type Digest, isDigest, sha256, verified } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { HttpResponse } from '../../base/http/http.ts'
import type { Blob, Descriptor } from '../../model/image.ts'
import { type ParsedManifest, parseManifest } from '../image/manifest.ts'
import { acceptManifests, manifestKind, manifestLimit } from '../image/media-type.ts'
import { isAttachmentTag } from '../name.ts'
import { blobIn } from '../store-error.ts'
import type { RegistryClient } from './client.ts'
import { isSuccess, registryError } from './error.ts'
import { KeptManifests } from './kept-manifests.ts'

/** Most bytes of manifests that are kept to be tagged. */
const keptBytes = 64 << 20

/** Most bytes of manifests that were read and may be read again: of one image there are a few, of some KiB each. */
const readBytes = 1 << 20

/** Milliseconds after which a blob that was pushed has to be known. */
const unknownFor = 500

/** A manifest as a registry has it under a name. */
export interface NamedManifest {
  readonly digest: Digest
  readonly parsed: ParsedManifest
}

/** Manifests of one repository of a registry, by tag or digest. */
export class Manifests {
  readonly #client: RegistryClient
  /** Manifests that were just pushed, since some registries (Quay) do not show them before they have a tag. */
  readonly #pushed = new KeptManifests(keptBytes)
  readonly #read = new KeptManifests(readBytes)

  constructor(client: RegistryClient) {
    this.#client = client
  }

  async resolve(name: string): Promise<Descriptor> {
    // Mostly nothing is attached in that way, and what is there is read next: GET answers both.
    if (isAttachmentTag(name)) return this.#describe(name)
    const response = await this.#request('HEAD', name)
    await response.close()
    const mediaType = typeOf(response)
    const size = sizeOf(response)
    const digest = isDigest(name) ? name : response.headers.get('docker-content-digest')
    const complete = mediaType !== undefined && size !== undefined && digest !== null && isDigest(digest)
    // The headers are optional, and some registries and proxies refuse HEAD, also with 404: GET decides.
    return isSuccess(response.status) && complete ? { mediaType, digest, size } : this.#describe(name)
  }

  async #describe(name: string): Promise<Descriptor> {
    const bytes = await (await this.get(name)).bytes(manifestLimit)
    const digest = sha256(bytes)
    if (isDigest(name) && name !== digest)
      throw new TemperError('digest-mismatch', `${blobIn(name, this.#client.place)}: found ${digest}`)
    const parsed = parseManifest(bytes, blobIn(digest, this.#client.place))
    const { mediaType } = parsed.kind === 'index' ? parsed.index : parsed.manifest
    this.#read.add(digest, bytes)
    return { mediaType, digest, size: bytes.length }
  }

  async has({ digest, size }: Descriptor): Promise<boolean> {
    let response = await this.#request('HEAD', digest)
    if (!isSuccess(response.status)) {
      await response.close()
      response = await this.#request('GET', digest)
    }
    if (response.status === 404) {
      await response.close()
      return false
    }
    if (!isSuccess(response.status)) throw await this.#readError(response, digest)
    await response.close()
    // Where no header says the size, the bytes do.
    const there = sizeOf(response) ?? (await (await this.get(digest)).bytes(manifestLimit)).length
    return there === size
  }

  /** The successful answer to a GET. */
  async get(name: string): Promise<HttpResponse> {
    const response = await this.#request('GET', name)
    if (!isSuccess(response.status)) throw await this.#readError(response, name)
    return response
  }

  /** The manifest that a name stands for; undefined when there is none. */
  async read(name: string): Promise<NamedManifest | undefined> {
    const response = await this.#request('GET', name)
    if (response.status === 404) {
      await response.close()
      return undefined
    }
    if (!isSuccess(response.status)) throw await this.#readError(response, name)
    const bytes = await response.bytes(manifestLimit)
    return {
      digest: sha256(bytes),
      parsed: parseManifest(bytes, `the manifest ${name} of ${this.#client.place}`),
    }
  }

  /** Pushes a manifest by its digest. Returns what it is, and which subject the registry registered. */
  async push({
    descriptor,
    open,
  }: Blob): Promise<{ readonly parsed: ParsedManifest; readonly noted: string | null }> {
    const { digest, size, mediaType } = descriptor
    const what = blobIn(digest, this.#client.place)
    const bytes = await collect(verified(open(), { digest, size, what }), { limit: manifestLimit, what })
    const parsed = parseManifest(bytes, what, mediaType)
    const response = await this.put(bytes, mediaType, digest)
    this.#pushed.add(digest, bytes)
    return { parsed, noted: response.headers.get('oci-subject') }
  }

  /** Gives a manifest a name, or pushes it under its digest. */
  async put(bytes: Uint8Array, mediaType: string, name: string): Promise<HttpResponse> {
    const { repository, place } = this.#client
    this.#client.want({ repository, actions: ['pull', 'push'] })
    const response = await this.#putPatiently(bytes, mediaType, name)
    await response.close()
    const stored = response.headers.get('docker-content-digest')
    if (stored?.startsWith('sha256:') && stored !== sha256(bytes))
      throw new TemperError('digest-mismatch', `${place} stored ${stored.slice(0, 80)} for ${sha256(bytes)}`)
    return response
  }

  /**
   * A registry may briefly not know a blob that somebody else is pushing too, since distribution empties the file
   * that says where the blob is before writing it again. So a push that fails because of an unknown blob is tried
   * once more.
   */
  async #putPatiently(bytes: Uint8Array, mediaType: string, name: string): Promise<HttpResponse> {
    const { place } = this.#client
    for (let again = false; ; again = true) {
      const response = await this.#client.request(this.#client.url(`manifests/${name}`), {
        method: 'PUT',
        headers: { 'content-type': mediaType },
        body: bytes,
        what: `the manifest ${name} of ${place}`,
      })
      if (isSuccess(response.status)) return response
      const action = { verb: 'push', what: `the manifest ${name} to ${place}`, method: 'PUT' }
      const error = await registryError(response, action)
      if (again || !/\b(?:MANIFEST_)?BLOB_UNKNOWN\b/.test(error.message)) throw error
      await sleep(unknownFor)
    }
  }

  /** All bytes of a manifest, checked; one that was pushed or read before is not requested again. */
  async bytes({ digest, size }: Descriptor): Promise<Uint8Array> {
    const known = this.#pushed.get(digest) ?? this.#read.get(digest)
    if (known !== undefined && known.length === size) return known
    const what = blobIn(digest, this.#client.place)
    const { body } = await this.get(digest)
    const bytes = await collect(verified(body, { digest, size, what }), { limit: manifestLimit, what })
    this.#read.add(digest, bytes)
    return bytes
  }

  #request(method: 'GET' | 'HEAD', name: string): Promise<HttpResponse> {
    return this.#client.request(this.#client.url(`manifests/${name}`), {
      method,
      headers: { accept: acceptManifests },
      what: `the manifest ${name} of ${this.#client.place}`,
    })
  }

  async #readError(response: HttpResponse, name: string): Promise<TemperError> {
    const { place } = this.#client
    if (response.status !== 404)
      return registryError(response, { verb: 'read', what: `${name} in ${place}`, method: 'GET' })
    await response.close()
    return new TemperError('not-found', `No image "${name}" in ${place}`, {
      hint: 'Check the name of the repository and the tag.',
      details: { status: 404 },
    })
  }
}

/** The Content-Length, when it is valid. */
export function sizeOf(response: HttpResponse): number | undefined {
  const text = response.headers.get('content-length') ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** The media type of a manifest without parameters; undefined when the server's answer says nothing useful. */
function typeOf(response: HttpResponse): string | undefined {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
  return manifestKind(type) === undefined ? undefined : type
}

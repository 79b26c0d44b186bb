import { collect } from '../../base/bytes.ts'
import { type Digest, isDigest, verified } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { openDownload } from '../../base/http/download.ts'
import type { HttpResponse } from '../../base/http/http.ts'
import type { Blob, Descriptor } from '../../model/image.ts'
import type { RegistryReference } from '../../model/reference.ts'
import type { MountingStore } from '../copy.ts'
import { referrerDescriptor, subjectOf } from '../image/manifest.ts'
import { manifestKind, manifestLimit } from '../image/media-type.ts'
import { isRepository, isTag } from '../name.ts'
import { blobIn, noSuchBlob } from '../store-error.ts'
import { RegistryClient, type RegistryClientOptions } from './client.ts'
import { decoded } from './coding.ts'
import { isSuccess, registryError } from './error.ts'
import { Manifests, sizeOf } from './manifests.ts'
import { ReferrersApi } from './referrers.ts'
import { listTags } from './tag-list.ts'
import { type UploadOptions, type UploadStart, upload, uploadStart } from './upload.ts'

export interface RemoteOptions extends RegistryClientOptions {
  /** How blobs are sent. */
  readonly upload?: UploadOptions
}

/**
 * A repository of a registry (OCI distribution-spec 1.1, and Docker's registries): `openRemote(reference, { http,
 * credentials, insecureRegistries })`. Tag and digest of the reference are ignored here. The right to push is
 * requested when something is first written.
 */
export function openRemote(
  reference: Pick<RegistryReference, 'registry' | 'repository'>,
  options: RemoteOptions,
): MountingStore {
  return new Remote(reference, options)
}

class Remote implements MountingStore {
  readonly #client: RegistryClient
  readonly #options: RemoteOptions
  readonly #manifests: Manifests
  readonly #referrers: ReferrersApi
  /** Uploads that a refused mount has started. */
  readonly #begun = new Map<Digest, UploadStart>()
  /** Blobs that were just found to be missing, so that pushing them needs no further check. */
  readonly #missing = new Set<Digest>()

  constructor(reference: Pick<RegistryReference, 'registry' | 'repository'>, options: RemoteOptions) {
    this.#client = new RegistryClient(reference, options)
    this.#options = options
    this.#manifests = new Manifests(this.#client)
    this.#referrers = new ReferrersApi(this.#client, this.#manifests)
  }

  async resolve(name: string): Promise<Descriptor> {
    if (!isDigest(name) && !isTag(name)) throw notATag(name)
    return this.#manifests.resolve(name)
  }

  async has(descriptor: Descriptor): Promise<boolean> {
    if (manifestKind(descriptor.mediaType) !== undefined) return this.#manifests.has(descriptor)
    let response = await this.#lookFor(descriptor.digest, 'HEAD')
    if (!isSuccess(response.status) && !isElsewhere(response) && response.status !== 404) {
      // Some registries and proxies refuse HEAD.
      await response.close()
      response = await this.#lookFor(descriptor.digest, 'GET')
    }
    if (isElsewhere(response)) {
      // Storage elsewhere may not answer HEAD, and tells the size to whoever asks for a byte.
      await response.close()
      const stored = await this.#lookFor(descriptor.digest, 'GET', { follow: true })
      await stored.close()
      return !isSuccess(stored.status) || (wholeSize(stored) ?? descriptor.size) === descriptor.size
    }
    if (response.status === 404) {
      await response.close()
      this.#missing.add(descriptor.digest)
      return false
    }
    const there = isSuccess(response.status) || response.status === 416
    if (!there) throw await registryError(response, { ...this.#reading(descriptor.digest), method: 'GET' })
    await response.close()
    return (wholeSize(response) ?? descriptor.size) === descriptor.size
  }

  #lookFor(
    digest: Digest,
    method: 'HEAD' | 'GET',
    { follow = false }: { readonly follow?: boolean } = {},
  ): Promise<HttpResponse> {
    return this.#client.request(this.#client.url(`blobs/${digest}`), {
      method,
      ...(method === 'GET' ? { headers: { range: 'bytes=0-0' } } : {}),
      ...(follow ? {} : { maxRedirects: 0 }),
      what: blobIn(digest, this.#client.place),
    })
  }

  async *fetch(descriptor: Descriptor): AsyncGenerator<Uint8Array, void, void> {
    const { digest, size, mediaType } = descriptor
    const what = blobIn(digest, this.#client.place)
    try {
      if (manifestKind(mediaType) === undefined)
        yield* verified(this.#blob(descriptor, what), { digest, size, what })
      else yield await this.#manifests.bytes(descriptor)
    } catch (error) {
      const status = error instanceof TemperError ? error.details['status'] : undefined
      throw status === 404 ? noSuchBlob(digest, this.#client.place) : error
    }
  }

  async *#blob(
    { digest, mediaType, size }: Descriptor,
    what: string,
  ): AsyncGenerator<Uint8Array, void, void> {
    // Too many bytes are noticed by the check of the digest, which knows the size.
    const limit = Number.MAX_SAFE_INTEGER
    const url = this.#client.url(`blobs/${digest}`)
    const opened = await openDownload(this.#client, url, { what, limit, resume: 'digest' })
    const isText = /[/+]json$/.test(mediaType)
    yield* isText ? decoded(opened.headers, opened.bytes(), { limit: size, what }) : opened.bytes()
  }

  async push(blob: Blob): Promise<void> {
    const { descriptor } = blob
    if (manifestKind(descriptor.mediaType) !== undefined) return this.#pushManifest(blob)
    if (!this.#missing.delete(descriptor.digest) && (await this.has(descriptor))) return
    this.#wantToPush()
    const start = this.#begun.get(descriptor.digest)
    this.#begun.delete(descriptor.digest)
    await upload(this.#client, blob, {
      ...this.#options.upload,
      ...(start === undefined ? {} : { start }),
    })
    this.#missing.delete(descriptor.digest)
  }

  async #pushManifest(blob: Blob): Promise<void> {
    const { parsed, noted } = await this.#manifests.push(blob)
    const subject = subjectOf(parsed)
    // A registry that lists referrers itself says so here (distribution-spec, "Pushing Manifests with Subject").
    if (subject !== undefined && noted !== subject.digest)
      await this.#referrers.add(subject.digest, referrerDescriptor(blob.descriptor, parsed))
  }

  async mount(descriptor: Descriptor, from: string): Promise<boolean> {
    if (!isRepository(from) || from === this.#client.repository) return false
    this.#wantToPush()
    this.#client.want({ repository: from, actions: ['pull'], optional: true })
    const url = this.#client.url('blobs/uploads/', { mount: descriptor.digest, from })
    const what = blobIn(descriptor.digest, this.#client.place)
    const response = await this.#client.request(url, { method: 'POST', retries: 2, what })
    await response.close()
    if (response.status === 201) return true
    // Any other answer only means that there is nothing to save: the upload itself reports what is wrong.
    if (isSuccess(response.status) && response.headers.get('location') !== null)
      this.#begun.set(descriptor.digest, uploadStart(response, url, this.#client))
    return false
  }

  async tag(descriptor: Descriptor, name: string): Promise<void> {
    if (!isTag(name)) throw notATag(name)
    const { digest, mediaType } = descriptor
    const what = blobIn(digest, this.#client.place)
    const bytes = await collect(this.fetch(descriptor), { limit: manifestLimit, what })
    await this.#manifests.put(bytes, mediaType, name)
  }

  tags(): AsyncGenerator<string, void, void> {
    return listTags(this.#client)
  }

  referrers(subject: Digest, artifactType?: string): AsyncGenerator<Descriptor, void, void> {
    return this.#referrers.list(subject, artifactType)
  }

  async close(): Promise<void> {}

  #wantToPush(): void {
    this.#client.want({ repository: this.#client.repository, actions: ['pull', 'push'] })
  }

  #reading(digest: Digest): { verb: string; what: string } {
    return { verb: 'read', what: blobIn(digest, this.#client.place) }
  }
}

function notATag(name: string): TemperError {
  return new TemperError('bad-reference', `"${name.slice(0, 150)}" is not a tag`, {
    hint: 'Use letters, digits, ".", "_" and "-", for example 1.26 or latest.',
  })
}

function isElsewhere({ status }: HttpResponse): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

/** Bytes of the blob, of which the answer may bring a part (RFC 9110, section 14.4). */
function wholeSize(response: HttpResponse): number | undefined {
  const range = response.headers.get('content-range') ?? ''
  const total = /\/(\d{1,15})$/.exec(range)?.[1]
  if (total !== undefined) return Number(total)
  // Nothing begins at the first byte of an empty blob.
  if (response.status === 416) return 0
  return response.status === 206 || isElsewhere(response) ? undefined : sizeOf(response)
}

import { collect } from '../../base/bytes.ts'
import { type Digest, isDigest, sha256, verified } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { download } from '../../base/http/download.ts'
import type { HttpResponse } from '../../base/http/http.ts'
import type { Blob, Descriptor } from '../../model/image.ts'
import type { RegistryReference } from '../../model/reference.ts'
import type { MountingStore } from '../copy.ts'
import { type ParsedManifest, parseManifest, referrerDescriptor, subjectOf } from '../image/manifest.ts'
import { acceptManifests, manifestKind, manifestLimit } from '../image/media-type.ts'
import { isRepository, isTag } from '../name.ts'
import { blobIn, noSuchBlob } from '../store-error.ts'
import { RegistryClient, type RegistryClientOptions } from './client.ts'
import { registryError } from './error.ts'
import { ReferrersApi } from './referrers.ts'
import { listTags } from './tag-list.ts'
import { type UploadOptions, upload } from './upload.ts'

export interface RemoteOptions extends RegistryClientOptions {
  /** How blobs are sent. */
  readonly upload?: UploadOptions
}

/**
 * A repository of a registry (OCI distribution-spec 1.1, and Docker's registries): `openRemote(reference,
 * { http, credentials, insecureRegistries })`. Tag and digest of the reference do not matter here. The
 * right to push is asked for when something is first written.
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
  readonly #referrers: ReferrersApi
  /** Uploads that a refused mount has begun. */
  readonly #begun = new Map<Digest, URL>()
  /** Blobs that were just found missing: what is pushed next need not be looked for again. */
  readonly #missing = new Set<Digest>()

  constructor(reference: Pick<RegistryReference, 'registry' | 'repository'>, options: RemoteOptions) {
    this.#client = new RegistryClient(reference, options)
    this.#options = options
    this.#referrers = new ReferrersApi(this.#client, {
      read: (tag) => this.#readTagged(tag),
      write: (bytes, mediaType, tag) => this.#putManifest(bytes, mediaType, tag),
    })
  }

  async resolve(name: string): Promise<Descriptor> {
    if (!isDigest(name) && !isTag(name)) throw notATag(name)
    const response = await this.#manifest('HEAD', name)
    await response.close()
    const mediaType = typeOf(response)
    const size = sizeOf(response)
    const digest = isDigest(name) ? name : response.headers.get('docker-content-digest')
    // Both headers are optional: the manifest itself tells as well.
    if (mediaType === undefined || size === undefined || digest === null || !isDigest(digest))
      return this.#describe(name)
    return { mediaType, digest, size }
  }

  async #describe(name: string): Promise<Descriptor> {
    const bytes = await (await this.#manifest('GET', name)).bytes(manifestLimit)
    const digest = sha256(bytes)
    if (isDigest(name) && name !== digest)
      throw new TemperError('digest-mismatch', `${blobIn(name, this.#client.place)}: found ${digest}`)
    const parsed = parseManifest(bytes, blobIn(digest, this.#client.place))
    const { mediaType } = parsed.kind === 'index' ? parsed.index : parsed.manifest
    return { mediaType, digest, size: bytes.length }
  }

  async has(descriptor: Descriptor): Promise<boolean> {
    const isManifest = manifestKind(descriptor.mediaType) !== undefined
    const response = await this.#client.request(
      this.#client.url(`${isManifest ? 'manifests' : 'blobs'}/${descriptor.digest}`),
      {
        method: 'HEAD',
        ...(isManifest ? { headers: { accept: acceptManifests } } : {}),
        // Storage elsewhere may not answer HEAD; that the registry sends there says enough.
        maxRedirects: 0,
        what: blobIn(descriptor.digest, this.#client.place),
      },
    )
    await response.close()
    const { status } = response
    if (status === 404) {
      this.#missing.add(descriptor.digest)
      return false
    }
    if (status === 307 || status === 302) return true
    if (status !== 200)
      throw await registryError(response, { ...this.#reading(descriptor.digest), method: 'HEAD' })
    const size = sizeOf(response)
    return size === undefined || size === descriptor.size
  }

  async *fetch(descriptor: Descriptor): AsyncGenerator<Uint8Array, void, void> {
    const { digest, size, mediaType } = descriptor
    const what = blobIn(digest, this.#client.place)
    const source =
      manifestKind(mediaType) === undefined
        ? this.#blob(digest, what)
        : (await this.#manifest('GET', digest)).body
    try {
      yield* verified(source, { digest, size, what })
    } catch (error) {
      const status = error instanceof TemperError ? error.details['status'] : undefined
      throw status === 404 ? noSuchBlob(digest, this.#client.place) : error
    }
  }

  #blob(digest: Digest, what: string): AsyncGenerator<Uint8Array, void, void> {
    // Too many bytes are noticed by the check of the digest, which knows the size.
    const limit = Number.MAX_SAFE_INTEGER
    return download(this.#client, this.#client.url(`blobs/${digest}`), { what, limit, resume: 'digest' })
  }

  async push(blob: Blob): Promise<void> {
    const { descriptor } = blob
    if (manifestKind(descriptor.mediaType) !== undefined) return this.#pushManifest(blob)
    if (!this.#missing.delete(descriptor.digest) && (await this.has(descriptor))) return
    this.#client.want('pull,push', this.#client.repository)
    const location = this.#begun.get(descriptor.digest)
    this.#begun.delete(descriptor.digest)
    await upload(this.#client, blob, {
      ...this.#options.upload,
      ...(location === undefined ? {} : { location }),
    })
    this.#missing.delete(descriptor.digest)
  }

  async #pushManifest({ descriptor, open }: Blob): Promise<void> {
    const { digest, size, mediaType } = descriptor
    const what = blobIn(digest, this.#client.place)
    const bytes = await collect(verified(open(), { digest, size, what }), { limit: manifestLimit, what })
    const parsed = parseManifest(bytes, what, mediaType)
    const response = await this.#putManifest(bytes, mediaType, digest)
    const subject = subjectOf(parsed)
    // A registry that lists referrers itself says so here (distribution-spec, "Pushing Manifests with Subject").
    if (subject !== undefined && response.headers.get('oci-subject') !== subject.digest)
      await this.#referrers.add(subject.digest, referrerDescriptor(descriptor, parsed))
  }

  async #putManifest(bytes: Uint8Array, mediaType: string, name: string): Promise<HttpResponse> {
    this.#client.want('pull,push', this.#client.repository)
    const response = await this.#client.request(this.#client.url(`manifests/${name}`), {
      method: 'PUT',
      headers: { 'content-type': mediaType },
      body: bytes,
      what: `the manifest ${name} of ${this.#client.place}`,
    })
    if (response.status !== 201 && response.status !== 200)
      throw await registryError(response, {
        verb: 'push',
        what: `the manifest ${name} to ${this.#client.place}`,
        method: 'PUT',
      })
    await response.close()
    const stored = response.headers.get('docker-content-digest')
    if (stored?.startsWith('sha256:') && stored !== sha256(bytes))
      throw new TemperError(
        'digest-mismatch',
        `${this.#client.place} stored ${stored.slice(0, 80)} for ${sha256(bytes)}`,
      )
    return response
  }

  async mount(descriptor: Descriptor, from: string): Promise<boolean> {
    if (!isRepository(from) || from === this.#client.repository) return false
    this.#client.want('pull,push', this.#client.repository)
    this.#client.want('pull', from)
    const url = this.#client.url('blobs/uploads/', { mount: descriptor.digest, from })
    const what = blobIn(descriptor.digest, this.#client.place)
    const response = await this.#client.request(url, { method: 'POST', retries: 2, what })
    await response.close()
    if (response.status === 201) return true
    if (response.status === 202)
      this.#begun.set(descriptor.digest, this.#client.location(response.headers.get('location'), url))
    // Any other answer only means that there is nothing to save: the upload itself reports what is wrong.
    return false
  }

  async tag(descriptor: Descriptor, name: string): Promise<void> {
    if (!isTag(name)) throw notATag(name)
    const chunks = this.fetch(descriptor)
    const bytes = await collect(chunks, {
      limit: manifestLimit,
      what: blobIn(descriptor.digest, this.#client.place),
    })
    await this.#putManifest(bytes, descriptor.mediaType, name)
  }

  tags(): AsyncGenerator<string, void, void> {
    return listTags(this.#client)
  }

  referrers(subject: Digest, artifactType?: string): AsyncGenerator<Descriptor, void, void> {
    return this.#referrers.list(subject, artifactType)
  }

  async close(): Promise<void> {}

  /** The manifest that a tag names, with its bytes; undefined when there is no such tag. */
  async #readTagged(tag: string): Promise<ParsedManifest | undefined> {
    const response = await this.#client.request(this.#client.url(`manifests/${tag}`), {
      headers: { accept: acceptManifests },
      what: `the tag ${tag} of ${this.#client.place}`,
    })
    if (response.status === 404) {
      await response.close()
      return undefined
    }
    if (response.status !== 200) throw await registryError(response, { ...this.#reading(tag), method: 'GET' })
    return parseManifest(
      await response.bytes(manifestLimit),
      `${this.#client.place}:${tag}`,
      typeOf(response),
    )
  }

  async #manifest(method: 'GET' | 'HEAD', name: string): Promise<HttpResponse> {
    const response = await this.#client.request(this.#client.url(`manifests/${name}`), {
      method,
      headers: { accept: acceptManifests },
      what: `the manifest ${name} of ${this.#client.place}`,
    })
    if (response.status === 200) return response
    if (response.status !== 404) throw await registryError(response, { ...this.#reading(name), method })
    await response.close()
    throw new TemperError('not-found', `No image "${name}" in ${this.#client.place}`, {
      hint: 'Check the name of the repository and the tag.',
    })
  }

  #reading(name: string): { verb: string; what: string } {
    return { verb: 'read', what: `${name} in ${this.#client.place}` }
  }
}

function notATag(name: string): TemperError {
  return new TemperError('bad-reference', `"${name.slice(0, 150)}" is not a tag`, {
    hint: 'Use letters, digits, ".", "_" and "-", for example 1.26 or latest.',
  })
}

function sizeOf(response: HttpResponse): number | undefined {
  const text = response.headers.get('content-length') ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** The media type of a manifest without parameters; undefined when the server's answer says nothing useful. */
function typeOf(response: HttpResponse): string | undefined {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
  return manifestKind(type) === undefined ? undefined : type
}

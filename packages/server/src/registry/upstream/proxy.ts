import { LRUCache } from 'lru-cache'
import { covers } from '../../auth/principal.ts'
import { type Context, TemperError } from '../../temper.ts'
import { RegistryError } from '../error.ts'
import { manifestLimit, parseManifestDocument } from '../manifest-document.ts'
import { type ContentDigest, isContentDigest, isTag, type ManifestReference } from '../name.ts'
import type { RepositoryPlace } from '../place.ts'
import { Download } from './download.ts'
import { evict } from './eviction.ts'
import type { ProxySettings } from './settings.ts'
import { openUpstream, type UpstreamStore, upstreamContext } from './upstream.ts'

/** Repositories to which a connection is remembered. */
const remembered = 200
/** Most names of a repository elsewhere that are listed. */
const tagLimit = 100_000
/** Most referrers of one manifest that are taken over. */
const referrerLimit = 1000
/** Milliseconds between two notes that a blob was used. */
const noteEvery = 3600 * 1000

/**
 * A project that mirrors another registry: what was pulled once is kept, and answers requests when the other registry
 * does not.
 */
export class UpstreamProxy {
  readonly settings: ProxySettings
  readonly #context: Context
  readonly #stores = new LRUCache<string, Promise<UpstreamStore>>({ max: remembered })
  readonly #downloads = new Map<string, Download>()
  readonly #noted = new LRUCache<string, true>({ max: 10_000, ttl: noteEvery })
  /** Bytes that arrived since the limit was last checked. */
  #since = 0
  #evicting: Promise<void> | undefined

  private constructor(settings: ProxySettings, context: Context) {
    this.settings = settings
    this.#context = context
  }

  /** Throws `bad-configuration` when a password cannot be read. */
  static async open(settings: ProxySettings, context: Context): Promise<UpstreamProxy> {
    return new UpstreamProxy(settings, await upstreamContext(context, settings))
  }

  covers(repository: string): boolean {
    return covers(this.settings.project, repository)
  }

  /** Why nothing can be pushed here. */
  refusePush(): RegistryError {
    const { project, from } = this.settings
    return new RegistryError('DENIED', `${project} is a proxy for ${from}: push there`)
  }

  /** Brings a manifest up to date with the other registry, as far as possible. Throws `UNAVAILABLE`. */
  async manifest(place: RepositoryPlace, reference: ManifestReference): Promise<void> {
    if ('digest' in reference) {
      if ((await place.repository.manifestType(reference.digest)) !== undefined) return
      await this.#ask(place, async (store) => void (await this.#take(place, store, reference.digest)))
      return
    }
    const { tag } = reference
    const known = await place.repository.tagged(tag)
    const set = known === undefined ? undefined : await place.repository.tagTime(tag)
    if (set !== undefined && Date.now() - set.getTime() < this.settings.freshFor) return
    try {
      const there = await this.#ask(place, (store) => this.#take(place, store, tag))
      if (there !== undefined) await place.repository.setTag(tag, there)
      else if (known !== undefined) await place.repository.removeTag(tag)
    } catch (error) {
      // Better what was there last than nothing.
      if (known === undefined || !isUnavailable(error)) throw error
    }
  }

  /** A blob that is not here yet, as it arrives; undefined where it is here already, or no manifest has named it. */
  async blob(place: RepositoryPlace, digest: ContentDigest): Promise<Download | undefined> {
    if (await place.repository.hasBlob(digest)) {
      this.#note(place, digest)
      return undefined
    }
    const key = `${place.name}@${digest}`
    const running = this.#downloads.get(key)
    if (running !== undefined) return running
    const size = isDigest(digest) ? await sizeOf(place, digest) : undefined
    if (size === undefined || !isDigest(digest)) return undefined
    const store = await this.#store(place)
    const begun = this.#downloads.get(key)
    if (begun !== undefined) return begun
    const source = store.fetch({ mediaType: 'application/octet-stream', digest, size })
    const download = new Download(place, { digest, size, source: this.#failures(source) })
    this.#downloads.set(key, download)
    const done = download.done.then(
      () => this.#bound(place, size),
      () => undefined,
    )
    void done.finally(() => this.#downloads.delete(key))
    return download
  }

  /** Names of tags of the other registry, or else of those here. */
  async tags(place: RepositoryPlace): Promise<readonly string[]> {
    try {
      const listed = await this.#ask(place, async (store) => {
        const names: string[] = []
        for await (const name of store.tags()) {
          if (isTag(name)) names.push(name)
          if (names.length >= tagLimit) break
        }
        return names.sort()
      })
      return listed ?? []
    } catch (error) {
      const here = await place.repository.tags()
      if (here.length === 0 || !isUnavailable(error)) throw error
      return here
    }
  }

  /** Takes over the attachments that a manifest has at the other registry. */
  async referrers(place: RepositoryPlace, subject: ContentDigest): Promise<void> {
    try {
      if (!isDigest(subject)) return
      await this.#ask(place, async (store) => {
        let count = 0
        for await (const { digest, mediaType, size, artifactType, annotations } of store.referrers(subject)) {
          if (!isContentDigest(digest) || ++count > referrerLimit) continue
          await place.repository.addReferrer(subject, {
            digest,
            mediaType,
            size,
            ...(artifactType === undefined ? {} : { artifactType }),
            ...(annotations === undefined ? {} : { annotations }),
          })
        }
      })
    } catch (error) {
      if (!isUnavailable(error)) throw error
    }
  }

  /** Waits until running downloads are kept. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#downloads.values()].map(({ done }) => done))
    await this.#evicting
  }

  async *#failures(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* source
    } catch (error) {
      throw this.#told(error)
    }
  }

  /** Keeps a manifest of the other registry; undefined when it has none of that name. */
  async #take(
    place: RepositoryPlace,
    store: UpstreamStore,
    name: string,
  ): Promise<ContentDigest | undefined> {
    const descriptor = await store.resolve(name)
    const { digest, mediaType, size } = descriptor
    if (!isContentDigest(digest)) throw new TemperError('bad-reference', `${digest} is no digest of images`)
    if ((await place.repository.manifestType(digest)) !== undefined) return digest
    if (size > manifestLimit) throw new RegistryError('MANIFEST_INVALID', `the manifest has ${size} bytes`)
    const pieces: Uint8Array[] = []
    for await (const piece of store.fetch(descriptor)) pieces.push(piece)
    const bytes = Buffer.concat(pieces)
    const document = parseManifestDocument(bytes, mediaType)
    await place.storage.content.write(digest, bytes)
    await place.repository.addManifest(digest, document.mediaType)
    await place.storage.content.keep(digest)
    return digest
  }

  /**
   * Asks the other registry; undefined when the answer is that there is no such thing. Throws `UNAVAILABLE` when
   * there is no answer.
   */
  async #ask<T>(place: RepositoryPlace, work: (store: UpstreamStore) => Promise<T>): Promise<T | undefined> {
    try {
      return await work(await this.#store(place))
    } catch (error) {
      if (error instanceof TemperError && error.code === 'not-found') return undefined
      throw this.#told(error)
    }
  }

  #told(error: unknown): unknown {
    if (error instanceof RegistryError || !(error instanceof TemperError)) return error
    const { status, retryAfter } = error.details
    const message = `${this.settings.from} cannot be asked: ${error.message}`
    const headers = typeof retryAfter === 'number' ? { 'Retry-After': String(retryAfter) } : {}
    return new RegistryError(status === 429 ? 'TOOMANYREQUESTS' : 'UNAVAILABLE', message, { headers })
  }

  #store({ name }: RepositoryPlace): Promise<UpstreamStore> {
    const { project } = this.settings
    const repository = name.slice(project.length + 1)
    if (repository === '')
      throw new RegistryError('NAME_UNKNOWN', `${project} is no repository, but a project`)
    const known = this.#stores.get(repository)
    if (known !== undefined) return known
    const store = openUpstream(this.settings, repository, this.#context)
    this.#stores.set(repository, store)
    return store
  }

  #note({ name, repository }: RepositoryPlace, digest: ContentDigest): void {
    const key = `${name}@${digest}`
    if (this.#noted.has(key)) return
    this.#noted.set(key, true)
    repository.keepBlob(digest).catch(() => this.#noted.delete(key))
  }

  #bound({ storage }: RepositoryPlace, size: number): void {
    const { limit, project } = this.settings
    this.#since += size
    if (limit === undefined || this.#evicting !== undefined) return
    // Measuring takes as long as there are blobs: not after each of many small ones.
    if (this.#since < limit / 20) return
    this.#since = 0
    this.#evicting = evict(storage, { project, limit })
      .catch(() => undefined)
      .finally(() => {
        this.#evicting = undefined
      })
  }
}

/** The library knows digests of one algorithm. */
function isDigest(digest: ContentDigest): digest is `sha256:${string}` {
  return digest.startsWith('sha256:')
}

function isUnavailable(error: unknown): boolean {
  return error instanceof RegistryError && ['UNAVAILABLE', 'TOOMANYREQUESTS'].includes(error.code)
}

/** What a manifest of the repository says of a blob; only such blobs are fetched. */
async function sizeOf(place: RepositoryPlace, digest: ContentDigest): Promise<number | undefined> {
  for (const each of await place.repository.manifestDigests()) {
    const [type, bytes] = [await place.repository.manifestType(each), await place.storage.content.read(each)]
    if (type === undefined || bytes === undefined) continue
    const size = parseManifestDocument(bytes, type).sizes.get(digest)
    if (size !== undefined) return size
  }
  return undefined
}

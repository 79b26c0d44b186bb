import { type Digest, hexOf } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { Descriptor } from '../../model/image.ts'
import { mediaTypes } from '../../model/image.ts'
import { type ParsedManifest, parseManifest, referrerDescriptor } from '../image/manifest.ts'
import { manifestLimit } from '../image/media-type.ts'
import type { RegistryClient } from './client.ts'
import { registryError } from './error.ts'
import { nextPage } from './tag-list.ts'

/** Manifests of the same repository, by tag or digest. */
export interface TaggedManifests {
  read(name: string): Promise<ParsedManifest | undefined>
  write(bytes: Uint8Array, mediaType: string, tag: string): Promise<unknown>
}

const pageLimit = 1000

/**
 * What refers to a manifest (distribution-spec 1.1, "Listing Referrers"). Registries without that API are read
 * and written through an index under the tag `sha256-<hex>`, as the specification says for clients.
 */
export class ReferrersApi {
  readonly #client: RegistryClient
  readonly #tagged: TaggedManifests
  #supported: boolean | undefined
  /** Changes of indices one after another: reading and writing one is not a single step. */
  #changes: Promise<void> = Promise.resolve()

  constructor(client: RegistryClient, tagged: TaggedManifests) {
    this.#client = client
    this.#tagged = tagged
  }

  async *list(subject: Digest, artifactType?: string): AsyncGenerator<Descriptor, void, void> {
    const found = this.#supported === false ? undefined : await this.#pages(subject, artifactType)
    for (const listed of found ?? (await this.#fallback(subject))) {
      const descriptor = await this.#typed(listed)
      // A registry may ignore the filter; the index under a tag knows none.
      if (artifactType === undefined || descriptor.artifactType === artifactType) yield descriptor
    }
  }

  /**
   * Registries from before artifact types list the type of the configuration in their place (go-containerregistry's
   * registry to this day), and no annotations: then the manifest itself says what it is.
   */
  async #typed(listed: Descriptor): Promise<Descriptor> {
    if (listed.artifactType !== undefined && listed.artifactType !== mediaTypes.ociEmpty) return listed
    const parsed = await this.#tagged.read(listed.digest)
    return parsed === undefined ? listed : referrerDescriptor(listed, parsed)
  }

  /** Adds a referrer to the index under the tag: for registries that did not take note of it themselves. */
  async add(subject: Digest, referrer: Descriptor): Promise<void> {
    const change = this.#changes.then(() => this.#addNow(subject, referrer))
    this.#changes = change.catch(() => {})
    await change
  }

  async #addNow(subject: Digest, referrer: Descriptor): Promise<void> {
    const known = await this.#fallback(subject)
    if (known.some((each) => each.digest === referrer.digest)) return
    const manifests = [...known, referrer]
    const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }
    await this.#tagged.write(Buffer.from(canonicalJson(index)), mediaTypes.ociIndex, tagOf(subject))
  }

  /** From the API; undefined when the registry has none. */
  async #pages(subject: Digest, artifactType: string | undefined): Promise<Descriptor[] | undefined> {
    const what = `what refers to ${subject} in ${this.#client.place}`
    const all: Descriptor[] = []
    let url: URL | undefined = this.#client.url(
      `referrers/${subject}`,
      artifactType === undefined ? {} : { artifactType },
    )
    for (let page = 0; url !== undefined; page++) {
      if (page >= pageLimit)
        throw new TemperError('limit-exceeded', `Cannot list ${what}: more than ${pageLimit} pages`)
      const response = await this.#client.request(url, { headers: { accept: mediaTypes.ociIndex }, what })
      if (isMissing(response.status) && page === 0) {
        await response.close()
        this.#supported = false
        return undefined
      }
      if (response.status !== 200) throw await registryError(response, { verb: 'list', what, method: 'GET' })
      const parsed = parseManifest(await response.bytes(manifestLimit), what)
      if (parsed.kind !== 'index')
        throw new TemperError('bad-image', `Cannot list ${what}: expected an index`)
      all.push(...parsed.index.manifests)
      url = nextPage(this.#client, response.headers.get('link'), url)
    }
    this.#supported = true
    return all
  }

  async #fallback(subject: Digest): Promise<readonly Descriptor[]> {
    const parsed = await this.#tagged.read(tagOf(subject))
    return parsed?.kind === 'index' ? parsed.index.manifests : []
  }
}

/** 404 is what the specification names; older registries refuse the unknown path in other ways. */
function isMissing(status: number): boolean {
  return status === 404 || status === 400 || status === 405
}

function tagOf(subject: Digest): string {
  return `sha256-${hexOf(subject)}`
}

import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { tryJson } from '../../base/json/parse.ts'
import { memberOf } from '../../base/json/value.ts'
import type { Descriptor } from '../../model/image.ts'
import { mediaTypes } from '../../model/image.ts'
import { parseManifest, referrerDescriptor } from '../image/manifest.ts'
import { manifestLimit } from '../image/media-type.ts'
import { referrersTag } from '../name.ts'
import type { RegistryClient } from './client.ts'
import { isSuccess, registryError } from './error.ts'
import type { Manifests } from './manifests.ts'
import { nextPage } from './tag-list.ts'

const pageLimit = 1000
/** Most that is read of what refers to one manifest: real ones have a handful. */
const referrerLimit = 100_000

/**
 * The referrers of a manifest (distribution-spec 1.1, "Listing Referrers"). Registries without that API are read and
 * written through an index under the tag `sha256-<hex>`, as the specification says for clients.
 */
export class ReferrersApi {
  readonly #client: RegistryClient
  readonly #manifests: Manifests
  #supported: boolean | undefined
  /** Serialises changes of indices, since reading and writing one is not a single step. */
  #changes: Promise<void> = Promise.resolve()

  constructor(client: RegistryClient, manifests: Manifests) {
    this.#client = client
    this.#manifests = manifests
  }

  async *list(subject: Digest, artifactType?: string): AsyncGenerator<Descriptor, void, void> {
    const descriptors = this.#supported === false ? undefined : await this.#pages(subject, artifactType)
    for (const listed of descriptors ?? (await this.#fallback(subject))) {
      const descriptor = await this.#typed(listed)
      // A registry may ignore the filter; the index under a tag knows none.
      if (artifactType === undefined || descriptor.artifactType === artifactType) yield descriptor
    }
  }

  /**
   * Registries from before artifact types list the type of the configuration in their place (go-containerregistry's
   * registry still does), and no annotations; then the manifest itself is read.
   */
  async #typed(listed: Descriptor): Promise<Descriptor> {
    if (listed.artifactType !== undefined && listed.artifactType !== mediaTypes.ociEmpty) return listed
    const named = await this.#manifests.read(listed.digest)
    return named?.digest === listed.digest ? referrerDescriptor(listed, named.parsed) : listed
  }

  /** Adds a referrer to the index under the tag, for registries that did not register it themselves. */
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
    await this.#manifests.put(Buffer.from(canonicalJson(index)), mediaTypes.ociIndex, referrersTag(subject))
  }

  /** The referrers from the API; undefined when the registry has no such API. */
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
      if (page === 0 && isMissing(response.status)) {
        await response.close()
        return this.#none()
      }
      if (!isSuccess(response.status))
        throw await registryError(response, { verb: 'list', what, method: 'GET' })
      const bytes = await response.bytes(manifestLimit)
      if (page === 0 && !isList(bytes)) return this.#none()
      const parsed = parseManifest(bytes, what)
      if (parsed.kind !== 'index')
        throw new TemperError('bad-image', `Cannot list ${what}: expected an index`)
      all.push(...parsed.index.manifests)
      if (all.length > referrerLimit)
        throw new TemperError('limit-exceeded', `Cannot list ${what}: more than ${referrerLimit}`)
      url = nextPage(this.#client, response.headers.get('link'), url)
    }
    this.#supported = true
    return all
  }

  #none(): undefined {
    this.#supported = false
  }

  async #fallback(subject: Digest): Promise<readonly Descriptor[]> {
    const named = await this.#manifests.read(referrersTag(subject))
    // With some registries "sha256-HEX" is another name of the manifest with that digest: no list of anything.
    if (named === undefined || named.digest === subject || named.parsed.kind !== 'index') return []
    return named.parsed.index.manifests
  }
}

/** 404 is what the specification names; older registries refuse the unknown path in other ways. */
function isMissing(status: number): boolean {
  return [404, 400, 405, 406, 501].includes(status)
}

/** Whether an answer could be a list at all: some registries answer every path, with a page or with an empty object. */
function isList(bytes: Uint8Array): boolean {
  return memberOf(tryJson(bytes), 'manifests') !== undefined
}

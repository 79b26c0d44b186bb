import { join } from 'node:path'
import { z } from 'zod'
import { type ContentDigest, isContentDigest, isTag, partsOf } from '../name.ts'
import {
  namesIn,
  readIfThere,
  readSmallIfThere,
  removeFile,
  removeOlder,
  restoreAside,
  sizeIfThere,
  timeIfThere,
  touch,
  writeOnce,
  writeWhole,
} from './files.ts'

/** The descriptor of a referrer in a list of them (distribution-spec 1.1, "Listing Referrers"). */
export interface ReferrerDescriptor {
  readonly mediaType: string
  readonly digest: ContentDigest
  readonly size: number
  readonly artifactType?: string
  readonly annotations?: Readonly<Record<string, string>>
}

const referrerFile = z.object({
  mediaType: z.string(),
  digest: z.custom<ContentDigest>((value) => typeof value === 'string' && isContentDigest(value)),
  size: z.int(),
  artifactType: z.string().exactOptional(),
  annotations: z.record(z.string(), z.string()).exactOptional(),
})

/** An image that the policy refused: it is stored without the tags that it was pushed with. */
export interface Quarantined {
  readonly digest: ContentDigest
  readonly tags: readonly string[]
  readonly policy: string
  readonly reasons: readonly { readonly rule: string; readonly found: string }[]
  /** ISO 8601. */
  readonly since: string
}

const quarantineFile = z.object({
  digest: z.custom<ContentDigest>((value) => typeof value === 'string' && isContentDigest(value)),
  tags: z.array(z.string()),
  policy: z.string(),
  reasons: z.array(z.object({ rule: z.string(), found: z.string() })),
  since: z.string(),
})

/** Names of the folders in which a repository keeps its own files. No part of a repository's name begins like them. */
export const ownFolders = {
  blobs: '_blobs',
  manifests: '_manifests',
  tags: '_tags',
  referrers: '_referrers',
  uploads: '_uploads',
  quarantine: '_quarantine',
  previous: '_previous',
  pulled: '_pulled',
} as const

/**
 * The contents of one repository, as small files, each written whole: they hold names of content, not the content. A
 * tag is a file that holds a digest; a manifest is a file that holds its media type.
 */
export class Repository {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  async exists(): Promise<boolean> {
    const sizes = await Promise.all(
      Object.values(ownFolders).map((name) => sizeIfThere(join(this.folder, name))),
    )
    return sizes.some((size) => size !== undefined)
  }

  async hasBlob(digest: ContentDigest): Promise<boolean> {
    return (await sizeIfThere(this.#path(ownFolders.blobs, digest))) !== undefined
  }

  async addBlob(digest: ContentDigest): Promise<void> {
    await writeWhole(this.#path(ownFolders.blobs, digest), '')
  }

  /** When a blob was last pushed, mounted or named. */
  blobTime(digest: ContentDigest): Promise<Date | undefined> {
    return timeIfThere(this.#path(ownFolders.blobs, digest))
  }

  /**
   * Makes a blob as young as if it had been pushed now, so that a sweep keeps it; returns whether the repository has
   * it.
   */
  keepBlob(digest: ContentDigest): Promise<boolean> {
    return touch(this.#path(ownFolders.blobs, digest))
  }

  removeBlob(digest: ContentDigest): Promise<boolean> {
    return removeFile(this.#path(ownFolders.blobs, digest))
  }

  /** Removes a blob that was last pushed or mounted before a time; returns whether it did. */
  async removeBlobOlder(digest: ContentDigest, before: number): Promise<boolean> {
    return removeOlder(this.#path(ownFolders.blobs, digest), before)
  }

  /** The media type of a manifest of this repository; undefined when it has no such manifest. */
  manifestType(digest: ContentDigest): Promise<string | undefined> {
    return readIfThere(this.#path(ownFolders.manifests, digest))
  }

  async addManifest(digest: ContentDigest, mediaType: string): Promise<void> {
    await writeWhole(this.#path(ownFolders.manifests, digest), mediaType)
  }

  /** Makes a manifest as young as if it had been pushed now; returns whether the repository has it. */
  keepManifest(digest: ContentDigest): Promise<boolean> {
    return touch(this.#path(ownFolders.manifests, digest))
  }

  removeManifest(digest: ContentDigest): Promise<boolean> {
    return removeFile(this.#path(ownFolders.manifests, digest))
  }

  /** When a manifest was last pushed, or named by another pushed manifest. */
  manifestTime(digest: ContentDigest): Promise<Date | undefined> {
    return timeIfThere(this.#path(ownFolders.manifests, digest))
  }

  /** Removes a manifest that was last pushed or named before a time; returns whether it did. */
  async removeManifestOlder(digest: ContentDigest, before: number): Promise<boolean> {
    if (!(await removeOlder(this.#path(ownFolders.manifests, digest), before))) return false
    await removeFile(this.#path(ownFolders.pulled, digest))
    return true
  }

  /** When a manifest was last pulled, as far as that was noted. */
  pulled(digest: ContentDigest): Promise<Date | undefined> {
    return timeIfThere(this.#path(ownFolders.pulled, digest))
  }

  async markPulled(digest: ContentDigest): Promise<void> {
    const path = this.#path(ownFolders.pulled, digest)
    if (!(await touch(path))) await writeWhole(path, '')
  }

  async tagged(tag: string): Promise<ContentDigest | undefined> {
    const text = readSmallIfThere(join(this.folder, ownFolders.tags, tag))
    return text !== undefined && isContentDigest(text) ? text : undefined
  }

  /** When a tag was last set. */
  tagTime(tag: string): Promise<Date | undefined> {
    return timeIfThere(join(this.folder, ownFolders.tags, tag))
  }

  /** The digest that a tag named before it was moved. */
  async previous(tag: string): Promise<ContentDigest | undefined> {
    const text = await readIfThere(join(this.folder, ownFolders.previous, tag))
    return text !== undefined && isContentDigest(text) ? text : undefined
  }

  async setTag(tag: string, digest: ContentDigest): Promise<void> {
    const before = await this.tagged(tag)
    if (before !== undefined && before !== digest)
      await writeWhole(join(this.folder, ownFolders.previous, tag), before)
    await writeWhole(join(this.folder, ownFolders.tags, tag), digest)
  }

  /**
   * Sets a tag that does not exist yet or already names this digest; returns the digest that it names then. Of
   * several callers at once, one sets it.
   */
  async setTagOnce(tag: string, digest: ContentDigest): Promise<ContentDigest | undefined> {
    if (await writeOnce(join(this.folder, ownFolders.tags, tag), digest)) return digest
    return this.tagged(tag)
  }

  async removeTag(tag: string): Promise<boolean> {
    await removeFile(join(this.folder, ownFolders.previous, tag))
    return removeFile(join(this.folder, ownFolders.tags, tag))
  }

  /** Removes a tag that still names a digest and was set before a time; returns whether it did. */
  async removeTagOlder(
    tag: string,
    { digest, before }: { readonly digest: ContentDigest; readonly before: number },
  ): Promise<boolean> {
    if ((await this.tagged(tag)) !== digest) return false
    if (!(await removeOlder(join(this.folder, ownFolders.tags, tag), before))) return false
    await removeFile(join(this.folder, ownFolders.previous, tag))
    return true
  }

  /** In the order of their bytes, as the specification asks ("Listing Tags"). */
  async tags(): Promise<readonly string[]> {
    return (await namesIn(join(this.folder, ownFolders.tags))).filter(isTag).sort()
  }

  async tagsOf(digest: ContentDigest): Promise<readonly string[]> {
    const tags: string[] = []
    for (const tag of await this.tags()) if ((await this.tagged(tag)) === digest) tags.push(tag)
    return tags
  }

  async addReferrer(subject: ContentDigest, referrer: ReferrerDescriptor): Promise<void> {
    await writeWhole(this.#referrerPath(subject, referrer.digest), JSON.stringify(referrer))
  }

  async removeReferrer(subject: ContentDigest, digest: ContentDigest): Promise<void> {
    await removeFile(this.#referrerPath(subject, digest))
  }

  /** The same, but only for one that was added before a time. */
  async removeReferrerOlder(
    subject: ContentDigest,
    { digest, before }: { readonly digest: ContentDigest; readonly before: number },
  ): Promise<void> {
    await removeOlder(this.#referrerPath(subject, digest), before)
  }

  /** In the order of their digests. */
  async referrers(subject: ContentDigest): Promise<readonly ReferrerDescriptor[]> {
    const folder = this.#path(ownFolders.referrers, subject)
    const descriptors: ReferrerDescriptor[] = []
    for (const name of [...(await namesIn(folder))].sort()) {
      const text = name.startsWith('.') ? undefined : await readIfThere(join(folder, name))
      if (text !== undefined) descriptors.push(referrerFile.parse(JSON.parse(text)))
    }
    return descriptors
  }

  /** Manifests that something is attached to, even if they are missing. */
  subjects(): Promise<readonly ContentDigest[]> {
    return this.#digestsIn(ownFolders.referrers)
  }

  async quarantine(image: Quarantined): Promise<void> {
    await writeWhole(this.#path(ownFolders.quarantine, image.digest), JSON.stringify(image))
  }

  /** Releases an image from quarantine, if it is there. */
  async release(digest: ContentDigest): Promise<void> {
    await removeFile(this.#path(ownFolders.quarantine, digest))
  }

  async quarantined(): Promise<readonly Quarantined[]> {
    const held: Quarantined[] = []
    for (const digest of await this.quarantinedDigests()) {
      const each = await this.quarantinedAs(digest)
      if (each !== undefined) held.push(each)
    }
    return held
  }

  quarantinedDigests(): Promise<readonly ContentDigest[]> {
    return this.#digestsIn(ownFolders.quarantine)
  }

  /** Why an image is in quarantine; undefined for one that is not. */
  async quarantinedAs(digest: ContentDigest): Promise<Quarantined | undefined> {
    const text = await readIfThere(this.#path(ownFolders.quarantine, digest))
    return text === undefined ? undefined : quarantineFile.parse(JSON.parse(text))
  }

  /** Restores what an interrupted sweep left aside. */
  async recover(): Promise<void> {
    await restoreAside(join(this.folder, ownFolders.tags))
    for (const kind of [ownFolders.blobs, ownFolders.manifests])
      for (const algorithm of ['sha256', 'sha512']) await restoreAside(join(this.folder, kind, algorithm))
  }

  blobDigests(): Promise<readonly ContentDigest[]> {
    return this.#digestsIn(ownFolders.blobs)
  }

  manifestDigests(): Promise<readonly ContentDigest[]> {
    return this.#digestsIn(ownFolders.manifests)
  }

  /** Every digest in the repository, blobs and manifests. */
  async *digests(): AsyncGenerator<ContentDigest> {
    yield* await this.blobDigests()
    yield* await this.manifestDigests()
  }

  async #digestsIn(kind: string): Promise<readonly ContentDigest[]> {
    const digests: ContentDigest[] = []
    for (const algorithm of ['sha256', 'sha512']) {
      for (const hex of await namesIn(join(this.folder, kind, algorithm))) {
        const digest = `${algorithm}:${hex}`
        if (isContentDigest(digest)) digests.push(digest)
      }
    }
    return digests
  }

  #path(kind: string, digest: ContentDigest): string {
    const { algorithm, hex } = partsOf(digest)
    return join(this.folder, kind, algorithm, hex)
  }

  #referrerPath(subject: ContentDigest, digest: ContentDigest): string {
    const { algorithm, hex } = partsOf(digest)
    return join(this.#path(ownFolders.referrers, subject), `${algorithm}-${hex}`)
  }
}

import { isRepositoryName } from './name.ts'
import type { Quarantined } from './storage/repository.ts'
import type { Storage } from './storage/storage.ts'

export interface TagOverview {
  readonly tag: string
  readonly digest: string
  /** When the tag was last set, ISO 8601. */
  readonly pushed: string
}

export interface RepositoryOverview {
  readonly name: string
  readonly tags: readonly TagOverview[]
}

/** Tags for what is attached to an image by clients that know no other way (distribution-spec 1.1, "Referrers Tag Schema"). */
const attachment = /^sha256-[0-9a-f]{64}(?:\.(?:sig|att|sbom))?$/

/** Selects some of all repositories. */
export interface OverviewPage {
  /** Only names after this one; "" for the first. */
  readonly after: string
  readonly limit: number
  readonly mayRead: (repository: string) => boolean
}

/** Some repositories and their tags, without tags that stand for attachments. */
export async function overviewOf(
  storage: Storage,
  { after, limit, mayRead }: OverviewPage,
): Promise<{ readonly repositories: readonly RepositoryOverview[]; readonly hasMore: boolean }> {
  const repositories: RepositoryOverview[] = []
  for await (const name of storage.repositoriesAfter(after)) {
    if (!mayRead(name)) continue
    if (repositories.length === limit) return { repositories, hasMore: true }
    const repository = storage.repository(name)
    const tags: TagOverview[] = []
    for (const tag of await repository.tags()) {
      if (attachment.test(tag)) continue
      const [digest, pushed] = [await repository.tagged(tag), await repository.tagTime(tag)]
      if (digest !== undefined && pushed !== undefined)
        tags.push({ tag, digest, pushed: pushed.toISOString() })
    }
    repositories.push({ name, tags })
  }
  return { repositories, hasMore: false }
}

/** An image that the policy refused, and where it is. */
export interface Held extends Quarantined {
  readonly name: string
}

/** Selects some of all images in quarantine. */
export interface HeldPage {
  /** Only images after this one, "NAME@DIGEST"; "" for the first. */
  readonly last: string
  readonly limit: number
  readonly mayRead: (repository: string) => boolean
}

/** Some images that the policy refused, by repository and digest: no more repositories are looked into than it takes. */
export async function quarantinedAfter(
  storage: Storage,
  { last, limit, mayRead }: HeldPage,
): Promise<{ readonly held: readonly Held[]; readonly hasMore: boolean }> {
  const [lastName = '', lastDigest = ''] = last.split('@')
  const held: Held[] = []
  const add = async (name: string, after: string) => {
    if (!mayRead(name)) return
    const digests = (await storage.repository(name).quarantinedDigests()).filter((digest) => digest > after)
    for (const digest of digests.sort()) {
      const each = await storage.repository(name).quarantinedAs(digest)
      if (each !== undefined) held.push({ name, ...each })
      if (held.length > limit) return
    }
  }
  // The rest of the repository that the page before ended in.
  if (lastDigest !== '' && isRepositoryName(lastName)) await add(lastName, lastDigest)
  if (held.length <= limit)
    for await (const name of storage.repositoriesAfter(lastName)) {
      await add(name, '')
      if (held.length > limit) break
    }
  return { held: held.slice(0, limit), hasMore: held.length > limit }
}

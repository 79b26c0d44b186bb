import { parseManifestDocument } from '../registry/manifest-document.ts'
import type { ContentDigest } from '../registry/name.ts'
import type { Storage } from '../registry/storage/storage.ts'
import { TemperError } from '../temper.ts'

/** The counts of a backup. */
export interface Counted {
  readonly repositories: number
  readonly tags: number
  /** Blobs and manifests, each once. */
  readonly contents: number
  readonly bytes: number
}

/** Every digest in a repository, each once. */
export async function heldIn(storage: Storage): Promise<ReadonlySet<ContentDigest>> {
  const held = new Set<ContentDigest>()
  for (const name of await storage.repositories())
    for await (const digest of storage.repository(name).digests()) held.add(digest)
  return held
}

/**
 * Checks that everything with a name is there with all its parts. Throws `digest-mismatch`, which names what is
 * missing.
 */
export async function checkWhole(storage: Storage): Promise<Counted> {
  let [tags, bytes] = [0, 0]
  const repositories = await storage.repositories()
  for (const name of repositories) {
    const repository = storage.repository(name)
    for (const tag of await repository.tags()) {
      const digest = await repository.tagged(tag)
      if (digest === undefined || (await repository.manifestType(digest)) === undefined)
        throw missing(`${name}:${tag}`, digest ?? 'a digest')
      tags += 1
    }
    for (const digest of await repository.manifestDigests()) {
      const [type, content] = [await repository.manifestType(digest), await storage.content.read(digest)]
      if (type === undefined || content === undefined) throw missing(name, digest)
      // A project that shows another registry has blobs that were pulled, and no others.
      for (const blob of parseManifestDocument(content, type).blobs)
        if ((await repository.hasBlob(blob)) && (await storage.content.size(blob)) === undefined)
          throw missing(`${name}@${digest}`, blob)
    }
  }
  const held = await heldIn(storage)
  for (const digest of held) bytes += (await storage.content.size(digest)) ?? 0
  return { repositories: repositories.length, tags, contents: held.size, bytes }
}

function missing(what: string, digest: string): TemperError {
  return new TemperError(
    'digest-mismatch',
    `The backup is incomplete: ${what} needs ${digest}, which is missing`,
  )
}

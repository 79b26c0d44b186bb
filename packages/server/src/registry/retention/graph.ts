import { parseManifestDocument } from '../manifest-document.ts'
import type { ContentDigest } from '../name.ts'
import type { Repository } from '../storage/repository.ts'
import type { Storage } from '../storage/storage.ts'

interface Node {
  /** When it was last pushed, milliseconds since 1970. */
  readonly pushed: number
  readonly subject: ContentDigest | undefined
  /** Manifests that it names, and those that are attached to it. */
  readonly next: ContentDigest[]
}

/** Manifests of a repository, and which of them name which. */
export class ManifestGraph {
  readonly manifests: ReadonlyMap<ContentDigest, Node>

  constructor(manifests: ReadonlyMap<ContentDigest, Node>) {
    this.manifests = manifests
  }

  has(digest: ContentDigest): boolean {
    return this.manifests.has(digest)
  }

  /**
   * Everything that can be reached from some manifests, including themselves: the manifests that an index names, and
   * attachments.
   */
  reachable(from: ReadonlySet<ContentDigest>): Set<ContentDigest> {
    const reached = new Set<ContentDigest>()
    const waiting = [...from]
    for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
      if (reached.has(digest)) continue
      reached.add(digest)
      waiting.push(...(this.manifests.get(digest)?.next ?? []))
    }
    return reached
  }
}

export async function graphOf(repository: Repository, storage: Storage): Promise<ManifestGraph> {
  const nodes = new Map<ContentDigest, Node>()
  for (const digest of await repository.manifestDigests()) {
    const [type, pushed] = [await repository.manifestType(digest), await repository.manifestTime(digest)]
    const bytes = await storage.content.read(digest)
    if (type === undefined || pushed === undefined || bytes === undefined) continue
    const { manifests, subject } = parseManifestDocument(bytes, type)
    nodes.set(digest, { pushed: pushed.getTime(), subject, next: [...manifests] })
  }
  for (const [digest, { subject }] of nodes) if (subject !== undefined) nodes.get(subject)?.next.push(digest)
  return new ManifestGraph(nodes)
}

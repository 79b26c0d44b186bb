import { covers } from '../../auth/principal.ts'
import type { ContentDigest } from '../name.ts'
import type { Storage } from '../storage/storage.ts'

interface Held {
  readonly name: string
  readonly digest: ContentDigest
  readonly size: number
  readonly used: number
}

/** Milliseconds by which the clock of a file system may be behind. */
const clockSlack = 100

/**
 * Removes blobs of a project, the least recently used first, until a tenth of the limit is free, and content that no
 * repository has any more.
 */
export async function evict(
  storage: Storage,
  { project, limit }: { readonly project: string; readonly limit: number },
): Promise<void> {
  const before = Date.now() - clockSlack
  const names = await storage.repositories()
  const held: Held[] = []
  for (const name of names.filter((each) => covers(project, each)))
    for (const digest of await storage.repository(name).blobDigests()) {
      const [size, used] = [
        await storage.content.size(digest),
        await storage.repository(name).blobTime(digest),
      ]
      if (size !== undefined && used !== undefined) held.push({ name, digest, size, used: used.getTime() })
    }
  let bytes = held.reduce((sum, { size }) => sum + size, 0)
  if (bytes <= limit) return
  for (const { name, digest, size } of held.sort((a, b) => a.used - b.used)) {
    if (bytes <= limit * 0.9) return
    if (!(await storage.repository(name).removeBlobOlder(digest, before))) continue
    bytes -= size
    if (await isHeld(storage, names, digest)) continue
    await storage.content.removeOlder(digest, before)
  }
}

async function isHeld(storage: Storage, names: readonly string[], digest: ContentDigest): Promise<boolean> {
  for (const name of names) if (await storage.repository(name).hasBlob(digest)) return true
  return false
}

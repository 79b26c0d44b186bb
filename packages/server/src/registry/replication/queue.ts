import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readIfThere, removeFile, writeWhole } from '../storage/files.ts'

const itemSchema = z.strictObject({
  /** A new one for each request. */
  id: z.string(),
  repository: z.string(),
  /** A tag or a digest. */
  reference: z.string(),
  since: z.iso.datetime(),
})

/** Something that has to be copied. */
export type QueueItem = z.output<typeof itemSchema>

/** The copies that are still to be made, one file each, so that they survive a restart. */
export class ReplicationQueue {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async add(repository: string, reference: string, now: Date): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const path = this.#path(repository, reference)
    const item: QueueItem = { id: randomUUID(), repository, reference, since: now.toISOString() }
    await writeWhole(path, JSON.stringify(item))
  }

  /** The oldest first. */
  async all(): Promise<readonly QueueItem[]> {
    const items: QueueItem[] = []
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!/^[0-9a-f]{64}$/.test(name)) continue
      const text = await readFile(join(this.#folder, name), 'utf8').catch(() => undefined)
      if (text !== undefined) items.push(itemSchema.parse(JSON.parse(text)))
    }
    return items.sort((a, b) => (a.since < b.since ? -1 : 1))
  }

  /** Removes a finished copy, unless it was requested again meanwhile. */
  async done({ id, repository, reference }: QueueItem): Promise<void> {
    const path = this.#path(repository, reference)
    const text = await readIfThere(path)
    if (text !== undefined && itemSchema.parse(JSON.parse(text)).id === id) await removeFile(path)
  }

  #path(repository: string, reference: string): string {
    return join(this.#folder, createHash('sha256').update(`${repository} ${reference}`).digest('hex'))
  }
}

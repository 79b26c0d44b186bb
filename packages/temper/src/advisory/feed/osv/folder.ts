import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tryUtf8 } from '../../../base/bytes.ts'
import type { Digest } from '../../../base/digest.ts'
import { fileError } from '../../../base/file.ts'
import type { FeedItem, FeedItems } from '../../feed-item.ts'
import { osvItem } from './osv.ts'

/** Files with one OSV record each, by their paths below a folder. */
export function osvFolder(
  folder: string,
  names: readonly string[],
): { readonly items: FeedItems /** Of names and contents; when all was read. */; digest(): Digest } {
  const hash = createHash('sha256')
  async function* items(): AsyncGenerator<FeedItem, void, void> {
    for (const name of names) {
      const bytes = await readRecord(join(folder, name))
      hash.update(`${name}\0${bytes.length}\0`).update(bytes)
      const text = tryUtf8(bytes)
      const where = name.slice(-100)
      yield text === undefined ? { kind: 'skipped', where, reason: 'it is not UTF-8' } : osvItem(text, where)
    }
  }
  return { items: items(), digest: () => `sha256:${hash.digest('hex')}` }
}

async function readRecord(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw fileError('read', path, error)
  }
}

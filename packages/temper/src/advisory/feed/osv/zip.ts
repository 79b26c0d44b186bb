import { open } from 'node:fs/promises'
import { bytesOf, tryUtf8 } from '../../../base/bytes.ts'
import { fileError } from '../../../base/file.ts'
import { openZip, type ZipArchive } from '../../../formats/zip/open.ts'
import { fileSource } from '../../../formats/zip/source.ts'
import type { FeedItem } from '../../feed-item.ts'
import { osvItem, osvLines, recordLimit } from './osv.ts'

/** Bytes of all records together. */
const totalLimit = 24 * 2 ** 30

/** Records of a zip archive with one file each, as OSV exports them; NDJSON in it is read too, other files are not. */
export async function* osvZip(path: string, what: string): AsyncGenerator<FeedItem, void, void> {
  const file = await open(path).catch((error: unknown) => {
    throw fileError('read', path, error)
  })
  try {
    const { size } = await file.stat()
    const limits = { entries: 5_000_000, directoryBytes: 2 ** 30, entryBytes: recordLimit }
    const budget = { left: totalLimit }
    const archive = openZip(fileSource(file.fd, size), { what, limits, budget })
    for (const name of archive.refused)
      yield { kind: 'skipped', where: name.slice(0, 100), reason: 'its path leaves the archive' }
    yield* entries(archive)
  } finally {
    await file.close()
  }
}

async function* entries(archive: ZipArchive): AsyncGenerator<FeedItem, void, void> {
  for (const entry of archive.entries) {
    const isLines = /\.(?:ndjson|jsonl)$/i.test(entry.name)
    if (!isLines && !/\.json$/i.test(entry.name)) continue
    // A damaged archive is refused as a whole: what else it lacks cannot be known.
    const bytes = archive.read(entry)
    const text = isLines ? undefined : tryUtf8(bytes)
    if (isLines) yield* osvLines(bytesOf(bytes), entry.name)
    else if (text === undefined)
      yield { kind: 'skipped', where: entry.name.slice(0, 100), reason: 'it is not UTF-8' }
    else yield osvItem(text, entry.name.slice(0, 100))
  }
}

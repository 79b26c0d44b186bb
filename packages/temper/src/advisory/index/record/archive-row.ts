import type { KnownArchive } from '../../../model/advisory/advisory.ts'
import { feedMark, idPrefix } from './keys.ts'
import { type Row, separator } from './row.ts'

/** Mark in keys of the table of threats, after the SHA-1 of an archive. */
export const archiveMark = `a${separator}`

export function archiveRow(sha1: string, { name, version }: KnownArchive): Row {
  return {
    key: idPrefix(sha1) + archiveMark + feedMark(0),
    value: Buffer.from(JSON.stringify([name, version])),
  }
}

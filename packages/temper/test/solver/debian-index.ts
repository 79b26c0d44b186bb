import { bytesOf, collect } from '../../src/base/bytes.ts'
import { buildIndex } from '../../src/distro/debian/index/build.ts'
import { openIndex } from '../../src/distro/debian/index/file.ts'
import type { PackageIndex } from '../../src/model/package/package.ts'

/** An index of Debian out of its text, in memory. */
export async function debianIndex(text: string): Promise<PackageIndex> {
  const built = buildIndex(bytesOf(Buffer.from(text)), 'Packages')
  const bytes = Buffer.from(await collect(built, { limit: 1 << 28, what: 'index' }))
  const access = { size: bytes.length, read: (start: number, end: number) => bytes.subarray(start, end) }
  const index = openIndex(access, { repository: 'debian', suite: 'trixie', component: 'main' })
  if (index === undefined) throw new Error('the index cannot be read')
  return index
}

/** The fields of a stanza that say where the archive is: needed, and the same for all. */
export const anywhere = `Filename: pool/x.deb\nSize: 1\nSHA256: ${'0'.repeat(64)}\n\n`

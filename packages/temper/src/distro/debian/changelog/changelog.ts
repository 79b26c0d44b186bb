import { gunzipSync } from 'node:zlib'
import { tryUtf8 } from '../../../base/bytes.ts'
import type { ChangelogEntry } from '../../../model/package/changelog.ts'

/** One entry of debian/changelog (deb-changelog(5)). */
export interface DebianChangelogEntry extends ChangelogEntry {
  readonly distributions: readonly string[]
  readonly urgency?: string
}

const heading = /^([a-zA-Z0-9][a-zA-Z0-9+.-]*) \(([^()\s]{1,200})\)((?: [-+0-9a-zA-Z.]+)*);(.*)$/
const cveId = /\bCVE-(\d{4})-(\d{4,10})\b/gi

/** Most bytes of a changelog, uncompressed: the largest in Debian have 4 MB. */
const textLimit = 32 << 20
/** Most entries that are read; later ones (which are older) are left out. */
const entriesLimit = 20_000

/**
 * Reads a changelog, newest entry first as in the file. Lenient like dpkg: lines that belong to no entry are skipped,
 * and an entry without trailer ends at the next heading.
 */
export function parseChangelog(text: string): DebianChangelogEntry[] {
  const entries: DebianChangelogEntry[] = []
  let open: { head: RegExpExecArray; lines: string[]; date?: string } | undefined
  const close = () => {
    if (open) entries.push(toEntry(open.head, open.lines, open.date))
    open = undefined
  }
  for (const line of text.split('\n')) {
    const head = line.startsWith(' ') ? null : heading.exec(line.trimEnd())
    if (head) {
      close()
      if (entries.length >= entriesLimit) break
      open = { head, lines: [] }
      continue
    }
    if (!open) continue
    if (line.startsWith(' -- ')) {
      const date = line.slice(line.lastIndexOf('>') + 1).trim()
      if (date !== '' && line.includes('>')) open.date = date
      close()
    } else open.lines.push(line)
  }
  close()
  return entries
}

/**
 * Entries of a package's changelog: Debian's own file is preferred to the upstream one; native packages have only the
 * latter.
 */
export function changelogEntries(
  files: ReadonlyMap<string, Uint8Array>,
): readonly DebianChangelogEntry[] | undefined {
  const paths = [...files.keys()]
  const path = paths.find((each) => each.includes('changelog.Debian')) ?? paths[0]
  const text = path === undefined ? undefined : changelogText(path, files.get(path) ?? new Uint8Array())
  return text === undefined ? undefined : parseChangelog(text)
}

function toEntry(
  head: RegExpExecArray,
  lines: readonly string[],
  date: string | undefined,
): DebianChangelogEntry {
  const changes = lines.join('\n').replace(/^\s*\n|\s+$/g, '')
  const urgency = /(?:^|[,\s])urgency=([a-zA-Z]+)/i.exec(head[4] ?? '')?.[1]?.toLowerCase()
  return {
    source: head[1] ?? '',
    version: head[2] ?? '',
    distributions: (head[3] ?? '').trim().split(' ').filter(Boolean),
    ...(urgency === undefined ? {} : { urgency }),
    ...(date === undefined ? {} : { date }),
    changes,
    cveIds: [...new Set([...changes.matchAll(cveId)].map((match) => `CVE-${match[1]}-${match[2]}`))],
  }
}

/** The text of a changelog file, unpacked; undefined when it is damaged, too large or not UTF-8. */
export function changelogText(path: string, content: Uint8Array): string | undefined {
  if (!path.endsWith('.gz')) return content.length > textLimit ? undefined : tryUtf8(content)
  try {
    return tryUtf8(gunzipSync(content, { maxOutputLength: textLimit }))
  } catch (error) {
    // Damaged or a bomb: nothing can be learned of it, and nothing of it is claimed.
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code?.startsWith('Z_'))
      return undefined
    throw error
  }
}

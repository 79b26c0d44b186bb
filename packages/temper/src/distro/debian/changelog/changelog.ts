import { compareDebianVersions } from '../../../formats/version/dpkg.ts'

/** One entry of debian/changelog (deb-changelog(5)). */
export interface ChangelogEntry {
  readonly source: string
  readonly version: string
  readonly distributions: readonly string[]
  readonly urgency?: string
  /** As written in the trailer. */
  readonly date?: string
  /** Lines between heading and trailer, without white space at both ends of the whole. */
  readonly changes: string
  /** CVE ids that the changes name, each once, in their order. */
  readonly cveIds: readonly string[]
}

const heading = /^([a-zA-Z0-9][a-zA-Z0-9+.-]*) \(([^()\s]{1,200})\)((?: [-+0-9a-zA-Z.]+)*);(.*)$/
const cveId = /\bCVE-(\d{4})-(\d{4,10})\b/gi

/** Most entries that are read; later ones (which are older) are left out. */
const entriesLimit = 20_000

/**
 * Reads a changelog, newest entry first as in the file. Lenient like dpkg: lines that belong to no entry are
 * passed over, an entry without trailer ends at the next heading.
 */
export function parseChangelog(text: string): ChangelogEntry[] {
  const entries: ChangelogEntry[] = []
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
 * CVE ids, sorted, that a changelog names in entries newer than `oldVersion` up to `newVersion` (versions of
 * the source package). Empty when the new version is not the newer one.
 */
export function cveIdsBetween(text: string, oldVersion: string, newVersion: string): string[] {
  const found = new Set<string>()
  for (const entry of parseChangelog(text)) {
    const isNewer = compareDebianVersions(entry.version, oldVersion) > 0
    if (isNewer && compareDebianVersions(entry.version, newVersion) <= 0) {
      for (const id of entry.cveIds) found.add(id)
    }
  }
  return [...found].sort(byNumber)
}

function toEntry(head: RegExpExecArray, lines: readonly string[], date: string | undefined): ChangelogEntry {
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

/** By year, then number: CVE-2026-999 comes before CVE-2026-10000. */
function byNumber(a: string, b: string): number {
  const [, yearA, numberA] = a.split('-').map(Number)
  const [, yearB, numberB] = b.split('-').map(Number)
  return (yearA ?? 0) - (yearB ?? 0) || (numberA ?? 0) - (numberB ?? 0)
}

import { printableLine } from '../../../base/printable.ts'
import { compareDebianVersions } from '../../../formats/version/dpkg.ts'
import {
  type ChangelogEntry,
  type ChangelogFacts,
  type ChangelogFix,
  versionsWithChanges,
} from '../../../model/package/changelog.ts'
import { changelogText, parseChangelog } from './changelog.ts'

/** Most fixes that are kept of one package, newest first: browsers have thousands. */
const fixesLimit = 1000
/** Characters that are kept of what an entry says. */
const excerptLimit = 240

/**
 * Whether the file at this path of an archive may be the package's Debian changelog (Debian Policy 12.7):
 * `changelog.Debian.gz`, or `changelog.gz` of native packages. The changelog of a rebuild
 * (`changelog.Debian.amd64.gz`) names no changes to the source.
 */
export function isChangelog(path: string): boolean {
  return /^usr\/share\/doc\/[^/]+\/changelog(?:\.Debian)?(?:\.gz)?$/.test(path)
}

/**
 * What a changelog says about fixed vulnerabilities; undefined, so that nothing is claimed, when the file is not a
 * Debian changelog, is damaged or too large.
 */
export function changelogFacts(path: string, content: Uint8Array): ChangelogFacts | undefined {
  const text = changelogText(path, content)
  // Upstream changelogs have the same name and are long: one look at the first line spares most of them.
  if (
    text === undefined ||
    !/^\s*[a-zA-Z0-9][a-zA-Z0-9+.-]* \([^()\s]{1,200}\)[^\n]*;/.test(text.slice(0, 2000))
  )
    return undefined
  const entries = parseChangelog(text)
  const [newest] = entries
  if (newest === undefined) return undefined
  return { path, source: newest.source, version: newest.version, fixes: fixesOf(entries) }
}

/**
 * Vulnerabilities that are fixed in the newest entry. The newest conclusive mention decides; fixes that were reverted
 * or incomplete are not listed. Of several mentions the oldest that still holds is quoted, since it is where the fix
 * came in.
 */
export function fixesOf(entries: readonly ChangelogEntry[]): ChangelogFix[] {
  const fixes = new Map<string, ChangelogFix>()
  const closed = new Set<string>()
  const versions = versionsWithChanges(entries, compareDebianVersions)
  for (const [i, entry] of entries.entries()) {
    const version = versions[i] ?? entry.version
    if (entry.cveIds.length === 0) continue
    const paragraphs = paragraphsOf(entry.changes)
    for (const id of entry.cveIds) {
      if (closed.has(id)) continue
      const mentions = paragraphs.filter(({ upper }) => names(upper, id))
      const claims = mentions.map(({ own, context }) => claimOf(`${context} ${own}`))
      if (claims.includes('taken back')) closed.add(id)
      const said = mentions[claims.indexOf('repaired')]
      if (said === undefined || closed.has(id)) continue
      const where = version === entry.version ? {} : { entry: entry.version }
      fixes.set(id, { id, version, ...where, text: excerpt(said.own, id) })
    }
  }
  return [...fixes.values()].slice(0, fixesLimit)
}

type FixClaim = 'repaired' | 'taken back' | 'nothing'

// What says that a repair is not there, or not whole.
const takenBack =
  /\brevert|\bback(?:ed|ing|s)?[ -]out\b|\bincomplete(?:ly)? (?:fix|patch|backport|solution)|\b(?:fix|patch)\w* (?:was|were|is|are)? ?(?:incomplete|insufficient)|\bpartial(?:ly)? (?:fix|patch|backport|mitigat|address)|\bun-?fixed\b|\b(?:not|isn't|n't) (?:yet )?(?:fix|apply|address|resolve)|\bstill (?:vulnerable|affected|open)|\bre-?open|\bto ?do\b|\bdisabl(?:e|es|ed|ing) (?:the )?(?:fix|patch)/i
// What names a vulnerability without repairing it.
const aside =
  /\bnot[ -](?:affected|vulnerable|impacted|exploitable)\b|\bunaffected\b|\bregressions? (?:fix|update|from|introduced|in|of|caused)|\b(?:drop|remov)(?:e|es|s|ed|ped|ing|ping)?\b[^;]{0,80}\bpatch|\brefresh|\brenam(?:e|es|ed|ing)\b[^.;]*\bpatch|\bchangelog\b|\bmention|\bmetadata\b|\bunlike\b|\bsimilar to\b/i

function claimOf(words: string): FixClaim {
  if (takenBack.test(words)) return 'taken back'
  return aside.test(words) ? 'nothing' : 'repaired'
}

interface Paragraph {
  readonly own: string
  /** The same in capitals, as ids are: made once, since it is searched for every id of its entry. */
  readonly upper: string
  /** The headings above it. */
  readonly context: string
}

/** Items of an entry's list, each with the items that it is indented under. */
function paragraphsOf(changes: string): readonly Paragraph[] {
  const paragraphs: { indent: number; lines: string[]; context: string }[] = []
  const open: { indent: number; lines: string[]; context: string }[] = []
  for (const line of changes.split('\n')) {
    const bullet = /^(\s*)(?:[*+-]|\[)\s?/.exec(line)
    if (bullet === null && line.trim() !== '' && open.length > 0) {
      open.at(-1)?.lines.push(line.trim())
      continue
    }
    if (line.trim() === '') continue
    const indent = bullet?.[1]?.length ?? 0
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop()
    const context = open.map(({ lines }) => lines.join(' ')).join(' ')
    const item = { indent, lines: [line.trim()], context }
    open.push(item)
    paragraphs.push(item)
  }
  return paragraphs.map(({ lines, context }) => {
    const own = lines.join(' ')
    return { own, upper: own.toUpperCase(), context }
  })
}

/** Whether a text in capitals has the id, and not only one that begins with it. */
function names(upper: string, id: string): boolean {
  for (let at = upper.indexOf(id); at >= 0; at = upper.indexOf(id, at + 1))
    if (!/[0-9]/.test(upper[at + id.length] ?? '')) return true
  return false
}

/** The item's words around the id. */
function excerpt(own: string, id: string): string {
  const text = own.replace(/^[*+-]\s*/, '').replace(/\s+/g, ' ')
  if (text.length <= excerptLimit) return printableLine(text, { most: excerptLimit })
  const start = Math.max(0, Math.min(text.toUpperCase().indexOf(id) - 80, text.length - excerptLimit))
  const cut = printableLine(text.slice(start, start + excerptLimit), { most: excerptLimit })
  return start === 0 ? cut : `…${cut}`
}

/**
 * Words that a page may not use unexplained, by their anchors in docs/glossary.md, as they stand in texts. Common words count
 * only where they are ours.
 */
export const words: Readonly<Record<string, RegExp>> = {
  attestation: /\battestations?\b/i,
  closed: /\b(?:is|are|tree|image|proved|proven) closed\b/,
  cvss: /\bCVSS\b/,
  effect: /\b(?:effects?|Effects)\b(?! (?:of|on)\b)/,
  epss: /\bEPSS\b/,
  kev: /\bKEV\b/,
  lock: /\b(?:[Aa] |[Tt]he |that |its |this |same |new |and |of |[Tt]wo )?\blocks?\b(?! (?:is|was|file of|entries))/,
  provenance: /\bprovenance\b/i,
  purl: /\bpurls?\b/,
  referrer: /\breferrers?\b/i,
  relaxation: /\brelaxations?\b/i,
  revision: /\brevisions?\b/i,
  segment: /\bsegments?\b/i,
  'transparency-log': /\btransparency logs?\b/i,
  'trust-file': /\btrust files?\b/i,
  unmodelled: /\bunmodelled\b/i,
  vex: /\bVEX\b/,
}

/** Pages on which a word is somebody else's: lock files of package managers, revisions of a repository. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  'docs/reference/language-packages.md': ['lock'],
  // "lock the account"
  'docs/reference/rules.md': ['lock'],
  // "without effect"
  'docs/reference/recipe.md': ['effect'],
}

/**
 * A page with the first mention of each word linked to the glossary. Headings, code and comments are no mentions; a word
 * inside of a link is explained where that leads. A page whose title has the word is about it.
 * @param path of the page in the repository: "docs/how-to/scan.md"
 */
export function linkWords(page: string, path: string): string {
  const title = /^# (.*)$/m.exec(page)?.[1] ?? ''
  const wanted = Object.entries(words).filter(
    ([id, pattern]) => !pattern.test(title) && foreign[path]?.includes(id) !== true,
  )
  const open = new Map(wanted)
  let isCode = false
  return page
    .split('\n')
    .map((line) => {
      if (/^\s*```/.test(line)) isCode = !isCode
      return isCode || /^(?:#|<!--|\s*```)/.test(line) ? line : linkLine(line, open)
    })
    .join('\n')
}

/** Pieces of a line that stay as they are: links, code, HTML, addresses. */
const kept = /(!?\[(?:[^\]\\]|\\.)*\](?:\([^)]*\)|\[[^\]]*\])|``[^`]+``|`[^`]*`|<[^>]*>|https?:\/\/\S+)/

function linkLine(line: string, open: Map<string, RegExp>): string {
  return line
    .split(kept)
    .map((piece, index) => (index % 2 === 1 ? seen(piece, open) : linkPiece(piece, open)))
    .join('')
}

/** What a link says is explained where it leads. */
function seen(piece: string, open: Map<string, RegExp>): string {
  const text = /^\[((?:[^\]\\]|\\.)*)\]/.exec(piece)?.[1]
  if (text !== undefined) for (const [id, pattern] of open) if (pattern.test(text)) open.delete(id)
  return piece
}

function linkPiece(piece: string, open: Map<string, RegExp>): string {
  let first: { readonly id: string; readonly at: number; readonly text: string } | undefined
  for (const [id, pattern] of open) {
    const match = pattern.exec(piece)
    if (match !== null && (first === undefined || match.index < first.at))
      first = { id, at: match.index, text: match[0] }
  }
  if (first === undefined) return piece
  open.delete(first.id)
  const { id, at, text } = first
  // The article before a word is no part of it.
  const start = at + (text.lastIndexOf(' ', text.length - 1 - (id.includes('-') ? id.length : 0)) + 1)
  const end = at + text.length
  return `${piece.slice(0, start)}[${piece.slice(start, end)}](../glossary.md#${id})${linkPiece(piece.slice(end), open)}`
}

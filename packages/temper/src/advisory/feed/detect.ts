import { compressionOf } from '../../formats/compress/decompress.ts'
import { looksLikeZip } from '../../formats/zip/open.ts'
import { magic } from '../index/storage/index-file.ts'
import { isArchivesHeading } from './archives.ts'

/** The format of a file, recognised by its first bytes. */
export type FeedFormat =
  | 'zip'
  | 'compressed'
  /** A file that Temper exported. */
  | 'index'
  | 'osv-lines'
  | 'osv-values'
  | 'osv-array'
  | 'debian-tracker'
  | 'secdb'
  | 'kev'
  | 'epss'
  | 'archives'

/** Number of bytes that {@link detectFormat} needs. */
export const detectionSize = 64 * 1024

/** Recognises a format; undefined when the file cannot be read as a feed. */
export function detectFormat(start: Uint8Array): FeedFormat | undefined {
  if (looksLikeZip(start)) return 'zip'
  if (compressionOf(start) !== 'none') return 'compressed'
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.length)
  if (bytes.toString('latin1', 0, magic.length) === magic) return 'index'
  const text = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  if (text.startsWith('[')) return 'osv-array'
  if (text.startsWith('{')) return jsonFormat(text)
  const line = text.split('\n').find((each) => !each.startsWith('#')) ?? ''
  if (isArchivesHeading(line)) return 'archives'
  const isScores = /^#model_version/.test(text) || (/\bcve\b/i.test(line) && /\bepss\b/i.test(line))
  return isScores ? 'epss' : undefined
}

function jsonFormat(text: string): FeedFormat | undefined {
  const end = text.indexOf('\n')
  const line = (end < 0 ? text : text.slice(0, end)).trim()
  // A record in one line, be it longer than what is seen: only NDJSON, or one document, can look so.
  const names = outerNames(text)
  if (names.includes('vulnerabilities') || names.includes('catalogVersion')) return 'kev'
  if (['secfixes', 'urlprefix', 'distroversion', 'reponame', 'apkurl'].some((name) => names.includes(name)))
    return 'secdb'
  if (names.includes('packages') && text.includes('"secfixes"')) return 'secdb'
  if (['id', 'schema_version', 'affected', 'modified'].some((name) => names.includes(name)))
    return line.length > 1 && (end < 0 || line.endsWith('}')) ? 'osv-lines' : 'osv-values'
  return /"releases"\s*:/.test(text) ? 'debian-tracker' : undefined
}

/** Names of the members of the outermost object that the text shows. */
function outerNames(text: string): readonly string[] {
  const names: string[] = []
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') {
      if (--depth === 0) break
    } else if (char === '"') {
      const start = at + 1
      for (at = start; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++
      if (depth === 1 && /^\s*:/.test(text.slice(at + 1, at + 20))) names.push(text.slice(start, at))
    }
  }
  return names
}

import { hexOf, sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { LicenceStatement } from '../../model/package/licence.ts'
import { parseStanzas, type Stanza } from '../deb822.ts'
import { formatExpression, join, type LicenceTerm, parseExpression } from './expression.ts'

/** Most characters that are kept of one licence text. */
const textLimit = 256 * 1024
/** Most different licences that one package may name; more is no statement that anyone could read. */
const nameLimit = 1000

/** Whether the file at this path of an archive states the licences of a package (Debian Policy 12.5). */
export function isCopyrightFile(path: string): boolean {
  return /^usr\/share\/doc\/[^/]+\/copyright$/.test(path)
}

/**
 * The licences in a copyright file: all those of a machine-readable one (copyright-format 1.0), joined by AND, since
 * the package holds files under each of them. Any other file becomes one `LicenseRef-…` with the whole text.
 */
export function parseCopyright(bytes: Uint8Array): LicenceStatement {
  const text = Buffer.from(bytes).toString('utf8').replaceAll('\r\n', '\n')
  const stanzas = machineReadable(text)
  return (stanzas && statementOf(stanzas)) ?? asWhole(text)
}

/** The paragraphs of a machine-readable file; undefined when it is prose or too damaged to be read as fields. */
function machineReadable(text: string): readonly Stanza[] | undefined {
  const format = /^\s*Format(?:-Specification)?:\s*(\S+)/i.exec(text)?.[1] ?? ''
  if (!/copyright-format|dep5|dep-5|copyrightformat/i.test(format)) return undefined
  try {
    return parseStanzas(text, { what: 'copyright file', code: 'bad-archive', stanzasLimit: 100_000 })
  } catch (error) {
    // Its text is kept as a whole then.
    if (error instanceof TemperError && (error.code === 'bad-archive' || error.code === 'limit-exceeded'))
      return undefined
    throw error
  }
}

function statementOf(stanzas: readonly Stanza[]): LicenceStatement | undefined {
  const texts = new Map<string, string>()
  const synopses = new Set<string>()
  for (const [place, stanza] of stanzas.entries()) {
    const licence = stanza.get('License')
    if (licence === undefined) continue
    const [synopsis = '', ...lines] = licence.split('\n')
    const text = plainText(lines)
    const name = synopsis.trim().replace(/\s+/g, ' ')
    if (text !== '' && !texts.has(name.toLowerCase())) texts.set(name.toLowerCase(), text)
    // A paragraph without Files gives the text of a licence that others name; the first speaks for the whole.
    if (name !== '' && (place === 0 || stanza.get('Files') !== undefined)) synopses.add(name)
  }
  if (synopses.size === 0 || synopses.size > nameLimit) return undefined
  return describe([...synopses].map(parseExpression), texts)
}

function describe(terms: readonly LicenceTerm[], texts: ReadonlyMap<string, string>): LicenceStatement {
  const references: Record<string, string> = {}
  const expression = formatExpression(join('and', terms), (name) => {
    const text = shorten(texts.get(name.toLowerCase()) ?? `License: ${name}`)
    const id = `LicenseRef-debian-${identifier(name)}-${hexOf(sha256(text)).slice(0, 8)}`
    references[id] = text
    return id
  })
  const sorted = Object.entries(references).sort(([a], [b]) => (a < b ? -1 : 1))
  return { expression, texts: Object.fromEntries(sorted) }
}

function asWhole(text: string): LicenceStatement {
  const kept = shorten(text)
  const id = `LicenseRef-debian-copyright-${hexOf(sha256(kept)).slice(0, 12)}`
  return { expression: id, texts: { [id]: kept } }
}

/** A line with a single dot is an empty one; the format's own indentation is gone already. */
function plainText(lines: readonly string[]): string {
  return lines
    .map((line) => (line.trim() === '.' ? '' : line))
    .join('\n')
    .trim()
}

/** SPDX allows letters, digits, "-" and "." (SPDX 2.3, 10.1). */
function identifier(name: string): string {
  return name
    .slice(0, 60)
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

function shorten(text: string): string {
  if (text.length <= textLimit) return text
  return `${text.slice(0, textLimit).trimEnd()}\n[The text goes on in the package's copyright file.]\n`
}

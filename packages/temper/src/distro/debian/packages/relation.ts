import { TemperError } from '../../../base/error.ts'
import type { Dependency, Requirement } from '../../../model/package/package.ts'

/**
 * Relationship fields of Debian control data: `a (>= 1) | b:any, c`. Source: Debian Policy 7.1,
 * deb-control(5).
 */

const maximalText = 1 << 20
const maximalRequirements = 20_000
const maximalName = 256
const maximalVersion = 1024

/**
 * Reads a field whose commas mean "and" and whose `|` means "or" (Depends, Pre-Depends, Recommends…). Architecture
 * lists (`[amd64]`) and build profiles (`<!nocheck>`), which binary packages must not have, are ignored. An empty
 * item between commas is ignored, as dpkg and apt do.
 *
 * `where` names the field for the error, TemperError `bad-index` or `limit-exceeded`.
 */
export function parseDependencies(text: string, where = 'Relationship field'): Dependency[] {
  const scanner = scan(text, where)
  const dependencies: Dependency[] = []
  for (;;) {
    skipSeparators(scanner)
    if (scanner.at >= text.length) return dependencies
    const alternatives = [readRequirement(scanner)]
    while (text.charCodeAt(scanner.at) === pipe) {
      scanner.at++
      skipSpace(scanner)
      alternatives.push(readRequirement(scanner))
    }
    dependencies.push(alternatives)
    if (scanner.at < text.length && text.charCodeAt(scanner.at) !== comma)
      throw unexpected(scanner, '"," or "|"')
  }
}

/**
 * Reads Provides. Anything provided other than in exactly one version (`v (>= 2)`) is ignored, as in apt (Debian
 * Policy 7.1).
 */
export function parseProvides(text: string, where = 'Provides'): Requirement[] {
  return parseRequirements(text, where).filter(({ relation = '=' }) => relation === '=')
}

/** Reads a field without alternatives (Provides, Conflicts, Breaks, Replaces); `|` is an error in it. */
export function parseRequirements(text: string, where = 'Relationship field'): Requirement[] {
  const scanner = scan(text, where)
  const requirements: Requirement[] = []
  for (;;) {
    skipSeparators(scanner)
    if (scanner.at >= text.length) return requirements
    requirements.push(readRequirement(scanner))
    if (scanner.at < text.length && text.charCodeAt(scanner.at) !== comma) throw unexpected(scanner, '","')
  }
}

const comma = 0x2c
const pipe = 0x7c
const colon = 0x3a
const openParenthesis = 0x28
const closeParenthesis = 0x29
const openBracket = 0x5b
const closeBracket = 0x5d
const less = 0x3c
const equal = 0x3d
const greater = 0x3e

interface Scanner {
  readonly text: string
  readonly where: string
  at: number
  count: number
}

function scan(text: string, where: string): Scanner {
  if (text.length > maximalText) {
    throw new TemperError('limit-exceeded', `${where}: longer than ${maximalText} characters`)
  }
  return { text, where, at: 0, count: 0 }
}

function readRequirement(scanner: Scanner): Requirement {
  const { text } = scanner
  if (++scanner.count > maximalRequirements) {
    throw new TemperError('limit-exceeded', `${scanner.where}: more than ${maximalRequirements} packages`)
  }
  const name = readWord(scanner, 'a package name')
  let qualifier: string | undefined
  if (text.charCodeAt(scanner.at) === colon) {
    scanner.at++
    qualifier = readWord(scanner, 'an architecture after ":"')
  }
  skipSpace(scanner)
  let requirement: Requirement = qualifier === undefined ? { name } : { name, qualifier }
  if (text.charCodeAt(scanner.at) === openParenthesis) {
    scanner.at++
    skipSpace(scanner)
    const relation = readRelation(scanner)
    skipSpace(scanner)
    const version = readVersion(scanner)
    requirement =
      qualifier === undefined ? { name, relation, version } : { name, relation, version, qualifier }
  }
  skipRestrictions(scanner)
  return requirement
}

/** Letters, digits and `+ - . _`, starting with a letter or digit: names as dpkg accepts them. */
function readWord(scanner: Scanner, expected: string): string {
  const { text, at } = scanner
  let end = isWordStart(text.charCodeAt(at)) ? at + 1 : at
  while (end > at && end < text.length && isWordCode(text.charCodeAt(end))) end++
  if (end === at) throw unexpected(scanner, expected)
  if (end - at > maximalName) {
    throw new TemperError('limit-exceeded', `${scanner.where}: a name longer than ${maximalName} characters`)
  }
  scanner.at = end
  return text.slice(at, end)
}

function isWordStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a)
}

function isWordCode(code: number): boolean {
  return isWordStart(code) || code === 0x2d || code === 0x2e || code === 0x2b || code === 0x5f
}

/** `<` and `>` are the old spellings of `<=` and `>=`. */
function readRelation(scanner: Scanner): NonNullable<Requirement['relation']> {
  const { text } = scanner
  const first = text.charCodeAt(scanner.at)
  const second = text.charCodeAt(scanner.at + 1)
  if (first === equal) {
    scanner.at++
    return '='
  }
  if (first !== less && first !== greater) throw unexpected(scanner, 'one of << <= = >= >>')
  scanner.at += second === first || second === equal ? 2 : 1
  if (first === less) return second === less ? '<<' : '<='
  return second === greater ? '>>' : '>='
}

/** The version and the closing parenthesis. Its characters are checked here, its order of parts is not. */
function readVersion(scanner: Scanner): string {
  const { text, at } = scanner
  let end = at
  while (end < text.length && isVersionCode(text.charCodeAt(end))) end++
  if (end === at) throw unexpected(scanner, 'a version')
  if (end - at > maximalVersion) {
    throw new TemperError(
      'limit-exceeded',
      `${scanner.where}: a version longer than ${maximalVersion} characters`,
    )
  }
  scanner.at = end
  skipSpace(scanner)
  if (text.charCodeAt(scanner.at) !== closeParenthesis) throw unexpected(scanner, '")" after the version')
  scanner.at++
  return text.slice(at, end)
}

function isVersionCode(code: number): boolean {
  return isWordCode(code) ? code !== 0x5f : code === 0x7e || code === colon
}

function skipRestrictions(scanner: Scanner): void {
  const { text } = scanner
  for (;;) {
    skipSpace(scanner)
    const code = text.charCodeAt(scanner.at)
    if (code !== openBracket && code !== less) return
    const close = code === openBracket ? closeBracket : greater
    let end = scanner.at + 1
    while (end < text.length && text.charCodeAt(end) !== close) end++
    if (end === text.length) throw unexpected(scanner, `a "${String.fromCharCode(close)}" that closes it`)
    scanner.at = end + 1
  }
}

function skipSeparators(scanner: Scanner): void {
  const { text } = scanner
  for (;;) {
    skipSpace(scanner)
    if (text.charCodeAt(scanner.at) !== comma) return
    scanner.at++
  }
}

function skipSpace(scanner: Scanner): void {
  const { text } = scanner
  while (scanner.at < text.length && isSpace(text.charCodeAt(scanner.at))) scanner.at++
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}

function unexpected(scanner: Scanner, expected: string): TemperError {
  const { text, at, where } = scanner
  const rest = at >= text.length ? 'the end' : JSON.stringify(text.slice(at, at + 30))
  const before = at === 0 ? '' : ` after ${JSON.stringify(text.slice(Math.max(0, at - 30), at))}`
  return new TemperError('bad-index', `${where}: expected ${expected}${before}, found ${rest}`)
}

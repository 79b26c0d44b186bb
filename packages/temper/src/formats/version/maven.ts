import { ownMember } from '../../base/own-member.ts'
import {
  compareDigits,
  compareNumbers,
  compareText,
  isDigit,
  type Order,
  type VersionOrder,
} from './order.ts'

interface Token {
  /** Whether a hyphen separates it from the one before; a transition between digits and letters counts as a hyphen. */
  readonly hyphen: boolean
  readonly numeric: boolean
  /** Lower case; digits without leading zeros, "" for zero and for words that mean a release. */
  readonly value: string
}

export interface MavenVersion {
  readonly tokens: readonly Token[]
  /** Whether it starts with a number. */
  readonly valid: boolean
}

/**
 * Maven's order (POM reference, "Version order specification"). One deviation makes it a consistent order: zeros are
 * dropped before any qualifier, even one after a dot, so that "1.0.alpha" equals "1-alpha".
 */
export const mavenOrder: VersionOrder<MavenVersion> = {
  parse: (text) => ({
    tokens: trimmed(tokenize(text.trim().toLowerCase())),
    valid: /^\s*[0-9]/.test(text),
  }),
  compare: compareMaven,
  isVersion: ({ valid }) => valid,
}

/** Known qualifiers; "" is the release itself. Others come after these, by their text. */
const qualifiers = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp']
const release = qualifiers.indexOf('')
const aliases: Readonly<Record<string, string>> = { ga: '', final: '', release: '', cr: 'rc' }
/** Only where a digit follows. */
const abbreviations: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' }

interface Place {
  readonly hyphen: boolean
  readonly digitFollows: boolean
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let start = 0
  let hyphen = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '.' || character === '-') {
      tokens.push(token(text.slice(start, i), { hyphen, digitFollows: false }))
      start = i + 1
      hyphen = character === '-'
    } else if (i > start && isDigit(text.charCodeAt(i)) !== isDigit(text.charCodeAt(i - 1))) {
      tokens.push(token(text.slice(start, i), { hyphen, digitFollows: isDigit(text.charCodeAt(i)) }))
      start = i
      hyphen = true
    }
  }
  tokens.push(token(text.slice(start), { hyphen, digitFollows: false }))
  return tokens
}

function token(text: string, { hyphen, digitFollows }: Place): Token {
  if (text === '' || isDigit(text.charCodeAt(0)))
    return { hyphen, numeric: true, value: text.replace(/^0+/, '') }
  const word = (digitFollows ? ownMember(abbreviations, text) : undefined) ?? text
  return { hyphen, numeric: false, value: ownMember(aliases, word) ?? word }
}

/** Leaves out what means nothing before a hyphen, a qualifier and the end; the first token stays. */
function trimmed(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = []
  for (const next of tokens) {
    if (next.hyphen || !next.numeric) dropNulls(kept)
    kept.push(next)
  }
  dropNulls(kept)
  return kept
}

function dropNulls(tokens: Token[]): void {
  while (tokens.length > 1 && tokens.at(-1)?.value === '') tokens.pop()
}

function compareMaven({ tokens: a }: MavenVersion, { tokens: b }: MavenVersion): Order {
  const length = Math.max(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a[i]
    const y = b[i]
    const order = compareTokens(x ?? nullOf(y), y ?? nullOf(x))
    if (order !== 0) return order
  }
  return 0
}

/** What a missing token counts as beside `other`: zero or the release, with its separator. */
function nullOf(other: Token | undefined): Token {
  return { hyphen: other?.hyphen ?? false, numeric: other?.numeric ?? true, value: '' }
}

/** Qualifiers are below numbers after a hyphen, and these below numbers after a dot. */
function compareTokens(a: Token, b: Token): Order {
  if (a.numeric !== b.numeric) return a.numeric ? 1 : -1
  if (!a.numeric) return compareQualifiers(a.value, b.value)
  if (a.hyphen !== b.hyphen) return a.hyphen ? -1 : 1
  return compareDigits(a.value, b.value)
}

function compareQualifiers(a: string, b: string): Order {
  const rankA = rankOf(a)
  const rankB = rankOf(b)
  return compareNumbers(rankA, rankB) || (rankA === qualifiers.length ? compareText(a, b) : 0)
}

function rankOf(qualifier: string): number {
  if (qualifier === '') return release
  const rank = qualifiers.indexOf(qualifier)
  return rank < 0 ? qualifiers.length : rank
}

import {
  compareDigits,
  compareNumbers,
  compareText,
  isDigit,
  type Order,
  type VersionOrder,
} from './order.ts'

/**
 * Alpine's versions: numbers with dots, a letter, suffixes such as `_rc1`, a commit after `~`, a revision `-r2`,
 * ordered as apk-tools 3 does (apk-package(5), "Package version"). Parsing stops at the first character that is not
 * allowed there, and the version is then lower than the same text without it.
 */
export interface ApkVersion {
  readonly parts: readonly Part[]
}

interface Part {
  readonly kind: number
  /** As written: digits, a letter, a suffix, a commit. */
  readonly text: string
}

/** What comes in place of a part, by rank where two versions differ in it: the order of apk-tools. */
const kind = {
  number: 0,
  fraction: 1,
  letter: 2,
  suffix: 3,
  suffixNumber: 4,
  commit: 5,
  revision: 6,
  end: 7,
  invalid: 8,
} as const

const suffixes = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p']
const noSuffix = suffixes.indexOf('')
const end: Part = { kind: kind.end, text: '' }
const invalid: Part = { kind: kind.invalid, text: '' }

export const apkOrder: VersionOrder<ApkVersion> = {
  parse: (text) => parseApk(text),
  compare: compareApk,
  isVersion: ({ parts }) => parts.at(-1)?.kind === kind.end,
}

/**
 * The same for ranges of advisories, which also name packages of releases that had apk-tools 2: there a number could follow a
 * letter (`1.9.5p2-r0` of sudo, up to Alpine 3.14).
 */
export const apkRangeOrder: VersionOrder<ApkVersion> = {
  ...apkOrder,
  parse: (text) => parseApk(text, { isOld: true }),
}

interface Grammar {
  /** That of apk-tools 2. */
  readonly isOld: boolean
}

/**
 * Whether `version` equals `start` or continues it with further parts: "1.2" begins "1.2.3" and "1.2-r0", but not
 * "1.20".
 */
export function apkVersionBegins(version: string, start: string): boolean {
  const [whole, first] = [parseApk(version).parts, parseApk(start).parts]
  const wanted = first.slice(0, -1)
  if (first.at(-1)?.kind !== kind.end || wanted.length >= whole.length) return false
  return wanted.every((part, at) => {
    const other = whole[at] ?? end
    return part.kind === other.kind && compareParts(other, part) === 0
  })
}

function parseApk(text: string, grammar: Grammar = { isOld: false }): ApkVersion {
  const parts: Part[] = []
  let at = 0
  let last = -1
  while (at < text.length || last < 0) {
    const part = nextPart(text, { at, last }, grammar)
    parts.push(part)
    if (part.kind === kind.invalid) return { parts }
    at += part.length
    last = part.kind
  }
  parts.push(end)
  return { parts }
}

/** The part at `at`, after one of the kind `last` (-1 at the start), and how much text it takes. */
function nextPart(
  text: string,
  { at, last }: { readonly at: number; readonly last: number },
  { isOld }: Grammar,
): Part & { readonly length: number } {
  const first = text[at] ?? ''
  const none = { ...invalid, length: 0 }
  if (last < 0) return numbered(text, { at, kind: kind.number, skip: 0 })
  if (first >= 'a' && first <= 'z')
    return last > kind.fraction ? none : { kind: kind.letter, text: first, length: 1 }
  if (first === '.') return last > kind.fraction ? none : numbered(text, { at, kind: kind.fraction, skip: 1 })
  if (first >= '0' && first <= '9') {
    if (last === kind.suffix) return numbered(text, { at, kind: kind.suffixNumber, skip: 0 })
    return isOld && last === kind.letter ? numbered(text, { at, kind: kind.number, skip: 0 }) : none
  }
  if (first === '_') {
    const word = run(text, at + 1, (code) => code >= 0x61 && code <= 0x7a)
    if (last > kind.suffixNumber || word === '' || !suffixes.includes(word)) return none
    return { kind: kind.suffix, text: word, length: 1 + word.length }
  }
  if (first === '~') {
    const commit = run(text, at + 1, (code) => isDigit(code) || (code >= 0x61 && code <= 0x66))
    if (last >= kind.commit || commit === '') return none
    return { kind: kind.commit, text: commit, length: 1 + commit.length }
  }
  if (first === '-' && text[at + 1] === 'r' && last < kind.revision)
    return numbered(text, { at, kind: kind.revision, skip: 2 })
  return none
}

function numbered(
  text: string,
  { at, kind, skip }: { readonly at: number; readonly kind: number; readonly skip: number },
): Part & { readonly length: number } {
  const digits = run(text, at + skip, isDigit)
  return digits === '' ? { ...invalid, length: 0 } : { kind, text: digits, length: skip + digits.length }
}

function run(text: string, from: number, belongs: (code: number) => boolean): string {
  let to = from
  while (to < text.length && belongs(text.charCodeAt(to))) to++
  return text.slice(from, to)
}

function compareApk({ parts: a }: ApkVersion, { parts: b }: ApkVersion): Order {
  for (let i = 0; i < a.length || i < b.length; i++) {
    const x = a[i] ?? end
    const y = b[i] ?? end
    const order = x.kind === y.kind ? compareParts(x, y) : compareKinds(x, y)
    if (order !== 0) return order
  }
  return 0
}

/** A suffix of what comes before a release is lower than anything else there; else the earlier kind is higher. */
function compareKinds(a: Part, b: Part): Order {
  if (isBefore(a)) return -1
  if (isBefore(b)) return 1
  return a.kind > b.kind ? -1 : 1
}

function isBefore(part: Part): boolean {
  return part.kind === kind.suffix && suffixes.indexOf(part.text) < noSuffix
}

function compareParts(a: Part, b: Part): Order {
  switch (a.kind) {
    case kind.suffix:
      return compareNumbers(suffixes.indexOf(a.text), suffixes.indexOf(b.text))
    case kind.fraction:
      // After a dot, digits that start with zero are a fraction: 1.01 is below 1.1, as in Gentoo.
      return a.text.startsWith('0') || b.text.startsWith('0')
        ? compareText(a.text, b.text)
        : compareDigits(a.text, b.text)
    case kind.letter:
    case kind.commit:
      return compareText(a.text, b.text)
    default:
      return compareDigits(a.text, b.text)
  }
}

import { compareDigits, compareText, isDigit, isLetter, type Order, type VersionOrder } from './order.ts'

/** `[epoch:]version[-release]` (rpm-version(7)). */
export interface RpmVersion {
  /** Digits; empty is zero. */
  readonly epoch: string
  readonly version: string
  /** Empty when there is none, which is lower than any. */
  readonly release: string
}

export const rpmOrder: VersionOrder<RpmVersion> = {
  parse: parseRpmVersion,
  compare: (a, b) =>
    compareDigits(a.epoch, b.epoch) ||
    compareRpmPart(a.version, b.version) ||
    compareRpmPart(a.release, b.release),
  isVersion: ({ version }) => /[0-9A-Za-z]/.test(version),
}

export function parseRpmVersion(text: string): RpmVersion {
  const [, epoch, rest = ''] = /^(?:([0-9]*):)?(.*)$/s.exec(text) ?? []
  const hyphen = rest.lastIndexOf('-')
  return {
    epoch: epoch ?? '',
    version: hyphen < 0 ? rest : rest.slice(0, hyphen),
    release: hyphen < 0 ? '' : rest.slice(hyphen + 1),
  }
}

/**
 * Orders two versions, or two releases, as rpmvercmp does: runs of digits as numbers, runs of letters by code; a
 * number is higher than letters, `~` lower than the end and `^` higher than the end but lower than anything else.
 * Other characters only act as separators.
 */
export function compareRpmPart(a: string, b: string): Order {
  if (a === b) return 0
  let i = 0
  let j = 0
  for (;;) {
    i = skipSeparators(a, i)
    j = skipSeparators(b, j)
    const x = a[i]
    const y = b[j]
    if (x === '~' || y === '~') {
      if (x !== y) return x === '~' ? -1 : 1
      i++
      j++
      continue
    }
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? -1 : 1
    if (x === '^' || y === '^') {
      if (x !== y) return x === '^' ? -1 : 1
      i++
      j++
      continue
    }
    const numeric = isDigit(a.charCodeAt(i))
    if (numeric !== isDigit(b.charCodeAt(j))) return numeric ? 1 : -1
    const belongs = numeric ? isDigit : isLetter
    const left = run(a, i, belongs)
    const right = run(b, j, belongs)
    const order = numeric ? compareDigits(left, right) : compareText(left, right)
    if (order !== 0) return order
    i += left.length
    j += right.length
  }
}

function skipSeparators(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isDigit(code) || isLetter(code) || code === 0x7e || code === 0x5e) break
  }
  return at
}

function run(text: string, from: number, belongs: (code: number) => boolean): string {
  let to = from
  while (to < text.length && belongs(text.charCodeAt(to))) to++
  return text.slice(from, to)
}

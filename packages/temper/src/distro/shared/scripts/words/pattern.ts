import type { Fuel } from '../fuel.ts'

type Matcher = { readonly kind: 'star' } | { readonly kind: 'one'; matches(char: string): boolean }

/** Text of a pattern with its quoted characters marked by a backslash. */
export function escapePattern(text: string): string {
  // The last three mean something in brackets.
  return text.replace(/[\\*?[\]!^-]/g, '\\$&')
}

/** Whether a pattern has characters that match more than themselves. */
export function hasPattern(pattern: string): boolean {
  return /^(?:[^\\*?[]|\\[\s\S])*(?:[*?]|\[.*\])/s.test(pattern)
}

/** Whether a text is of characters that are one byte each in every character set. */
export function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text)
}

/**
 * Whether it depends on what the shell takes for a character if a text matches: `?` and brackets stand for a byte in
 * dash and for a character in other shells, which are not the same beyond ASCII.
 */
export function dependsOnCharacters(pattern: string, text: string): boolean {
  return (!isAscii(text) || !isAscii(pattern)) && /^(?:[^\\?[]|\\[\s\S])*[?[]/.test(pattern)
}

/** The text that a pattern without special characters stands for. */
export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\(.)/gs, '$1')
}

/** Shell pattern matching over a whole string (POSIX 2.14.1). */
export function matchesPattern(pattern: string, text: string, fuel: Fuel): boolean {
  return matchesCompiled(compile(pattern), text, fuel)
}

function matchesCompiled(matchers: readonly Matcher[], text: string, fuel: Fuel): boolean {
  let m = 0
  let t = 0
  let star = -1
  let mark = 0
  fuel.spend(matchers.length)
  while (t < text.length) {
    fuel.spend(1)
    const matcher = matchers[m]
    if (matcher?.kind === 'star') {
      star = m++
      mark = t
    } else if (matcher?.kind === 'one' && matcher.matches(text[t] as string)) {
      m++
      t++
    } else if (star >= 0) {
      m = star + 1
      t = ++mark
    } else return false
  }
  while (matchers[m]?.kind === 'star') m++
  return m === matchers.length
}

/** `${text#pattern}` and its three relatives (POSIX 2.6.2). */
export function removeAffix(
  text: string,
  pattern: string,
  options: { readonly operator: '#' | '##' | '%' | '%%'; readonly fuel: Fuel },
): string {
  const matchers = compile(pattern)
  const prefix = options.operator.startsWith('#')
  const longest = options.operator.length === 2
  for (let i = 0; i <= text.length; i++) {
    const size = longest ? text.length - i : i
    const part = prefix ? text.slice(0, size) : text.slice(text.length - size)
    options.fuel.spend(1)
    if (matchesCompiled(matchers, part, options.fuel))
      return prefix ? text.slice(size) : text.slice(0, text.length - size)
  }
  return text
}

const classes: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /\s/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[0-9A-Fa-f]/,
}

function compile(pattern: string): Matcher[] {
  const matchers: Matcher[] = []
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string
    if (char === '*') {
      if (matchers.at(-1)?.kind !== 'star') matchers.push({ kind: 'star' })
    } else if (char === '?') matchers.push({ kind: 'one', matches: () => true })
    else if (char === '[') {
      const end = bracketEnd(pattern, i)
      if (end < 0) matchers.push(exactly(char))
      else {
        matchers.push(bracket(pattern.slice(i + 1, end)))
        i = end
      }
    } else if (char === '\\' && i + 1 < pattern.length) matchers.push(exactly(pattern[++i] as string))
    else matchers.push(exactly(char))
  }
  return matchers
}

function exactly(expected: string): Matcher {
  return { kind: 'one', matches: (char) => char === expected }
}

/** Index of the `]` that closes a bracket expression, or -1; a bracket is at most 200 characters long. */
function bracketEnd(pattern: string, start: number): number {
  let i = start + 1
  if (pattern[i] === '!' || pattern[i] === '^') i++
  if (pattern[i] === ']') i++
  const limit = Math.min(pattern.length, start + 200)
  for (; i < limit; i++) {
    if (pattern[i] === '\\') i++
    else if (pattern[i] === '[' && pattern[i + 1] === ':') {
      const close = pattern.indexOf(':]', i + 2)
      if (close > 0 && close < limit) i = close + 1
    } else if (pattern[i] === ']') return i
  }
  return -1
}

function bracket(content: string): Matcher {
  const negated = content[0] === '!' || content[0] === '^'
  const tests: ((char: string) => boolean)[] = []
  const rest = negated ? content.slice(1) : content
  for (const match of rest.matchAll(/\[:(\w+):\]|(\\[\s\S]|[^\\])-(\\[\s\S]|[^\\])|\\?([\s\S])/g)) {
    const [, name, from, to, single] = match
    if (name !== undefined) {
      const named = Object.hasOwn(classes, name) ? classes[name] : undefined
      tests.push((char) => named?.test(char) ?? false)
    } else if (from !== undefined && to !== undefined) {
      const low = unescapePattern(from)
      const high = unescapePattern(to)
      tests.push((char) => char >= low && char <= high)
    } else tests.push((char) => char === single)
  }
  return { kind: 'one', matches: (char) => tests.some((test) => test(char)) !== negated }
}

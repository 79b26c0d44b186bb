/** One challenge of a WWW-Authenticate header (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** Lower case: "bearer", "basic". */
  readonly scheme: string
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>
}

/** Longest header that is looked at. */
const headerLimit = 16_384

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
const quoted = /"((?:[^"\\]|\\.)*)"/y
const bare = /[^\s,"]+/y
const separator = /[\s,]*/y
const equals = /\s*=\s*/y

/** Reads the challenges that can be understood, up to the first malformed one. */
export function parseChallenges(header: string): Challenge[] {
  const text = header.slice(0, headerLimit)
  const challenges: { scheme: string; parameters: Record<string, string> }[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  for (;;) {
    take(separator)
    const name = take(token)?.[0]
    if (name === undefined) return challenges
    if (take(equals) === null) {
      challenges.push({ scheme: name.toLowerCase(), parameters: {} })
      continue
    }
    const value = take(quoted)?.[1]?.replace(/\\(.)/g, '$1') ?? take(bare)?.[0]
    const current = challenges.at(-1)
    if (value === undefined || current === undefined) return challenges
    current.parameters[name.toLowerCase()] ??= value
  }
}

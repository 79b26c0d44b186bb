/** What a project says of the version of its language. */
export interface VersionWish {
  /** Where it says so. */
  readonly file: string
  /** As it is written there. */
  readonly said: string
  /** Whether some version of a line, "22" or "3.13", is meant. */
  readonly fits: (line: string) => boolean
}

/** Characters of a range, and alternatives and comparisons in it. */
const limits = { text: 500, parts: 50 }

/**
 * A range of versions as npm, Poetry and Python's packages write them: `>=20 <23 || 24`, `^3.11`, `~=3.11.2`, `22.x`, `18 - 22`. Undefined
 * for what is none.
 */
export function versionWish(file: string, said: string): VersionWish | undefined {
  const text = said.trim().slice(0, limits.text)
  const sets = text.split('||').slice(0, limits.parts).map(comparisonsOf)
  if (text === '' || sets.some((set) => set === undefined)) return undefined
  return {
    file,
    said: text,
    fits: (line) => sets.some((set) => set?.every((comparison) => holds(comparison, numbersOf(line)))),
  }
}

/** A version and all after it, as a program for one version of a runtime that stays compatible needs. */
export function atLeast(file: string, said: string): VersionWish | undefined {
  return /^\d+(?:\.\d+)*$/.test(said)
    ? { file, said, fits: versionWish(file, `>=${said}`)?.fits ?? (() => false) }
    : undefined
}

interface Comparison {
  readonly operator: string
  /** What is written of the version: none for "*". */
  readonly version: readonly number[]
}

const comparison =
  /^(\^|~=|~>|~|>=|<=|>|<|===|==|!=|=)?\s*v?(\d+(?:\.\d+)*)?(?:\.[x*])*(?:[-+a-z][\w.+-]*)?$/i

function comparisonsOf(set: string): readonly Comparison[] | undefined {
  const text = set
    .trim()
    .replace(/^v?(\d[\w.]*)\s+-\s+v?(\d[\w.]*)$/, '>=$1 <=$2')
    .replace(/([\^~<>=!])\s+/g, '$1')
  if (/^(?:\*|x|latest|node|current)?$/i.test(text)) return []
  const all = text.split(/[\s,]+/).filter((part) => part !== '')
  const read = all.slice(0, limits.parts).map((part): Comparison | undefined => {
    const [whole, operator = '=', version] = comparison.exec(part) ?? []
    if (whole === undefined || version === undefined)
      return part === '*' ? { operator: '=', version: [] } : undefined
    return { operator, version: numbersOf(version) }
  })
  return read.every((each) => each !== undefined) ? read : undefined
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map(Number)
}

/** Whether some version of the line does: its last for what is at least, its first for what is at most. */
function holds({ operator, version }: Comparison, line: readonly number[]): boolean {
  const isLater = order(line, version, Number.POSITIVE_INFINITY) >= 0
  switch (operator) {
    case '>=':
      return isLater
    case '>':
      return order(line, version, Number.POSITIVE_INFINITY) > 0
    case '<':
      return order(line, version, 0) < 0
    case '<=':
      return order(line, version, 0) <= 0
    case '!=':
      return !(version.length <= line.length && begins(line, version))
    case '^':
      return isLater && begins(line, version.slice(0, 1))
    case '~=':
      return isLater && begins(line, version.slice(0, -1))
    case '~':
    case '~>':
      return isLater && begins(line, version.slice(0, 2))
    default:
      return begins(line, version)
  }
}

/** As far as both go. */
function begins(line: readonly number[], version: readonly number[]): boolean {
  return version.every((part, i) => i >= line.length || line[i] === part)
}

/** What the line leaves open is `rest`. */
function order(line: readonly number[], version: readonly number[], rest: number): number {
  for (const [i, part] of version.entries()) {
    const own = line[i] ?? rest
    if (own !== part) return own < part ? -1 : 1
  }
  return 0
}

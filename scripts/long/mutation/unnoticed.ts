/** A change of a source that neither a test nor the compiler noticed. */
export interface UnnoticedChange {
  /** Path from the root of the repository. */
  readonly file: string
  readonly line: number
  /** "packages/…/need.ts: provider === undefined → false": what it changes, wherever that has moved to. */
  readonly change: string
  /** The line of the source that it begins in, without blanks around it. */
  readonly within: string
  /** What stands there, and what stands there in place of it, in full. */
  readonly original: string
  readonly replacement: string
}

/**
 * Why changes make no difference, by the change; a line of the source behind it where the change is of that line
 * alone.
 */
export type Reasons = ReadonlyMap<string, string>

/** Unnoticed changes, sorted out. */
export interface SortedOut {
  /** In the order that they were given in. */
  readonly gaps: readonly UnnoticedChange[]
  /** By reason. */
  readonly equivalent: ReadonlyMap<string, readonly UnnoticedChange[]>
  /** What is wrong with the list of reasons: entries that fit nothing any more, or that fit several lines. */
  readonly faults: readonly string[]
}

/** Between a change and the line that it is in. */
const inLine = '  in  '

/** Longest text of a change's two sides. */
const longest = 100

/** A change as people read it, on one line. */
export function changeText(
  file: string,
  { original, replacement }: { readonly original: string; readonly replacement: string },
): string {
  const [from, to] = [original, replacement].map((text) => text.replaceAll(/\s+/g, ' ').slice(0, longest))
  return `${file}: ${from} → ${to}`.trimEnd()
}

/**
 * Reads a list of changes that make no difference: a reason behind "# ", then its changes, one a line, as
 * `changeText` has them. Throws where a change has no reason or is listed twice.
 */
export function readReasons(text: string): Reasons {
  const reasons = new Map<string, string>()
  let reason: string | undefined
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    if (line.startsWith('# ')) {
      reason = line.slice(2).trim()
      continue
    }
    const entry = line.trimEnd()
    if (reason === undefined) throw new Error(`no reason stands above "${entry}"`)
    if (reasons.has(entry)) throw new Error(`listed twice: "${entry}"`)
    reasons.set(entry, reason)
  }
  return reasons
}

/** The file and the text that an entry of a list of reasons is about. */
export function originalOf(entry: string): { readonly file: string; readonly original: string } {
  const [, file = '', original = ''] = /^(\S+): (.*?) →/.exec(entry) ?? []
  return { file, original }
}

/** Tells gaps of tests from changes that are listed as making no difference. */
export function sortOut(changes: readonly UnnoticedChange[], reasons: Reasons): SortedOut {
  const linesOf = Map.groupBy(changes, ({ change }) => change)
  const isClear = (change: string) => new Set(linesOf.get(change)?.map(({ within }) => within)).size === 1
  const entryOf = ({ change, within }: UnnoticedChange): string | undefined => {
    const narrow = `${change}${inLine}${within}`
    if (reasons.has(narrow)) return narrow
    return reasons.has(change) && isClear(change) ? change : undefined
  }
  const used = new Set<string>()
  const gaps: UnnoticedChange[] = []
  const equivalent = new Map<string, UnnoticedChange[]>()
  for (const each of changes) {
    const entry = entryOf(each)
    const reason = entry === undefined ? undefined : reasons.get(entry)
    if (entry === undefined || reason === undefined) {
      gaps.push(each)
      continue
    }
    used.add(entry)
    const known = equivalent.get(reason)
    if (known === undefined) equivalent.set(reason, [each])
    else known.push(each)
  }
  const faults = [...reasons.keys()]
    .filter((entry) => !used.has(entry))
    .map((entry) =>
      linesOf.has(entry)
        ? `fits several lines, add "${inLine}LINE" to say which: ${entry}`
        : `fits nothing any more, delete it: ${entry}`,
    )
  return { gaps, equivalent, faults }
}

/** What a room leaves unnoticed, for people: gaps first, then each reason with its changes. */
export function unnoticedText({ gaps, equivalent }: SortedOut): string {
  const lines = (changes: readonly UnnoticedChange[]) =>
    changes.map(({ file, line, change }) => `${file}:${line}${change.slice(file.length)}`)
  const parts = [
    ...(gaps.length === 0 ? ['No gap.'] : [['Gaps:', ...lines(gaps)].join('\n')]),
    ...[...equivalent]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([reason, changes]) => [`Listed as equivalent: ${reason}`, ...lines(changes)].join('\n')),
  ]
  return `${parts.join('\n\n')}\n`
}

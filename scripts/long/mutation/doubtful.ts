import type { UnnoticedChange } from './unnoticed.ts'

/** Lines of a file, from 1, the last included. */
export interface LineRange {
  readonly from: number
  readonly to: number
}

/** Lines around changed ones whose mutants may reach into these. */
const around = 2

/** Where a diff without context (`git diff --unified=0`) has lines of the newer file. */
export function changedLines(diff: string): readonly LineRange[] {
  return [...diff.matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)].map(([, at, count = '1']) => ({
    from: Math.max(1, Number(at) - around),
    to: Number(at) + Math.max(0, Number(count) - 1) + around,
  }))
}

/** Where a source has the lines that changes were left unnoticed in, wherever these have moved to. */
export function linesWith(source: string, changes: readonly UnnoticedChange[]): readonly LineRange[] {
  const spans = new Map<string, number>()
  for (const { within, lines } of changes) spans.set(within, Math.max(spans.get(within) ?? 1, lines))
  return source.split('\n').flatMap((line, index) => {
    const span = spans.get(line.trim())
    return span === undefined ? [] : [{ from: index + 1, to: index + span }]
  })
}

/** Ranges in order, those that touch put together. */
export function joinedRanges(ranges: readonly LineRange[]): readonly LineRange[] {
  const joined: LineRange[] = []
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last === undefined || range.from > last.to + 1) joined.push(range)
    else joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) }
  }
  return joined
}

/** Names that a person may have meant by `wanted`, best first. Reads each name once. */
export function suggest(wanted: string, names: Iterable<string>, limit = 3): string[] {
  const bound = wanted.length < 4 ? 1 : wanted.length < 8 ? 2 : 3
  const suggestions: { readonly name: string; readonly distance: number }[] = []
  for (const name of names) {
    const distance = editDistance(wanted, name, bound)
    if (distance <= bound) suggestions.push({ name, distance })
    // Behind all that are near, the shortest first.
    else if (wanted.length >= 3 && name.startsWith(wanted))
      suggestions.push({ name, distance: bound + name.length })
  }
  const starts = (entry: { readonly name: string }) => Number(entry.name.startsWith(wanted))
  suggestions.sort((a, b) => a.distance - b.distance || starts(b) - starts(a) || (a.name < b.name ? -1 : 1))
  return suggestions.slice(0, limit).map((entry) => entry.name)
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other (optimal
 * string alignment); `bound + 1` when there are more than `bound`.
 */
export function editDistance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    let smallest = row
    for (let column = 1; column <= b.length; column++) {
      const same = a.charCodeAt(row - 1) === b.charCodeAt(column - 1)
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      )
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1)
      current.push(cost)
      smallest = Math.min(smallest, cost)
    }
    if (smallest > bound) return bound + 1
    beforeLast = last
    last = current
  }
  return Math.min(at(last, b.length), bound + 1)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}

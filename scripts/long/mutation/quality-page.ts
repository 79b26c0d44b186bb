/** How the tests of a room did. */
export interface RoomResult {
  readonly room: string
  /** Mutants that a test noticed. */
  readonly killed: number
  /** Mutants that no test noticed, and that the compiler refuses. */
  readonly refused: number
  /** Mutants that nothing noticed and that are not listed as making no difference. */
  readonly gaps: number
  /** All of them, those listed as making no difference among them. */
  readonly total: number
  /** Short id of the commit that was mutated. */
  readonly commit: string
}

const end = '\n<!-- end -->'

/** The page with the result of a room in its table, in place of an earlier one; rooms stay in their order. */
export function withResult(page: string, result: RoomResult): string {
  const { room, killed, refused, gaps, total, commit } = result
  const same = total - killed - refused - gaps
  const row = `| ${room} | ${percent(result)} | ${total} | ${killed} | ${refused} | ${same} | ${gaps} | ${commit} |`
  const lines = page.split('\n')
  const at = lines.findIndex((line) => line.startsWith(`| ${room} |`))
  if (at >= 0) return lines.with(at, row).join('\n')
  const place = page.indexOf(end)
  if (place < 0) throw new Error('the page has no end of its table')
  return `${page.slice(0, place)}${row}\n${page.slice(place)}`
}

/** Rounded down, so that nothing looks better than it is. */
export function percent({
  killed,
  refused,
  total,
}: Pick<RoomResult, 'killed' | 'refused' | 'total'>): string {
  return `${(Math.floor((1000 * (killed + refused)) / total) / 10).toFixed(1)} %`
}

import { visible } from './fold.ts'

export interface Column {
  readonly align?: 'left' | 'right'
}

/** Rows as aligned text, two spaces between columns, nothing behind the last one. Cells must be free of colours; a line break in one becomes a space. */
export function table(cells: readonly (readonly string[])[], columns: readonly Column[] = []): string {
  return [...tableLines(cells, columns)].join('')
}

/** The same line by line, where there may be so many that together they are longer than one string can be. */
export function* tableLines(
  cells: readonly (readonly string[])[],
  columns: readonly Column[] = [],
): Generator<string, void, void> {
  const rows = cells.map((row) => row.map((cell) => cell.replace(/[\r\n]+/g, ' ')))
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  }
  for (const row of rows) {
    const line = row.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align)).join('  ')
    yield `${line.trimEnd()}\n`
  }
}

function pad(cell: string, width: number, align: Column['align']): string {
  return align === 'right' ? cell.padStart(width) : cell.padEnd(width)
}

/** Label and value lines, indented by two: the body of a summary. Both may carry colours. */
export function facts(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([label]) => visible(label)))
  return rows.map(([label, value]) => `  ${label}${' '.repeat(width - visible(label))}  ${value}\n`).join('')
}

import { visible } from './fold.ts'

export interface Column {
  readonly align?: 'left' | 'right'
}

/** Rows as aligned text, two spaces between columns, nothing behind the last one. Cells must be free of colours; a line break in one becomes a space. */
export function table(cells: readonly (readonly string[])[], columns: readonly Column[] = []): string {
  const rows = cells.map((row) => row.map((cell) => cell.replace(/[\r\n]+/g, ' ')))
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  }
  const lines = rows.map((row) =>
    row
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align))
      .join('  ')
      .trimEnd(),
  )
  return lines.map((line) => `${line}\n`).join('')
}

function pad(cell: string, width: number, align: Column['align']): string {
  return align === 'right' ? cell.padStart(width) : cell.padEnd(width)
}

/** Label and value lines, indented by two: the body of a summary. Both may carry colours. */
export function facts(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([label]) => visible(label)))
  return rows.map(([label, value]) => `  ${label}${' '.repeat(width - visible(label))}  ${value}\n`).join('')
}

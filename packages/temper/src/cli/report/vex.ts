import { printableLine } from '../../base/printable.ts'
import type { AddedStatement, CheckedVex, ListedVex } from '../../flows/vex/statements.ts'
import type { VexStatement } from '../../model/advisory/vex.ts'
import type { Style } from '../style.ts'
import { count } from './quantity.ts'
import { facts, table } from './table.ts'

/** The object of `temper vex list --json`. */
export function statementsJson(
  { documents, notes }: ListedVex,
  now: Date,
): Readonly<Record<string, unknown>> {
  const statements = documents.flatMap(({ origin, author, statements: all }) =>
    all.map((statement) => ({ ...statement, origin, author, ended: hasEnded(statement, now) })),
  )
  return { statements, notes }
}

/** VEX statements, one line for each. */
export function statementsText(
  { documents, notes }: ListedVex,
  { now, style }: { readonly now: Date; readonly style: Style },
): string {
  const all = documents.flatMap(({ statements }) => statements)
  const head = documents.map(({ origin, author }) =>
    author === undefined ? origin : `${origin}, by ${author}`,
  )
  const rows = all.map((statement) => [
    `  ${printableLine(statement.vulnerability, { most: 40 })}`,
    statement.status,
    printableLine(aboutOf(statement), { most: 60 }),
    hasEnded(statement, now) ? `ended ${statement.expires?.slice(0, 10)}` : until(statement),
    printableLine(statement.justification ?? statement.statement ?? '', { most: 60 }),
  ])
  const told = notes.map(({ message }) => `${style.warn('!')} ${message}\n`)
  return `${head.join('; ')}: ${count(all.length, 'statement')}\n${table(rows)}${told.join('')}`
}

/** The statement that was added, and where. */
export function addedText({ path, statement }: AddedStatement, style: Style): string {
  const { vulnerability, status, justification, expires } = statement
  return `${style.good('✓')} stated in ${style.bold(path)}\n${facts([
    ['about', `${vulnerability} in ${aboutOf(statement)}`],
    ['status', justification === undefined ? status : `${status}, ${justification}`],
    ['until', expires ?? 'no end (give one with --expires)'],
    ['next', 'temper build includes it in the document that it attaches'],
  ])}`
}

/** Each VEX document that was checked, with what is wrong with it. */
export function checkedText(checked: readonly CheckedVex[], style: Style): string {
  return checked
    .map(({ file, format, statements, problems }) => {
      const sign = problems.length === 0 ? style.good('✓') : style.bad('✗')
      const lines = problems.map((problem) => `    ${problem}\n`)
      return `${sign} ${file}: ${format}, ${count(statements, 'statement')}\n${lines.join('')}`
    })
    .join('')
}

function until({ expires }: VexStatement): string {
  return expires === undefined ? '' : `until ${expires.slice(0, 10)}`
}

function aboutOf({ products }: VexStatement): string {
  const [first, ...others] = products.flatMap(({ id, subcomponents }) =>
    subcomponents.length === 0 ? [id] : subcomponents,
  )
  if (first === undefined) return 'any target'
  return others.length === 0 ? first : `${first} and ${others.length} more`
}

function hasEnded({ expires }: VexStatement, now: Date): boolean {
  return expires !== undefined && Date.parse(expires) <= now.getTime()
}

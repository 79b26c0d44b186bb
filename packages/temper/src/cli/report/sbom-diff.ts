import { joinedPieces } from '../../base/json/pieces.ts'
import type { SbomDiff } from '../../flows/sbom/diff.ts'
import type { Style } from '../style.ts'
import { count } from './quantity.ts'
import { tableLines } from './table.ts'

/** Most files that are told one by one without --verbose. */
const fileLimit = 20

/** What `temper sbom diff` found, for people, in pieces of whole lines: packages first, then files. */
export function sbomDiffPieces(
  diff: SbomDiff,
  options: { readonly style: Style; readonly verbose: boolean },
): Iterable<string> {
  return joinedPieces(sbomDiffLines(diff, options))
}

/** The same line by line. */
export function* sbomDiffLines(
  diff: SbomDiff,
  options: { readonly style: Style; readonly verbose: boolean },
): Generator<string, void, void> {
  const { style } = options
  if (diff.equal) yield `${style.good('=')} ${diff.old.name} and ${diff.new.name} have the same contents\n`
  else {
    yield* packageLines(diff, style)
    yield* fileLines(diff, options)
  }
}

function* packageLines({ packages }: SbomDiff, style: Style): Generator<string, void, void> {
  const { added, removed, changed } = packages
  const rows = [
    ...changed.map(({ type, name, from, to }) => ({ name, cells: ['~', type, name, `${from} → ${to}`] })),
    ...removed.map(({ type, name, version }) => ({ name, cells: ['-', type, name, version] })),
    ...added.map(({ type, name, version }) => ({ name, cells: ['+', type, name, version] })),
  ].map(({ cells }) => cells)
  const counts = `${added.length} added, ${removed.length} removed, ${changed.length} changed`
  if (rows.length === 0) return yield `${style.bold('Packages')}: the same\n`
  yield `${style.bold('Packages')}: ${counts}\n`
  for (const line of tableLines(rows)) yield `  ${line}`
}

function* fileLines(
  { files }: SbomDiff,
  { style, verbose }: { readonly style: Style; readonly verbose: boolean },
): Generator<string, void, void> {
  if (files === undefined) return
  const { added, removed, changed } = files
  const rows = [
    ...changed.map(({ path }) => `~ /${path}`),
    ...removed.map((path) => `- /${path}`),
    ...added.map((path) => `+ /${path}`),
  ]
  if (rows.length === 0) return yield `${style.bold('Files')}: the same\n`
  const shown = verbose ? rows : rows.slice(0, fileLimit)
  const more = rows.length - shown.length
  const rest = more === 0 ? '' : `  … and ${count(more, 'file')} more (--verbose, --json)\n`
  const counts = `${added.length} added, ${removed.length} removed, ${changed.length} changed`
  yield `${style.bold('Files')}: ${counts}\n`
  for (const row of shown) yield `  ${row}\n`
  yield rest
}

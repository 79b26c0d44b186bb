import type { SbomDiff } from '../../flows/sbom/diff.ts'
import type { Style } from '../style.ts'
import { count } from './quantity.ts'
import { table } from './table.ts'

/** Most files that are told one by one without --verbose. */
const fileLimit = 20

/** What `temper sbom diff` found, for people: packages first, then files. */
export function sbomDiffText(
  diff: SbomDiff,
  options: { readonly style: Style; readonly verbose: boolean },
): string {
  const { style } = options
  if (diff.equal) return `${style.good('=')} ${diff.old.name} and ${diff.new.name} have the same contents\n`
  return packagesText(diff, style) + filesText(diff, options)
}

function packagesText({ packages }: SbomDiff, style: Style): string {
  const { added, removed, changed } = packages
  const rows = [
    ...changed.map(({ type, name, from, to }) => ({ name, cells: ['~', type, name, `${from} → ${to}`] })),
    ...removed.map(({ type, name, version }) => ({ name, cells: ['-', type, name, version] })),
    ...added.map(({ type, name, version }) => ({ name, cells: ['+', type, name, version] })),
  ].map(({ cells }) => cells)
  const counts = `${added.length} added, ${removed.length} removed, ${changed.length} changed`
  if (rows.length === 0) return `${style.bold('Packages')}: the same\n`
  return `${style.bold('Packages')}: ${counts}\n${indented(table(rows))}`
}

function filesText(
  { files }: SbomDiff,
  { style, verbose }: { readonly style: Style; readonly verbose: boolean },
): string {
  if (files === undefined) return ''
  const { added, removed, changed } = files
  const rows = [
    ...changed.map(({ path }) => `~ /${path}`),
    ...removed.map((path) => `- /${path}`),
    ...added.map((path) => `+ /${path}`),
  ]
  if (rows.length === 0) return `${style.bold('Files')}: the same\n`
  const shown = verbose ? rows : rows.slice(0, fileLimit)
  const more = rows.length - shown.length
  const rest = more === 0 ? '' : `  … and ${count(more, 'file')} more (--verbose, --json)\n`
  const counts = `${added.length} added, ${removed.length} removed, ${changed.length} changed`
  return `${style.bold('Files')}: ${counts}\n${shown.map((row) => `  ${row}\n`).join('')}${rest}`
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}

import { joinedPieces } from '../../base/json/pieces.ts'
import type { ConfigurationChange, ImageDiff } from '../../flows/image/diff.ts'
import type { ComparedFinding } from '../../model/advisory/scan-report.ts'
import type { Style } from '../style.ts'
import { formatBytes } from './quantity.ts'
import { sbomDiffLines } from './sbom-diff.ts'
import { facts, table, tableLines } from './table.ts'

/** What `temper diff` found, for people, in pieces of whole lines. */
export function imageDiffPieces(
  diff: ImageDiff,
  options: { readonly style: Style; readonly verbose: boolean },
): Iterable<string> {
  return joinedPieces(imageDiffLines(diff, options))
}

function* imageDiffLines(
  diff: ImageDiff,
  options: { readonly style: Style; readonly verbose: boolean },
): Generator<string, void, void> {
  yield* sbomDiffLines(diff, options)
  yield configurationText(diff.configuration, options.style)
  yield measuresText(diff, options.style)
  yield* vulnerabilityLines(diff, options.style)
}

function configurationText(changes: readonly ConfigurationChange[], style: Style): string {
  if (changes.length === 0) return `${style.bold('Configuration')}: the same\n`
  const rows = changes.map((change) => [change.name, `${shown(change, 'old')} → ${shown(change, 'new')}`])
  return `${style.bold('Configuration')}: ${changes.length} changed\n${indented(table(rows))}`
}

function shown(change: ConfigurationChange, side: 'old' | 'new'): string {
  if (!(side in change)) return 'not set'
  const value = change[side]
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function measuresText({ measures: { old, new: young, shared } }: ImageDiff, style: Style): string {
  const more = young.size - old.size
  const change = more === 0 ? 'the same' : `${more > 0 ? '+' : '-'}${formatBytes(Math.abs(more))}`
  return `${style.bold('Size')}: ${change}\n${facts([
    ['transferred', `${formatBytes(old.size)} → ${formatBytes(young.size)}`],
    [
      'layers',
      `${old.layers} → ${young.layers}, ${shared.layers} of them shared (${formatBytes(shared.size)})`,
    ],
  ])}`
}

function* vulnerabilityLines({ vulnerabilities }: ImageDiff, style: Style): Generator<string, void, void> {
  const label = style.bold('Vulnerabilities')
  if (vulnerabilities === undefined)
    return yield `${label}: no advisories to compare with (get them with: temper feeds update)\n`
  const { appeared, disappeared } = vulnerabilities
  const cellsOf = (sign: string, { id, severity, package: { name, version } }: ComparedFinding) => [
    sign,
    id,
    severity,
    name,
    version,
  ]
  const cells = [
    ...appeared.map((finding) => cellsOf('+', finding)),
    ...disappeared.map((finding) => cellsOf('-', finding)),
  ]
  if (cells.length === 0) return yield `${label}: the same\n`
  yield `${label}: ${appeared.length} more, ${disappeared.length} fewer\n`
  for (const line of tableLines(cells)) yield `  ${line}`
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}

import type { Difference } from '../../flows/rebuild/compare-images.ts'
import type { RebuildResult } from '../../flows/rebuild/rebuild.ts'
import type { Style } from '../style.ts'
import { facts } from './table.ts'

/** More differences than this are counted. */
const mostLines = 20

/** The verdict of `temper rebuild` for people. */
export function rebuildText(result: RebuildResult, style: Style): string {
  const verdict = result.equal ? style.good('✓ the same image') : style.bad('✗ another image')
  const shown = result.differences.slice(0, mostLines)
  const more = result.differences.length - shown.length
  const rows: [string, string][] = [
    ['expected', result.expected],
    ['rebuilt', result.equal ? result.rebuilt : style.bad(result.rebuilt)],
    [
      'provenance',
      result.verified ? 'signed by a trusted signer' : 'not verified (trust a key with: --key FILE)',
    ],
    ...(result.summary === undefined
      ? []
      : [['summary', `attached, signed by ${result.summary.signer}`] as [string, string]]),
    ...shown.map((difference): [string, string] => ['differs', differenceText(difference)]),
    ...(more > 0 ? [['', `… and ${more} more (--json lists them all)`] as [string, string]] : []),
  ]
  return `${verdict} ${result.reference}\n${facts(rows)}`
}

function differenceText(difference: Difference): string {
  const { platform, layer, path, what, expected, rebuilt, range } = difference
  const place = difference.in === 'layer' ? `layer ${layer ?? 0}` : difference.in
  const values = expected === undefined ? '' : `: expected ${expected}, rebuilt ${rebuilt ?? 'nothing'}`
  const bytes = range === undefined ? '' : `, bytes ${range.start} to ${range.end}`
  return `${platform}, ${place}${path === undefined ? '' : `, /${path}`}: ${what}${values}${bytes}`
}

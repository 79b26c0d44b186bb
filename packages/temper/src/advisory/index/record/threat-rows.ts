import type { ExploitPrediction, KnownExploited } from '../../../model/advisory/advisory.ts'
import { feedMark, idPrefix } from './keys.ts'
import { type Row, separator } from './row.ts'

/** Marks in keys of the table of threats, after the CVE id. */
export const exploitedMark = `k${separator}`
export const predictionMark = `p${separator}`

export function exploitedRow(id: string, value: KnownExploited): Row {
  const { added, due, ransomware } = value
  const plain = {
    added,
    ...(due === undefined ? {} : { due }),
    ...(ransomware === undefined ? {} : { ransomware }),
  }
  return { key: idPrefix(id) + exploitedMark + feedMark(0), value: Buffer.from(JSON.stringify(plain)) }
}

export function predictionRow(id: string, { score, percentile }: ExploitPrediction): Row {
  return { key: idPrefix(id) + predictionMark + feedMark(0), value: Buffer.from(`[${score},${percentile}]`) }
}

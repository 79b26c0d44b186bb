import type { CopyResult } from '../../flows/image/copy.ts'
import type { Style } from '../style.ts'
import { policyText } from './judge/gate.ts'
import { refusedText } from './judge/refused.ts'
import { facts } from './table.ts'

/** The result of a copy. `verb` is "copied" or "pushed". */
export function copyText(
  { reference, digest, refused, gate }: CopyResult,
  options: { readonly verb: string; readonly duration: string; readonly style: Style },
): string {
  const { verb, duration, style } = options
  const mark = refused.length === 0 ? style.good('✓') : style.warn('!')
  const head = `${mark} ${verb} to ${reference} in ${duration}${style.warn(refusedText(refused))}\n`
  const rows = refused.map(({ type, reason }): [string, string] => ['refused', `${type}: ${reason}`])
  const policy: [string, string][] = gate === undefined ? [] : [['policy', policyText(gate)]]
  return head + facts([['digest', style.bold(digest)], ...policy, ...rows])
}

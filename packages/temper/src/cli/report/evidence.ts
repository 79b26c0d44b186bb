import type { EvidenceList } from '../../flows/evidence/list.ts'
import type { Verification } from '../../flows/evidence/verify.ts'
import type { Evidence } from '../../model/attestation.ts'
import type { Style } from '../style.ts'
import { count } from './quantity.ts'
import { facts } from './table.ts'

/** A list of evidence for people. */
export function evidenceText(list: EvidenceList, style: Style): string {
  const head = facts([
    ['reference', style.bold(list.reference)],
    ['digest', list.subject],
    ['attached', list.evidence.length === 0 ? 'nothing' : count(list.evidence.length, 'document')],
  ])
  return head + list.evidence.map((each) => `\n${entryText(each, list.subject, style)}`).join('')
}

/** The verdict of `temper verify` for people. */
export function verificationText(result: Verification, style: Style): string {
  const verdict = result.verified ? style.good('✓ verified') : style.bad('✗ not verified')
  const rows: (readonly [string, string])[] = [
    ['digest', style.bold(result.subject)],
    ...(result.rule === undefined ? [] : [['rule', result.rule] as const]),
    ...result.required.map(({ type, verified, reason }): [string, string] => [
      verified ? 'has' : 'lacks',
      `${type}: ${verified ? reason : style.bad(reason)}`,
    ]),
    ...result.signers.map((signer): [string, string] => ['signed by', signer]),
  ]
  return `${verdict} ${result.reference}\n${facts(rows)}`
}

function entryText(evidence: Evidence, root: string, style: Style): string {
  const verdict = evidence.verified ? style.good('verified') : style.warn('not verified')
  return facts([
    [verdict, style.bold(evidence.type)],
    ['reason', evidence.reason],
    ['digest', evidence.digest],
    ['media type', evidence.mediaType],
    ...(evidence.subject === root ? [] : [['platform image', evidence.subject] as const]),
    ...(evidence.names ?? []).map((name) => ['called', name] as const),
    ...(evidence.time === undefined ? [] : [['signed before', evidence.time] as const]),
    ...evidence.signers.map((signer) => [evidence.verified ? 'signed by' : 'claims', signer] as const),
  ])
}

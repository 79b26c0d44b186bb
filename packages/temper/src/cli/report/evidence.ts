import type { EvidenceList } from '../../flows/evidence/list.ts'
import type { Verification } from '../../flows/evidence/verify.ts'
import { type Evidence, unsignedReason } from '../../model/attestation.ts'
import type { Style } from '../style.ts'
import { count } from './quantity.ts'
import { facts, table } from './table.ts'

/** A list of evidence for people. */
export function evidenceText(list: EvidenceList, style: Style): string {
  const head = facts([
    ['reference', style.bold(list.reference)],
    ['digest', list.subject],
    ['attached', list.evidence.length === 0 ? 'nothing' : count(list.evidence.length, 'document')],
  ])
  const signed = list.evidence.filter(isSigned).sort((a, b) => Number(b.verified) - Number(a.verified))
  const copies = list.evidence.filter((each) => !isSigned(each))
  const entries = signed.map((each) => `\n${entryText(each, list.subject, style)}`)
  return head + entries.join('') + copiesText(copies, { signed, style })
}

/** Documents as they are: of what is signed besides, the copy that programs read that look at no signatures. */
function copiesText(
  copies: readonly Evidence[],
  { signed, style }: { readonly signed: readonly Evidence[]; readonly style: Style },
): string {
  if (copies.length === 0) return ''
  const types = new Set(signed.map(({ type }) => type))
  const rows = copies.map(({ type, mediaType, digest }) => [
    `  ${type}`,
    types.has(type) ? 'copy of a signed document' : 'not signed',
    mediaType,
    digest,
  ])
  return `\n${style.bold('Not signed')}: the forms that scanners and people read\n${table(rows)}`
}

function isSigned({ verified, reason }: Evidence): boolean {
  return verified || reason !== unsignedReason
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

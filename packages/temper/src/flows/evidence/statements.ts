import { isOfType, wantedType } from '../../attest/statement/predicate-type.ts'
import type { Statement } from '../../model/attestation.ts'
import type { Context } from '../context.ts'
import { openImage } from '../image/source.ts'
import { judgeAttached } from '../trust/attached.ts'
import { admitted } from '../trust/image-trust.ts'
import { checkTrust, openTrust } from '../trust/open.ts'
import type { EvidenceRequest } from './list.ts'

export interface StatementsRequest extends EvidenceRequest {
  /** Short name or address of the predicate's type. */
  readonly type: string
}

/** Statements of one type about an image itself by trusted signers. Empty when there are none, or nobody is trusted. */
export async function trustedStatements(
  request: StatementsRequest,
  context: Context,
): Promise<readonly Statement[]> {
  const wanted = wantedType(request.type)
  await checkTrust(request, request.reference, context)
  const { store, root } = await openImage(request.reference, context)
  try {
    const trust = await openTrust(request, request.reference, context)
    const keep = ({ type }: { readonly type: string }) => isOfType(type, wanted)
    const attached = await judgeAttached(store, root, { ...trust, keep })
    return attached
      .filter(keep)
      .map((each) => admitted(each, trust))
      .flatMap(({ verified, statement }) => (verified && statement !== undefined ? [statement] : []))
  } finally {
    await store.close()
  }
}

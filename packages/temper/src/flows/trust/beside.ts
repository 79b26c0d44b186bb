import type { Digest } from '../../base/digest.ts'
import type { Trust } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { type BesideFault, besideDocuments } from '../../oci/image/beside.ts'
import {
  type Attached,
  type AttachedCandidate,
  besideCandidate,
  type JudgeAttachedOptions,
  judgeCandidates,
} from './attached.ts'

/**
 * The statements that a build tool put beside the images of an index, checked like attached ones: each has to be
 * about the image that the index names; none is signed. Empty when `root` is a single image.
 */
export async function judgeBeside(
  store: Store,
  root: Descriptor,
  options: JudgeAttachedOptions & { readonly trust: Trust },
): Promise<readonly Attached[]> {
  const bySubject = new Map<Digest, AttachedCandidate[]>()
  for (const each of await besideDocuments(store, root)) {
    const candidate = 'fault' in each ? faultOf(each) : besideCandidate(each)
    bySubject.set(each.subject, [...(bySubject.get(each.subject) ?? []), candidate])
  }
  const judged: Attached[] = []
  for (const [subject, candidates] of bySubject)
    judged.push(...(await judgeCandidates(candidates, { store, subject, ...options })))
  return judged
}

function faultOf({ manifest: { digest, mediaType }, fault }: BesideFault): AttachedCandidate {
  return { digest, mediaType, type: 'unknown', fault: fault.message }
}

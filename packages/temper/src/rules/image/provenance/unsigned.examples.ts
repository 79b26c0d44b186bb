import { predicateTypes } from '../../../model/attestation.ts'
import type { Examples } from '../example.ts'
import { withEvidence } from './evidence-examples.ts'

export const examples: Examples = {
  broken: [
    withEvidence('somebody else', ({ attached }) => ({
      attached: attached.map((each) => ({ ...each, verified: false, reason: 'nobody trusts "key"' })),
    })),
    withEvidence('somebody, but nobody is trusted', ({ attached }) => ({
      attached: attached.map((each) => ({ ...each, verified: false, reason: 'nobody is trusted' })),
      trustsAnyone: false,
    })),
  ],
  kept: [
    withEvidence('no signature of the image alone, but provenance', ({ attached }) => ({
      attached: attached.filter(({ type }) => type !== predicateTypes.signature),
    })),
  ],
}

import type { Examples } from '../example.ts'
import { withEvidence } from './evidence-examples.ts'
import { isKind } from './kind.ts'

export const examples: Examples = {
  broken: [
    withEvidence('nothing', ({ attached }) => ({
      attached: attached.filter((each) => !isKind(each, 'sbom')),
      sboms: [],
    })),
    withEvidence('one that nobody signed', ({ attached }) => ({
      attached: attached.map((each) =>
        isKind(each, 'sbom') ? { ...each, verified: false, signers: [], reason: 'it is not signed' } : each,
      ),
    })),
  ],
  kept: [
    withEvidence('two of which one is signed', ({ attached }) => ({
      attached: attached.flatMap((each) =>
        isKind(each, 'sbom') ? [{ ...each, verified: false, reason: 'it is not signed' }, each] : [each],
      ),
    })),
  ],
}

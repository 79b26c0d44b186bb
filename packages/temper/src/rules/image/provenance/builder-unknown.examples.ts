import type { Examples } from '../example.ts'
import { withEvidence } from './evidence-examples.ts'

export const examples: Examples = {
  broken: [
    withEvidence('no builder', ({ provenance }) => ({
      provenance: provenance.map((each) => ({ ...each, builder: '' })),
    })),
  ],
  kept: [
    withEvidence('another builder', ({ provenance }) => ({
      provenance: provenance.map((each) => ({ ...each, builder: 'https://other.example' })),
    })),
  ],
}

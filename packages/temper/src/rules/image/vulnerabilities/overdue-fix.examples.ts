import type { Examples } from '../example.ts'
import { sampleFlaw, withFlaws } from './sample-finding.ts'

export const examples: Examples = {
  broken: [
    withFlaws(
      'a critical flaw, repaired eight days ago',
      sampleFlaw({ severity: 'critical', fixPublished: '2026-05-24' }),
    ),
    withFlaws('a low one, repaired last year', sampleFlaw({ severity: 'low', fixPublished: '2025-10-01' })),
    withFlaws(
      'one that nobody rated, repaired last year',
      sampleFlaw({ severity: 'unknown', fixPublished: '2025-10-01' }),
    ),
  ],
  kept: [
    withFlaws(
      'a flaw without a repair that is known for a year',
      sampleFlaw({ severity: 'medium', fixedVersions: [], published: '2025-01-01' }),
    ),
  ],
}

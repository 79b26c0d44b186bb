import type { Examples } from '../example.ts'
import { sampleFlaw, withFlaws } from './sample-finding.ts'

export const examples: Examples = {
  broken: [withFlaws('a package that steals', sampleFlaw({ malicious: true }))],
  kept: [withFlaws('a small flaw without a repair', sampleFlaw({ severity: 'low', fixedVersions: [] }))],
}

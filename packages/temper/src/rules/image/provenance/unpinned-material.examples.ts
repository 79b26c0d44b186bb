import type { Examples } from '../example.ts'
import { withEvidence } from './evidence-examples.ts'

const from = (
  ...materials: readonly { readonly uri: string; readonly digest?: Readonly<Record<string, string>> }[]
) =>
  withEvidence(materials.map(({ uri }) => uri).join(', ') || 'nothing', ({ provenance }) => ({
    provenance: provenance.map((each) => ({ ...each, materials })),
  }))
const pinned = { uri: 'git+https://git.example/app', digest: { gitCommit: 'a'.repeat(40) } }

export const examples: Examples = {
  broken: [from(), from(pinned, { uri: 'pkg:docker/debian@13' })],
  kept: [from(pinned)],
}

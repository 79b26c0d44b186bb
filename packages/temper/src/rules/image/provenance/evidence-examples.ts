import type { Example } from '../example.ts'
import type { SubjectEvidence } from '../subject.ts'

/** The plain image, of which others say something else. */
export function withEvidence(
  title: string,
  change: (evidence: SubjectEvidence) => Partial<SubjectEvidence>,
): Example {
  return { title, known: ({ evidence }) => ({ evidence: { ...evidence, ...change(evidence) } }) }
}

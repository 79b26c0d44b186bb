/** The controls of frameworks, and the pack of evidence for an auditor. */

export { type ComplyRequest, type ComplyResult, comply } from '../flows/comply/comply.ts'
export type { PackFile } from '../flows/comply/pack.ts'

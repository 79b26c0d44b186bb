/** What is said about an image: signed, attached, listed and verified. */

export {
  type AttestRequest,
  type AttestResult,
  attest,
  type SignatureScheme,
} from '../flows/evidence/attest.ts'
export { type EvidenceList, type EvidenceRequest, listEvidence } from '../flows/evidence/list.ts'
export { type FoundProvenance, type ProvenanceRequest, provenance } from '../flows/evidence/provenance.ts'
export { type SignRequest, type SignResult, sign } from '../flows/evidence/sign.ts'
export { type SignAllRequest, signAll } from '../flows/evidence/sign-all.ts'
export { type StatementsRequest, trustedStatements } from '../flows/evidence/statements.ts'
export { type Verification, type VerifyRequest, verify } from '../flows/evidence/verify.ts'

/** Policies: what they say, what they judge, and the gate that holds images against them. */

export { type FactsRequest, type GatheredFacts, gatherFacts } from '../flows/assess/facts.ts'
export {
  type GatedImage,
  type GateOutcome,
  type GateRequest,
  gate,
} from '../flows/assess/gate.ts'
export { type GateJson, gateJson } from '../flows/assess/gate-json.ts'
export { openPolicy, type PolicyTest, testPolicy } from '../flows/assess/policy.ts'
export { type SummaryRequest, type WrittenSummary, writeSummary } from '../flows/assess/summary.ts'
export { gateUnsigned } from '../flows/build/gate-unsigned.ts'
export { type DecideOptions, decide } from '../policy/decide/decide.ts'
export type { Decision, Reason, Waiver } from '../policy/decide/decision.ts'
export type { ImageFacts } from '../policy/facts/facts.ts'
export type { Policy, PolicyException } from '../policy/file/policy.ts'

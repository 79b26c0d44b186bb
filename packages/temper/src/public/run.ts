/** How an image may run, and judging what is about to. */

export type { Admission } from '../flows/admit/admission.ts'
export { type AdmitRequest, admit } from '../flows/admit/admit.ts'
export { admissionSarif } from '../flows/admit/sarif.ts'
export { type LockdownRequest, type LockdownResult, lockdown } from '../flows/lockdown/lockdown.ts'
export { type LockdownTarget, lockdownTargets } from '../flows/lockdown/target.ts'
export { type ClusterRequest, clusterPods } from '../flows/running/cluster-pods.ts'

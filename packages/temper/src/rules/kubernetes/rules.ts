import { appArmor } from './baseline/apparmor.ts'
import { capabilities } from './baseline/capabilities.ts'
import { hostNamespaces } from './baseline/host-namespaces.ts'
import { hostPath } from './baseline/host-path.ts'
import { hostPorts } from './baseline/host-ports.ts'
import { hostProbes } from './baseline/host-probes.ts'
import { hostProcess } from './baseline/host-process.ts'
import { privileged } from './baseline/privileged.ts'
import { procMount } from './baseline/proc-mount.ts'
import { seccomp } from './baseline/seccomp.ts'
import { seLinux } from './baseline/selinux.ts'
import { sysctls } from './baseline/sysctls.ts'
import { contractPorts } from './contract/contract-ports.ts'
import { contractReadOnly } from './contract/contract-read-only.ts'
import { contractUser } from './contract/contract-user.ts'
import { contractWritable } from './contract/contract-writable.ts'
import type { PodSecurityLevel } from './level.ts'
import type { PodRule } from './pod-rule.ts'
import { capabilitiesDropped } from './restricted/capabilities-dropped.ts'
import { nonRoot } from './restricted/non-root.ts'
import { privilegeEscalation } from './restricted/privilege-escalation.ts'
import { procMountDefault } from './restricted/proc-mount-default.ts'
import { rootUid } from './restricted/root-uid.ts'
import { seccompRequired } from './restricted/seccomp-required.ts'
import { volumeTypes } from './restricted/volume-types.ts'

/** One rule for each control of the Pod Security Standards (Kubernetes 1.37), in the order of the standard. */
export const baselineRules: readonly PodRule[] = [
  ...[hostProcess, hostNamespaces, privileged, capabilities, hostPath, hostPorts, hostProbes],
  ...[appArmor, seLinux, procMount, seccomp, sysctls],
]
export const restrictedRules: readonly PodRule[] = [
  ...[
    volumeTypes,
    privilegeEscalation,
    nonRoot,
    rootUid,
    seccompRequired,
    capabilitiesDropped,
    procMountDefault,
  ],
]

/** Rules that compare a pod with the images that it runs. */
export const contractRules: readonly PodRule[] = [
  ...[contractUser, contractReadOnly, contractWritable, contractPorts],
]

/** Every rule about pods. */
export const podRules: readonly PodRule[] = [...baselineRules, ...restrictedRules, ...contractRules]

/** The rules of a level. */
export function standardRules(level: PodSecurityLevel): readonly PodRule[] {
  if (level === 'privileged') return []
  return level === 'baseline' ? baselineRules : [...baselineRules, ...restrictedRules]
}

import { valueAt } from '../../../model/assess/workload.ts'
import { isUnset, podRule, spanAt, standard } from '../pod-rule.ts'

const namespaces = { hostNetwork: 'network', hostPID: 'processes', hostIPC: 'shared memory' } as const

export const hostNamespaces = podRule({
  id: 'pod-host-namespaces',
  title: 'No network, processes or shared memory of the host',
  why: "Whoever gets into the container sees and reaches everything that the node's own programs do.",
  fix: 'leave it out',
  controls: standard('baseline', 'Host Namespaces'),
  level: 'error',
  *check({ pod }) {
    for (const [member, what] of Object.entries(namespaces)) {
      const value = valueAt(pod.value, ['spec', member])
      if (isUnset(value) || value === false) continue
      yield { place: spanAt(pod, ['spec', member]), found: `it shares the host's ${what}` }
    }
  },
})

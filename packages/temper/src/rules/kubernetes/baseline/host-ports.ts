import { listAt, valueAt } from '../../../model/assess/workload.ts'
import { containersOf, isUnset, podRule, shown, spanAt, standard } from '../pod-rule.ts'

export const hostPorts = podRule({
  id: 'pod-host-ports',
  title: 'No port of the host',
  why: 'It bypasses network policies, and collides with other programs on the node.',
  fix: 'leave out hostPort, and make a Service',
  controls: standard('baseline', 'Host Ports'),
  level: 'error',
  *check({ pod }) {
    for (const { who, path } of containersOf(pod))
      for (const [index, port] of listAt(pod.value, [...path, 'ports']).entries()) {
        const value = valueAt(port, ['hostPort'])
        if (isUnset(value) || value === 0) continue
        const place = spanAt(pod, [...path, 'ports', index, 'hostPort'])
        yield { place, found: `${who} takes port ${shown(value)} of the host` }
      }
  },
})

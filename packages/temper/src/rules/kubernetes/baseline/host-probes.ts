import { type FieldPath, valueAt } from '../../../model/assess/workload.ts'
import { containersOf, isUnset, podRule, shown, spanAt, standard } from '../pod-rule.ts'

const handlers: readonly FieldPath[] = [
  ...['livenessProbe', 'readinessProbe', 'startupProbe'].map((probe) => [probe]),
  ...['postStart', 'preStop'].map((hook) => ['lifecycle', hook]),
]

export const hostProbes = podRule({
  id: 'pod-host-probes',
  title: 'Probes and hooks ask the pod itself',
  why: 'The node sends the probe: if the probe names a host, it reaches from the node what the pod must not reach.',
  fix: 'leave out host',
  controls: standard('baseline', 'Host Probes / Lifecycle Hooks'),
  level: 'error',
  *check({ pod }) {
    for (const { who, path } of containersOf(pod))
      for (const handler of handlers)
        for (const action of ['httpGet', 'tcpSocket']) {
          const member = [...path, ...handler, action, 'host']
          const value = valueAt(pod.value, member)
          if (isUnset(value) || value === '') continue
          yield {
            place: spanAt(pod, member),
            found: `${handler.at(-1)} of ${who} asks the host ${shown(value)}`,
          }
        }
  },
})

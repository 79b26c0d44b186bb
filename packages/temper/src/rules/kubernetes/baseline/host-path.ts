import { listAt, valueAt } from '../../../model/assess/workload.ts'
import { isUnset, podRule, shown, spanAt, standard } from '../pod-rule.ts'

export const hostPath = podRule({
  id: 'pod-host-path',
  title: 'No folder of the host',
  why: 'Files of the node give access to its programs, its secrets, and the sockets of its daemons.',
  fix: 'use a volume that is not on the node',
  controls: standard('baseline', 'HostPath Volumes'),
  level: 'error',
  *check({ pod }) {
    for (const [index, volume] of listAt(pod.value, ['spec', 'volumes']).entries()) {
      const value = valueAt(volume, ['hostPath'])
      if (isUnset(value)) continue
      const place = spanAt(pod, ['spec', 'volumes', index, 'hostPath'])
      yield { place, found: `it mounts ${shown(valueAt(value, ['path']))} of the host` }
    }
  },
})

import { listAt } from '../../../model/assess/workload.ts'
import { containersOf, isWindows, podRule, shown, spanAt, standard } from '../pod-rule.ts'

export const capabilitiesDropped = podRule({
  id: 'pod-capabilities-dropped',
  title: 'No capability except the one for low ports',
  why: "Programs in hardened images need none of root's rights.",
  fix: 'set capabilities: {drop: [ALL]} (Compose: cap_drop)',
  controls: standard('restricted', 'Capabilities'),
  level: 'error',
  *check({ pod }) {
    if (isWindows(pod)) return
    for (const { who, path } of containersOf(pod)) {
      const list = [...path, 'securityContext', 'capabilities']
      if (!listAt(pod.value, [...list, 'drop']).includes('ALL'))
        yield { place: spanAt(pod, [...list, 'drop']), found: `${who} keeps capabilities` }
      for (const [index, name] of listAt(pod.value, [...list, 'add']).entries())
        if (name !== 'NET_BIND_SERVICE')
          yield { place: spanAt(pod, [...list, 'add', index]), found: `${who} adds ${shown(name)}` }
    }
  },
})

import { scalarText } from '../../../base/json/value.ts'
import { listAt, valueAt } from '../../../model/assess/workload.ts'
import { containersOf, podRule, shown, spanAt } from '../pod-rule.ts'

export const contractPorts = podRule({
  id: 'pod-contract-ports',
  title: 'Ports are those that the image declares',
  why: 'Nothing listens on any other port, or something does that the image does not declare.',
  fix: "name one of the image's ports, or have the image declare this one",
  level: 'warning',
  *check({ pod, contracts }) {
    for (const { who, path, container } of containersOf(pod)) {
      const contract = container && contracts.get(container)
      if (contract === undefined) continue
      const list = [...path, 'ports']
      for (const [index, entry] of listAt(pod.value, list).entries()) {
        const port = valueAt(entry, ['containerPort'])
        const protocol = (scalarText(valueAt(entry, ['protocol'])) || 'TCP').toLowerCase()
        if (contract.ports.some((each) => each.port === port && each.protocol === protocol)) continue
        const declared = contract.ports.map((each) => each.port).join(', ') || 'none'
        yield {
          place: spanAt(pod, [...list, index, 'containerPort']),
          found: `${who} offers port ${shown(port)}, its image declares ${declared}`,
        }
      }
    }
  },
})

import { listAt } from '../../../model/assess/workload.ts'
import { containersOf, podRule, shown, spanAt, standard } from '../pod-rule.ts'

/** What runtimes give by default, without NET_RAW. */
const usual: ReadonlySet<unknown> = new Set([
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD'],
  ...['NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
])

export const capabilities = podRule({
  id: 'pod-capabilities',
  title: 'No capability beyond the usual ones',
  why: "Each capability is a part of root's rights.",
  fix: 'leave the capability out',
  controls: standard('baseline', 'Capabilities'),
  level: 'error',
  *check({ pod }) {
    for (const { who, path } of containersOf(pod)) {
      const list = [...path, 'securityContext', 'capabilities', 'add']
      for (const [index, name] of listAt(pod.value, list).entries())
        if (!usual.has(name))
          yield { place: spanAt(pod, [...list, index]), found: `${who} adds ${shown(name)}` }
    }
  },
})

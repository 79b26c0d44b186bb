import { listAt, valueAt } from '../../../model/assess/workload.ts'
import { podRule, shown, spanAt, standard } from '../pod-rule.ts'

/** Those that belong to the pod alone. */
const safe: ReadonlySet<unknown> = new Set([
  'kernel.shm_rmid_forced',
  ...[
    ...['ip_local_port_range', 'ip_local_reserved_ports', 'ip_unprivileged_port_start', 'ping_group_range'],
    ...['tcp_fin_timeout', 'tcp_keepalive_intvl', 'tcp_keepalive_probes', 'tcp_keepalive_time'],
    ...['tcp_notsent_lowat', 'tcp_rmem', 'tcp_slow_start_after_idle', 'tcp_syncookies', 'tcp_wmem'],
  ].map((name) => `net.ipv4.${name}`),
])

export const sysctls = podRule({
  id: 'pod-sysctls',
  title: 'Only kernel settings that belong to the pod',
  why: 'Other settings change the node for everybody on it.',
  fix: 'leave the setting out',
  controls: standard('baseline', 'Sysctls'),
  level: 'error',
  *check({ pod }) {
    const list = ['spec', 'securityContext', 'sysctls']
    for (const [index, entry] of listAt(pod.value, list).entries()) {
      const name = valueAt(entry, ['name'])
      if (!safe.has(name)) yield { place: spanAt(pod, [...list, index]), found: `it changes ${shown(name)}` }
    }
  },
})

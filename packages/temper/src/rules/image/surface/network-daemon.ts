import { imageRule } from '../rule.ts'
import { forbidPrograms } from './program-rule.ts'

const names =
  /^(?:rsyslogd|syslogd|syslog-ng|klogd|ntpd|chronyd|dhclient|dhcpcd|udhcpc|avahi-daemon|cupsd|inetd|xinetd|rpcbind|rpc\.[a-z]+d|nscd|NetworkManager|wpa_supplicant|dbus-daemon|udevd|dockerd|containerd|kubelet)$/

export const networkDaemon = imageRule({
  id: 'network-daemon',
  title: 'No daemons of a host',
  why: 'They serve a machine, not a container: logs go to standard output, names and time come from the host.',
  fix: 'leave out the package that brings it',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  check: forbidPrograms({ names, what: 'a daemon of a host', exceptEntry: true }),
})

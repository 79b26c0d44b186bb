import { exposedPorts } from '../ports.ts'
import { imageRule } from '../rule.ts'

/** Where people log in, by what listens there (IANA, Service Names and Port Numbers). */
const logins: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [23, 'Telnet'],
  [513, 'rlogin'],
  [514, 'rsh'],
  [2222, 'SSH'],
  [3389, 'RDP'],
  [5900, 'VNC'],
])

export const loginPort = imageRule({
  id: 'login-port',
  title: 'No port for logins',
  why: 'Nobody logs in to a container. A login service is a second way in, with passwords and keys of its own.',
  fix: 'leave out the server and the EXPOSE line, and use the exec command of the container runtime',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  setting: 'port',
  needs: ['image'],
  *check({ image }) {
    for (const { text, number = 0 } of exposedPorts(image.settings)) {
      const login = logins.get(number)
      if (login !== undefined)
        yield {
          place: { kind: 'whole' },
          subject: `port ${text}`,
          found: `port ${number} is that of ${login}`,
        }
    }
  },
})

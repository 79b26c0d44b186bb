import { imageRule } from '../rule.ts'
import { forbidPrograms } from './program-rule.ts'

const names =
  /^(?:systemd|init|runsvdir|runit|runit-init|s6-svscan|s6-overlay-suexec|supervisord|openrc|openrc-init|monit|finit|dinit|upstart|rc-service|systemctl|perpd|circusd|pm2|pm2-runtime)$/

export const serviceManager = imageRule({
  id: 'service-manager',
  title: 'No service manager',
  why: 'A container is one service, started and watched by its runtime. A manager inside hides crashes and runs what nobody declared.',
  fix: 'start the program itself; run other services in other containers (tini or --init takes care of zombies)',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'secure',
  check: forbidPrograms({ names, what: 'starts and watches services' }),
})

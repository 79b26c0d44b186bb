import { imageRule } from '../rule.ts'
import { forbidPrograms } from './program-rule.ts'

const names = /^(?:cron|crond|anacron|atd|fcron|dcron|incrond|busybox-cron|supercronic|crontab)$/

export const scheduler = imageRule({
  id: 'scheduler',
  title: 'No scheduler of jobs',
  why: 'Jobs that a daemon in a container starts are seen by nobody, and stop with it. It mostly needs root as well.',
  fix: 'run jobs as containers of their own (CronJob in Kubernetes)',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  check: forbidPrograms({ names, what: 'starts jobs by the clock', exceptEntry: true }),
})

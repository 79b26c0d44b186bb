import { imageRule } from '../rule.ts'
import { forbidPrograms } from './program-rule.ts'

const names = /^(?:cron|crond|anacron|atd|fcron|dcron|incrond|busybox-cron|supercronic|crontab)$/

export const scheduler = imageRule({
  id: 'scheduler',
  title: 'No job scheduler',
  why: 'Nobody sees the jobs that a daemon in a container starts, and they stop with it. It usually needs root as well.',
  fix: 'run jobs as separate containers (CronJob in Kubernetes)',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  check: forbidPrograms({ names, what: 'starts scheduled jobs', exceptEntry: true }),
})

import { forbidPaths } from '../leftovers/path-rule.ts'
import { imageRule } from '../rule.ts'

const files = /^etc\/ssh\/ssh_host_[a-z0-9]+_key$|^etc\/dropbear\/dropbear_[a-z0-9]+_host_key$/

export const hostKey = imageRule({
  id: 'host-key',
  title: 'No keys of an SSH server',
  why: 'Every container of the image has the same key: whoever has the image can impersonate any of them.',
  fix: 'delete them, and let the server make its own when it starts',
  level: 'error',
  aspect: 'attack-surface',
  tier: 'minimal',
  check: forbidPaths(files, 'a key of an SSH server'),
})

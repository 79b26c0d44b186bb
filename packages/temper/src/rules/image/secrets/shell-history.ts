import { forbidPaths } from '../leftovers/path-rule.ts'
import { imageRule } from '../rule.ts'

const files =
  /(?:^|\/)\.(?:(?:ba|z|a|k)?sh_history|python_history|node_repl_history|(?:mysql|psql|sqlite|rediscli|mongo|irb|php)_history|lesshst|viminfo|wget-hsts)$/

export const shellHistory = imageRule({
  id: 'shell-history',
  title: 'No histories of shells and clients',
  why: 'They hold what somebody typed while building: addresses, users, and now and then a password.',
  fix: 'delete it in the instruction that makes it',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'minimal',
  check: forbidPaths(files, 'what somebody typed'),
})

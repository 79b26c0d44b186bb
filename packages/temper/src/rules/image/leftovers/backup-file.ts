import { imageRule } from '../rule.ts'
import { forbidPaths } from './path-rule.ts'

const backup =
  /^etc\/(?:passwd|shadow|group|gshadow|subuid|subgid)-$|(?:~|\.(?:bak|orig|swp|dpkg-(?:old|dist|new|tmp)|ucf-(?:old|dist)|rpm(?:save|new|orig)|apk-new))$/

export const backupFile = imageRule({
  id: 'backup-file',
  title: 'No backups of files that were changed',
  why: 'An editor or package manager kept the old contents. Nothing reads them, and they may hold what was removed.',
  fix: 'delete it in the instruction that changes the file',
  level: 'note',
  aspect: 'contents',
  tier: 'minimal',
  check: forbidPaths(backup, 'a backup of another file'),
})

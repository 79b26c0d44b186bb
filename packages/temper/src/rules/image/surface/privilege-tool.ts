import { imageRule } from '../rule.ts'
import { forbidPrograms } from './program-rule.ts'

const names =
  /^(?:sudo|sudoedit|visudo|su|su-exec|doas|gosu|runuser|pkexec|setpriv|s6-setuidgid|chroot|nsenter|unshare|newuidmap|newgidmap|newgrp|sg|chpasswd|chsh|chfn|gpasswd|passwd|useradd|usermod|userdel|adduser|deluser|addgroup|groupadd|vipw)$/

export const privilegeTool = imageRule({
  id: 'privilege-tool',
  title: 'No tools that change to another user',
  why: 'A container has one user from the start. A tool that changes it helps only those who want to be root.',
  fix: 'leave it out, and set the user with USER or accounts.run-as',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  check: forbidPrograms({ names, what: 'changes to another user' }),
})

import { imageRule } from '../rule.ts'
import { forbidPrograms } from './program-rule.ts'

const names =
  /^(?:sshd|sshd-session|sshd-auth|dropbear|tinysshd|telnetd|in\.telnetd|utelnetd|rlogind|in\.rlogind|rshd|in\.rshd|vsftpd|proftpd)$/

export const sshServer = imageRule({
  id: 'ssh-server',
  title: 'No SSH server',
  why: 'A second way in, with keys and passwords of its own, that no registry, scheduler or log knows of.',
  fix: 'leave it out, and use the exec of whatever runs the container',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  check: forbidPrograms({ names, what: 'accepts logins over the network' }),
})

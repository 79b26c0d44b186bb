import { imageRule } from '../rule.ts'
import { forbidPrograms } from './program-rule.ts'

const names =
  /^(?:sshd|sshd-session|sshd-auth|dropbear|tinysshd|telnetd|in\.telnetd|utelnetd|rlogind|in\.rlogind|rshd|in\.rshd|vsftpd|proftpd)$/

export const sshServer = imageRule({
  id: 'ssh-server',
  title: 'No SSH server',
  why: 'It is a second way in, with its own keys and passwords, that no registry, scheduler or log knows about.',
  fix: 'leave it out, and use the exec command of the container runtime',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  check: forbidPrograms({ names, what: 'accepts logins over the network' }),
})

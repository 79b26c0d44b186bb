import { imageRule } from '../rule.ts'
import { groupsOf } from './runtime-account.ts'

/** Groups that give rights of root, or of the host, where the files of the host are shared (Debian wiki, SystemGroups). */
const privileged: ReadonlySet<string> = new Set(
  'adm disk docker kmem kvm lxd podman root shadow sudo systemd-journal tty wheel'.split(' '),
)

export const privilegedGroup = imageRule({
  id: 'privileged-group',
  title: 'The user is in no group that has rights of root',
  why: 'Such a group opens devices, logs, sockets or sudo: its members are root by another way.',
  fix: 'take the user out of the group in /etc/group',
  level: 'warning',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  needs: ['user'],
  *check({ root, user, groups }) {
    if (user.uid === 0) return
    for (const { name, gid } of groupsOf({ root }))
      if (gid !== 0 && privileged.has(name) && (gid === user.gid || groups.has(gid)))
        yield {
          place: { kind: 'whole' },
          subject: `group ${name}`,
          found: `uid ${user.uid} is in the group "${name}"`,
        }
  },
})

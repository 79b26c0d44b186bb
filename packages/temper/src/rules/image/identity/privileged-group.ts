import { imageRule } from '../rule.ts'
import { groupsOf } from './runtime-account.ts'

/** Groups that give rights of root, or of the host, where the files of the host are shared (Debian wiki, SystemGroups). */
const privileged: ReadonlySet<string> = new Set(
  'adm disk docker kmem kvm lxd podman root shadow sudo systemd-journal tty wheel'.split(' '),
)

export const privilegedGroup = imageRule({
  id: 'privileged-group',
  title: "The user is in no group with root's rights",
  why: 'Such a group gives access to devices, logs, sockets or sudo: its members can become root.',
  fix: 'remove the user from the group in /etc/group',
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

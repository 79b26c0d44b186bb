import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

/** Attributes that give access besides the permission bits (acl(5)). */
const lists = ['system.posix_acl_access', 'system.posix_acl_default', 'system.nfs4_acl'] as const

export const accessList = imageRule({
  id: 'access-list',
  title: 'No access lists besides the permission bits',
  why: 'An access list grants rights that "ls -l" and most checks do not show, and that not every runtime preserves.',
  fix: 'remove it (setfacl -b), and use owner, group and mode',
  level: 'warning',
  aspect: 'user-and-permissions',
  tier: 'secure',
  *check({ nodes }) {
    for (const node of nodes) {
      const list = lists.find((name) => node.xattrs?.[name] !== undefined)
      if (list !== undefined) yield { place: nodePlace(node), found: `an access list (${list})` }
    }
  },
})

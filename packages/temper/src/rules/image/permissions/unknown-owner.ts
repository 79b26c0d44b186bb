import { nodePlace } from '../../../model/rule.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { accountsOf, groupsOf } from '../identity/runtime-account.ts'
import { imageRule } from '../rule.ts'

interface Unknown {
  readonly first: TreeNode
  readonly kind: 'uid' | 'gid'
  readonly id: number
  count: number
}

export const unknownOwner = imageRule({
  id: 'unknown-owner',
  title: 'Every file belongs to an existing account and group',
  why: 'A number without a name usually comes from the machine that built the image. Whoever gets it next owns these files.',
  fix: 'give the files to root or to an existing account (COPY --chown)',
  level: 'warning',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  *check({ root, nodes, user }) {
    const accounts = accountsOf({ root })
    // Without accounts no number has a name.
    if (accounts.length === 0) return
    const uids = new Set([0, ...accounts.map(({ uid }) => uid), ...(user === undefined ? [] : [user.uid])])
    const gids = new Set([0, ...accounts.map(({ gid }) => gid), ...groupsOf({ root }).map(({ gid }) => gid)])
    if (user !== undefined) gids.add(user.gid)
    const unknown = new Map<string, Unknown>()
    for (const node of nodes) {
      if (!uids.has(node.uid)) note(unknown, node, 'uid')
      else if (!gids.has(node.gid)) note(unknown, node, 'gid')
    }
    for (const { first, kind, id, count } of unknown.values()) {
      const found = `${count} ${count === 1 ? 'file belongs' : 'files belong'} to the ${kind} ${id}, which has no name`
      yield { place: nodePlace(first), found }
    }
  },
})

function note(unknown: Map<string, Unknown>, node: TreeNode, kind: 'uid' | 'gid'): void {
  const id = node[kind]
  const seen = unknown.get(`${kind} ${id}`)
  if (seen === undefined) unknown.set(`${kind} ${id}`, { first: node, kind, id, count: 1 })
  else seen.count++
}

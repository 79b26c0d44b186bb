import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

const files =
  /(?:^|\/)(?:\.ssh\/authorized_keys2?|\.rhosts|\.shosts)$|^etc\/(?:hosts\.equiv|shosts\.equiv|ssh\/authorized_keys(?:\/.+)?)$/

export const remoteLogin = imageRule({
  id: 'remote-login',
  title: 'No file allows a remote login',
  why: 'Whoever has the key gets into every container of the image, and nobody can revoke it.',
  fix: 'delete it',
  level: 'error',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  *check({ nodes }) {
    for (const node of nodes)
      if (node.type === 'file' && node.size > 0 && files.test(node.path))
        yield { place: nodePlace(node), found: 'names who may log in remotely' }
  },
})

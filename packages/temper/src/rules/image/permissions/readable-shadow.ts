import { nodePlace } from '../../../model/rule.ts'
import { formatMode } from '../../hardening/subject.ts'
import { imageRule } from '../rule.ts'

const files = /^etc\/(?:g?shadow-?|sudoers|ssh\/ssh_host_[a-z0-9]+_key)$/

export const readableShadow = imageRule({
  id: 'readable-shadow',
  title: "Only root can read the system's passwords and keys",
  why: 'A secret that other users can read is not a secret.',
  fix: 'remove the permissions of others (chmod o-rwx)',
  level: 'error',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  *check({ nodes }) {
    for (const node of nodes)
      if (node.type === 'file' && node.size > 0 && files.test(node.path) && (node.mode & 0o004) !== 0)
        yield { place: nodePlace(node), found: `readable by everyone (mode ${formatMode(node.mode)})` }
  },
})

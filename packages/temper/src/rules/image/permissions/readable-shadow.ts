import { nodePlace } from '../../../model/rule.ts'
import { formatMode } from '../../hardening/subject.ts'
import { imageRule } from '../rule.ts'

const files = /^etc\/(?:g?shadow-?|sudoers|ssh\/ssh_host_[a-z0-9]+_key)$/

export const readableShadow = imageRule({
  id: 'readable-shadow',
  title: 'Passwords and keys of the system are read by root alone',
  why: 'What is kept from other users is not a secret where they can read it.',
  fix: 'take the permissions of others away (chmod o-rwx)',
  level: 'error',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  *check({ nodes }) {
    for (const node of nodes)
      if (node.type === 'file' && node.size > 0 && files.test(node.path) && (node.mode & 0o004) !== 0)
        yield { place: nodePlace(node), found: `readable by everyone (mode ${formatMode(node.mode)})` }
  },
})

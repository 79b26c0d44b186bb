import { imageRule } from '../rule.ts'
import { kindOf, secretFault } from './found.ts'

export const privateKeyFile = imageRule({
  id: 'private-key-file',
  title: 'No private keys',
  why: 'Everybody who can pull the image has the key, and can impersonate its owner.',
  fix: 'replace the key, build without the file, and mount it when the container starts',
  level: 'error',
  aspect: 'attack-surface',
  tier: 'minimal',
  *check({ secrets }) {
    for (const secret of secrets) if (kindOf(secret) === 'key') yield secretFault(secret)
  },
})

import { imageRule } from '../rule.ts'
import { kindOf, secretFault } from './found.ts'

export const secretInFile = imageRule({
  id: 'secret-in-file',
  title: 'No tokens or passwords in files',
  why: 'Everybody who can pull the image can use them.',
  fix: 'revoke it, build without it (RUN --mount=type=secret), and mount it when the container starts',
  level: 'error',
  aspect: 'attack-surface',
  tier: 'minimal',
  *check({ secrets }) {
    for (const secret of secrets) if (kindOf(secret) === 'file') yield secretFault(secret)
  },
})

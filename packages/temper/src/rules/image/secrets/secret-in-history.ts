import { imageRule } from '../rule.ts'
import { kindOf, secretFault } from './found.ts'

export const secretInHistory = imageRule({
  id: 'secret-in-history',
  title: 'No secrets in the history of the image',
  why: 'Build arguments and commands are kept in the image word for word.',
  fix: 'revoke it, and pass it to the build with RUN --mount=type=secret',
  level: 'error',
  aspect: 'attack-surface',
  tier: 'minimal',
  setting: 'history',
  *check({ secrets }) {
    for (const secret of secrets) if (kindOf(secret) === 'history') yield secretFault(secret)
  },
})

import { imageRule } from '../rule.ts'
import { kindOf, secretFault } from './found.ts'

export const secretInLowerLayer = imageRule({
  id: 'secret-in-lower-layer',
  title: 'No secrets in files that a later layer deletes',
  why: 'Deleting hides a file from the container. Whoever has the image can read it in the layer below.',
  fix: 'revoke it, and build without it (RUN --mount=type=secret)',
  level: 'error',
  aspect: 'attack-surface',
  tier: 'minimal',
  *check({ secrets }) {
    for (const secret of secrets) if (kindOf(secret) === 'deleted') yield secretFault(secret)
  },
})

import { imageRule } from '../rule.ts'
import { kindOf, secretFault } from './found.ts'

export const secretInConfiguration = imageRule({
  id: 'secret-in-configuration',
  title: 'No secrets in variables, labels and commands',
  why: 'Everybody who asks the registry, and every program in the container, can see the configuration.',
  fix: 'revoke it, remove the ENV or LABEL line, and provide it when the container starts',
  level: 'error',
  aspect: 'attack-surface',
  tier: 'minimal',
  setting: 'environment',
  *check({ secrets }) {
    for (const secret of secrets) if (kindOf(secret) === 'configuration') yield secretFault(secret)
  },
})

import { imageRule } from '../rule.ts'
import { kindOf, secretFault } from './found.ts'

export const secretInConfiguration = imageRule({
  id: 'secret-in-configuration',
  title: 'No secrets in variables, labels and commands',
  why: 'The configuration is shown to everybody who asks the registry, and to every program of the container.',
  fix: 'revoke it, remove the ENV or LABEL line, and give it when the container starts',
  level: 'error',
  aspect: 'attack-surface',
  tier: 'minimal',
  setting: 'environment',
  *check({ secrets }) {
    for (const secret of secrets) if (kindOf(secret) === 'configuration') yield secretFault(secret)
  },
})

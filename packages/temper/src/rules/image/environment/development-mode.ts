import { variablesOf } from '../environment.ts'
import { imageRule } from '../rule.ts'

const development = /^(?:dev|devel|development|debug|test|testing)$/i
const on = /^(?:1|true|yes|on|\*)$/i

/** What turns on the mode for developers, by the variable's name. */
const modes: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [
    /^(?:NODE_ENV|RAILS_ENV|RACK_ENV|APP_ENV|FLASK_ENV|DJANGO_ENV|SYMFONY_ENV|ASPNETCORE_ENVIRONMENT|DOTNET_ENVIRONMENT|MIX_ENV|GIN_MODE|SPRING_PROFILES_ACTIVE)$/,
    development,
  ],
  [/^(?:FLASK_DEBUG|DJANGO_DEBUG|APP_DEBUG|WP_DEBUG|PYTHONDEVMODE|ASPNETCORE_DETAILEDERRORS)$/, on],
]

export const developmentMode = imageRule({
  id: 'development-mode',
  title: 'No variable turns on a development mode',
  why: 'In that mode programs show their source and settings with every error, check less, and some run code that they are sent.',
  fix: 'remove the ENV line, or set it to production',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  setting: 'environment',
  needs: ['image'],
  *check({ image }) {
    for (const { name, value } of variablesOf(image.settings))
      if (modes.some(([wanted, mode]) => wanted.test(name) && mode.test(value)))
        yield { place: { kind: 'whole' }, subject: `ENV ${name}`, found: `${name} is "${value}"` }
  },
})

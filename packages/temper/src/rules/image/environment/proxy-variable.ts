import { variablesOf } from '../environment.ts'
import { imageRule } from '../rule.ts'

const proxies = /^(?:https?|ftp|all|no)_proxy$/i

export const proxyVariable = imageRule({
  id: 'proxy-variable',
  title: 'No variable sends traffic through the proxy of the builder',
  why: 'The image runs in a different network. All requests go to a machine that nobody there has chosen.',
  fix: 'pass it as a build argument (it stays out of the image by itself), and not with ENV',
  level: 'note',
  aspect: 'policy',
  tier: 'hardened',
  setting: 'environment',
  needs: ['image'],
  *check({ image }) {
    for (const { name, value } of variablesOf(image.settings))
      if (value !== '' && proxies.test(name))
        yield { place: { kind: 'whole' }, subject: `ENV ${name}`, found: `${name} is set` }
  },
})

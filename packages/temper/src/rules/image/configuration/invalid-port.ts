import { exposedPorts } from '../ports.ts'
import { imageRule } from '../rule.ts'

export const invalidPort = imageRule({
  id: 'invalid-port',
  title: 'Every port that it names is valid',
  why: 'Runtimes refuse or ignore invalid ports, and network rules are derived from what is written here.',
  fix: 'write a number from 1 to 65535, and /udp or /sctp where it is not TCP',
  level: 'warning',
  aspect: 'policy',
  tier: 'minimal',
  setting: 'port',
  needs: ['image'],
  *check({ image }) {
    for (const { text, number } of exposedPorts(image.settings))
      if (number === undefined)
        yield { place: { kind: 'whole' }, subject: `port ${text}`, found: `"${text}" is not a port` }
  },
})

import { exposedPorts } from '../ports.ts'
import { imageRule } from '../rule.ts'

export const invalidPort = imageRule({
  id: 'invalid-port',
  title: 'Every port that it names is a valid one',
  why: 'Runtimes refuse or pass over what is not a port, and rules for the network are made from what is written here.',
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

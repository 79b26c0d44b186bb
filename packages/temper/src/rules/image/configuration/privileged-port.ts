import { exposedPorts } from '../ports.ts'
import { imageRule } from '../rule.ts'

export const privilegedPort = imageRule({
  id: 'privileged-port',
  title: 'A user other than root listens only on ports from 1024',
  why: 'Lower ports are reserved for root: the program fails, or somebody gives it a capability that it should not have.',
  fix: 'listen on a higher port, and publish it as the one that clients expect (8080 as 80)',
  level: 'warning',
  aspect: 'user-and-permissions',
  tier: 'secure',
  setting: 'port',
  needs: ['image', 'user'],
  *check({ image, user }) {
    if (user.uid === 0) return
    for (const { text, number } of exposedPorts(image.settings))
      if (number !== undefined && number < 1024)
        yield {
          place: { kind: 'whole' },
          subject: `port ${text}`,
          found: `uid ${user.uid} is to listen on port ${number}`,
        }
  },
})

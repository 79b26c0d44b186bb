import { labelOf } from '../labels.ts'
import { imageRule } from '../rule.ts'

const keys = [
  'io.temper.end-of-life',
  'org.opencontainers.image.end-of-life',
  'com.docker.dhi.date.end-of-life',
] as const

export const claimedSupport = imageRule({
  id: 'claimed-support',
  title: 'It is supported for as long as it says, and no longer than its distribution',
  why: 'After the day that it names nobody repairs it. A day after the end of its distribution is a promise that nobody keeps.',
  fix: 'move to the image that follows it, or correct the day',
  level: 'warning',
  aspect: 'patching',
  tier: 'hardened',
  setting: 'label',
  needs: ['image'],
  *check({ image, now, support }) {
    for (const key of keys) {
      const day = /^\d{4}-\d\d-\d\d/.exec(labelOf(image, key) ?? '')?.[0]
      if (day === undefined) continue
      const place = { kind: 'whole' } as const
      if (day < now.toISOString().slice(0, 10))
        yield { place, subject: key, found: `it was supported until ${day}` }
      else if (support !== undefined && day > support.endOfLife)
        yield { place, subject: key, found: `it says ${day}; its distribution ends on ${support.endOfLife}` }
    }
  },
})

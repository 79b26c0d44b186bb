import { imageRule } from '../rule.ts'
import { builtAt, daysBetween } from './dates.ts'

export const oldBuild = imageRule({
  id: 'old-build',
  title: 'It was built in the last 90 days',
  why: 'Repairs get into an image only when it is built. Nobody knows whether an old one can still be built at all.',
  fix: 'build it again, and at least monthly from now on',
  level: 'warning',
  aspect: 'patching',
  tier: 'secure',
  needs: ['image'],
  parameters: { days: { about: 'most days since it was built', default: 90 } },
  *check({ image, now }, { days }) {
    const built = builtAt(image)
    const age = built === undefined ? 0 : daysBetween(built, now)
    if (age > days)
      yield { place: { kind: 'whole' }, subject: 'the image', found: `it was built ${age} days ago` }
  },
})

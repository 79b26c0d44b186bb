import { imageRule } from '../rule.ts'
import { baseBuiltAt, builtAt, daysBetween } from './dates.ts'

export const oldBase = imageRule({
  id: 'old-base',
  title: 'The base image was not old at the time of the build',
  why: 'Building again brings nothing new if the base stays the same: its packages are as old as it is.',
  fix: 'take the newest base: docker build --pull, or a digest that is kept up to date',
  level: 'warning',
  aspect: 'patching',
  tier: 'secure',
  setting: 'base',
  needs: ['image'],
  parameters: { days: { about: 'most days of its base when it was built', default: 90 } },
  *check({ image, layers }, { days }) {
    const [base, built] = [baseBuiltAt(image), builtAt(image)]
    const [lowest] = layers
    if (base === undefined || built === undefined || layers.length < 2) return
    const age = daysBetween(base, new Date(built))
    if (age > days)
      yield {
        place: lowest?.diffId === undefined ? { kind: 'whole' } : { kind: 'layer', layer: lowest.diffId },
        subject: 'the base image',
        found: `its base was ${age} days old when it was built`,
      }
  },
})

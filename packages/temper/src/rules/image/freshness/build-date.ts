import { imageRule } from '../rule.ts'
import { builtAt, daysBetween } from './dates.ts'

export const buildDate = imageRule({
  id: 'build-date',
  title: 'It says when it was built',
  why: 'The age of an image tells how many repairs it lacks. A date of 1970 or of tomorrow tells nothing.',
  fix: 'set SOURCE_DATE_EPOCH to the time of the last change, or leave the date to the builder',
  level: 'note',
  aspect: 'patching',
  tier: 'secure',
  needs: ['image'],
  *check({ image, now }) {
    const built = builtAt(image)
    const found = built === undefined ? 'it does not say when it was built' : 'it was built in the future'
    if (built === undefined || daysBetween(built, now) < -1)
      yield { place: { kind: 'whole' }, subject: 'the image', found }
  },
})

import { timeOf } from '../freshness/dates.ts'
import { imageRule } from '../rule.ts'

const day = 86_400_000

export const claimedDate = imageRule({
  id: 'claimed-date',
  title: 'It was built when its annotation says',
  why: 'The age of an image tells how many repairs it lacks. With two dates it looks younger than it is.',
  fix: 'set org.opencontainers.image.created to the time of the build, or leave it out',
  level: 'warning',
  aspect: 'policy',
  tier: 'secure',
  setting: 'label',
  needs: ['image'],
  *check({ image }) {
    const claimed = timeOf(image.annotations['org.opencontainers.image.created'])
    const built = timeOf(image.config.created)
    if (claimed !== undefined && built !== undefined && Math.abs(claimed - built) > day)
      yield {
        place: { kind: 'whole' },
        subject: 'org.opencontainers.image.created',
        found: `it says ${dayOf(claimed)}, the configuration ${dayOf(built)}`,
      }
  },
})

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

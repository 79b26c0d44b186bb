import { debugOfKey, expiresKey, isExpired } from '../../../model/assess/companion.ts'
import { labelOf } from '../labels.ts'
import { imageRule } from '../rule.ts'

export const expired = imageRule({
  id: 'expired',
  title: 'The last day on which the image may be used is not over',
  why: 'A debugging companion has tools that its image lacks for a reason: it is made for an incident, and must not stay.',
  fix: 'start the image that it accompanies, or make a new companion',
  level: 'error',
  aspect: 'patching',
  tier: 'minimal',
  setting: 'label',
  needs: ['image'],
  *check({ image, now }) {
    const expires = labelOf(image, expiresKey)
    if (expires === undefined) return
    const of = labelOf(image, debugOfKey)
    const subject = of === undefined ? expiresKey : `companion of ${of}`
    const place = { kind: 'whole' } as const
    if (isExpired(expires, now)) yield { place, subject, found: `it could be used until ${expires}` }
    else yield { place, subject, level: 'note', found: `it may be used until ${expires}` }
  },
})

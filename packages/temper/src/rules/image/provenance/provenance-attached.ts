import { imageRule } from '../rule.ts'
import { isKind } from './kind.ts'

export const provenanceAttached = imageRule({
  id: 'provenance-attached',
  title: 'Signed provenance is attached',
  why: 'It says who built the image, how and from what: SLSA requires it from its first level, and requires it signed from the second.',
  fix: 'build with provenance, and attach it signed',
  level: 'warning',
  aspect: 'provenance',
  tier: 'secure',
  needs: ['evidence'],
  *check({ evidence }) {
    const attached = evidence.attached.filter((each) => isKind(each, 'provenance'))
    if (attached.some(({ verified }) => verified)) return
    const [first] = attached
    // That nothing at all is verified is told once, by the rule "unsigned".
    if (first !== undefined && !evidence.attached.some(({ verified }) => verified)) return
    const found =
      first === undefined ? 'no provenance is attached' : `it is attached, but not verified: ${first.reason}`
    yield { place: { kind: 'whole' }, subject: 'provenance', found }
  },
})

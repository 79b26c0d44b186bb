import { imageRule } from '../rule.ts'
import { isKind } from './kind.ts'

export const sbomAttached = imageRule({
  id: 'sbom-attached',
  title: 'A signed bill of materials is attached',
  why: 'It tells everybody who must know what is inside, even when the image itself can no longer be read.',
  fix: 'attach one, and sign it',
  level: 'warning',
  aspect: 'provenance',
  tier: 'secure',
  needs: ['evidence'],
  *check({ evidence }) {
    const attached = evidence.attached.filter((each) => isKind(each, 'sbom'))
    if (attached.some(({ verified }) => verified)) return
    const [first] = attached
    // That nothing at all is verified is told once, by the rule "unsigned".
    if (first !== undefined && !evidence.attached.some(({ verified }) => verified)) return
    const found =
      first === undefined
        ? 'no bill of materials is attached'
        : `it is attached, but not verified: ${first.reason}`
    yield { place: { kind: 'whole' }, subject: 'SBOM', found }
  },
})

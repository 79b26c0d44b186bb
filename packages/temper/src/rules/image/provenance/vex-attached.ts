import { imageRule } from '../rule.ts'
import { isKind } from './kind.ts'

export const vexAttached = imageRule({
  id: 'vex-attached',
  title: 'Its vulnerabilities are assessed in a statement',
  why: 'Otherwise everybody who scans it asks the same questions about the same findings.',
  fix: 'write an OpenVEX document, and attach it signed',
  level: 'note',
  aspect: 'provenance',
  tier: 'secure',
  needs: ['evidence'],
  *check({ evidence }) {
    const attached = evidence.attached.filter((each) => isKind(each, 'vex'))
    if (attached.some(({ verified }) => verified)) return
    const [first] = attached
    // That nothing at all is verified is told once, by the rule "unsigned".
    if (first !== undefined && !evidence.attached.some(({ verified }) => verified)) return
    const found =
      first === undefined ? 'no VEX is attached' : `it is attached, but not verified: ${first.reason}`
    yield { place: { kind: 'whole' }, subject: 'VEX', found }
  },
})

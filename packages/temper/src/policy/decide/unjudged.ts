import type { Level } from '../../model/rule.ts'
import type { UnknownFact } from '../facts/facts.ts'
import type { Reason } from './decision.ts'

/** Something that a policy asks about and nobody looked at is a reason of its own, never a pass. */
export function unjudged(rule: string, level: Level, reason: UnknownFact | undefined): Reason {
  const { why, remedy } = reason ?? { why: 'nobody looked', remedy: 'have it checked' }
  return {
    rule,
    level,
    subject: 'the image',
    place: { kind: 'whole' },
    found: `not judged: ${why}`,
    remedy,
    unjudged: true,
  }
}

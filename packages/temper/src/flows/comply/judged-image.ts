import type { AssessedFinding, Unjudged } from '../../model/assessment.ts'
import type { Image } from '../../model/image.ts'
import { placePath } from '../../model/rule.ts'
import { hasParts } from '../../rules/image/rule.ts'
import { imageRules } from '../../rules/image/rules.ts'
import type { ImageSubject } from '../../rules/image/subject.ts'
import { readImageFacts, subjectOf } from '../assess/read-subject.ts'
import type { Context } from '../context.ts'
import { readingOptions } from '../inventory/reading-options.ts'

/** What every rule says of one image. */
export interface JudgedImage {
  readonly subject: ImageSubject
  readonly findings: readonly AssessedFinding[]
  readonly unjudged: readonly Unjudged[]
}

/** Holds the layers and the configuration of an image against every rule. What others say of it is not asked. */
export async function judgeImage(
  image: Image,
  { name, context }: { readonly name: string; readonly context: Context },
): Promise<JudgedImage> {
  const facts = await readImageFacts(image, {}, readingOptions(context))
  const subject = subjectOf(facts, { now: context.now(), name })
  const findings: AssessedFinding[] = []
  const unjudged: Unjudged[] = []
  for (const rule of imageRules) {
    const { id, aspect, tier, needs } = rule
    const missing = needs.filter((part) => !hasParts(subject, [part]))
    if (missing.length > 0) {
      unjudged.push({ rule: id, aspect, tier, why: `nothing is known of its ${missing.join(', ')}` })
      continue
    }
    for (const { rule: broken, level, subject: what, place, found, remedy } of rule.check(subject)) {
      const path = placePath(place)
      const layer = 'layer' in place ? place.layer : undefined
      findings.push({
        ...{ rule: broken, level, subject: what, place, found, remedy, aspect, tier },
        ...(path === undefined ? {} : { path }),
        ...(layer === undefined ? {} : { layer }),
      })
    }
  }
  return { subject, findings, unjudged }
}

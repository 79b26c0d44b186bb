import { glob } from '../../base/glob.ts'
import { normalName } from '../../model/repository-name.ts'
import { applyExceptions } from '../../policy/decide/exceptions.ts'
import type { Policy } from '../../policy/file/policy.ts'
import type { WaiverJson } from '../assess/gate-json.ts'
import type { AdmissionReason } from './admission.ts'
import { named } from './images.ts'

/** The subject that a policy judges: an object of a file, and the images in it. */
export interface Judged {
  /** "Deployment/web"; "Deployment/shop/web" in a namespace. Absent: an image alone. */
  readonly object?: string
  /** The name that reports give it. */
  readonly subject: string
  /** The images as the files name them. */
  readonly images: readonly string[]
  readonly now: Date
}

/** Sorts what refuses a pod or an image from what exceptions of the policy let pass; rules have the policy's levels. */
export function waive(
  reasons: readonly AdmissionReason[],
  policy: Policy | undefined,
  { object, subject, images, now }: Judged,
): { readonly reasons: readonly AdmissionReason[]; readonly waived: readonly WaiverJson[] } {
  if (policy === undefined) return { reasons, waived: [] }
  const places = new Map<object, AdmissionReason>()
  const asked = reasons.flatMap((reason) => {
    const { rule, found, remedy, file, line, column } = reason
    const level = policy.rules.get(rule)?.level ?? reason.level
    if (level === 'off') return []
    const place = { kind: 'span', file, line, column } as const
    const made = {
      rule,
      level,
      subject,
      place,
      found,
      remedy,
      ...(object === undefined ? {} : { object }),
    }
    places.set(made, { ...reason, level })
    return [made]
  })
  const repositories = images.flatMap((image) => repositoryOf(image) ?? [])
  // What is for some images lets no pod pass that runs others too, or of which nobody knows what it runs.
  const fits = (pattern: string) =>
    repositories.length > 0 &&
    repositories.length === images.length &&
    repositories.every((name) => glob(normalName(pattern))(normalName(name)))
  const { remaining, waived } = applyExceptions(asked, policy.exceptions, { now, fits })
  return {
    reasons: remaining.flatMap((each) => places.get(each) ?? []),
    waived: waived.map(({ reason: { rule, subject, found }, exception }) => {
      const { owner, reason, expires } = exception
      return { rule, owner, reason, until: expires, subject, found }
    }),
  }
}

function repositoryOf(image: string): string | undefined {
  const reference = named(image)
  return reference?.kind === 'registry' ? `${reference.registry}/${reference.repository}` : undefined
}

import { type FieldPath, type Pod, type PodSubject, valueAt } from '../../model/assess/workload.ts'
import { defineRule, type Place, type Rule } from '../../model/rule.ts'

/** Version of Kubernetes whose Pod Security Standards the rules implement. */
export const standardsVersion = '1.37'

export type PodRule = Rule<PodSubject>

/** Makes a rule about pods. */
export const podRule = defineRule<PodSubject>

/** The control of the Pod Security Standards that a rule implements. */
export function standard(level: 'baseline' | 'restricted', title: string) {
  return [{ framework: `pod-security-${level}-${standardsVersion}`, id: title }] as const
}

/** Something that can have a setting: the pod as a whole, or one of its containers. */
export interface Holder {
  /** "the pod", "container web". */
  readonly who: string
  readonly path: FieldPath
  /** Set for containers. */
  readonly container?: Pod['containers'][number]
}

export function containersOf(pod: Pod): readonly Holder[] {
  return pod.containers.map((container) => ({
    who: `container ${container.name}`,
    path: container.path,
    container,
  }))
}

/** The pod, then its containers. */
export function holdersOf(pod: Pod): readonly Holder[] {
  return [{ who: 'the pod', path: ['spec'] }, ...containersOf(pod)]
}

/** A member of the security context of a holder. */
export function setting(pod: Pod, { path }: Holder, member: FieldPath): unknown {
  return valueAt(pod.value, [...path, 'securityContext', ...member])
}

/** The place of a member of a security context, or of what should have that member. */
export function settingPlace(pod: Pod, { path }: Holder, member: FieldPath): Place {
  return spanAt(pod, [...path, 'securityContext', ...member])
}

export function spanAt(pod: Pod, path: FieldPath): Place {
  return { kind: 'span', ...pod.locate(path) }
}

/** Whether a value counts as not set for Kubernetes. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null
}

/** A value as a message shows it: short, whatever it is. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80)
}

/** Whether the pod has a user namespace of its own, whose root has no rights outside. */
export function hasOwnUsers({ value }: Pod): boolean {
  return valueAt(value, ['spec', 'hostUsers']) === false
}

export function isWindows({ value }: Pod): boolean {
  return valueAt(value, ['spec', 'os', 'name']) === 'windows'
}

/** The value that applies to a container: its own, else the pod's; undefined when neither sets one. */
export function effective(pod: Pod, holder: Holder, member: FieldPath): unknown {
  const own = setting(pod, holder, member)
  return isUnset(own) ? setting(pod, { who: '', path: ['spec'] }, member) : own
}

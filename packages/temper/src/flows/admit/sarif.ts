import { temperVersion } from '../../base/version.ts'
import { type TextRule, textSarif } from '../../report/sarif/text-findings.ts'
import { imageRules } from '../../rules/image/rules.ts'
import { podRules } from '../../rules/kubernetes/rules.ts'
import type { Admission, AdmissionReason } from './admission.ts'

/** Rules about images that files name. */
export const imageNameRules: readonly TextRule[] = [
  {
    id: 'image-name',
    title: 'Every image has a name that registries understand',
    why: 'An image without a valid name cannot be pulled or verified.',
  },
  {
    id: 'image-there',
    title: 'Every image is in its registry',
    why: 'A pod whose image does not exist never starts.',
  },
  {
    id: 'image-signed',
    title: 'A trusted signer vouches for every image',
    why: 'Without a signature anybody who can write to the registry decides what runs.',
  },
  {
    id: 'image-judged',
    title: 'Every image can be judged',
    why: 'A policy, or a required signature, applies to every image. An image that could not be examined is not let through for that reason.',
  },
  {
    id: 'image-pinned',
    title: 'Images are named by digest',
    why: 'Tomorrow a tag may point to another image than the one that was judged today.',
  },
]

/** The judgement as SARIF, with lines. */
export function admissionSarif({ images, pods }: Admission): Readonly<Record<string, unknown>> {
  const told = (subject: string) => (reason: AdmissionReason) => ({ ...reason, subject })
  const findings = [
    ...images.flatMap(({ image, where, reasons }) => reasons.map(told(`${image} (${where})`))),
    ...pods.flatMap(({ kind, name, reasons }) => reasons.map(told(`${kind} ${name}`))),
  ]
  const rules = [
    ...imageNameRules,
    ...[...podRules, ...imageRules].map(({ id, title, why }) => ({ id, title, why })),
  ]
  return textSarif(findings, { rules, version: temperVersion(), tool: 'admit' })
}

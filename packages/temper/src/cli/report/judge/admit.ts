import { printableLine } from '../../../base/printable.ts'
import type {
  Admission,
  AdmissionReason,
  AdmittedImage,
  AdmittedPod,
} from '../../../flows/admit/admission.ts'
import type { Style } from '../../style.ts'
import { count } from '../quantity.ts'

/** What was judged, for people: what is refused and what is remarked on, by file and line; then what was not judged. */
export function admissionText(admission: Admission, style: Style): string {
  const { images, pods, unjudged, allowed } = admission
  const parts = [
    ...pods.map((pod) => entry(podTitle(pod), pod, style)),
    ...images.map((image) => entry(imageTitle(image), image, style)),
    ...unjudged.map(
      ({ file, line, why }) => `${style.warn('?')} ${file}:${line}  not judged: ${printableLine(why)}\n`,
    ),
  ]
  const refused = [...images, ...pods].filter((each) => !each.allowed).length
  const verdict = allowed
    ? unjudged.length === 0
      ? style.good('✓ admitted')
      : style.warn('? admitted, as far as it could be judged')
    : style.bad(`✗ refused: ${count(refused, 'thing')} of ${images.length + pods.length}`)
  const open = unjudged.length === 0 ? '' : `, ${count(unjudged.length, 'thing')} not judged`
  const policy = admission.policy === undefined ? '' : `, policy ${admission.policy}`
  return `${parts.join('')}${verdict}  ${count(pods.length, 'pod')}, ${count(images.length, 'image')}, Pod Security Standard ${admission.podSecurity}${policy}${open}\n`
}

function podTitle({ kind, name, namespace }: AdmittedPod): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
}

function imageTitle({ image, where }: AdmittedImage): string {
  return `${image} (${where})`
}

function entry(
  title: string,
  { allowed, reasons, waived, file, line }: Omit<AdmittedPod, 'kind' | 'name' | 'namespace'>,
  style: Style,
): string {
  if (reasons.length === 0 && waived.length === 0) return ''
  const head = `${allowed ? style.warn('!') : style.bad('✗')} ${style.bold(printableLine(title))}  ${file}:${line}\n`
  return [
    head,
    ...reasons.map((reason) => reasonText(reason, style)),
    ...waived.map((each) => waivedText(each, style)),
  ].join('')
}

function reasonText({ line, rule, level, found, remedy }: AdmissionReason, style: Style): string {
  return `  line ${line}  ${printableLine(found)} ${style.dim(`(${rule}${level === 'error' ? '' : `, ${level}`})`)}: ${printableLine(remedy)}\n`
}

function waivedText(
  { rule, owner, reason, until, found }: AdmittedPod['waived'][number],
  style: Style,
): string {
  return style.dim(
    `  waived  ${printableLine(found)} (${rule}): ${printableLine(reason)} (${printableLine(owner)}, until ${until})\n`,
  )
}

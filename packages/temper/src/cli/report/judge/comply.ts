import { printableLine } from '../../../base/printable.ts'
import type { Compliance, ControlResult, ControlStatus } from '../../../model/assess/compliance.ts'
import { controlStatuses } from '../../../model/assess/compliance.ts'
import type { Style } from '../../style.ts'
import { facts } from '../table.ts'

const words: Readonly<Record<ControlStatus, string>> = {
  fail: 'fail',
  manual: 'for a person',
  pass: 'pass',
  'not-applicable': 'not applicable',
}

/** How far an image meets a framework, control by control; the worst first. */
export function complianceText(
  { framework, image, counts, controls }: Compliance,
  { style, folder }: { readonly style: Style; readonly folder?: string },
): string {
  const sorted = controlStatuses.flatMap((status) => controls.filter((each) => each.status === status))
  const summary = controlStatuses
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${words[status]}`)
  return [
    `${style.bold(framework.title)} ${framework.version}\n`,
    facts([
      ['image', image.reference],
      ['controls', summary.join(', ')],
      ...(folder === undefined ? [] : [['evidence', folder] as const]),
    ]),
    '\n',
    ...sorted.map((control) => controlText(control, style)),
  ].join('')
}

function controlText({ id, title, status, reason, rest, evidence }: ControlResult, style: Style): string {
  const mark = {
    fail: style.bad('✗'),
    manual: style.warn('?'),
    pass: style.good('✓'),
    'not-applicable': style.dim('-'),
  }
  const named = title === undefined ? id : `${id} ${title}`
  const examples = evidence.flatMap((each) => each.examples).slice(0, 3)
  const more = evidence.reduce((sum, { findings }) => sum + findings, 0) - examples.length
  return [
    `${mark[status]} ${style.bold(printableLine(named, { most: 160 }))}\n    ${printableLine(reason)}\n`,
    ...examples.map((line) => `    ${style.dim(printableLine(line))}\n`),
    more > 0 ? `    ${style.dim(`and ${more} more`)}\n` : '',
    rest === undefined || status === 'not-applicable'
      ? ''
      : `    left for a person: ${printableLine(rest)}\n`,
  ].join('')
}

import type { LicenceOutcome } from '../../flows/sbom/licences.ts'
import type { Style } from '../style.ts'
import { count } from './quantity.ts'
import { table } from './table.ts'

/** Characters of a licence that are shown in a row; some packages state pages. */
const licenceWidth = 60

/** The packages that violate a licence policy, for people; then those whose licence is not known. */
export function licencesText(
  outcome: LicenceOutcome,
  options: { readonly style: Style; readonly verbose: boolean },
): string {
  const { violations, unknown, packages, target } = outcome
  const { style, verbose } = options
  const verdict = outcome.accepted
    ? `${style.good('✓')} ${target}: the licences of ${count(packages, 'package')} are accepted\n`
    : `${style.bad('✗')} ${target}: ${violations.length} of ${count(packages, 'package')} have licences that are not accepted\n`
  const rows = violations.map(({ package: { name, version }, licence = '(not stated)', reason }) => [
    `  ${name}`,
    version,
    cut(licence),
    reason,
  ])
  const told = unknown.map(({ package: { name, version }, licence = '(not stated)' }) => [
    `  ${name}`,
    version,
    cut(licence),
  ])
  const noun = unknown.length === 1 ? 'package has' : 'packages have'
  const rest =
    unknown.length === 0
      ? ''
      : `${style.warn('!')} ${unknown.length} ${noun} no recognisable licence${verbose ? '' : ' (--verbose lists them; --deny unknown refuses them)'}\n`
  return verdict + table(rows) + rest + (verbose ? table(told) : '')
}

function cut(text: string): string {
  return text.length > licenceWidth ? `${text.slice(0, licenceWidth - 1)}…` : text
}

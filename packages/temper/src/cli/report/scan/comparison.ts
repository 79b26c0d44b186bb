import { printableLine } from '../../../base/printable.ts'
import type { ComparedFinding, Comparison } from '../../../model/advisory/scan-report.ts'
import type { Style } from '../../style.ts'

const most = 20

/** What came and what went since another scan. */
export function comparisonText(
  { with: other, appeared, disappeared, stayed }: Comparison,
  { style, verbose }: { readonly style: Style; readonly verbose: boolean },
): string {
  const head = `${style.bold('Compared with')} ${printableLine(other)}: ${appeared.length} new, ${disappeared.length} gone, ${stayed.length} as before\n`
  const lines = (findings: readonly ComparedFinding[], mark: string, paint: (text: string) => string) => {
    const shown = verbose ? findings : findings.slice(0, most)
    const rest = findings.length - shown.length
    return [
      ...shown.map((finding) => paint(`  ${mark} ${line(finding)}\n`)),
      ...(rest > 0 ? [style.dim(`  ${mark} and ${rest} more (-v lists all)\n`)] : []),
    ]
  }
  return [head, ...lines(appeared, '+', style.bad), ...lines(disappeared, '-', style.good)].join('')
}

function line({ id, severity, package: { name, version } }: ComparedFinding): string {
  return `${printableLine(id, { most: 60 })} ${severity} in ${printableLine(name, { most: 80 })} ${printableLine(version, { most: 60 })}`
}

import type { Measures } from '../../model/assess/assessment.ts'

/** A number that two images are compared by. */
export interface MeasureRow {
  readonly title: string
  readonly one: string
  readonly other: string
  /** The numbers themselves, where both are known; bars are drawn from them. */
  readonly numbers?: readonly [number, number]
}

const titles: Readonly<Record<keyof Measures, string>> = {
  size: 'size (transferred)',
  unpacked: 'size (unpacked)',
  layers: 'layers',
  packages: 'packages',
  files: 'files',
  executables: 'executables and libraries',
  setuid: 'files with setuid, setgid or capabilities',
  vulnerabilities: 'known vulnerabilities',
}

const bytes: ReadonlySet<string> = new Set(['size', 'unpacked'])

/** The measures of two images, side by side. */
export function measureRows(one: Measures, other: Measures): readonly MeasureRow[] {
  return measureNames.map((name) => {
    const [a, b] = [one[name], other[name]]
    const text = (value: number | undefined) =>
      value === undefined ? 'not compared' : bytes.has(name) ? bytesText(value) : String(value)
    return {
      title: titles[name],
      one: text(a),
      other: text(b),
      ...(a === undefined || b === undefined ? {} : { numbers: [a, b] as const }),
    }
  })
}

const measureNames: readonly (keyof Measures)[] = [
  ...([
    'size',
    'unpacked',
    'layers',
    'packages',
    'files',
    'executables',
    'setuid',
    'vulnerabilities',
  ] as const),
]

/** In decimal units, as registries and disks count: "35.2 MB". */
export function bytesText(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let amount = value
  let unit = 0
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1000
    unit++
  }
  return `${unit === 0 || amount >= 99.95 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`
}

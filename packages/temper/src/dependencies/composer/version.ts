/** "1.2.3", with what says how stable it is: "-beta.2", "RC1", "p3", "-dev". */
const classical =
  /^v?(\d{1,5})(\.\d+)?(\.\d+)?(\.\d+)?[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)([.-]?\d+(?:[.-]\d+)*)?)?([.-]?dev)?$/i

/** "2024-05-01.3". */
const dated =
  /^v?(\d{4}(?:[.:-]?\d{2}){1,6}(?:[.:-]?\d{1,3})?)[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)([.-]?\d+(?:[.-]\d+)*)?)?([.-]?dev)?$/i

const longNames: ReadonlyMap<string, string> = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['p', 'patch'],
  ['pl', 'patch'],
  ['rc', 'RC'],
])

/** As Composer writes versions to compare them: "v1.2" is "1.2.0.0", "2.x-dev" is "2.9999999.9999999.9999999-dev". */
export function normaliseVersion(version: string): string {
  if (/^(?:master|trunk|default)$/.test(version)) return `dev-${version}`
  if (/^dev-/i.test(version)) return `dev-${version.slice(4)}`
  const plain = version.replace(/\+\S*$/, '')
  const numbers = classical.exec(plain)
  if (numbers !== null) {
    const [, first = '', second = '.0', third = '.0', fourth = '.0', ...stability] = numbers
    return `${first}${second}${third}${fourth}${suffix(stability)}`
  }
  const date = dated.exec(plain)
  if (date !== null) {
    const [, day = '', ...stability] = date
    return `${day.replace(/\D/g, '.')}${suffix(stability)}`
  }
  return branchVersion(plain.replace(/[.-]?dev$/i, ''))
}

function suffix([name = '', count = '', dev = '']: readonly (string | undefined)[]): string {
  const short = name.toLowerCase()
  if (short === 'stable') return ''
  const long = longNames.get(short) ?? short
  return `${long === '' ? '' : `-${long}${count.replace(/^[.-]+/, '')}`}${dev === '' ? '' : '-dev'}`
}

function branchVersion(branch: string): string {
  if (!/^v?\d+(?:\.(?:\d+|[xX*])){0,3}$/.test(branch)) return `dev-${branch}`
  const parts = branch.replace(/^v/, '').split('.')
  const whole = [0, 1, 2, 3].map((i) => (/^\d+$/.test(parts[i] ?? '') ? parts[i] : '9999999'))
  return `${whole.join('.')}-dev`
}

/** The least version that a constraint allows. */
export interface LowerBound {
  /** Three numbers; all zero: any version. */
  readonly version: readonly number[]
  readonly inclusive: boolean
}

const anyVersion: LowerBound = { version: [0, 0, 0], inclusive: true }

/** Of "^7.2 || ^8.0" this is 7.2.0, inclusive. Of several that have to hold at once the highest counts. */
export function lowerBound(constraint: string): LowerBound {
  const choices = constraint
    .trim()
    .split(/\|\|?/)
    .map((group) => {
      const parts = group
        .trim()
        .replace(/([<>=!~^])\s+/g, '$1')
        .replace(/\s+-\s+/g, ' <=')
        .split(/[\s,]+/)
        .filter((part) => part !== '')
      return parts.map(partBound).reduce(higherBound, anyVersion)
    })
  return choices.reduce((least, each) => (higherBound(least, each) === least ? each : least))
}

function partBound(part: string): LowerBound {
  const [, operator = '', text = ''] = /^(<>|!=|>=?|<=?|==?|~|\^)?v?(\d[\d.]*)?/.exec(part) ?? []
  if (text === '' || operator.startsWith('<') || operator === '!=') return anyVersion
  const numbers = text.split('.').map(Number)
  return { version: [0, 1, 2].map((i) => numbers[i] ?? 0), inclusive: operator !== '>' }
}

/** The first of two that are equal. */
export function higherBound(a: LowerBound, b: LowerBound): LowerBound {
  const differing = [0, 1, 2].find((i) => a.version[i] !== b.version[i])
  if (differing !== undefined) return (a.version[differing] ?? 0) > (b.version[differing] ?? 0) ? a : b
  return a.inclusive && !b.inclusive ? b : a
}

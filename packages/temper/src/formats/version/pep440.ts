import {
  compareCores,
  compareDigits,
  compareNumbers,
  compareText,
  isDigits,
  type Order,
  type VersionOrder,
} from './order.ts'

/** PEP 440, "Version specifiers". Absent parts are undefined. */
export interface PythonVersion {
  /** False when the text is not a version. */
  readonly valid: boolean
  readonly text: string
  readonly epoch: string
  readonly release: readonly string[]
  readonly pre: Stage | undefined
  readonly post: string | undefined
  readonly dev: string | undefined
  readonly local: readonly string[]
}

interface Stage {
  /** 0 alpha, 1 beta, 2 release candidate. */
  readonly rank: number
  readonly number: string
}

/** Appendix B's expression, taken apart where it could be walked twice; matched without case. */
const pattern =
  /^v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]*))?(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?(?:[-_.]?(dev)[-_.]?([0-9]*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/

const ranks: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1 }

/** Text that is not a version is lower than all versions, and ordered by code units. */
export const pep440Order: VersionOrder<PythonVersion> = {
  parse: parsePythonVersion,
  compare: comparePythonVersions,
  isVersion: ({ valid }) => valid,
}

function parsePythonVersion(text: string): PythonVersion {
  const match = pattern.exec(text.trim().toLowerCase())
  const [, epoch = '', release = '', pre, preNumber = '', implicit, post, postNumber = ''] = match ?? []
  const [dev, devNumber = '', local] = match?.slice(8) ?? []
  return {
    valid: match !== null,
    text,
    epoch,
    release: release.split('.'),
    pre: pre === undefined ? undefined : { rank: ranks[pre] ?? 2, number: preNumber },
    post: implicit ?? (post === undefined ? undefined : postNumber),
    dev: dev === undefined ? undefined : devNumber,
    local: local === undefined ? [] : local.split(/[-_.]/),
  }
}

function comparePythonVersions(a: PythonVersion, b: PythonVersion): Order {
  if (!a.valid || !b.valid) return a.valid === b.valid ? compareText(a.text, b.text) : a.valid ? 1 : -1
  return (
    compareDigits(a.epoch, b.epoch) ||
    compareCores(a.release, b.release) ||
    comparePre(a, b) ||
    compareAbsentLow(a.post, b.post) ||
    // A development release is below what it leads to.
    compareDev(a.dev, b.dev) ||
    compareLocal(a.local, b.local)
  )
}

/** "1.0.dev1" is below "1.0a1", which is below "1.0". */
function comparePre(a: PythonVersion, b: PythonVersion): Order {
  const order = compareNumbers(preRank(a), preRank(b))
  return order || compareDigits(a.pre?.number ?? '', b.pre?.number ?? '')
}

function preRank({ pre, post, dev }: PythonVersion): number {
  if (pre !== undefined) return pre.rank
  return post === undefined && dev !== undefined ? -1 : 3
}

function compareAbsentLow(a: string | undefined, b: string | undefined): Order {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1
  return compareDigits(a, b)
}

function compareDev(a: string | undefined, b: string | undefined): Order {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
  return compareDigits(a, b)
}

/** Numbers above text, more segments above fewer, any above none. */
function compareLocal(a: readonly string[], b: readonly string[]): Order {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a[i] ?? ''
    const y = b[i] ?? ''
    const numeric = isDigits(x)
    if (numeric !== isDigits(y)) return numeric ? 1 : -1
    const order = numeric ? compareDigits(x, y) : compareText(x, y)
    if (order !== 0) return order
  }
  return compareNumbers(a.length, b.length)
}

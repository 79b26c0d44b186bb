import type {
  AffectedPackage,
  RangeEvent,
  SeverityStatement,
  UnfixedState,
  VersionRange,
} from '../../../model/advisory/advisory.ts'
import { type VersionScheme, versionSchemes } from '../../../model/version-scheme.ts'

/** The part of an affected package that is not in its row's key. */
export type AffectedContent = Omit<AffectedPackage, 'ecosystem' | 'name'>

const unfixedStates: readonly UnfixedState[] = ['open', 'deferred', 'wont-fix']

/** First characters of values: the two common shapes are text, anything else is JSON. */
const fixedAt = 'F'
const neverFixed = 'O'
const anyShape = 'J'
const withdrawnMark = 'W'

interface PackedAffected {
  /** Scheme, then events as a letter and a version. */
  readonly r?: readonly (readonly (string | number)[])[]
  readonly v?: readonly string[]
  readonly s?: readonly (readonly [SeverityStatement['kind'], string])[]
  readonly u?: number
  readonly n?: 1
  readonly f?: string
}

/** The value of a package row. `scheme` is the one of its ecosystem. */
export function encodeAffected(
  content: AffectedContent,
  options: { readonly scheme: VersionScheme | undefined; readonly withdrawn: boolean },
): Buffer {
  const text = simpleShape(content, options.scheme) ?? anyShape + JSON.stringify(packed(content))
  return Buffer.from(options.withdrawn ? withdrawnMark + text : text, 'utf8')
}

/** "F1.2-3": affected from the start, repaired in 1.2-3. "O": affected from the start, never repaired. */
function simpleShape(content: AffectedContent, scheme: VersionScheme | undefined): string | undefined {
  const [range] = content.ranges
  const plain =
    content.ranges.length === 1 &&
    content.versions.length === 0 &&
    content.severity === undefined &&
    content.unfixed === undefined &&
    content.notAffected === undefined &&
    content.fixPublished === undefined
  if (!plain || range === undefined || range.scheme !== scheme) return undefined
  const [first, second] = range.events
  if (range.events.length > 2 || first === undefined || !('introduced' in first) || first.introduced !== '0')
    return undefined
  if (second === undefined) return neverFixed
  return 'fixed' in second ? fixedAt + second.fixed : undefined
}

function packed(content: AffectedContent): PackedAffected {
  return {
    ...(content.ranges.length === 0 ? {} : { r: content.ranges.map(packedRange) }),
    ...(content.versions.length === 0 ? {} : { v: content.versions }),
    ...(content.severity === undefined ? {} : { s: packSeverity(content.severity) }),
    ...(content.unfixed === undefined ? {} : { u: unfixedStates.indexOf(content.unfixed) }),
    ...(content.notAffected === true ? { n: 1 as const } : {}),
    ...(content.fixPublished === undefined ? {} : { f: content.fixPublished }),
  }
}

function packedRange({ scheme, events }: VersionRange): readonly (string | number)[] {
  return [
    versionSchemes.indexOf(scheme),
    ...events.map((event) => {
      if ('introduced' in event) return `i${event.introduced}`
      if ('fixed' in event) return `f${event.fixed}`
      return 'lastAffected' in event ? `a${event.lastAffected}` : `l${event.limit}`
    }),
  ]
}

export function packSeverity(
  severity: readonly SeverityStatement[],
): readonly (readonly [SeverityStatement['kind'], string])[] {
  return severity.map(({ kind, value }) => [kind, value] as const)
}

export function unpackSeverity(
  severity: readonly (readonly [SeverityStatement['kind'], string])[],
): readonly SeverityStatement[] {
  return severity.map(([kind, value]) => ({ kind, value }))
}

export interface DecodedAffected {
  readonly content: AffectedContent
  readonly withdrawn: boolean
}

const nothing: readonly never[] = []

/** The inverse of {@link encodeAffected}. Throws an Error when the value is not one of its. */
export function decodeAffected(value: Buffer, scheme: VersionScheme | undefined): DecodedAffected {
  const withdrawn = value[0] === withdrawnMark.charCodeAt(0)
  const at = withdrawn ? 1 : 0
  const text = value.toString('utf8', at + 1)
  switch (value[at]) {
    case fixedAt.charCodeAt(0):
      return { withdrawn, content: simple(scheme, [{ introduced: '0' }, { fixed: text }]) }
    case neverFixed.charCodeAt(0):
      return { withdrawn, content: simple(scheme, [{ introduced: '0' }]) }
    case anyShape.charCodeAt(0):
      return { withdrawn, content: unpacked(JSON.parse(text) as PackedAffected) }
    default:
      throw new RangeError('a package row of unknown shape')
  }
}

function simple(scheme: VersionScheme | undefined, events: readonly RangeEvent[]): AffectedContent {
  if (scheme === undefined) throw new RangeError('a package row without an order of versions')
  return { ranges: [{ scheme, events }], versions: nothing }
}

function unpacked({ r, v, s, u, n, f }: PackedAffected): AffectedContent {
  const unfixed = u === undefined ? undefined : unfixedStates[u]
  return {
    ranges: (r ?? nothing).map(unpackedRange),
    versions: v ?? nothing,
    ...(s === undefined ? {} : { severity: unpackSeverity(s) }),
    ...(unfixed === undefined ? {} : { unfixed }),
    ...(n === 1 ? { notAffected: true } : {}),
    ...(f === undefined ? {} : { fixPublished: f }),
  }
}

function unpackedRange([which, ...events]: readonly (string | number)[]): VersionRange {
  const scheme = versionSchemes[Number(which)]
  if (scheme === undefined) throw new RangeError('a range of an unknown order of versions')
  return {
    scheme,
    events: events.map((event) => {
      const text = String(event)
      const version = text.slice(1)
      if (text.startsWith('i')) return { introduced: version }
      if (text.startsWith('f')) return { fixed: version }
      return text.startsWith('a') ? { lastAffected: version } : { limit: version }
    }),
  }
}

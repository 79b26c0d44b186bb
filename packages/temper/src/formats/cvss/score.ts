import { scoreV2 } from './v2.ts'
import { scoreV3 } from './v3.ts'
import { scoreV4 } from './v4.ts'

export interface CvssScore {
  readonly version: '2.0' | '3.0' | '3.1' | '4.0'
  /** The base score, 0 to 10, with one decimal. */
  readonly score: number
}

/**
 * The base score of a vector of any version, which its prefix tells ("CVSS:3.1/…"; none: 2.0); undefined when it is
 * not one.
 */
export function cvssScore(vector: string): CvssScore | undefined {
  const [, version, rest] = /^CVSS:(2\.0|3\.0|3\.1|4\.0)\/(.*)$/s.exec(vector.slice(0, 500)) ?? []
  switch (version) {
    case '4.0':
      return scored(version, scoreV4(rest ?? ''))
    case '3.0':
    case '3.1':
      return scored(version, scoreV3(rest ?? ''))
    default:
      return scored('2.0', scoreV2(rest ?? vector))
  }
}

function scored(version: CvssScore['version'], score: number | undefined): CvssScore | undefined {
  return score === undefined ? undefined : { version, score }
}

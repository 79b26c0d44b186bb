import type { SeverityStatement } from '../../model/advisory.ts'
import { asList, asObject, member } from './json-value.ts'
import { isName } from './name.ts'

const severityLimit = 20

/** `severity` of a record or of one affected package. Unknown types are words of whoever wrote the record. */
export function parseSeverity(value: unknown): readonly SeverityStatement[] {
  return asList(value)
    .slice(0, severityLimit)
    .flatMap((each) => {
      const statement = asObject(each)
      const score = statement && member(statement, 'score')
      if (statement === undefined || !isName(score)) return []
      const type = member(statement, 'type')
      const kind = type === 'CVSS_V2' || type === 'CVSS_V3' || type === 'CVSS_V4' ? type : ('word' as const)
      return [{ kind, value: score }]
    })
}

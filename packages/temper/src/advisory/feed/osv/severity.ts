import { itemsOf, memberOf, objectOf } from '../../../base/json/value.ts'
import type { SeverityStatement } from '../../../model/advisory/advisory.ts'
import { isName } from '../name.ts'

const severityLimit = 20

/** `severity` of a record or of one affected package. Unknown types are words of whoever wrote the record. */
export function parseSeverity(value: unknown): readonly SeverityStatement[] {
  return itemsOf(value)
    .slice(0, severityLimit)
    .flatMap((each) => {
      const statement = objectOf(each)
      const score = statement && memberOf(statement, 'score')
      if (statement === undefined || !isName(score)) return []
      const type = memberOf(statement, 'type')
      const kind = type === 'CVSS_V2' || type === 'CVSS_V3' || type === 'CVSS_V4' ? type : ('word' as const)
      return [{ kind, value: score }]
    })
}

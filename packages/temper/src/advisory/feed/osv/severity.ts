import { itemsOf, memberOf, objectOf } from '../../../base/json/value.ts'
import type { SeverityStatement } from '../../../model/advisory/advisory.ts'
import { isName } from '../name.ts'

const severityLimit = 20

/** Members beside the schema in which databases have their word: GitHub's "severity", Ubuntu's and Debian's own. */
const wordMembers = ['severity', 'ubuntu_priority', 'urgency'] as const

/** A severity word in `database_specific` or `ecosystem_specific`, used for records without any other. */
export function parseSeverityWord(specific: unknown): readonly SeverityStatement[] {
  const members = objectOf(specific)
  if (members === undefined) return []
  const word = wordMembers.map((name) => memberOf(members, name)).find(isName)
  return word === undefined ? [] : [{ kind: 'word', value: word }]
}

/** `severity` of a record or of one affected package. Unknown types count as words of the record's author. */
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

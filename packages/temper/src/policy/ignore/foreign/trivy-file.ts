import { memberOf, textOf } from '../../../base/json/value.ts'
import { formatPurl, parsePurl } from '../../../formats/purl/purl.ts'
import type { PeoplesDocument } from '../../document/document.ts'
import type { IgnoreRule } from '../rule.ts'
import { dayBefore, pathPattern, reasonOf, untaken } from './foreign-rules.ts'

/** Rules that one entry may stand for: its paths times its packages. */
const combinationLimit = 1000

const sections = ['vulnerabilities', 'secrets', 'misconfigurations', 'licenses'] as const

/** Whether a document is a `.trivyignore.yaml`: sections of findings by kind, and nothing that rules of ours have. */
export function isTrivyFile(value: unknown): boolean {
  return sections.some((section) => Array.isArray(memberOf(value, section)))
}

/**
 * Reads Trivy's file. Entries for vulnerabilities and secrets are taken by id, with paths, package URLs and expiry
 * date; misconfigurations and licences are judged here by rules that have other names in Trivy.
 */
export function readTrivyFile(document: PeoplesDocument, file: string): readonly IgnoreRule[] {
  return sections.flatMap((section) => {
    const entries = memberOf(document.value, section)
    if (!Array.isArray(entries)) return []
    return entries.flatMap((entry, index) => {
      const origin = document.placeOf([section, index]).replace(/:\d+$/, '')
      if (section === 'misconfigurations' || section === 'licenses')
        return [untaken(origin, `${section} are not findings of a scan here`)]
      return rulesOf(entry, { origin, file })
    })
  })
}

function rulesOf(
  entry: unknown,
  { origin, file }: { readonly origin: string; readonly file: string },
): readonly IgnoreRule[] {
  const id = textOf(memberOf(entry, 'id'))
  if (id === undefined || id === '') return [untaken(origin, 'there is no id')]
  const until = textOf(memberOf(entry, 'expired_at'))
  const expires = until === undefined ? undefined : dayBefore(until)
  if (until !== undefined && expires === undefined)
    return [untaken(origin, `the last day of ${id} is not a day: expected YYYY-MM-DD`)]
  const paths = patternsOf(memberOf(entry, 'paths'), pathPattern)
  const purls = patternsOf(memberOf(entry, 'purls'), purlPattern)
  if (paths === undefined || purls === undefined)
    return [untaken(origin, `${id} names paths or packages by patterns with a different meaning here`)]
  if (paths.length * purls.length > combinationLimit)
    return [untaken(origin, `${id} has more than ${combinationLimit} pairs of a path and a package`)]
  const reason = reasonOf(textOf(memberOf(entry, 'statement')), file)
  return paths.flatMap((path) =>
    purls.map((purl) => ({
      id,
      ...(path === undefined ? {} : { path }),
      ...(purl === undefined ? {} : { purl }),
      reason,
      ...(expires === undefined ? {} : { expires }),
      origin,
    })),
  )
}

/**
 * Patterns of a list; one that is absent for any, where there is none; undefined when one of them means something else
 * here.
 */
function patternsOf(
  value: unknown,
  read: (text: string) => string | undefined,
): readonly (string | undefined)[] | undefined {
  if (value === undefined || value === null || value === '') return [undefined]
  if (!Array.isArray(value)) return undefined
  if (value.length === 0) return [undefined]
  const patterns = value.map((each) => (typeof each === 'string' ? read(each) : undefined))
  return patterns.includes(undefined) ? undefined : patterns
}

/** Without qualifiers: those that Trivy asks for may be some of many. */
function purlPattern(text: string): string | undefined {
  const purl = parsePurl(text)
  if (purl === undefined || purl.qualifiers !== undefined || text.includes('*')) return undefined
  return formatPurl(purl)
}

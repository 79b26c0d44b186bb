import { isObject, memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import { formatPurl } from '../../../formats/purl/purl.ts'
import type { PeoplesDocument } from '../../document/document.ts'
import type { IgnoreRule } from '../rule.ts'
import { pathPattern, reasonOf, untaken } from './foreign-rules.ts'

/** Types of packages as Grype names them, with those of package URLs. */
const types: ReadonlyMap<string, string> = new Map([
  ['apk', 'apk'],
  ['conan', 'conan'],
  ['dart', 'pub'],
  ['deb', 'deb'],
  ['dotnet', 'nuget'],
  ['gem', 'gem'],
  ['github-action', 'githubactions'],
  ['go-module', 'golang'],
  ['hex', 'hex'],
  ['java-archive', 'maven'],
  ['npm', 'npm'],
  ['php-composer', 'composer'],
  ['python', 'pypi'],
  ['rpm', 'rpm'],
  ['rust-crate', 'cargo'],
  ['swift', 'swift'],
])

/** Settings of Grype that decide what is found or told, but are no rules. */
const settings = ['only-fixed', 'only-notfixed', 'exclude', 'fail-on-severity', 'vex-documents'] as const

/** Whether a document is a `.grype.yaml`: its rules have members that ours have not. */
export function isGrypeFile(value: unknown): boolean {
  const rules = memberOf(value, 'ignore')
  if (!Array.isArray(rules)) return false
  return rules.some(
    (rule) =>
      isObject(memberOf(rule, 'package')) ||
      ['vulnerability', 'fix-state', 'vex-status', 'namespace', 'match-type'].some(
        (key) => memberOf(rule, key) !== undefined,
      ),
  )
}

/** Reads Grype's rules: those that name only an id, and a package by name, version, type and location. */
export function readGrypeFile(document: PeoplesDocument, file: string): readonly IgnoreRule[] {
  const originOf = (path: readonly (string | number)[]) => document.placeOf(path).replace(/:\d+$/, '')
  const rules = memberOf(document.value, 'ignore')
  const asked = settings.filter((key) => {
    const value = memberOf(document.value, key)
    return value !== undefined && value !== null && value !== '' && value !== 'false' && !isEmpty(value)
  })
  return [
    ...(Array.isArray(rules) ? rules : []).map((rule, index) =>
      ruleOf(rule, { origin: originOf(['ignore', index]), file }),
    ),
    ...asked.map((key) => untaken(originOf([key]), `"${key}" is a setting of a scan, not a rule`)),
  ]
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function ruleOf(
  rule: unknown,
  { origin, file }: { readonly origin: string; readonly file: string },
): IgnoreRule {
  const wanted = new Map(stated(rule).filter(([key]) => key !== 'package' && key !== 'reason'))
  const item = new Map(stated(memberOf(rule, 'package')))
  // Findings are known by all their names here: nothing to ask for.
  wanted.delete('include-aliases')
  const [id, name, version, type, place] = [
    take(wanted, 'vulnerability'),
    take(item, 'name'),
    take(item, 'version'),
    take(item, 'type'),
    take(item, 'location'),
  ]
  const [other] = [...wanted.keys(), ...[...item.keys()].map((key) => `package.${key}`)]
  if (other !== undefined) return untaken(origin, `findings here have no "${other}"`)
  const pattern = name === undefined ? undefined : namePattern(name)
  if (name !== undefined && pattern === undefined)
    return untaken(origin, `the name "${name}" is a regular expression that no pattern here can express`)
  const path = place === undefined ? undefined : pathPattern(place)
  if (place !== undefined && path === undefined)
    return untaken(origin, `the place "${place}" is a pattern with a different meaning here`)
  const purl = purlPattern(type, version)
  if (purl === null)
    return untaken(origin, `packages of type "${type ?? ''}" in one version cannot be told apart here`)
  if ([id, pattern, path, purl].every((each) => each === undefined))
    return untaken(origin, 'it has no condition')
  return {
    ...(id === undefined ? {} : { id }),
    ...(pattern === undefined ? {} : { package: pattern }),
    ...(path === undefined ? {} : { path }),
    ...(purl === undefined ? {} : { purl }),
    reason: reasonOf(textOf(memberOf(rule, 'reason')), file),
    origin,
  }
}

/** What is asked for: empty members ask for nothing. */
function stated(value: unknown): [string, unknown][] {
  return membersOf(value).filter(([, each]) => each !== undefined && each !== null && each !== '')
}

function take(from: Map<string, unknown>, key: string): string | undefined {
  const value = from.get(key)
  if (typeof value !== 'string') return undefined
  from.delete(key)
  return value
}

/** Names are regular expressions to Grype, of whole names; undefined for those that no pattern says. */
function namePattern(text: string): string | undefined {
  const parts = text
    .replace(/^\^/, '')
    .replace(/\$$/, '')
    .split(/(?<!\\)\.\*/)
  const plain = parts.map((part) => part.replaceAll('\\.', '.'))
  // "libstdc++" is meant as it stands; "linux*" repeats its last letter.
  const others = plain.length > 1 ? /[\\^$|()[\]{}?*+]/ : /[\\^$|()[\]{}?*]/
  return plain.some((part) => others.test(part)) ? undefined : plain.join('**')
}

/** Null where type and version cannot be said by a package URL: an epoch is no part of the version there. */
function purlPattern(type: string | undefined, version: string | undefined): string | undefined | null {
  if (type === undefined && version === undefined) return undefined
  const known = type === undefined ? undefined : types.get(type)
  if ((type !== undefined && known === undefined) || (version?.includes(':') === true && known !== 'deb'))
    return null
  const end =
    version === undefined ? '' : formatPurl({ type: 'x', name: 'x', version }).slice('pkg:x/x'.length)
  return `pkg:${known ?? '*'}/**${end}`
}

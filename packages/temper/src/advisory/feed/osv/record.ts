import { itemsOf, type JsonObject, memberOf, objectOf, textOf } from '../../../base/json/value.ts'
import type { Advisory, AffectedPackage } from '../../../model/advisory/advisory.ts'
import { isDistribution, parseEcosystem } from '../../ecosystem.ts'
import { isName, moment } from '../name.ts'
import { summaryLine } from '../summary.ts'
import { UnusableRecord } from '../unusable-record.ts'
import { parseAffected } from './affected.ts'
import { parseSeverity, parseSeverityWord } from './severity.ts'

const affectedLimit = 20_000
const nameLimit = 2_000
const referenceLimit = 12
const referenceLength = 500

const cve = /^CVE-\d{4}-\d{4,19}$/

/**
 * Reads one record of the OSV schema (1.7). Git ranges are dropped: no version of a package can be compared with
 * them. Other names of the same problem are distinguished from separate problems: a single id in `upstream` is
 * another name, several are problems that the record covers; records of distributions that name no CVE but list some
 * as `related` cover those. Throws UnusableRecord.
 */
export function parseOsvRecord(value: unknown): Omit<Advisory, 'feed'> {
  const record = objectOf(value)
  if (record === undefined) throw new UnusableRecord('it is not an object')
  const id = memberOf(record, 'id')
  if (!isName(id)) throw new UnusableRecord('it has no id')
  const list = itemsOf(memberOf(record, 'affected'))
  if (list.length > affectedLimit) throw new UnusableRecord(`it names ${list.length} packages`)
  const affected = list.flatMap((each) => parseAffected(each) ?? [])
  const summary = summaryLine(textOf(memberOf(record, 'summary')) || textOf(memberOf(record, 'details')))
  const stated = parseSeverity(memberOf(record, 'severity'))
  const published = moment(memberOf(record, 'published'))
  const modified = moment(memberOf(record, 'modified'))
  const withdrawn = moment(memberOf(record, 'withdrawn'))
  return {
    id,
    ...otherNames(record, { id, affected }),
    ...(summary === undefined ? {} : { summary }),
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
    severity: stated.length > 0 ? stated : parseSeverityWord(memberOf(record, 'database_specific')),
    affected,
    references: referencesOf(record),
  }
}

function otherNames(
  record: JsonObject,
  { id, affected }: { readonly id: string; readonly affected: readonly AffectedPackage[] },
): Pick<Advisory, 'aliases' | 'covers'> {
  const aliases = new Set(names(memberOf(record, 'aliases')))
  const upstream = names(memberOf(record, 'upstream')).filter((name) => name !== id)
  const related = names(memberOf(record, 'related')).filter((name) => cve.test(name))
  const hasCve = [id, ...aliases, ...upstream].some((name) => cve.test(name))
  const ofDistribution = affected.some(({ ecosystem }) => isDistribution(parseEcosystem(ecosystem).family))
  const problems = upstream.length > 0 || hasCve || !ofDistribution ? upstream : related
  // Records about one CVE list what that one is called elsewhere too (GHSA…): names of the same problem.
  const cves = problems.filter((name) => cve.test(name))
  const covers = cves.length > 1 ? cves : []
  if (covers.length === 0) for (const name of problems) aliases.add(name)
  aliases.delete(id)
  return { aliases: [...aliases].sort(), ...(covers.length === 0 ? {} : { covers: [...covers].sort() }) }
}

function names(value: unknown): readonly string[] {
  return itemsOf(value).slice(0, nameLimit).filter(isName)
}

/** The first few addresses, those of advisories before others. */
function referencesOf(record: JsonObject): readonly string[] {
  const first: string[] = []
  const others: string[] = []
  for (const each of itemsOf(memberOf(record, 'references')).slice(0, nameLimit)) {
    const reference = objectOf(each)
    const url = reference && memberOf(reference, 'url')
    if (reference === undefined || typeof url !== 'string' || url.length > referenceLength) continue
    if (!/^https?:\/\/[\x21-\x7e]+$/.test(url)) continue
    if (memberOf(reference, 'type') === 'ADVISORY') first.push(url)
    else others.push(url)
  }
  return [...new Set([...first, ...others])].slice(0, referenceLimit)
}

import { type ByteStream, collect } from '../../base/bytes.ts'
import { memberOf, objectOf } from '../../base/json/value.ts'
import type { FeedItem } from '../feed-item.ts'
import { notThat, parseDocument } from './document.ts'
import { day, moment } from './name.ts'

const sizeLimit = 64 * 1024 * 1024

/** CISA's catalogue of known exploited vulnerabilities, as JSON. */
export async function* kev(source: ByteStream, what: string): AsyncGenerator<FeedItem, void, void> {
  const document = parseDocument(await collect(source, { limit: sizeLimit, what }), what)
  const released = moment(memberOf(document, 'dateReleased'))
  if (released !== undefined) yield { kind: 'dated', date: released }
  const list = memberOf(document, 'vulnerabilities')
  if (!Array.isArray(list)) throw notThat(what, 'it lists no vulnerabilities')
  for (const [index, each] of list.entries()) {
    const entry = objectOf(each)
    const id = entry && memberOf(entry, 'cveID')
    const added = entry && day(memberOf(entry, 'dateAdded'))
    if (
      entry === undefined ||
      typeof id !== 'string' ||
      !/^CVE-\d{4}-\d{4,19}$/.test(id) ||
      added === undefined
    ) {
      yield { kind: 'skipped', where: `entry ${index + 1}`, reason: 'it has no CVE id or no date' }
      continue
    }
    const due = day(memberOf(entry, 'dueDate'))
    const ransomware = memberOf(entry, 'knownRansomwareCampaignUse') === 'Known'
    yield {
      kind: 'exploited',
      id,
      value: { added, ...(due === undefined ? {} : { due }), ...(ransomware ? { ransomware } : {}) },
    }
  }
}

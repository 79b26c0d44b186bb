import type { ChangelogAdvisories } from '../../model/distro.ts'
import type { FeedItem } from '../feed-item.ts'
import { isName, moment } from './name.ts'
import { summaryLine } from './summary.ts'

/** One entry of a source package's changelog, newest first as in the file. */
export interface ChangelogFix {
  readonly version: string
  /** RFC 3339. */
  readonly date?: string
  readonly changes: string
  readonly cveIds: readonly string[]
}

/**
 * What a changelog says of security: a CVE was repaired in the oldest entry that names it. It cannot say what is not
 * repaired yet, nor what never affected the release.
 */
export function* changelogItems(
  about: ChangelogAdvisories & { readonly source: string },
  entries: readonly ChangelogFix[],
): Generator<FeedItem, void, void> {
  const oldest = new Map<string, ChangelogFix>()
  for (const entry of entries) for (const id of entry.cveIds) oldest.set(id, entry)
  for (const [id, { version, date, changes }] of oldest) {
    if (!isName(version) || !isName(about.source)) continue
    const summary = summaryLine(changes.split('\n').find((line) => line.includes(id)) ?? changes)
    const published = moment(date)
    yield {
      kind: 'advisory',
      advisory: {
        id: `${about.prefix}${id}`,
        aliases: [id],
        ...(summary === undefined ? {} : { summary }),
        ...(published === undefined ? {} : { modified: published }),
        severity: [],
        affected: [
          {
            ecosystem: about.ecosystem,
            name: about.source,
            ranges: [{ scheme: about.scheme, events: [{ introduced: '0' }, { fixed: version }] }],
            versions: [],
            ...(published === undefined ? {} : { fixPublished: published }),
          },
        ],
        references: [`${about.page}${id}`],
      },
    }
  }
}

import { compareVersions, isVersion } from '../../formats/version/compare.ts'
import type { ChangelogAdvisories } from '../../model/distro.ts'
import { versionsWithChanges } from '../../model/package/changelog.ts'
import type { FeedItem } from '../feed-item.ts'
import { isName, moment } from './name.ts'
import { summaryLine } from './summary.ts'

/** One entry of a source package's changelog, newest first as in the file. */
export interface ToldVersion {
  readonly version: string
  /** RFC 3339. */
  readonly date?: string
  readonly changes: string
  readonly cveIds: readonly string[]
}

/**
 * What a changelog says about security: a CVE was fixed in the oldest entry that names it, and the fix is in every
 * newer one. The lowest version of these counts as fixed, so that none of them is asked to upgrade. A changelog
 * cannot say what is not fixed yet, nor what never affected the release.
 */
export function* changelogItems(
  about: ChangelogAdvisories & { readonly source: string },
  entries: readonly ToldVersion[],
): Generator<FeedItem, void, void> {
  if (!isName(about.source)) return
  const usable = entries.filter(({ version }) => isName(version) && isVersion(about.scheme, version))
  const versions = versionsWithChanges(usable, (a, b) => compareVersions(about.scheme, a, b))
  const oldest = new Map<string, { readonly entry: ToldVersion; readonly fixed: string }>()
  for (const [i, entry] of usable.entries())
    for (const id of entry.cveIds) oldest.set(id, { entry, fixed: versions[i] ?? entry.version })
  for (const [id, { entry, fixed }] of oldest) {
    const { date, changes } = entry
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
            ranges: [{ scheme: about.scheme, events: [{ introduced: '0' }, { fixed }] }],
            versions: [],
            ...(published === undefined ? {} : { fixPublished: published }),
          },
        ],
        references: [`${about.page}${id}`],
      },
    }
  }
}

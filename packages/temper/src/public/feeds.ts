/** Feeds of advisories: what scans answer from. */

export { type ChangelogsRequest, changelogFeeds } from '../flows/feeds/changelogs.ts'
export type { FeedConfiguration, FeedSourceName } from '../flows/feeds/configuration.ts'
export { type ExportedFeeds, type ExportRequest, exportFeeds } from '../flows/feeds/export.ts'
export { type ImportRequest, importFeeds } from '../flows/feeds/import.ts'
export { type OpenFeedsRequest, openFeeds } from '../flows/feeds/open.ts'
export { removeFeeds } from '../flows/feeds/remove.ts'
export { type FeedsStatus, feedsStatus } from '../flows/feeds/status.ts'
export type { TakenFeed } from '../flows/feeds/take.ts'
export { type UpdatedFeed, type UpdateRequest, updateFeeds } from '../flows/feeds/update.ts'
export { type VerifiedFile, verifyFeeds } from '../flows/feeds/verify.ts'

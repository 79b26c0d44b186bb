/**
 * The public library: the flows that the CLI runs, the world they run in, and the nouns they speak of.
 *
 * A flow takes a request and a `Context`, which stands for everything outside: HTTP, clock, folders, progress. It
 * returns plain values and prints nothing; what goes wrong is a `TemperError` with a stable code. How to call one:
 * docs/how-to/use-as-a-library.md.
 */

// The world, and errors.
export type { NamedBytes } from './base/bytes.ts'
export type { Digest } from './base/digest.ts'
export { exitCodes, TemperError, type TemperErrorOptions } from './base/error.ts'
export { type ErrorCode, errorCodes } from './base/error-code.ts'
export { type NextStep, plainWords, type StepWords } from './base/next-step.ts'
export { type Progress, type ProgressTask, silentProgress } from './base/progress.ts'
// Images: made from recipes, looked at, copied.
export { type BuildRequest, build } from './flows/build/build.ts'
export type { LayoutPlace } from './flows/build/output.ts'
export type { BuildResult, PlatformResult } from './flows/build/result.ts'
export { cacheInfo, pruneCache } from './flows/cache.ts'
export type { Context, MirrorConfiguration, RuntimeName, SigstoreSettings } from './flows/context.ts'
export {
  type AttestRequest,
  type AttestResult,
  attest,
  type SignatureScheme,
} from './flows/evidence/attest.ts'
// Bills of materials.
export { type SbomFormat, sbomFormatNames } from './flows/evidence/evidence-type.ts'
export { type EvidenceList, type EvidenceRequest, listEvidence } from './flows/evidence/list.ts'
export { type FoundProvenance, type ProvenanceRequest, provenance } from './flows/evidence/provenance.ts'
export { type SignRequest, type SignResult, sign } from './flows/evidence/sign.ts'
export { type Verification, type VerifyRequest, verify } from './flows/evidence/verify.ts'
export { type ChangelogsRequest, changelogFeeds } from './flows/feeds/changelogs.ts'
export type { FeedConfiguration, FeedSourceName } from './flows/feeds/configuration.ts'
export { type ExportedFeeds, type ExportRequest, exportFeeds } from './flows/feeds/export.ts'
export { type ImportRequest, importFeeds } from './flows/feeds/import.ts'
// Feeds: what scans answer from.
export { type OpenFeedsRequest, openFeeds } from './flows/feeds/open.ts'
export { removeFeeds } from './flows/feeds/remove.ts'
export { type FeedsStatus, feedsStatus } from './flows/feeds/status.ts'
export type { TakenFeed } from './flows/feeds/take.ts'
export { type UpdatedFeed, type UpdateRequest, updateFeeds } from './flows/feeds/update.ts'
export { type VerifiedFile, verifyFeeds } from './flows/feeds/verify.ts'
export { type CopyRequest, type CopyResult, copyImage } from './flows/image/copy.ts'
export { type ImageSummary, type Inspection, inspect } from './flows/image/inspect.ts'
// Scanning: targets become inventories, these are matched, the gate judges, and the result is written in a format.
export {
  type InventoryOfOptions,
  type InventorySource,
  inventoryOf,
  type TargetInventory,
} from './flows/inventory/inventory.ts'
export type { ScanTarget } from './flows/inventory/target.ts'
export { type LockOutcome, type LockRequest, lock } from './flows/lock/lock.ts'
export { type RebuildRequest, type RebuildResult, rebuild } from './flows/rebuild/rebuild.ts'
export { type ComparedTarget, diffSboms, type SbomDiff, type SbomDiffRequest } from './flows/sbom/diff.ts'
export { checkLicences, type LicenceOutcome, type LicenceRequest } from './flows/sbom/licences.ts'
export { type MergeRequest, mergeSboms } from './flows/sbom/merge.ts'
export { type SbomOutcome, type SbomRequest, sbom } from './flows/sbom/sbom.ts'
export { type ComparedWith, type ScanOutcome, type ScanRequest, scan } from './flows/scan/scan.ts'
export { type TestOutcome, test } from './flows/test/test.ts'
// Evidence: who says what about an image, and whom to trust.
export type { Attached } from './flows/trust/attached.ts'
export { changeTrust, initTrust, type RuleChange, type TrustChange } from './flows/trust/edit.ts'
export {
  type GeneratedKeys,
  type GenerateKeysRequest,
  generateKeyFiles,
} from './flows/trust/generate-keys.ts'
export type { ImageTrust } from './flows/trust/image-trust.ts'
export type { KeylessOptions, TokenSource } from './flows/trust/keyless.ts'
export type { TrustRequest } from './flows/trust/open.ts'
export type { TrustedRoot } from './flows/trust/policy.ts'
export { type LoadTrustPolicy, type TrustPolicy, trustPolicyOf } from './flows/trust/policy.ts'
export { type ShownTrust, showTrust } from './flows/trust/show.ts'
export { trustedAttached, trustFor } from './flows/trust/trust-for.ts'
export type { KeySource, SigningKey } from './flows/trust/trusted-keys.ts'
export {
  type AddedStatement,
  type AddStatementRequest,
  addStatement,
  type CheckedVex,
  type ListedVex,
  listStatements,
  mergeStatements,
  type StatementPlace,
  validateStatements,
} from './flows/vex/statements.ts'
// VEX: what does not matter, and why.
export { type FoundVex, type VexRequest, vex } from './flows/vex/vex.ts'
// The nouns.
export { compareVersions } from './formats/version/compare.ts'
export type * from './model/advisory.ts'
export type * from './model/attestation.ts'
export type * from './model/credentials.ts'
export type * from './model/finding.ts'
export type * from './model/image.ts'
export type * from './model/inventory.ts'
export type * from './model/lock.ts'
export type * from './model/package.ts'
export type * from './model/recipe.ts'
export type * from './model/reference.ts'
export type * from './model/rule.ts'
export type * from './model/scan-report.ts'
export type { Store } from './model/store.ts'
export { type VersionScheme, versionSchemes } from './model/version-scheme.ts'
export type * from './model/vex.ts'
export { formatReference, parseReference } from './oci/reference.ts'
export { dockerCredentials } from './oci/registry/credentials.ts'
export { parseIgnoreFile } from './policy/ignore/ignore-file.ts'
export type { IgnoreRule } from './policy/ignore/rule.ts'
export { scansCsv } from './report/csv.ts'
export { scanCycloneDx } from './report/cyclonedx-vex.ts'
export { scansGitlab } from './report/gitlab.ts'
export { scansHtml } from './report/html/html.ts'
export { scanStatement } from './report/in-toto.ts'
export { scansJson } from './report/json/json.ts'
export { scansJunit } from './report/junit.ts'
export { scansMarkdown } from './report/markdown/markdown.ts'
export { scansSarif } from './report/sarif/sarif.ts'

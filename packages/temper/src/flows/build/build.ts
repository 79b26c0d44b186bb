import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Descriptor, Image } from '../../model/image.ts'
import type { Lock, LockedPlatform } from '../../model/lock.ts'
import type { Store } from '../../model/store.ts'
import type { Artifact } from '../../oci/image/artifact.ts'
import { formatReference } from '../../oci/reference.ts'
import type { Policy } from '../../policy/file/policy.ts'
import { lockedPlatform } from '../../recipe/lock/fit.ts'
import type { Context } from '../context.ts'
import type { TargetRequest } from '../lock/named-recipe.ts'
import { findLock, loadTarget, type RecipeTarget } from '../lock/recipe-target.ts'
import { otherRevision, tellOtherRevision } from '../lock/revision.ts'
import type { ScanRules } from '../scan/result.ts'
import type { SigningKey } from '../trust/trusted-keys.ts'
import { type StatementFile, statementsOf } from '../vex/file.ts'
import type { VexFeeds } from '../vex/findings.ts'
import type { BuildGate } from './gate.ts'
import { BuildOutput, type OutputRequest, type Published } from './output.ts'
import { type BuildChoice, type BuildRecord, buildRecords, keyOf } from './record.ts'
import type { BuildResult } from './result.ts'
import type { ScannableBuild } from './scan.ts'

export interface BuildRequest extends OutputRequest, TargetRequest {
  /** Lock file; default: the one beside the recipe, if any. */
  readonly lock?: string
  /** Whether to fail on maintainer scripts that do something that Temper does not model. */
  readonly strict?: boolean
  /** Signs the image and what is attached to it. */
  readonly sign?: SigningKey
  /** Which feeds the image is scanned with, and what refuses it before it is signed or published. */
  readonly scan?: ScanRules
  /** Checks the image against a policy before it is signed and published. */
  readonly policy?: Policy
  /** Also state open vulnerabilities, according to feeds: a store, an exported file, or those in the cache. */
  readonly vexFeeds?: { readonly feeds?: string }
}

/**
 * recipe → lock → image → layout, names last. A lock fixes the choice of packages; without one they are resolved
 * afresh. The same lock gives the same digest everywhere.
 */
export async function build(request: BuildRequest, context: Context): Promise<BuildResult> {
  const feeds = await vexFeedsOf(request, context)
  try {
    return await buildWith(feeds, request, context)
  } finally {
    feeds?.close()
  }
}

async function buildWith(
  feeds: VexFeeds | undefined,
  request: BuildRequest,
  context: Context,
): Promise<BuildResult> {
  const target = await loadTarget(request, context)
  const output = new BuildOutput(request, target.recipe, context)
  await output.check()
  const existing = await findLock(request.lock, target, context)
  if (existing !== undefined) tellOtherRevision(existing.lock, existing.path, context)
  const lock = existing?.lock ?? (await resolveAfresh(target, context))
  const platforms = target.platforms.map((platform) =>
    lockedPlatform(lock, platform, { file: existing?.path ?? 'the lock' }),
  )
  if (request.strict) refuseUnmodelled(platforms)
  const statements = await statementsOf(target, context)
  const choice = { target, statements, feeds, lock, platforms }
  const key = keyOf(choice, context)
  const other = otherRevision(lock)
  const common = {
    reference: formatReference(output.reference),
    ...(existing === undefined ? {} : { lock: existing.path }),
    ...(other === undefined ? {} : { otherRevision: other }),
  }
  const record = await buildRecords(context).getJson<BuildRecord>(key)
  const cached = record !== undefined && (await output.holds(record.root, record.blobs))
  if (cached && request.strict) refuseUnmodelled(record.platforms)
  const { root, platforms: results } = cached
    ? record
    : await buildAndWrite({ ...choice, key, strict: request.strict }, output, context)
  const scans = await scanResult(
    { reference: output.reference, lock, locked: platforms, platforms: results },
    { target, statements, rules: request.scan ?? {} },
    context,
  )
  const written = { layout: output.layout, names: output.names, root }
  const gate = await gateOf(request, output, context)
  await gate?.judge(root)
  const signed = request.sign && { signer: await signBuild(request.sign, written, context) }
  await gate?.judgeEvidence(root)
  const published = await output.publish(root)
  const where = { published: published.map(({ reference }) => reference), ...refusedOf(published) }
  const said = gate?.said === undefined ? {} : { gate: gate.said }
  return {
    ...common,
    digest: root.digest,
    platforms: results,
    cached,
    ...where,
    ...scans,
    ...said,
    ...signed,
  }
}

async function gateOf(
  { policy, scan = {} }: BuildRequest,
  output: BuildOutput,
  context: Context,
): Promise<BuildGate | undefined> {
  if (policy === undefined) return undefined
  const { BuildGate } = await import('./gate.ts')
  const { failOn: _, ...rules } = scan
  return new BuildGate({ policy, scan: rules }, output, context)
}

function refusedOf(published: readonly Published[]): Pick<BuildResult, 'refused'> {
  const refused = published.flatMap(({ reference, refused }) =>
    refused.map((each) => ({ reference, ...each })),
  )
  return refused.length === 0 ? {} : { refused }
}

/** Before anything is signed or published, so that the gate can stop it. */
async function scanResult(
  built: Omit<ScannableBuild, 'ownFiles' | 'statements'>,
  {
    target,
    statements,
    rules,
  }: {
    readonly target: RecipeTarget
    readonly statements: StatementFile | undefined
    readonly rules: ScanRules
  },
  context: Context,
): Promise<Pick<BuildResult, 'scans'>> {
  const { scanBuild } = await import('./scan.ts')
  const { steps, base } = target.recipe
  const ownFiles = target.sources.length > 0 || steps !== undefined || base !== undefined
  const scans = await scanBuild(rules, { ...built, ownFiles, statements: statements?.document }, context)
  return scans === undefined ? {} : { scans }
}

/*
 * What chooses and what assembles is loaded only when it is needed: a build that finds its image unchanged
 * answers sooner than these modules load.
 */

async function resolveAfresh(target: RecipeTarget, context: Context): Promise<Lock> {
  const { resolve } = await import('../lock/resolve.ts')
  return await resolve(target, context, { remembered: true })
}

async function vexFeedsOf({ vexFeeds }: BuildRequest, context: Context): Promise<VexFeeds | undefined> {
  if (vexFeeds === undefined) return undefined
  const { openVexFeeds } = await import('../vex/findings.ts')
  return await openVexFeeds(vexFeeds, context)
}

interface BuildWork extends BuildChoice {
  readonly key: Digest
  readonly strict: boolean | undefined
}

/** Writes the image with its evidence, made before or now, and remembers what came of it. */
async function buildAndWrite(
  { key, strict, ...choice }: BuildWork,
  output: BuildOutput,
  context: Context,
): Promise<BuildRecord> {
  const { preparedBuild } = await import('./prepare.ts')
  const { images: prepared, index, evidence, platforms } = await preparedBuild(choice, context)
  // What the scripts really do counts, not what the lock says of them.
  if (strict) refuseUnmodelled(platforms)
  const images = prepared.map(({ image }) => image)
  const root = await output.write(images, index, evidence)
  const record = { root, blobs: blobsOf(images, evidence), platforms }
  await buildRecords(context).put(key, JSON.stringify(record))
  return record
}

/** Signs what was written. A later build with the same key adds nothing. */
async function signBuild(
  key: SigningKey,
  written: { readonly layout: Store; readonly root: Descriptor; readonly names: readonly string[] },
  context: Context,
): Promise<string> {
  const [{ openSigner, signerName }, { signAttached }] = await Promise.all([
    import('../trust/trusted-keys.ts'),
    import('../evidence/sign-attached.ts'),
  ])
  const signer = await openSigner(key, context)
  await signAttached(written.layout, written.root, { signer, context, names: written.names })
  return signerName(signer)
}

function refuseUnmodelled(platforms: readonly Pick<LockedPlatform, 'unmodelledEffects'>[]): void {
  const all = platforms.flatMap((locked) => locked.unmodelledEffects)
  const lines = [
    ...new Set(all.map((effect) => `  ${effect.package} ${effect.script}:${effect.line}: ${effect.command}`)),
  ]
  if (lines.length === 0) return
  throw new TemperError(
    'unmodelled-effect',
    `Maintainer scripts do things that Temper does not model:\n${lines.join('\n')}`,
    {
      hint: 'Do the parts that matter under paths in the recipe.',
      next: { action: 'allow-unmodelled' },
      details: { unmodelledEffects: all },
    },
  )
}

function blobsOf(images: readonly Image[], evidence: readonly Artifact[]): Descriptor[] {
  return [
    ...images.flatMap((image) => [image.descriptor, image.manifest.config, ...image.manifest.layers]),
    ...evidence.flatMap(({ manifest, blobs }) => [manifest, ...blobs].map(({ descriptor }) => descriptor)),
  ]
}

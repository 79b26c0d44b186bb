import { join } from 'node:path'
import { type Digest, sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { ValueCache } from '../../base/value-cache.ts'
import { temperVersion } from '../../base/version.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Lock, LockedPlatform } from '../../model/lock.ts'
import type { Context } from '../context.ts'
import type { RecipeTarget } from '../lock/recipe-target.ts'
import type { StatementFile } from '../vex/file.ts'
import type { VexFeeds } from '../vex/findings.ts'
import type { PlatformResult } from './result.ts'

/** Changes whenever the same inputs would give another image or result; versions of Temper never share records. */
const recordFormat = 6

/** The result of a build, stored under its inputs: an identical build is answered at once. */
export interface BuildRecord {
  readonly root: Descriptor
  /** Everything that the root names, directly or not, and its attachments. */
  readonly blobs: readonly Descriptor[]
  readonly platforms: readonly PlatformResult[]
}

/** The key of a build, made from everything that its result depends on. */
export function buildKey(inputs: {
  readonly recipe: Digest
  readonly lock: Lock
  readonly platforms: readonly string[]
  readonly sourceDateEpoch: number | undefined
  /** Distinguishes the program from others of the same version. */
  readonly program: string
  /** Inputs that affect only the provenance and other evidence. */
  readonly told: {
    readonly text: string
    readonly vars: object
    readonly builderId: string | undefined
    /** Digest of the statements about vulnerabilities that lie beside the recipe. */
    readonly statements: Digest | undefined
    /** Digests of the feeds for statements about open vulnerabilities. */
    readonly feeds: readonly Digest[]
  }
}): Digest {
  return sha256(canonicalJson([recordFormat, temperVersion(), inputs]))
}

/** Everything that decides the result of a build. */
export interface BuildChoice {
  readonly target: RecipeTarget
  readonly statements: StatementFile | undefined
  readonly feeds: VexFeeds | undefined
  readonly lock: Lock
  readonly platforms: readonly LockedPlatform[]
}

/** The name of a build's result. */
export function keyOf(
  choice: BuildChoice,
  context: Pick<Context, 'sourceDateEpoch' | 'builderId' | 'program'>,
): Digest {
  const { target, lock, platforms, statements, feeds } = choice
  return buildKey({
    recipe: target.checksum,
    lock,
    platforms: platforms.map((locked) => locked.platform),
    sourceDateEpoch: context.sourceDateEpoch,
    program: context.program?.() ?? '',
    told: {
      text: target.text,
      vars: target.vars,
      builderId: context.builderId,
      statements: statements && sha256(statements.bytes),
      feeds: feeds?.digests ?? [],
    },
  })
}

/** Records of builds in the cache. */
export function buildRecords(context: Pick<Context, 'cacheDir' | 'progress'>): ValueCache {
  return new ValueCache(join(context.cacheDir, 'builds-2'), context.progress)
}

import { join } from 'node:path'
import { type Digest, hexOf, sha256 } from '../../base/digest.ts'
import { readFileIfExists, writeFileAtomic } from '../../base/file.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { temperVersion } from '../../base/version.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Lock } from '../../model/lock.ts'
import type { PlatformResult } from './result.ts'

/** Changes whenever the same inputs would give another image or result; versions of Temper never share records. */
const recordFormat = 6

/** What a build made, by what it was made from: lets an identical build answer at once. */
export interface BuildRecord {
  readonly root: Descriptor
  /** Everything that the root names, directly or not, and what is attached to it. */
  readonly blobs: readonly Descriptor[]
  readonly platforms: readonly PlatformResult[]
}

/** Names a build by everything that its result depends on. */
export function buildKey(inputs: {
  readonly recipe: Digest
  readonly lock: Lock
  readonly platforms: readonly string[]
  readonly sourceDateEpoch: number | undefined
  /** What only the provenance and other evidence tell. */
  readonly told: {
    readonly text: string
    readonly vars: object
    readonly builderId: string | undefined
    /** Of the statements about vulnerabilities that lie beside the recipe. */
    readonly statements: Digest | undefined
    /** Of the feeds that statements about open vulnerabilities are made from. */
    readonly feeds: readonly Digest[]
  }
}): Digest {
  return sha256(canonicalJson([recordFormat, temperVersion(), inputs]))
}

export async function readBuildRecord(cacheDir: string, key: Digest): Promise<BuildRecord | undefined> {
  const bytes = await readFileIfExists(recordPath(cacheDir, key))
  if (bytes === undefined) return undefined
  try {
    const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as BuildRecord | null
    return record?.root && record.blobs && record.platforms ? record : undefined
  } catch (error) {
    // A damaged record is as good as none: the image is built again.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

export async function writeBuildRecord(cacheDir: string, key: Digest, record: BuildRecord): Promise<void> {
  await writeFileAtomic(recordPath(cacheDir, key), JSON.stringify(record))
}

function recordPath(cacheDir: string, key: Digest): string {
  const hex = hexOf(key)
  return join(cacheDir, 'builds-1', hex.slice(0, 2), hex)
}

import { resolve } from 'node:path'
import { formatAge } from '../../base/age.ts'
import type { Context } from '../context.ts'
import { trustPolicyOf } from './policy.ts'
import { readTrustKey } from './trust-for.ts'

/** What a trust file says. */
export interface ShownTrust {
  /** Absolute path. */
  readonly file: string
  readonly trustedRoot?: string
  readonly keys: readonly { readonly name: string; readonly ids: readonly string[] }[]
  readonly identities: readonly {
    readonly name: string
    readonly identity: string
    readonly issuer: string
  }[]
  readonly rules: readonly {
    readonly images: readonly string[]
    readonly signedBy: readonly string[]
    readonly require: readonly string[]
    readonly maxAge?: string
    readonly name: boolean
  }[]
}

/** Reads a trust file with all its keys, so that what it shows can be used. Throws `bad-trust`, `not-found`. */
export async function showTrust(path: string, context: Context): Promise<ShownTrust> {
  const absolute = resolve(context.workingDir, path)
  const policy = await trustPolicyOf(absolute)
  const file = policy.rules
  const keys: { name: string; ids: string[] }[] = []
  for (const [name, key] of file.keys)
    keys.push({ name, ids: (await readTrustKey(key, policy)).map(({ id }) => id) })
  return {
    file: absolute,
    ...(file.trustedRoot === undefined ? {} : { trustedRoot: file.trustedRoot }),
    keys,
    identities: [...file.identities].map(([name, each]) => ({
      name,
      identity: each.identity ?? `/${each.identityRegexp}/`,
      issuer: each.issuer ?? `/${each.issuerRegexp}/`,
    })),
    rules: file.rules.map(({ images, signedBy, require, maxAge, name }) => ({
      images,
      signedBy,
      require: require.map(({ type }) => type),
      ...(maxAge === undefined ? {} : { maxAge: formatAge(maxAge) }),
      name,
    })),
  }
}

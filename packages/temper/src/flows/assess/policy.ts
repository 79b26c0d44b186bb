import { dirname, relative, resolve } from 'node:path'
import type { NamedBytes } from '../../base/bytes.ts'
import { readFileIfExists } from '../../base/file.ts'
import { loadPolicy } from '../../policy/file/extend.ts'
import type { Policy } from '../../policy/file/policy.ts'
import type { KnownRule } from '../../policy/file/read.ts'
import { packagedPolicy } from '../../policy/packaged/packaged.ts'
import { hardeningRules } from '../../rules/hardening/rules.ts'
import type { Context } from '../context.ts'

/**
 * A policy by the name of a packaged one or the path of a file, with all that it extends. Throws `not-found`, `bad-policy`,
 * `limit-exceeded`.
 */
export async function openPolicy(name: string, context: Pick<Context, 'workingDir'>): Promise<Policy> {
  return await loadPolicy(name, {
    rules: knownRules(),
    load: (wanted, from) => policySource(wanted, from, context),
  })
}

/** Rules that a policy may name. */
export function knownRules(): readonly KnownRule[] {
  return hardeningRules.map(({ id }) => ({ id }))
}

/** Packaged names come first; "./hardened" is a file. What a file extends lies beside it. */
async function policySource(
  name: string,
  from: string | undefined,
  { workingDir }: Pick<Context, 'workingDir'>,
): Promise<NamedBytes | undefined> {
  const packaged = await packagedPolicy(name)
  if (packaged !== undefined) return packaged
  const path = resolve(workingDir, from === undefined ? '' : dirname(from), name)
  const bytes = await readFileIfExists(path)
  return bytes === undefined ? undefined : { name: relative(workingDir, path), bytes }
}

import { dirname, relative, resolve } from 'node:path'
import type { NamedBytes } from '../../base/bytes.ts'
import type { Digest } from '../../base/digest.ts'
import { readFileIfExists } from '../../base/file.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { checkOwnRules } from '../../policy/decide/own-rules.ts'
import { type ExampleResult, tryExamples } from '../../policy/examples.ts'
import { loadPolicy, policyDigest, policyJson } from '../../policy/file/extend.ts'
import type { Policy } from '../../policy/file/policy.ts'
import type { KnownRule } from '../../policy/file/read.ts'
import { packagedPolicies, packagedPolicy } from '../../policy/packaged/packaged.ts'
import { imageRules } from '../../rules/image/rules.ts'
import { podRules } from '../../rules/kubernetes/rules.ts'
import type { Context } from '../context.ts'

export { defaultPolicy } from '../../policy/packaged/packaged.ts'

/**
 * A policy by the name of a packaged one or the path of a file, with everything that it extends. Throws `not-found`,
 * `bad-policy`, `limit-exceeded`.
 */
export async function openPolicy(name: string, context: Pick<Context, 'workingDir'>): Promise<Policy> {
  return await loadPolicy(name, {
    rules: knownRules(),
    load: (wanted, from) => policySource(wanted, from, context),
  })
}

/** Rules that a policy may name. */
export function knownRules(): readonly KnownRule[] {
  return [
    ...imageRules.map(({ id, parameters = {} }) => ({ id, parameters: Object.keys(parameters) })),
    ...podRules.map(({ id }) => ({ id })),
  ]
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

export interface ListedPolicy {
  readonly name: string
  readonly description: string
  /** Names of the policies that it extends, nearest first. */
  readonly extends: readonly string[]
}

/** The policies that ship with Temper, mildest first. */
export async function listPolicies(context: Pick<Context, 'workingDir'>): Promise<readonly ListedPolicy[]> {
  const policies = await Promise.all(packagedPolicies.map((name) => openPolicy(name, context)))
  return policies.map(({ name, description, extends: parents }) => ({ name, description, extends: parents }))
}

/** A policy's file as it is written, and its effective content with everything that it extends. */
export async function showPolicy(
  name: string,
  context: Pick<Context, 'workingDir'>,
): Promise<{ readonly text: string; readonly json: JsonObject & { readonly digest: Digest } }> {
  const policy = await openPolicy(name, context)
  const source = await policySource(name, undefined, context)
  const text = Buffer.from(source?.bytes ?? []).toString('utf8')
  return { text, json: { ...policyJson(policy), digest: policyDigest(policy) } }
}

export interface PolicyTest {
  readonly policy: string
  /** False when an example differs, or when there is none. */
  readonly passed: boolean
  readonly examples: readonly ExampleResult[]
}

/** Tests the examples in a policy. Throws the errors of reading it, also for expressions that cannot be understood. */
export async function testPolicy(
  name: string,
  context: Pick<Context, 'workingDir' | 'now'>,
): Promise<PolicyTest> {
  const policy = await openPolicy(name, context)
  await checkOwnRules(policy.ownRules)
  const examples = await tryExamples(policy, { now: context.now(), folder: context.workingDir })
  return {
    policy: policy.name,
    passed: examples.length > 0 && examples.every(({ passed }) => passed),
    examples,
  }
}

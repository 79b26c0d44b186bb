import type { NamedBytes } from '../../base/bytes.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { printableLine } from '../../base/printable.ts'
import type { Policy } from './policy.ts'
import { type KnownRule, type PolicyPart, readPolicyFile } from './read.ts'

/** Longest chain of policies that extend each other. */
const longest = 8

export interface PolicySources {
  /** Rules that policies may name. */
  readonly rules: readonly KnownRule[]
  /**
   * The policy that `name` means in a file called `from`, with the canonical form of its name, by which it is
   * recognised; undefined when there is none. `from` is absent for the policy that a person named.
   */
  load(name: string, from: string | undefined): Promise<NamedBytes | undefined>
}

/** Reads a policy with everything that it extends. Throws `bad-policy`, `not-found`, `limit-exceeded`. */
export async function loadPolicy(name: string, sources: PolicySources): Promise<Policy> {
  const chain: { readonly file: string; readonly part: PolicyPart }[] = []
  for (let next: string | undefined = name; next !== undefined; ) {
    const from = chain.at(-1)?.file
    const source = await sources.load(next, from)
    if (source === undefined) throw missing(next, from)
    if (chain.some(({ file }) => file === source.name))
      throw cycle([...chain.map(({ file }) => file), source.name])
    if (chain.length >= longest)
      throw new TemperError(
        'bad-policy',
        `${name}: expected at most ${longest} policies that extend each other`,
        {
          hint: 'Write the contents of the last ones into one file.',
        },
      )
    const part = readPolicyFile(source.bytes, source.name, sources)
    chain.push({ file: source.name, part })
    next = part.extends
  }
  return chain.reduceRight<Policy | undefined>(
    (parent, { file, part }) => extended(part, nameOf(part, file), parent),
    undefined,
  ) as Policy
}

/** One member of a list that both have by its id: the nearer one counts. */
function extended(part: PolicyPart, name: string, parent: Policy | undefined): Policy {
  const tier = part.tier ?? parent?.tier
  const ids = new Set(part.ownRules?.map(({ id }) => id))
  return {
    name,
    description: part.description ?? '',
    extends: parent === undefined ? [] : [parent.name, ...parent.extends],
    images: part.images ?? parent?.images ?? [],
    ...(tier === undefined ? {} : { tier }),
    otherRules: part.otherRules ?? parent?.otherRules ?? 'own',
    rules: merged(parent?.rules, part.rules),
    vulnerabilities: { ...parent?.vulnerabilities, ...part.vulnerabilities },
    evidence: merged(parent?.evidence, part.evidence),
    ownRules: [...(parent?.ownRules.filter(({ id }) => !ids.has(id)) ?? []), ...(part.ownRules ?? [])],
    exceptions: [...(part.exceptions ?? []), ...(parent?.exceptions ?? [])],
    examples: part.examples ?? [],
  }
}

function merged<Value>(
  parent: ReadonlyMap<string, Value> = new Map(),
  own: ReadonlyMap<string, Value> = new Map(),
): ReadonlyMap<string, Value> {
  return new Map([...parent, ...own])
}

/** Its own, else that of the file. */
function nameOf({ name }: PolicyPart, file: string): string {
  if (name !== undefined) return name
  const base = file.replace(/^.*[\\/]/s, '').replace(/\.(?:ya?ml|json)$/i, '')
  return printableLine(base, { most: 80 })
}

function missing(name: string, from: string | undefined): TemperError {
  const shown = printableLine(name, { most: 80 })
  const where = from === undefined ? '' : `${from}: extends: `
  return new TemperError(
    from === undefined ? 'not-found' : 'bad-policy',
    `${where === '' ? 'There' : `${where}there`} is no policy "${shown}", packaged or as a file`,
    { next: { action: 'list-policies' } },
  )
}

function cycle(files: readonly string[]): TemperError {
  return new TemperError('bad-policy', `Policies extend each other in a circle: ${files.join(' → ')}`, {
    hint: `Leave out "extends" in ${files.at(-2)}.`,
  })
}

/**
 * Digest of what a policy says, with everything that it extends. The order in which a file states it does not matter.
 */
export function policyDigest(policy: Policy): Digest {
  return sha256(Buffer.from(canonicalJson(policyJson(policy))))
}

/** The effective policy as JSON: what it extends is written out. */
export function policyJson(policy: Policy): JsonObject {
  const { examples: _, rules, evidence, ownRules, exceptions, vulnerabilities, ...rest } = policy
  const plain = {
    ...rest,
    rules: Object.fromEntries(rules),
    evidence: Object.fromEntries(evidence),
    vulnerabilities: Object.fromEntries(
      Object.entries(vulnerabilities).map(([level, list]) => [level, list.map(({ text }) => text)]),
    ),
    ownRules: ownRules.map(({ origin: _origin, ...rule }) => rule),
    exceptions: exceptions.map(({ origin: _origin, ...exception }) => exception),
  }
  return JSON.parse(JSON.stringify(plain)) as JsonObject
}

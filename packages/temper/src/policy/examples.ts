import { printableLine } from '../base/printable.ts'
import { type DecideOptions, decide } from './decide/decide.ts'
import type { Decision } from './decide/decision.ts'
import { factsOf } from './facts/from-input.ts'
import { inputSchema, type PolicyInput } from './facts/schema.ts'
import { describeIssue } from './file/issue.ts'
import type { Policy, PolicyExample } from './file/policy.ts'
import { evidenceKinds } from './file/words.ts'

/** The result of one example. */
export interface ExampleResult {
  readonly name: string
  readonly passed: boolean
  /** What differs from what was expected, in sentences without a full stop; none when it passed. */
  readonly differences: readonly string[]
  /** "policy.yaml:12". */
  readonly origin: string
}

/** Tries a policy's own examples. Whatever an example leaves out counts as satisfying the policy. */
export async function tryExamples(policy: Policy, options: DecideOptions): Promise<readonly ExampleResult[]> {
  const results: ExampleResult[] = []
  for (const example of policy.examples) results.push(await tryExample(policy, example, options))
  return results
}

async function tryExample(
  policy: Policy,
  example: PolicyExample,
  options: DecideOptions,
): Promise<ExampleResult> {
  const { name, origin, day } = example
  const read = inputSchema.safeParse(asWanted(policy, example.input), {
    error: () => '',
    reportInput: true,
  })
  if (!read.success) {
    const differences = read.error.issues
      .flatMap(describeIssue)
      .map(({ message }) => `the input is wrong: ${message}`)
    return { name, passed: false, differences, origin }
  }
  const now = day === undefined ? options.now : new Date(`${day}T12:00:00Z`)
  const facts = factsOf(named(read.data, policy), { now })
  const differences = differencesOf(example, await decide(policy, facts, { ...options, now }))
  return { name, passed: differences.length === 0, differences, origin }
}

/** The input with what it leaves out: the tier, the rules and the evidence that the policy asks for. */
function asWanted({ tier, rules, evidence }: Policy, input: PolicyExample['input']): object {
  const types = [...evidence].flatMap(([kind]) => (evidenceKinds[kind] ?? [kind]).slice(0, 1))
  return {
    tier: tier ?? 'secure',
    judged: [...rules.keys()],
    evidence: types.map((type) => ({ type })),
    ...input,
  }
}

/** Of a repository that the policy is for, unless the example names one. */
function named(input: PolicyInput, { images }: Policy): PolicyInput {
  const [pattern] = images
  if (input.image.repository !== '' || pattern === undefined) return input
  return { ...input, image: { ...input.image, repository: pattern.replaceAll(/[*?]+/g, 'x') } }
}

function differencesOf({ expect }: PolicyExample, decision: Decision): string[] {
  const differences: string[] = []
  const waived = decision.waived.map(({ reason }) => reason.rule)
  if (expect.allowed !== decision.allowed) {
    const why = decision.reasons.slice(0, 5).map(({ rule, found }) => `${rule}: ${printableLine(found)}`)
    if (decision.waived.length > 0) why.push(`waived: ${[...new Set(waived)].join(', ')}`)
    const because = why.length === 0 ? '' : ` (${why.join('; ')})`
    differences.push(
      `expected it to be ${expect.allowed ? 'allowed' : 'refused'}, but it is ${decision.allowed ? 'allowed' : 'refused'}${because}`,
    )
  }
  const refusing = decision.reasons.map(({ rule }) => rule)
  differences.push(...setDifference('refused for', expect.reasons, refusing))
  differences.push(...setDifference('waived', expect.waived, waived))
  return differences
}

function setDifference(
  what: string,
  expected: readonly string[] | undefined,
  actual: readonly string[],
): string[] {
  if (expected === undefined) return []
  const [wanted, got] = [new Set(expected), new Set(actual)]
  if (wanted.size === got.size && [...wanted].every((each) => got.has(each))) return []
  const list = (ids: ReadonlySet<string>) => (ids.size === 0 ? 'nothing' : [...ids].sort().join(', '))
  return [`expected that it is ${what} ${list(wanted)}, and it is ${what} ${list(got)}`]
}

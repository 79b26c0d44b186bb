import type { ListedPolicy, PolicyTest } from '../../../flows/assess/policy.ts'
import type { Style } from '../../style.ts'
import { count } from '../quantity.ts'
import { facts } from '../table.ts'

export function policyListText(policies: readonly ListedPolicy[], style: Style): string {
  return facts(policies.map(({ name, description }) => [style.bold(name), description]))
}

/** The result of each example of a policy, with what differs from what was expected. */
export function policyTestText({ policy, examples, passed }: PolicyTest, style: Style): string {
  if (examples.length === 0)
    return `${style.warn('!')} ${policy} has no examples: docs/reference/policy.md says how to write one\n`
  const lines = examples.flatMap(({ name, origin, passed: good, differences }) => [
    `  ${good ? style.good('✓') : style.bad('✗')} ${name}${good ? '' : ` (${origin})`}\n`,
    ...differences.map((text) => `      ${text}\n`),
  ])
  const failed = examples.filter((each) => !each.passed).length
  const verdict = passed
    ? `${style.good('✓')} ${policy}: ${count(examples.length, 'example')} as expected\n`
    : `${style.bad('✗')} ${policy}: ${failed} of ${count(examples.length, 'example')} not as expected\n`
  return `${lines.join('')}${verdict}`
}

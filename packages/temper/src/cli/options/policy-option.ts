import type { Command } from 'commander'
import { TemperError } from '../../base/error.ts'
import type { PublishingPolicy } from '../../flows/assess/before-tag.ts'
import type { Policy } from '../../policy/file/policy.ts'
import type { Host } from '../host.ts'
import { textOption } from './option.ts'

/** What commands take as a policy, for their help. */
export const policyForms =
  'name of a packaged policy ("temper policy list"), or path of a policy file; ./NAME for a file that has such a name'

/** Adds `--policy` to a command that publishes. */
export function addPolicyOption(command: Command): Command {
  return command.option(
    '--policy <policy>',
    `check the image against a policy before its tag is set, and refuse it if it breaks the policy: ${policyForms}`,
  )
}

/** What decides whether an image is copied; nothing when no policy was named. */
export async function publishingPolicy(
  options: Readonly<Record<string, unknown>>,
  host: Pick<Host, 'workingDir'>,
): Promise<{ readonly gate?: PublishingPolicy }> {
  const policy = await policyOption(options, host)
  const feeds = textOption(options, 'feeds')
  if (policy !== undefined) return { gate: { policy, ...(feeds === undefined ? {} : { scan: { feeds } }) } }
  if (feeds === undefined) return {}
  throw new TemperError('bad-usage', '--feeds was given, but nothing is judged', {
    hint: 'Add --policy, such as --policy hardened.',
  })
}

/** The policy that `--policy` names; undefined when it was not given. */
export async function policyOption(
  options: Readonly<Record<string, unknown>>,
  host: Pick<Host, 'workingDir'>,
): Promise<Policy | undefined> {
  const name = textOption(options, 'policy')
  if (name === undefined) return undefined
  const { openPolicy } = await import('../../flows/assess/policy.ts')
  return await openPolicy(name, host)
}

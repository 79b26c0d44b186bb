import { resolve } from 'node:path'
import { Argument, Option } from 'commander'
import { exitCodes, TemperError } from '../../../base/error.ts'
import type { AdmissionProgram, PolicyExportRequest } from '../../../flows/trust/export.ts'
import { parseImagePlatform } from '../../../model/platform.ts'
import { namedImage } from '../../options/named-image.ts'
import { textOption } from '../../options/option.ts'
import { addTrustOptions, trustRequest } from '../../options/trust-option.ts'
import type { CommandDefinition, Invocation, Outcome } from '../../program/command.ts'

const actions = ['list', 'show', 'test', 'input', 'export'] as const
type Action = (typeof actions)[number]

export const command: CommandDefinition = {
  name: 'policy',
  summary: 'show policies, test their examples, see what expressions can read, write policies for clusters',
  configure: (command) => {
    command
      .addArgument(new Argument('[action]', 'what to do').choices(actions).default('list'))
      .argument(
        '[arg]',
        'show, test: a packaged policy or a policy file; input: an image; export: repositories, with a key or identity',
      )
      .option('--platform <platform>', 'input: which platform of an image for several')
      .option('--feeds <path>', 'input: advisories, as for "temper scan" (default: those in the cache)')
    command.addOption(
      new Option(
        '--for <program>',
        'export: the controller that enforces the trust file in a cluster; only resource kinds that its current releases support',
      ).choices(['kyverno', 'policy-controller', 'gatekeeper']),
    )
    addTrustOptions(command)
  },
  examples: [
    { command: 'temper policy list', does: 'the policies that ship with Temper' },
    { command: 'temper policy show hardened > policy.yaml', does: 'a file to start from' },
    {
      command: 'temper policy test policy.yaml',
      does: 'tests the examples in the policy, for the CI of the policy itself',
    },
    {
      command: "temper policy input oci:out/nginx | jq '.findings[0]'",
      does: 'what the expressions of a policy can read about an image',
    },
    {
      command: 'temper policy export --for kyverno > admission.yaml',
      does: 'policies for a cluster, made from your trust file',
    },
    {
      command: "temper policy export 'registry.example/team/**' --for kyverno --key temper.pub",
      does: 'the same, from a key instead of a trust file',
    },
  ],
  run: async (invocation) => {
    const [action = 'list', argument] = invocation.args
    return await runs[action as Action](invocation, argument)
  },
}

const runs: Readonly<
  Record<Action, (invocation: Invocation, argument: string | undefined) => Promise<Outcome>>
> = {
  async list(invocation) {
    const [{ listPolicies }, { policyListText }] = await Promise.all([
      import('../../../flows/assess/policy.ts'),
      import('../../report/judge/policy.ts'),
    ])
    const policies = await listPolicies(await invocation.context())
    return { json: { policies }, text: (style) => policyListText(policies, style) }
  },
  async show(invocation, name) {
    const { showPolicy } = await import('../../../flows/assess/policy.ts')
    const shown = await showPolicy(wanted('show', name, 'policy'), await invocation.context())
    return { json: { ...shown.json }, text: () => shown.text, kind: 'document' }
  },
  async test(invocation, name) {
    const [{ testPolicy }, { policyTestText }] = await Promise.all([
      import('../../../flows/assess/policy.ts'),
      import('../../report/judge/policy.ts'),
    ])
    const result = await testPolicy(wanted('test', name, 'policy'), await invocation.context())
    return {
      json: { ...result },
      text: (style) => policyTestText(result, style),
      exitCode: result.passed ? exitCodes.ok : exitCodes.refused,
    }
  },
  async export(invocation, pattern) {
    const { options, host } = invocation
    const program = textOption(options, 'for')
    if (program === undefined)
      throw new TemperError('bad-usage', '"temper policy export" takes what the policies are for', {
        hint: 'Write --for kyverno, policy-controller or gatekeeper.',
      })
    const { exportTrust } = await import('../../../flows/trust/export.ts')
    const trust = textOption(options, 'trust')
    const exported = await exportTrust(
      {
        program: program as AdmissionProgram,
        ...(trust === undefined ? {} : { trust: resolve(host.workingDir, trust) }),
        ...namedTrust(invocation, pattern),
      },
      await invocation.context(),
    )
    return { json: { ...exported }, text: () => exported.text, kind: 'document' }
  },
  async input(invocation, name) {
    const { host, say, options } = invocation
    const { policyInput } = await import('../../../flows/assess/policy-input.ts')
    const [platform, feeds] = [textOption(options, 'platform'), textOption(options, 'feeds')]
    const input = await policyInput(
      {
        reference: await namedImage(wanted('input', name, 'image'), { host, say }),
        trust: trustRequest(options, host),
        ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
        ...(feeds === undefined ? {} : { scan: { feeds } }),
      },
      await invocation.context(),
    )
    return { json: { ...input }, text: () => `${JSON.stringify(input, undefined, 2)}\n`, kind: 'document' }
  },
}

/** Keys and identities on the command line leave the trust file aside. */
function namedTrust(
  { options, host }: Invocation,
  pattern: string | undefined,
): Pick<PolicyExportRequest, 'named'> {
  const { keys, identity } = trustRequest(options, host)
  if (keys.length === 0 && identity === undefined) return {}
  const images = pattern === undefined ? [] : [pattern]
  return { named: { images, keys, ...(identity === undefined ? {} : { identity }) } }
}

function wanted(action: Action, name: string | undefined, what: string): string {
  if (name !== undefined) return name
  throw new TemperError(
    'bad-usage',
    `"temper policy ${action}" takes the name of ${what === 'image' ? 'an image' : 'a policy'}`,
    {
      hint: `Write "temper policy ${action} ${what === 'image' ? 'oci:out/nginx' : 'hardened'}".`,
    },
  )
}

import { exitCodes, TemperError } from '../../../base/error.ts'
import type { FactsRequest } from '../../../flows/assess/facts.ts'
import type { SummaryRequest } from '../../../flows/assess/summary.ts'
import { parseImagePlatform } from '../../../model/platform.ts'
import { addBundleOption, withBundle } from '../../options/bundle-option.ts'
import { readIgnoreRules, readNamedFile } from '../../options/file-option.ts'
import { imageForms, signingKeyForms } from '../../options/image-argument.ts'
import { namedImage } from '../../options/named-image.ts'
import { argument, flagOption, gather, listOption, textOption } from '../../options/option.ts'
import { policyForms } from '../../options/policy-option.ts'
import { addServiceOptions, signingKey } from '../../options/signing-option.ts'
import { addTrustOptions, trustRequest } from '../../options/trust-option.ts'
import type { CommandDefinition, Invocation } from '../../program/command.ts'

export const command: CommandDefinition = {
  name: 'gate',
  quietable: true,
  summary: 'check an image against a policy; exit code 0 allowed, 1 refused, with the reasons',
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .option('--policy <policy>', `${policyForms} (default: hardened)`)
      .option('--platform <platform>', 'which platform of an image for several (default: each of them)')
      .option('--dry-run', 'show what the gate would do, write no summary, and end with exit code 0')
      .option('--feeds <path>', 'advisories, as for "temper scan" (default: those in the cache)')
      .option('--as-of <date>', 'use the advisories of that day, YYYY-MM-DD')
      .option('--vex <file>', 'VEX document; repeat for several, the first takes precedence', gather)
      .option(
        '--ignore <file>',
        'ignore rules: what to ignore and why (default: .temper/ignore.yaml)',
        gather,
      )
      .option('--sign <key>', `sign the verification summary: ${signingKeyForms}`)
      .option('--attach', 'attach the signed summary to the image, allowed or refused')
      .option('--summary <file>', 'write the summary to a file: a Sigstore bundle when it is signed')
    addTrustOptions(command)
    addBundleOption(command)
    addServiceOptions(command)
  },
  examples: [
    { command: 'temper gate oci:out/nginx', does: 'may it go out? the packaged policy "hardened" decides' },
    {
      command: 'temper gate registry.example/team/web:1 --policy policy.yaml --json',
      does: 'for CI: allowed or not, why, and what was let through by exceptions',
    },
    {
      command: 'temper gate registry.example/team/web:1 --policy secure --sign ci.key --attach',
      does: 'others need not judge it again: the signed summary says that you did',
    },
    { command: 'temper gate oci:out/nginx --policy fedramp --dry-run', does: 'what would happen' },
  ],
  run: async (asked) => {
    const invocation = await withBundle(asked)
    const { options, host } = invocation
    const request = await gateRequest(invocation)
    const summary = summaryRequest(invocation, request)
    const { defaultPolicy, openPolicy } = await import('../../../flows/assess/policy.ts')
    const { gate } = await import('../../../flows/assess/gate.ts')
    const context = await invocation.context()
    const policy = await openPolicy(textOption(options, 'policy') ?? defaultPolicy, context)
    const outcome = await gate({ ...request, policy }, context)
    const dryRun = flagOption(options, 'dryRun')
    const written = summary === undefined || dryRun ? undefined : await writeIt(outcome, summary, context)
    const [{ gateJson }, { gateText }] = await Promise.all([
      import('../../../flows/assess/gate-json.ts'),
      import('../../report/judge/gate.ts'),
    ])
    const json = gateJson(outcome)
    return {
      json: {
        ...json,
        ...(dryRun ? { dryRun } : {}),
        ...(written === undefined ? {} : { summary: written }),
      },
      text: (style) =>
        gateText(json, {
          style,
          dryRun,
          verbose: flagOption(options, 'verbose'),
          workingDir: host.workingDir,
          ...(written === undefined ? {} : { written }),
        }),
      exitCode: outcome.allowed || dryRun ? exitCodes.ok : exitCodes.refused,
    }
  },
}

const writeIt: typeof import('../../../flows/assess/summary.ts').writeSummary = async (...args) => {
  const { writeSummary } = await import('../../../flows/assess/summary.ts')
  return await writeSummary(...args)
}

async function gateRequest({ args, options, host, say }: Invocation): Promise<FactsRequest> {
  const text = (name: string) => textOption(options, name)
  const [platform, feeds, asOf] = [text('platform'), text('feeds'), text('asOf')]
  const ignore = listOption(options, 'ignore')
  const vex = listOption(options, 'vex')
  return {
    reference: await namedImage(argument(args, 0), { host, say }),
    trust: trustRequest(options, host),
    ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
    scan: {
      ...(feeds === undefined ? {} : { feeds }),
      ...(asOf === undefined ? {} : { asOf }),
      ...(ignore.length === 0 ? {} : { ignore: await readIgnoreRules(ignore, host) }),
      vex: await Promise.all(vex.map((file) => readNamedFile(file, 'VEX file', host))),
    },
  }
}

function summaryRequest(
  { options, host }: Invocation,
  { reference }: Pick<FactsRequest, 'reference'>,
): SummaryRequest | undefined {
  const [key, file] = [textOption(options, 'sign'), textOption(options, 'summary')]
  const attach = flagOption(options, 'attach')
  if (attach && key === undefined)
    throw new TemperError('bad-usage', '--attach: an unsigned summary proves nothing to others', {
      hint: 'Add --sign KEY; "temper keys generate" makes one.',
    })
  if (!attach && file === undefined) {
    if (key === undefined) return undefined
    throw new TemperError('bad-usage', '--sign was given, but no summary is written', {
      hint: 'Add --attach, or --summary FILE.',
    })
  }
  const sign =
    key === undefined
      ? {}
      : {
          sign:
            key === 'keyless'
              ? signingKey({ ...options, keyless: true, key: undefined }, host)
              : signingKey(options, host, key),
        }
  return { reference, attach, ...(file === undefined ? {} : { file }), ...sign }
}

import { resolve } from 'node:path'
import { Option } from 'commander'
import type { NamedBytes } from '../../../base/bytes.ts'
import { exitCodes, TemperError } from '../../../base/error.ts'
import { writeFileAtomic } from '../../../base/file.ts'
import { type PodSecurityLevel, podSecurityLevels } from '../../../rules/kubernetes/level.ts'
import type { Host } from '../../host.ts'
import { readNamedFile } from '../../options/file-option.ts'
import { flagOption, textOption } from '../../options/option.ts'
import { policyForms } from '../../options/policy-option.ts'
import { addTrustOptions, trustRequest } from '../../options/trust-option.ts'
import type { CommandDefinition, Invocation } from '../../program/command.ts'
import { admissionText } from '../../report/judge/admit.ts'

export const command: CommandDefinition = {
  name: 'admit',
  quietable: true,
  summary: 'judge Kubernetes manifests and Compose files before they run; exit code 0 admitted, 1 refused',
  configure: (command) => {
    command
      .argument('<files...>', 'Kubernetes manifests or Compose files; - reads standard input')
      .addOption(
        new Option('--pod-security <level>', 'Pod Security Standard that every pod is checked against')
          .choices([...podSecurityLevels])
          .default('restricted'),
      )
      .option('--policy <policy>', `also check every image against a policy: ${policyForms}`)
      .option('--feeds <path>', 'advisories for the policy (default: those in the cache)')
      .option('--pin', 'rewrite the files, naming each image by its digest; - is printed')
      .option('--sarif <file>', 'also write the findings as SARIF, with their lines')
    addTrustOptions(command)
  },
  examples: [
    { command: 'temper admit web.k8s.yaml', does: 'every pod and every image, in a pipeline' },
    { command: 'temper admit web.k8s.yaml --policy baseline', does: 'each image also has to pass a policy' },
    {
      command: 'temper admit web.k8s.yaml --key temper.pub --sarif admit.sarif',
      does: 'each image has to be signed; a code host shows the lines of findings',
    },
    {
      command: 'cat web.k8s.yaml | temper admit - --offline',
      does: 'a rendered chart, checked as far as possible without a registry',
    },
    { command: 'temper admit web.k8s.yaml --pin', does: 'names images by digest; comments stay' },
  ],
  run: async ({ args, options, context, host, say }) => {
    const { admit } = await import('../../../flows/admit/admit.ts')
    const files = await readFiles(args, host)
    const sarif = textOption(options, 'sarif')
    const pin = flagOption(options, 'pin')
    const [policy, feeds] = [textOption(options, 'policy'), textOption(options, 'feeds')]
    const admission = await admit(
      {
        files,
        podSecurity: textOption(options, 'podSecurity') as PodSecurityLevel,
        trust: trustRequest(options, host),
        pin,
        ...(policy === undefined ? {} : { policy }),
        ...(feeds === undefined ? {} : { scan: { feeds } }),
      },
      await context(),
    )
    const write = async (file: string, text: string) =>
      await writeFileAtomic(resolve(host.workingDir, file), text)
    if (sarif !== undefined) {
      const { admissionSarif } = await import('../../../flows/admit/sarif.ts')
      await write(sarif, `${JSON.stringify(admissionSarif(admission), null, 2)}\n`)
    }
    for (const { file, text, pinned } of admission.pinned)
      if (file !== '-') {
        await write(file, text)
        say(`${file}: ${pinned} pinned`)
      }
    const { pinned, ...judged } = admission
    const printed = files.find(({ name }) => pin && name === '-')
    const json = {
      ...judged,
      ...(pin ? { pinned: pinned.map(({ file, pinned: names }) => ({ file, pinned: names })) } : {}),
    }
    const exitCode = admission.allowed ? exitCodes.ok : exitCodes.refused
    if (printed === undefined) return { json, text: (style) => admissionText(admission, style), exitCode }
    const text = pinned.find(({ file }) => file === '-')?.text ?? new TextDecoder().decode(printed.bytes)
    return { json, text: () => text, kind: 'document', exitCode }
  },
}

async function readFiles(args: Invocation['args'], host: Host): Promise<readonly NamedBytes[]> {
  const names = args.flatMap((name) => name ?? [])
  if (names.filter((name) => name === '-').length > 1)
    throw new TemperError('bad-usage', 'Standard input can be read only once')
  const { manifestLimits } = await import('../../../manifest/yaml-file.ts')
  return await Promise.all(
    names.map(async (name) =>
      name === '-'
        ? { name, bytes: await host.readInput(manifestLimits.bytes) }
        : await readNamedFile(name, 'file', host),
    ),
  )
}

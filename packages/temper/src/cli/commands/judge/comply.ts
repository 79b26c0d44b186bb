import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { exitCodes, TemperError } from '../../../base/error.ts'
import { fileError, writeFileAtomic } from '../../../base/file.ts'
import { frameworkIds } from '../../../compliance/framework-ids.ts'
import type { PackFile } from '../../../flows/comply/pack.ts'
import { parseImagePlatform } from '../../../model/platform.ts'
import { trustLoader } from '../../context.ts'
import { imageForms } from '../../options/image-argument.ts'
import { namedImage } from '../../options/named-image.ts'
import { argument, flagOption, textOption } from '../../options/option.ts'
import { addSigningOptions, signingKey } from '../../options/signing-option.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { complianceText } from '../../report/judge/comply.ts'

export const command: CommandDefinition = {
  name: 'comply',
  quietable: true,
  summary:
    'check an image against the controls of a framework, with a pack of evidence; exit code 1 when one fails',
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .requiredOption('--framework <id>', frameworkIds.join(', '))
      .option('-o, --output <folder>', 'write the pack: report, OSCAL, XCCDF, raw evidence, manifest')
      .option('--pdf', 'also write the report as PDF, printed by the chromium of this machine')
      .option('--platform <platform>', 'which platform of an image for several')
      .option('--feeds <path>', 'advisories (default: those in the cache)')
      .option('--trust <file>', 'trust file that says whom to trust about evidence (default: yours)')
      .option('--attach', 'attach the signed manifest to the image')
    addSigningOptions(command)
  },
  examples: [
    { command: 'temper comply oci:out/nginx --framework cis-docker', does: 'control by control' },
    {
      command:
        'temper comply registry.example/team/nginx:1.26 --framework nist-800-53-r5 -o evidence --key temper.key',
      does: 'writes a pack whose manifest is signed',
    },
  ],
  run: async ({ args, options, context, host, say }) => {
    const folder = textOption(options, 'output')
    const platform = textOption(options, 'platform')
    const isSigned = textOption(options, 'key') !== undefined || flagOption(options, 'keyless')
    const [feeds, trust] = [textOption(options, 'feeds'), textOption(options, 'trust')]
    const attach = flagOption(options, 'attach')
    if (attach && !isSigned)
      throw new TemperError('bad-usage', 'Only what is signed is attached', {
        hint: 'Sign with a key (--key temper.key) or with your identity (--keyless).',
      })
    const { comply } = await import('../../../flows/comply/comply.ts')
    const { compliance, files } = await comply(
      {
        reference: await namedImage(argument(args, 0), { host, say }),
        framework: textOption(options, 'framework') ?? '',
        ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
        ...(isSigned ? { signer: signingKey(options, host) } : {}),
        attach,
        pdf: flagOption(options, 'pdf'),
        ...(feeds === undefined ? {} : { scan: { feeds } }),
        ...(trust === undefined
          ? {}
          : { trust: { keys: [], trust: trustLoader(resolve(host.workingDir, trust)) } }),
      },
      await context(),
    )
    if (folder !== undefined) await writePack(resolve(host.workingDir, folder), files)
    return {
      json: { ...compliance },
      text: (style) => complianceText(compliance, { style, ...(folder === undefined ? {} : { folder }) }),
      exitCode: compliance.counts.fail === 0 ? exitCodes.ok : exitCodes.refused,
    }
  },
}

/** The manifest comes after what it lists. */
async function writePack(folder: string, files: readonly PackFile[]): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw fileError('write', folder, error)
  })
  for (const { name, bytes } of files) await writeFileAtomic(join(folder, name), bytes)
}

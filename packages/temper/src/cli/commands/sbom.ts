import { Option } from 'commander'
import { printable, printableJson } from '../../base/printable.ts'
import { type SbomFormat, sbomFormats } from '../../flows/evidence-type.ts'
import type { SbomOutcome } from '../../flows/sbom.ts'
import { parsePlatform } from '../../model/platform.ts'
import type { CommandDefinition } from '../command.ts'
import { argument, flagOption, textOption } from '../option.ts'

export const command: CommandDefinition = {
  name: 'sbom',
  summary: 'print the bill of materials of an image: every package and every file in it',
  configure: (command) => {
    command
      .argument('<ref>', 'oci:DIR[:TAG], oci-archive:FILE or HOST/NAME[:TAG][@DIGEST]')
      .addOption(
        new Option('--format <format>', 'SPDX 2.3 or CycloneDX 1.6 (default: spdx-json)').choices(
          Object.keys(sbomFormats),
        ),
      )
      .option('--platform <platform>', 'which image of one for several platforms')
      .option('-o, --output <file>', 'write it to a file instead')
  },
  examples: [
    { command: 'temper sbom oci:out/nginx', does: 'what "temper build nginx" attached, as SPDX 2.3' },
    {
      command: 'temper sbom registry.example/team/nginx:1.26 --format cyclonedx-json -o nginx.cdx.json',
      does: 'as CycloneDX 1.6, into a file that scanners read',
    },
    {
      command: "temper sbom oci:out/nginx | jq -r '.packages[].name'",
      does: 'for scripts',
    },
  ],
  run: async ({ args, options, context }) => {
    const output = textOption(options, 'output')
    const platform = textOption(options, 'platform')
    const request = {
      reference: argument(args, 0),
      format: formatOf(textOption(options, 'format')),
      ...(output === undefined || output === '-' ? {} : { output }),
      ...(platform === undefined ? {} : { platform: parsePlatform(platform) }),
    }
    const { sbom } = await import('../../flows/sbom.ts')
    const found = await sbom(request, await context())
    return found.output === undefined
      ? { json: found.document, text: () => documentText(found) }
      : { json: written(found), text: () => (flagOption(options, 'quiet') ? '' : `Wrote ${found.output}\n`) }
  },
}

function formatOf(text: string | undefined): SbomFormat {
  return text === 'cyclonedx-json' ? text : 'spdx-json'
}

function written({ reference, digest, format, output }: SbomOutcome): Readonly<Record<string, unknown>> {
  return { reference, digest, format, output }
}

/** The very text that is attached, unless it would steer a terminal: then the same value, written anew. */
function documentText({ text, document }: SbomOutcome): string {
  const safe = printable(text) === text ? text : printableJson(document)
  return safe.endsWith('\n') ? safe : `${safe}\n`
}

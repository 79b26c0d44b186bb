import { InvalidArgumentError, Option } from 'commander'
import { TemperError } from '../../base/error.ts'
import { printable, printableJson } from '../../base/printable.ts'
import { type SbomFormat, sbomFormatNames } from '../../flows/evidence/evidence-type.ts'
import type { InventorySource } from '../../flows/inventory/inventory.ts'
import type { ScanTarget } from '../../flows/inventory/target.ts'
import type { SbomOutcome } from '../../flows/sbom/sbom.ts'
import { parseImagePlatform } from '../../model/platform.ts'
import { refuseFormatAsFile, sbomFormatWord } from '../habits/format-words.ts'
import { argument, flagOption, gather, listOption, textOption } from '../options/option.ts'
import { parseTarget } from '../options/target-argument.ts'
import type { CommandDefinition, Invocation, Outcome } from '../program/command.ts'

export const command: CommandDefinition = {
  name: 'sbom',
  summary:
    'list every package and file of an image as a bill of materials; convert, merge, compare; check licences',
  configure: (command) => {
    command
      .argument(
        '<ref...>',
        'any image, dir:DIR, sbom:FILE or lock:FILE; or "merge" and several of these; or "diff" and two of these',
      )
      .addOption(
        new Option('-f, --format <format>', 'SPDX 2.3, CycloneDX 1.6 or SPDX 3.0.1 (default: spdx-json)')
          .choices(sbomFormatNames)
          .argParser(parseFormat),
      )
      .option('--platform <platform>', 'which platform of an image for several')
      .addOption(
        new Option(
          '--from <source>',
          'for images: read the attached document, the layers, or (auto) the attached one if it is trusted',
        )
          .choices(['auto', 'attached', 'layers'])
          .default('auto'),
      )
      .option('-o, --output <file>', 'write to a file instead; FORMAT=FILE gives the format too')
      .option(
        '--exclude <glob>',
        'leave out this file or folder, with everything below; repeat for several',
        gather,
      )
      .option(
        '--name <name>',
        'name of what the document describes (default: the target, or the names of those that are merged)',
      )
      .option(
        '--deny <licence>',
        'check licences instead: refuse these (GPL-3.0-only, AGPL-*, LicenseRef-*, unknown); repeatable',
        gather,
      )
      .option('--allow <licence>', 'check licences instead: accept only these; repeatable', gather)
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
    { command: 'temper sbom sbom:app.cdx.xml', does: 'the same contents as SPDX' },
    {
      command: 'temper sbom diff oci:old oci:new',
      does: 'packages and files that differ; exit code 1 if any do',
    },
    {
      command: 'temper sbom oci:out/nginx --deny AGPL-*,GPL-3.0-only',
      does: 'which packages have such a licence; exit code 1 if any has',
    },
  ],
  run: async (invocation) => {
    const [first, ...others] = invocation.args
    if (first === 'diff') return await diff(invocation, others)
    if (first === 'merge') return await merge(invocation, others)
    if (others.length > 0)
      throw new TemperError('bad-usage', `"temper sbom" takes one image, found ${invocation.args.length}`, {
        hint: 'Did you mean "temper sbom merge" or "temper sbom diff"?',
      })
    const { deny, allow } = policyOf(invocation)
    return deny.length + allow.length > 0
      ? await licences(invocation, { deny, allow })
      : await document(invocation)
  },
}

type Arguments = Invocation['args']

async function targetArgument(invocation: Invocation): Promise<ScanTarget> {
  return await parseTarget(argument(invocation.args, 0), invocation)
}

async function document(invocation: Invocation): Promise<Outcome> {
  const { sbom } = await import('../../flows/sbom/sbom.ts')
  const target = await targetArgument(invocation)
  const request = { target, ...nameOption(invocation), ...documentOptions(invocation) }
  return documentOutcome(await sbom(request, await invocation.context()))
}

async function merge(invocation: Invocation, targets: Arguments): Promise<Outcome> {
  if (targets.length < 2)
    throw new TemperError('bad-usage', 'Merging takes two targets or more', {
      hint: 'For example: temper sbom merge sbom:system.spdx.json sbom:app.cdx.json',
    })
  const { mergeSboms } = await import('../../flows/sbom/merge.ts')
  const request = {
    targets: await Promise.all(
      targets.flatMap((target) => (target === undefined ? [] : [parseTarget(target, invocation)])),
    ),
    ...nameOption(invocation),
    ...documentOptions(invocation),
  }
  return documentOutcome(await mergeSboms(request, await invocation.context()))
}

async function diff(invocation: Invocation, [old, young, ...more]: Arguments): Promise<Outcome> {
  if (old === undefined || young === undefined || more.length > 0)
    throw new TemperError('bad-usage', '"temper sbom diff" takes two targets: OLD and NEW')
  const [{ diffSboms }, { sbomDiffPieces }] = await Promise.all([
    import('../../flows/sbom/diff.ts'),
    import('../report/sbom-diff.ts'),
  ])
  const difference = await diffSboms(
    {
      old: await parseTarget(old, invocation),
      young: await parseTarget(young, invocation),
      ...readingOptions(invocation),
    },
    await invocation.context(),
  )
  const verbose = flagOption(invocation.options, 'verbose')
  return {
    json: { ...difference },
    text: (style) => sbomDiffPieces(difference, { style, verbose }),
    exitCode: difference.equal ? 0 : 1,
  }
}

async function licences(
  invocation: Invocation,
  policy: { readonly deny: readonly string[]; readonly allow: readonly string[] },
): Promise<Outcome> {
  const [{ checkLicences }, { licencesText }] = await Promise.all([
    import('../../flows/sbom/licences.ts'),
    import('../report/licences.ts'),
  ])
  const request = { target: await targetArgument(invocation), ...policy, ...readingOptions(invocation) }
  const checked = await checkLicences(request, await invocation.context())
  const verbose = flagOption(invocation.options, 'verbose')
  return {
    json: { ...checked },
    text: (style) => licencesText(checked, { style, verbose }),
    exitCode: checked.accepted ? 0 : 1,
  }
}

function policyOf({ options }: Invocation): {
  readonly deny: readonly string[]
  readonly allow: readonly string[]
} {
  return { deny: listOption(options, 'deny'), allow: listOption(options, 'allow') }
}

function readingOptions({ options }: Invocation) {
  const exclude = listOption(options, 'exclude')
  const platform = textOption(options, 'platform')
  return {
    source: sourceOf(textOption(options, 'from')),
    ...(exclude.length === 0 ? {} : { exclude }),
    ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
  }
}

function nameOption({ options }: Invocation): { readonly name?: string } {
  const name = textOption(options, 'name')
  return name === undefined ? {} : { name }
}

function documentOptions(invocation: Invocation) {
  const { format, output } = outputOf(invocation)
  return {
    ...readingOptions(invocation),
    format,
    ...(output === undefined || output === '-' ? {} : { output }),
  }
}

/** `-o FILE`, or Syft's `-o FORMAT=FILE`. */
function outputOf({ options }: Invocation): { readonly format: SbomFormat; readonly output?: string } {
  const [asked, output] = [textOption(options, 'format'), textOption(options, 'output')]
  const [, word, file] = /^([a-z0-9-]+)=(.+)$/s.exec(output ?? '') ?? []
  if (word !== undefined && file !== undefined && asked === undefined)
    return { format: formatOf(parseFormat(word)), output: file }
  if (output === undefined) return { format: formatOf(asked) }
  refuseFormatAsFile(output, sbomFormatNames)
  return { format: formatOf(asked), output }
}

/** For commander, and for `-o FORMAT=FILE`. */
function parseFormat(text: string): SbomFormat {
  const word = sbomFormatWord(text)
  const format = sbomFormatNames.find((name) => name === word)
  if (format !== undefined) return format
  throw new InvalidArgumentError(`Allowed choices are ${sbomFormatNames.join(', ')}.`)
}

function formatOf(text: string | undefined): SbomFormat {
  return sbomFormatNames.find((name) => name === text) ?? 'spdx-json'
}

function sourceOf(text: string | undefined): InventorySource {
  return text === 'attached' || text === 'layers' ? text : 'auto'
}

function documentOutcome(sbom: SbomOutcome): Outcome {
  const { reference, digest, format, from, output, pieces } = sbom
  if (output !== undefined)
    return {
      json: { reference, ...(digest === undefined ? {} : { digest }), format, from, output },
      text: () => `Wrote ${output}\n`,
      kind: 'summary',
    }
  // Our own are one line of JSON, ready to be printed.
  if (!from.startsWith('attached '))
    return { json: {}, jsonPieces: withoutLineBreaks(pieces), text: () => pieces, kind: 'document' }
  return {
    // Read only when it is asked for: documents are large.
    get json(): Readonly<Record<string, unknown>> {
      return JSON.parse(sbom.text)
    },
    text: () => documentText(sbom.text),
    kind: 'document',
  }
}

/** There is none but at the end: in strings they are escaped. */
function* withoutLineBreaks(pieces: Iterable<string>): Generator<string, void, void> {
  for (const piece of pieces) yield piece.endsWith('\n') ? piece.slice(0, -1) : piece
}

/** The very text that is attached, unless it would steer a terminal: then the same value, written anew. */
function documentText(text: string): string {
  const safe = printable(text) === text ? text : printableJson(JSON.parse(text))
  return safe.endsWith('\n') ? safe : `${safe}\n`
}

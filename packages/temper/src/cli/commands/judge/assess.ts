import { resolve } from 'node:path'
import { Option } from 'commander'
import { TemperError } from '../../../base/error.ts'
import { writeFileAtomic } from '../../../base/file.ts'
import { printable } from '../../../base/printable.ts'
import type { AssessRequest } from '../../../flows/assess/assess.ts'
import type { Assessment } from '../../../model/assess/assessment.ts'
import { parseImagePlatform } from '../../../model/platform.ts'
import { readIgnoreRules, readNamedFile } from '../../options/file-option.ts'
import { argument, flagOption, gather, listOption, textOption } from '../../options/option.ts'
import { parseTarget, targetForms } from '../../options/target-argument.ts'
import { addTrustOptions, trustRequest } from '../../options/trust-option.ts'
import type { CommandDefinition, Invocation } from '../../program/command.ts'
import {
  type AssessFormat,
  assessFormatOfFile,
  assessFormats,
  isAssessFormat,
  writeAssessment,
} from '../../report/assess/format.ts'
import type { Style } from '../../style.ts'

export const command: CommandDefinition = {
  name: 'assess',
  summary: 'show how far an image is hardened, why not further, and what to do first',
  configure: (command) => {
    command
      .argument('<target>', targetForms)
      .option('--against <target>', 'another image or folder to compare it with')
      .option('--archive', "also ask the distribution's archive for newer packages")
      .option(
        '--source <file>',
        'the recipe or Dockerfile that it was built from, so that findings name its lines (default: the attached recipe)',
      )
      .option('--line <name>', 'which of the version lines of that recipe')
      .option('--variant <name>', 'which of the variants of that recipe')
      .option('--platform <platform>', 'which platform of an image for several')
      .option(
        '--feeds <path>',
        'advisories: a store of feeds, or a file that "temper feeds export" wrote (default: those in the cache)',
      )
      .option('--vex <file>', 'VEX document; repeat for several, the first takes precedence', gather)
      .option(
        '--ignore <file>',
        'ignore rules: what to ignore and why (default: .temper/ignore.yaml, if it exists)',
        gather,
      )
      .addOption(new Option('-f, --format <format>', 'what to write').choices([...assessFormats]))
      .option(
        '-o, --output <file>',
        'write to a file, as FORMAT=FILE or by its ending (.html, .sarif, .md, .json, .svg is a badge); repeat for several',
        (value: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), value],
      )
    addTrustOptions(command)
  },
  examples: [
    {
      command: 'temper assess oci:out/nginx',
      does: 'the tier, what to do first, and how each aspect stands',
    },
    {
      command: 'temper assess registry.example/team/web:1 -o report.html -o badge.svg',
      does: 'for people, and for a README',
    },
    {
      command: 'temper assess registry.example/team/web:2 --against registry.example/team/web:1',
      does: 'what got better, and what got worse',
    },
    { command: "temper assess oci:out/nginx --json | jq '.next[].todo'", does: 'for scripts' },
  ],
  run: async (invocation) => {
    const { options, host } = invocation
    const format = formatOf(options)
    const outputs = listOption(options, 'output').map(outputOf)
    const { assess } = await import('../../../flows/assess/assess.ts')
    const { assessment } = await assess(await requestOf(invocation), await invocation.context())
    const written = await writeFiles(assessment, outputs, host.workingDir)
    const { assessmentJson } = await import('../../../report/assessment/json.ts')
    const json = { ...assessmentJson(assessment), ...(written.length === 0 ? {} : { written }) }
    if (format !== undefined && format !== 'terminal') {
      const document = await writeAssessment(format, assessment, plain)
      return { json, text: () => document, kind: 'document' }
    }
    const { assessText } = await import('../../report/assess/assess.ts')
    const columns = host.stdout.isTerminal ? Math.max(40, host.stdout.columns()) : 80
    const verbose = flagOption(options, 'verbose')
    const done = written.map((file) => `Wrote ${file}\n`).join('')
    return {
      json,
      ...(written.length === 0 ? {} : { kind: 'summary' }),
      text: (style) =>
        `${assessText(assessment, { style, columns, verbose })}${done === '' ? '' : `\n${done}`}`,
    }
  },
}

async function requestOf({ args, options, host, say }: Invocation): Promise<AssessRequest> {
  const naming = { host, say }
  const [against, platform, feeds] = ['against', 'platform', 'feeds'].map((name) => textOption(options, name))
  const [source, line, variant] = ['source', 'line', 'variant'].map((name) => textOption(options, name))
  const chosen = { ...(line === undefined ? {} : { line }), ...(variant === undefined ? {} : { variant }) }
  const ignore = listOption(options, 'ignore')
  return {
    target: await parseTarget(argument(args, 0), naming),
    vex: await Promise.all(listOption(options, 'vex').map((file) => readNamedFile(file, 'VEX file', host))),
    trust: trustRequest(options, host),
    ...(against === undefined ? {} : { against: await parseTarget(against, naming) }),
    ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
    archive: flagOption(options, 'archive'),
    source: source === undefined ? 'attached' : { target: source, ...chosen },
    ...(feeds === undefined ? {} : { feeds }),
    ...(ignore.length === 0 ? {} : { ignore: await readIgnoreRules(ignore, host) }),
  }
}

function formatOf(options: Invocation['options']): AssessFormat | undefined {
  const text = textOption(options, 'format')
  return text !== undefined && isAssessFormat(text) ? text : undefined
}

function outputOf(text: string): { readonly format: AssessFormat; readonly path: string } {
  const [, name = '', rest] = /^([a-z]+)=(.+)$/s.exec(text) ?? []
  if (rest !== undefined && isAssessFormat(name)) return { format: name, path: rest }
  const format = assessFormatOfFile(text)
  if (rest === undefined && format !== undefined) return { format, path: text }
  throw new TemperError('bad-usage', `-o ${text.slice(0, 200)}: its ending does not say in which format`, {
    hint: `Write FORMAT=FILE, such as html=${text.slice(0, 80)}: ${assessFormats.join(', ')}.`,
  })
}

async function writeFiles(
  assessment: Assessment,
  outputs: readonly ReturnType<typeof outputOf>[],
  workingDir: string,
): Promise<readonly string[]> {
  const written: string[] = []
  for (const { format, path } of outputs) {
    const file = resolve(workingDir, path)
    await writeFileAtomic(file, printable(await writeAssessment(format, assessment, plain)))
    written.push(file)
  }
  return written
}

const same = (text: string) => text
const style: Style = { finished: printable, bold: same, dim: same, good: same, warn: same, bad: same }
const plain = { style, columns: 100, verbose: true } as const

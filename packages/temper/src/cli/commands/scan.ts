import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { exitCodes, TemperError } from '../../base/error.ts'
import { jsonTextPieces } from '../../base/json/pieces.ts'
import { printable } from '../../base/printable.ts'
import type { ScanTarget } from '../../flows/inventory/target.ts'
import {
  type ComparedWith,
  type ScanOutcome,
  type ScanRequest,
  scan,
  scanEach,
} from '../../flows/scan/scan.ts'
import { type Severity, severities } from '../../model/advisory/advisory.ts'
import { parseImagePlatform } from '../../model/platform.ts'
import { scanDocument, scansDocument, scansJsonPieces } from '../../report/json/json.ts'
import { scanFormatWord } from '../habits/format-words.ts'
import { addScanAliases, parseExitCode, rulesOfExitCode, scannersOption } from '../habits/scan-aliases.ts'
import { addBundleOption, withBundle } from '../options/bundle-option.ts'
import { readIgnoreRules, readNamedFile } from '../options/file-option.ts'
import { flagOption, gather, joinRules, listOption, textOption } from '../options/option.ts'
import { addServiceOptions, signingKey } from '../options/signing-option.ts'
import { parseTarget, targetForms } from '../options/target-argument.ts'
import type { CommandDefinition, Invocation, Outcome } from '../program/command.ts'
import { PackedText } from '../report/packed-text.ts'
import { scanFormats, writeScan } from '../report/scan/format.ts'
import { type ScanOutputs, scanOutputs, writeScanFiles } from '../scan-output.ts'
import type { Style } from '../style.ts'

export const command: CommandDefinition = {
  name: 'scan',
  summary: 'list the known vulnerabilities in images, folders, bills of materials and locks',
  configure: (command) => {
    command.argument('<target...>', targetForms)
    addInputOptions(command)
    addGateOptions(command)
    addOutputOptions(command)
    command
      .option('--attach', 'attach the result to the image, as an in-toto statement of type vulns')
      .option('--sign <key>', 'with --attach: sign the statement with this key, or "keyless"')
    addServiceOptions(command)
    addBundleOption(command)
    addScanAliases(command)
  },
  examples: [
    { command: 'temper scan oci:out/nginx', does: 'what to upgrade, and which findings that removes' },
    {
      command: 'temper scan registry.example/team/web:1 --fail-on critical,kev,high+fixable>7d',
      does: 'a gate for CI: exit code 1 when a rule is broken',
    },
    {
      command: 'temper scan sbom:web.cdx.json -o sarif=web.sarif -o html=web.html',
      does: 'for a code host and for people, from a bill of materials',
    },
    {
      command: 'temper scan registry.example/team/web:2 --compare registry.example/team/web:1',
      does: 'what the new version adds and removes',
    },
  ],
  run: async (asked) => {
    const invocation = await withBundle(asked)
    const { options, host } = invocation
    const outputs = scanOutputs(options)
    const request = await scanRequest(invocation)
    if (flagOption(options, 'json') && outputs.files.length === 0 && request.attach === undefined)
      return await printedJson(request, invocation)
    const outcome = await scan(request, await invocation.context())
    const written = await writeScanFiles(outcome.reports, outputs, host)
    return await present(outcome, { outputs, written, invocation })
  },
}

/** Targets in one run from which on it matters what garbage takes. */
const manyTargets = 50

/** Of each report only its text is kept: of a thousand they would take a gigabyte. */
async function printedJson(request: ScanRequest, { context, options }: Invocation): Promise<Outcome> {
  const isLong = request.targets.length > manyTargets
  const settle = isLong ? (await import('../small-heap.ts')).smallHeap() : () => {}
  const reports = new PackedText()
  let count = 0
  const { passed } = await scanEach(request, await context(), (report) => {
    if (count++ > 0) reports.add(',')
    for (const piece of jsonTextPieces(scanDocument(report))) reports.add(printable(piece))
    settle()
  })
  const exitCode = exitCodeFor(passed, options)
  return {
    json: {},
    jsonPieces: scansJsonPieces(reports, { count, passed }),
    text: () => '',
    exitCode,
  }
}

function addInputOptions(command: Command): void {
  command
    .option(
      '--feeds <path>',
      'advisories: a store of feeds, a file from "temper feeds export", or files as their publishers write them (default: those in the cache)',
    )
    .option('--as-of <date>', 'scan as of that day, YYYY-MM-DD')
    .option('--platform <platform>', 'which platform of an image for several')
    .option(
      '--distro <name>',
      'distribution of packages that do not state theirs: debian-12, ubuntu-22.04, jammy',
    )
    .option(
      '--vex <file>',
      'VEX document (OpenVEX, CycloneDX, CSAF); repeat for several, the first takes precedence',
      gather,
    )
    .option(
      '--ignore <file>',
      'ignore rules: what to ignore and why (default: .temper/ignore.yaml, if it exists)',
      gather,
    )
    .option(
      '--secrets',
      'search all layers for secrets even when a trusted bill of materials lists the packages',
    )
    .option('--no-secrets', 'do not look for secrets')
    .option(
      '--exclude <glob>',
      'leave out this file or folder of the target, with everything below; repeat for several',
      gather,
    )
    .option('--only-fixed', 'count only findings that an upgrade removes, also for the gate')
    .option(
      '--compare <old>',
      'compare with another target, or with an earlier JSON result: show what is new and what is gone',
    )
}

function addGateOptions(command: Command): void {
  command.option(
    '--fail-on <rules>',
    'exit with 1 when a rule is broken: severities, kev, fixable, epss>0.5, secret, eol, stale-feeds; "+" joins conditions, ">7d" is an age, commas separate rules',
    joinRules,
  )
  command.option(
    '--exit-code <code>',
    'exit code to use in place of 1; without --fail-on: when anything at all is shown',
    parseExitCode,
  )
}

function addOutputOptions(command: Command): void {
  command
    .addOption(
      new Option('-f, --format <format>', 'what to write')
        .choices([...scanFormats])
        .argParser(formatArgument),
    )
    .option(
      '-o, --output <file>',
      'write to a file, as FORMAT=FILE or by its ending; repeat for several',
      (value: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), value],
    )
    .option('--severity <severity>', 'show only findings of this severity or higher; the gate sees all')
    .option('--show-suppressed', 'also list findings that VEX and ignore rules suppress')
    .option('--components', 'show for each package what it was compared with, or why it was not')
}

function exitCodeOf({ exitCode }: Invocation['options']): number | undefined {
  return typeof exitCode === 'number' ? exitCode : undefined
}

function exitCodeFor(passed: boolean, options: Invocation['options']): number {
  return passed ? exitCodes.ok : (exitCodeOf(options) ?? exitCodes.refused)
}

/** For commander. */
function formatArgument(text: string): string {
  const word = scanFormatWord(text)
  if (scanFormats.some((format) => format === word)) return word
  throw new InvalidArgumentError(`Allowed choices are ${scanFormats.join(', ')}.`)
}

/** With both forms of an option there is no value when neither is given. */
function secretsOf(value: unknown): NonNullable<ScanRequest['secrets']> {
  if (value === undefined) return 'read'
  return value === false ? 'none' : 'all'
}

async function scanRequest(invocation: Invocation): Promise<ScanRequest> {
  const { options, host } = invocation
  const text = (name: string) => textOption(options, name)
  const [feeds, asOf, platform, distribution, failOn, severity, compare, key] = [
    ...[
      text('feeds'),
      text('asOf'),
      text('platform'),
      text('distro'),
      text('failOn'),
      text('severity'),
      text('compare'),
      text('sign'),
    ],
  ]
  const ignore = listOption(options, 'ignore')
  const exclude = listOption(options, 'exclude')
  const secrets = scannersOption(options) ?? secretsOf(options['secrets'])
  const least = severity === undefined ? undefined : parseSeverity(severity)
  const rules =
    failOn ?? rulesOfExitCode(exitCodeOf(options), { severity: least, secrets: secrets !== 'none' })
  const attach = flagOption(options, 'attach')
  if (key !== undefined && !attach)
    throw new TemperError('bad-usage', '--sign was given, but nothing is attached', { hint: 'Add --attach.' })
  return {
    targets: await targetsOf(invocation),
    vex: await Promise.all(listOption(options, 'vex').map((file) => readNamedFile(file, 'VEX file', host))),
    showSuppressed: flagOption(options, 'showSuppressed'),
    showComponents: flagOption(options, 'components'),
    secrets,
    onlyFixed: flagOption(options, 'onlyFixed'),
    ...(exclude.length === 0 ? {} : { exclude }),
    ...(feeds === undefined ? {} : { feeds }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
    ...(distribution === undefined ? {} : { distribution }),
    ...(ignore.length === 0 ? {} : { ignore: await readIgnoreRules(ignore, host) }),
    ...(rules === undefined ? {} : { failOn: rules }),
    ...(least === undefined ? {} : { severity: least }),
    ...(compare === undefined ? {} : { compare: await comparedWith(compare, invocation) }),
    ...(attach ? { attach: key === undefined ? {} : { sign: signer(key, { options, host }) } } : {}),
  }
}

async function targetsOf({ args, host, say }: Invocation): Promise<ScanTarget[]> {
  const targets: ScanTarget[] = []
  for (const text of args) if (text !== undefined) targets.push(await parseTarget(text, { host, say }))
  return targets
}

/** A file with an earlier result, else another target; "json:" says that it is a file. */
async function comparedWith(text: string, { host, say }: Invocation): Promise<ComparedWith> {
  const named = text.startsWith('json:')
  const file = named ? text.slice('json:'.length) : text
  const stats = await stat(resolve(host.workingDir, file)).catch(() => undefined)
  if (stats?.isFile() !== true && !named)
    return { kind: 'target', target: await parseTarget(text, { host, say }) }
  return { kind: 'result', ...(await readNamedFile(file, 'earlier result', host)), name: text }
}

function signer(key: string, { options, host }: Pick<Invocation, 'options' | 'host'>) {
  return key === 'keyless' ? signingKey({ ...options, keyless: true }, host) : signingKey(options, host, key)
}

/** Of several the mildest: whoever lists severities wants to see all of them. */
function parseSeverity(text: string): Severity {
  const named = text.split(',').map((word) => word.trim().toLowerCase())
  const known = named.map((word) => severities.find((severity) => severity === word))
  const wrong = named[known.indexOf(undefined)]
  if (wrong !== undefined)
    throw new TemperError('bad-usage', `--severity: "${wrong}" is not a severity`, {
      hint: `Use one of ${severities.join(', ')}.`,
    })
  return severities.findLast((severity) => known.includes(severity)) ?? 'unknown'
}

interface Presentation {
  readonly outputs: ScanOutputs
  readonly written: readonly string[]
  readonly invocation: Invocation
}

/** Only what is printed is made. */
async function present(
  outcome: ScanOutcome,
  { outputs, written, invocation }: Presentation,
): Promise<Outcome> {
  const { reports, attached, passed } = outcome
  const { options, host } = invocation
  const exitCode = exitCodeFor(passed, options)
  if (flagOption(options, 'json')) {
    const more = {
      ...(attached.length === 0 ? {} : { attached }),
      ...(written.length === 0 ? {} : { written }),
    }
    return { json: { ...scansDocument(reports), ...more }, text: () => '', exitCode }
  }
  if (outputs.printed !== 'terminal') {
    const texts = await writeScan(outputs.printed, reports, { style: asIs, columns: 100, verbose: false })
    return { json: {}, text: () => texts, kind: 'document', exitCode }
  }
  const { scansTexts } = await import('../report/scan/scan.ts')
  const columns = host.stdout.isTerminal ? Math.max(40, host.stdout.columns()) : 100
  const verbose = flagOption(options, 'verbose')
  return {
    json: {},
    kind: 'summary',
    text: (style) => [...scansTexts(reports, { style, columns, verbose }), doneText(outcome, written, style)],
    exitCode,
  }
}

const same = (text: string) => text
const asIs: Style = { finished: same, bold: same, dim: same, good: same, warn: same, bad: same }

function doneText({ attached }: ScanOutcome, written: readonly string[], style: Style): string {
  const lines = [
    ...written.map((file) => `Wrote ${file}\n`),
    ...attached.map(({ reference, digest, signer: key }) => {
      const who = key === undefined ? 'not signed (sign it with: --sign KEY)' : `signed by ${key}`
      return `Attached ${style.bold(digest)} to ${reference}, ${who}\n`
    }),
  ]
  return lines.length === 0 ? '' : `\n${lines.join('')}`
}

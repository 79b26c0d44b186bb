import { resolve } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { printable } from '../../base/printable.ts'
import type { StatementPlace } from '../../flows/vex/statements.ts'
import { parseImagePlatform } from '../../model/platform.ts'
import { parseReference } from '../../oci/reference.ts'
import { foreignVexAction } from '../habits/foreign-uses.ts'
import { imageForms } from '../options/image-argument.ts'
import { namedImage } from '../options/named-image.ts'
import { gather, listOption, textOption } from '../options/option.ts'
import { addTrustOptions, trustRequest } from '../options/trust-option.ts'
import type { CommandDefinition, Invocation, Outcome } from '../program/command.ts'
import { addedText, checkedText, statementsJson, statementsText } from '../report/vex.ts'

export const command: CommandDefinition = {
  name: 'vex',
  summary: 'print the statements about vulnerabilities in an image, or add statements',
  configure: (command) => {
    command
      .argument('<what>', `${imageForms}; or an action: add, list, validate, merge`)
      .argument('[args...]', 'add: recipe or FILE.json; list: the same, or an image; validate, merge: files')
      .option('--platform <platform>', 'use this platform of an image for several')
      .option('-o, --output <file>', 'write the document to a file instead')
      .option('--id <id>', 'add: the vulnerability, CVE-2025-1234')
      .option('--alias <id>', 'add: another name of the vulnerability; may be given several times', gather)
      .option('--status <status>', 'add: not_affected, affected, fixed or under_investigation')
      .option('--justification <word>', 'add: why it is not affected, in the words of OpenVEX')
      .option('--package <name>', 'add: what it is about, NAME, NAME@VERSION or a package URL', gather)
      .option('--product <purl>', 'add: the image, when FILE.json is not beside its recipe')
      .option('--statement <text>', 'add: the reason, or what to do')
      .option('--expires <day>', 'add: the last day on which it counts, 2027-01-31')
      .option('--author <name>', 'add: who states it')
    addTrustOptions(command)
  },
  examples: [
    { command: 'temper vex oci:out/nginx', does: 'the OpenVEX document, for grype --vex and trivy --vex' },
    {
      command:
        'temper vex add nginx --id CVE-2025-1234 --status not_affected --justification vulnerable_code_not_in_execute_path --package libxml2 --statement "XSLT is off" --expires 2027-01-31 --author "Jane Doe <jane@example.com>"',
      does: 'into the file beside the recipe, which the next build includes',
    },
    { command: 'temper vex list nginx', does: 'the statements beside the recipe, and when each expires' },
    {
      command: 'temper vex validate nginx.openvex.json',
      does: 'exit code 1 when something is wrong or has expired',
    },
    {
      command: 'temper vex merge ours.json theirs.csaf.json -o all.openvex.json',
      does: 'earlier files take precedence',
    },
  ],
  run: async (invocation) => {
    const [what, ...rest] = invocation.args.filter((each) => each !== undefined)
    switch (what) {
      case 'add':
        return await add(invocation, rest)
      case 'list':
        return await list(invocation, rest)
      case 'validate':
        return await validate(invocation, rest)
      case 'merge':
        return await merge(invocation, rest)
      default:
        return await print(invocation, [what ?? '', ...rest])
    }
  },
}

async function print(invocation: Invocation, args: readonly string[]): Promise<Outcome> {
  const theirs = foreignVexAction(args[0] ?? '')
  if (theirs !== undefined)
    throw new TemperError('bad-usage', `"${args[0]}" is not an action of "temper vex"`, { hint: theirs })
  const [reference = ''] = exactly(args, 'temper vex REF')
  const { vex } = await import('../../flows/vex/vex.ts')
  const context = await invocation.context()
  const attached = await vex(
    { reference: await namedImage(reference, invocation), ...common(invocation) },
    context,
  )
  if (!attached.verified)
    context.progress.note('Nobody vouches for these statements: no trusted key or identity was named.')
  return await document(invocation, attached.text)
}

async function add({ options, context }: Invocation, args: readonly string[]): Promise<Outcome> {
  const [target = ''] = exactly(args, 'temper vex add RECIPE|FILE.json')
  const { addStatement } = await import('../../flows/vex/statements.ts')
  const text = (name: string) => textOption(options, name)
  const [id, status] = [text('id'), text('status')]
  if (id === undefined || status === undefined)
    throw new TemperError('bad-usage', '"temper vex add" needs --id and --status')
  const optional = Object.fromEntries(
    (['justification', 'statement', 'product', 'expires', 'author'] as const).flatMap((name) => {
      const value = text(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const packages = listOption(options, 'package')
  const request = {
    place: placeOf(target),
    id,
    status,
    packages,
    aliases: listOption(options, 'alias'),
    ...optional,
  }
  const added = await addStatement(request, await context())
  return {
    json: { path: added.path, statement: added.statement },
    text: (style) => addedText(added, style),
    kind: 'summary',
  }
}

async function list(invocation: Invocation, args: readonly string[]): Promise<Outcome> {
  const [reference = ''] = exactly(args, 'temper vex list RECIPE|FILE.json|REF')
  const { listStatements } = await import('../../flows/vex/statements.ts')
  const listed = await listStatements(
    {
      of: isImage(reference) ? { kind: 'image', reference: parseReference(reference) } : placeOf(reference),
      ...common(invocation),
    },
    await invocation.context(),
  )
  const now = invocation.host.now()
  return { json: statementsJson(listed, now), text: (style) => statementsText(listed, { now, style }) }
}

async function validate({ context }: Invocation, files: readonly string[]): Promise<Outcome> {
  atLeastOne(files, 'temper vex validate FILE…')
  const { validateStatements } = await import('../../flows/vex/statements.ts')
  const checked = await validateStatements(files, await context())
  const valid = checked.every(({ problems }) => problems.length === 0)
  return {
    json: { valid, files: checked },
    text: (style) => checkedText(checked, style),
    kind: 'summary',
    exitCode: valid ? 0 : 1,
  }
}

async function merge(invocation: Invocation, files: readonly string[]): Promise<Outcome> {
  atLeastOne(files, 'temper vex merge FILE…')
  const { mergeStatements } = await import('../../flows/vex/statements.ts')
  return await document(invocation, await mergeStatements(files, await invocation.context()))
}

/** Prints a document, or writes it where `--output` says. */
async function document({ options, context }: Invocation, text: string): Promise<Outcome> {
  const output = textOption(options, 'output')
  if (output === undefined || output === '-')
    return {
      json: JSON.parse(text),
      text: () => (text.endsWith('\n') ? printable(text) : `${printable(text)}\n`),
      kind: 'document',
    }
  const { writeFileAtomic } = await import('../../base/file.ts')
  const path = resolve((await context()).workingDir, output)
  await writeFileAtomic(path, text)
  return { json: { output: path }, text: () => `Wrote ${path}\n`, kind: 'summary' }
}

function common({ options, host }: Invocation) {
  const platform = textOption(options, 'platform')
  return {
    ...trustRequest(options, host),
    ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
  }
}

function exactly(args: readonly string[], usage: string): readonly string[] {
  if (args.length === 1) return args
  throw new TemperError('bad-usage', `Expected one argument, found ${args.length}: ${usage}`)
}

function atLeastOne(files: readonly string[], usage: string): void {
  if (files.length === 0) throw new TemperError('bad-usage', `Expected files: ${usage}`)
}

/** A file of statements by its ending; else a recipe, beside which they lie. */
function placeOf(text: string): StatementPlace {
  return /\.(?:json|xml)$/.test(text) ? { kind: 'file', path: text } : { kind: 'recipe', target: text }
}

/** References of images have a transport or a host; recipes have a name or a path. */
function isImage(text: string): boolean {
  if (/^(?:oci|oci-archive|docker-archive|docker):/.test(text)) return true
  if (/\.(?:json|xml|ya?ml)$/.test(text) || /^[./~]/.test(text)) return false
  return /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9.-]+)?(?::\d+)?\/./.test(text) && /[.:]|^localhost\//.test(text)
}

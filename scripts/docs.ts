/**
 * Writes the reference pages that follow from the code: commands, exit codes, errors. `npm run docs` writes them,
 * `npm run docs -- --check` fails when one is not current.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { exitCodes } from '../packages/temper/src/base/error.ts'
import { errorCodes } from '../packages/temper/src/base/error-code.ts'
import type { CommandDefinition } from '../packages/temper/src/cli/program/command.ts'
import { allCommands } from '../packages/temper/src/cli/program/command-table.ts'
import { createProgram } from '../packages/temper/src/cli/program/program.ts'
import { advice } from '../packages/temper/src/cli/report/advice.ts'
import { knownExitCodes } from '../packages/temper/src/cli/report/error.ts'
import { quirks, refusals } from '../packages/temper/src/oci/registry/fixtures/loopback/quirks.ts'
import { policyInputJsonSchema } from '../packages/temper/src/policy/facts/schema.ts'
import { policyJsonSchema } from '../packages/temper/src/policy/file/schema.ts'
import { ignoreJsonSchema } from '../packages/temper/src/policy/ignore/schema.ts'
import { recipeJsonSchema } from '../packages/temper/src/recipe/schema/json-schema.ts'
import { recipeReference } from '../packages/temper/src/recipe/schema/reference.ts'
import { assessmentJsonSchema } from '../packages/temper/src/report/assessment/schema.ts'
import { scanJsonSchema } from '../packages/temper/src/report/json/schema.ts'
import { hardeningRules } from '../packages/temper/src/rules/hardening/rules.ts'
import { unusedRelaxation } from '../packages/temper/src/rules/hardening/unused-relaxation.ts'
import { imageRules } from '../packages/temper/src/rules/image/rules.ts'
import {
  baselineRules,
  contractRules,
  restrictedRules,
} from '../packages/temper/src/rules/kubernetes/rules.ts'
import { licenceRules } from '../packages/temper/src/sbom/licence/rules.ts'
import { closureRules } from '../packages/temper/src/tree/proof/rules.ts'
import { badge } from './badges.ts'
import { ownLock } from './catalog/own-lock.ts'
import { catalogPages } from './catalog/pages.ts'
import { complianceReference } from './docs/compliance.ts'
import { scanReference, violationsReference } from './docs/json.ts'
import { policyInputReference } from './docs/policy-input.ts'
import { type RuleChapter, rulesReference } from './docs/rules.ts'
import { secretsReference } from './docs/secrets.ts'
import { linkWords } from './glossary-links.ts'

type Command = ReturnType<typeof createProgram>
type Option = Command['options'][number]

const root = fileURLToPath(new URL('..', import.meta.url))
const notice = '<!-- Written by `npm run docs`; change the code instead. -->\n'

/** Every page that is written here, its path in the repository and its text; those of others with their words linked. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map(await generatedPages())
  for (const folder of ['docs/how-to', 'docs/reference'])
    for (const name of (await readdir(join(root, folder))).filter((each) => each.endsWith('.md'))) {
      const path = `${folder}/${name}`
      pages.set(path, linkWords(pages.get(path) ?? (await readFile(join(root, path), 'utf8')), path))
    }
  return pages
}

async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  const commands = await allCommands()
  return new Map([
    ...catalogPages(root, notice),
    ['catalog/temper/package-lock.json', ownLock(root)],
    ['docs/reference/cli.md', commandPage(commands)],
    ['docs/reference/exit-codes.md', exitCodePage()],
    ['docs/reference/errors.md', errorPage()],
    ['docs/reference/recipe.md', `${notice}\n${recipeReference()}`],
    ['docs/reference/registries.md', await registryPage()],
    ['docs/reference/secrets.md', `${notice}\n${secretsReference()}`],
    ['docs/reference/rules.md', `${notice}\n${rulesReference(ruleChapters())}`],
    ['docs/reference/compliance.md', `${notice}\n${complianceReference()}`],
    ['docs/reference/violations.md', `${notice}\n${violationsReference()}`],
    ['docs/reference/scan-result.md', `${notice}\n${scanReference()}`],
    ...(await badges()),
    ['packages/temper/schema/recipe.schema.json', schemaText(recipeJsonSchema())],
    ['packages/temper/schema/scan.schema.json', schemaText(scanJsonSchema())],
    ['packages/temper/schema/assess.schema.json', schemaText(assessmentJsonSchema())],
    ['packages/temper/schema/ignore.schema.json', schemaText(ignoreJsonSchema())],
    ['docs/reference/policy-input.md', `${notice}\n${policyInputReference(policyInputJsonSchema())}`],
    ['packages/temper/schema/policy.schema.json', schemaText(policyJsonSchema())],
  ])
}

/** What a badge can say before there is anything to ask: what the package says of itself. */
async function badges(): Promise<readonly (readonly [string, string])[]> {
  const { license, engines }: { license: string; engines: { node: string } } = JSON.parse(
    await readFile(join(root, 'packages/temper/package.json'), 'utf8'),
  )
  return [
    ['docs/images/licence.svg', badge('licence', license)],
    ['docs/images/node.svg', badge('Node', engines.node.replace('>=', '\u2265 '))],
  ]
}

function ruleChapters(): readonly RuleChapter[] {
  return [
    {
      title: 'A finished tree is closed',
      about:
        'Held against the tree of every image that is built, before anything is written. All but the first can be relaxed under `hardening.allow` of the [recipe](recipe.md).',
      rules: closureRules,
    },
    {
      title: 'A finished tree is hardened',
      about:
        'Held against the same tree. Most of what would break them is left out of packages in the first place. Each can be relaxed under `hardening.allow`, with a reason that becomes part of the image.',
      rules: hardeningRules,
    },
    {
      title: 'An image is hardened, whoever built it',
      about:
        'Held against any image or folder, together with those of the chapter before. The tier is the lowest that asks for the rule: an image that breaks it is at most in the tier below, in that aspect. Notes keep no image from a tier.',
      rules: imageRules.filter((rule) => !hardeningRules.some(({ id }) => id === rule.id)),
    },
    {
      title: 'A recipe asks for nothing that it does not need',
      about: 'Held against the relaxations of a recipe.',
      rules: [unusedRelaxation],
    },
    {
      title: 'Licences are accepted',
      about:
        'Held against every package by the lists of `temper sbom --deny` and `--allow`. A package breaks at most one of them.',
      rules: licenceRules({ deny: [], allow: [] }),
    },
    {
      title: 'A pod keeps to the standard "baseline"',
      about:
        'Held against every pod of the files that `temper admit` is given: the Pod Security Standards of Kubernetes 1.37, one rule a control.',
      rules: baselineRules,
    },
    {
      title: 'A pod keeps to the standard "restricted"',
      about: 'The same, besides those of "baseline"; the default of `temper admit`.',
      rules: restrictedRules,
    },
    {
      title: 'A pod does what its images are made for',
      about: "Held against the configuration of each container's image, whatever the standard.",
      rules: contractRules,
    },
  ]
}

/** The page of registries: written by hand, but for the list of what the tests imitate. */
async function registryPage(): Promise<string> {
  const page = await readFile(join(root, 'docs/reference/registries.md'), 'utf8')
  const list = [...Object.keys(quirks), ...Object.keys(refusals)].map((name) => `- ${name}`).join('\n')
  const [before, after] = [
    page.split('<!-- quirks: `npm run docs` -->\n')[0],
    page.split('<!-- /quirks -->\n')[1],
  ]
  return `${before}<!-- quirks: \`npm run docs\` -->\n\n${list}\n\n<!-- /quirks -->\n${after ?? ''}`
}

function schemaText(schema: object): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`
}

function commandPage(commands: readonly CommandDefinition[]): string {
  const program = createProgram(commands, { write: () => {}, columns: 100 })
  const parts = [
    `${notice}\n# Commands\n`,
    'What every command has in common: results go to standard output, progress and errors to standard error; the',
    '[exit code](exit-codes.md) says how it ended; `--json` prints exactly one JSON object on standard output,',
    'whatever happens. Settings come from options, then the environment, then the',
    '[configuration file](configuration.md).\n',
    '## Options of every command\n',
    optionTable(program.options),
  ]
  for (const definition of commands) {
    const command = program.commands.find((each) => each.name() === definition.name)
    if (command) parts.push(commandSection(command, definition))
  }
  return `${parts.join('\n').trimEnd()}\n`
}

function commandSection(command: Command, definition: CommandDefinition): string {
  const places = command.registeredArguments.map((argument) => ({
    name: argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    text: [argument.description, choicesText(argument.argChoices)].filter((part) => part !== '').join('; '),
  }))
  const usage = ['temper', command.name(), ...places.map(({ name }) => name), '[options]'].join(' ')
  const lines = [`## temper ${command.name()}\n`, `${sentence(definition.summary)}\n`, `    ${usage}\n`]
  if (places.length > 0)
    lines.push(
      table(
        ['Argument', 'Meaning'],
        places.map(({ name, text }) => [`\`${name}\``, text]),
      ),
    )
  if (command.options.length > 0) lines.push(optionTable(command.options))
  if (definition.examples.length > 0) {
    const examples = definition.examples.map(({ command: line, does }) => `# ${does}\n${line}`)
    lines.push(`\`\`\`sh\n${examples.join('\n\n')}\n\`\`\`\n`)
  }
  return lines.join('\n')
}

function optionTable(options: readonly Option[]): string {
  const shown = options.filter(({ hidden }) => !hidden)
  return table(
    ['Option', 'Meaning'],
    shown.map((option) => [`\`${option.flags}\``, option.description]),
  )
}

function choicesText(choices: readonly string[] | undefined): string {
  return choices ? `one of ${choices.map((choice) => `\`${choice}\``).join(', ')}` : ''
}

function exitCodePage(): string {
  const rows = knownExitCodes.map(({ code, meaning }) => [String(code), meaning])
  return `${notice}
# Exit codes

${table(['Code', 'Meaning'], rows)}
Which error leads to which code is in the [list of errors](errors.md).

The code is the verdict whether or not anybody reads what is printed: \`temper scan … --fail-on high | head\` ends with 1
when the gate says no (in a pipeline, with the shell's \`pipefail\`). A command that succeeds and whose output cannot be
written, as on a full disk, ends with 3.
`
}

function errorPage(): string {
  const rows = Object.entries(errorCodes).map(([code, { kind, title }]) => {
    const next = advice[code as keyof typeof errorCodes]
    return [`<a id="${code}"></a>\`${code}\``, String(exitCodes[kind]), title, next]
  })
  return `${notice}
# Errors

Every error has a code that stays the same from version to version, a message that says what was being done, to what,
what was expected and what was found, and the next step. With \`--json\`:

\`\`\`json
{"error": {"code": "package-not-found", "message": "…", "hint": "…", "exitCode": 2, "details": {}}}
\`\`\`

\`interrupted\` ends with 130 (Ctrl-C) or 143 (SIGTERM) when a signal was the reason. The next steps below are the
general ones; where Temper knows better it says so.

${table(['Code', 'Exit code', 'Meaning', 'Next step'], rows)}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`
}

/** Writes the pages that are not current, or only names them. Returns how many stay as they were. */
async function write({ check }: { readonly check: boolean }): Promise<number> {
  let stale = 0
  for (const [path, text] of await referencePages()) {
    const file = join(root, path)
    const current = await readFile(file, 'utf8').catch(() => '')
    if (current === text) continue
    stale++
    if (!check) {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
    }
    console.log(`${path}: ${check ? 'not current; run: npm run docs' : 'written'}`)
  }
  return check ? stale : 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await write({ check: process.argv.includes('--check') })) > 0 ? 1 : 0
}

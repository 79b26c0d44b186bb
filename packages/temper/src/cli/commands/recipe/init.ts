import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { TemperError } from '../../../base/error.ts'
import { throwIfStopped } from '../../../base/stop.ts'
import type { Beginning } from '../../../flows/begin/begin.ts'
import type { AppLanguage } from '../../../flows/begin/language.ts'
import type { RecipeDraft } from '../../../recipe/draft-recipe.ts'
import type { Host } from '../../host.ts'
import type { askBeginning } from '../../options/init-questions.ts'
import { flagOption, gather, listOption, textOption } from '../../options/option.ts'
import type { CommandDefinition, Invocation } from '../../program/command.ts'

export const command: CommandDefinition = {
  name: 'init',
  summary: 'write a first recipe, from the files in the folder, from options and by asking',
  configure: (command) => {
    command
      .argument('[folder]', 'folder of the recipe (default: the working folder)')
      .option('--name <name>', 'name of the image (default: that of the folder)')
      .option('--distribution <release>', 'release that the packages come from (default: debian-13)')
      .option('--language <name>', `what it is written in: ${languageNames} (default: what the folder shows)`)
      .option('--package <name>', 'package to install; repeat for several', gather)
      .option(
        '--file <source=path>',
        'file or folder to add, and its path in the image; repeat for several',
        gather,
      )
      .option('--entrypoint <words>', 'program to start and its arguments, separated by commas', gather)
      .option('--port <port>', 'port that it listens on; repeat for several', gather)
      .option('--run-as <user>', 'the user that it runs as (default: nonroot)')
      .option('-y, --yes', 'ask nothing, and take what the folder tells')
      .option('-o, --output <file>', 'where to write it; - prints it (default: recipe.yaml in the folder)')
      .option('--force', 'overwrite an existing recipe')
  },
  examples: [
    {
      command: 'temper init',
      does: 'asks what the image is to be, and writes recipe.yaml; without a terminal it takes what the folder tells',
    },
    { command: 'temper init shop --package nginx --port 8080', does: 'writes shop/recipe.yaml' },
    {
      command: 'temper init -o - --name tool --package curl --entrypoint /usr/bin/curl,--version',
      does: 'prints the recipe',
    },
  ],
  run: async ({ args, options, host, context, say }) => {
    const [folderName = '.'] = args
    const folder = resolve(host.workingDir, folderName)
    const { draftRecipe } = await import('../../../recipe/draft-recipe.ts')
    const { draft, notes } = await draftOf({ folder, options, host, context })
    const text = draftRecipe(draft)
    const output = textOption(options, 'output')
    for (const note of notes) say(note)
    if (output === '-') return { json: { recipe: text }, text: () => text, kind: 'document' }
    const path = output === undefined ? join(folder, 'recipe.yaml') : resolve(host.workingDir, output)
    if (existsSync(path) && !flagOption(options, 'force')) {
      throw new TemperError('bad-usage', `${path} already exists`, {
        hint: 'Name another file with -o, or overwrite it with --force.',
      })
    }
    const { makeFolder, writeFileAtomic } = await import('../../../base/file.ts')
    await makeFolder(folder)
    await writeFileAtomic(path, text)
    return {
      json: { recipe: path },
      text: (style) => `${style.good('✓')} wrote ${path}\n`,
      kind: 'summary',
    }
  },
}

/** Loading what knows them would take longer than any other command does. */
const languageNames = 'python, php, ruby, go, rust, java or node'

function wantedLanguage(
  options: Readonly<Record<string, unknown>>,
  languages: readonly AppLanguage[],
): AppLanguage | undefined {
  const name = textOption(options, 'language')
  const language = languages.find((each) => each === name)
  if (name === undefined || language !== undefined) return language
  throw new TemperError(
    'bad-usage',
    `--language: expected ${languageNames}, found ${JSON.stringify(name.slice(0, 80))}`,
    { hint: 'For a program in another language, name it with --file and --entrypoint.' },
  )
}

interface BeginRequest {
  readonly folder: string
  readonly options: Readonly<Record<string, unknown>>
  readonly host: Host
  readonly context: Invocation['context']
}

/** What options say, then what the folder tells, then what a person answers to questions about the rest. */
async function draftOf({
  folder,
  options,
  host,
  context,
}: BeginRequest): Promise<{ readonly draft: RecipeDraft; readonly notes: readonly string[] }> {
  const [{ findApplication }, { languages }, begin, { chooseLine }] = await Promise.all([
    import('../../../flows/begin/application.ts'),
    import('../../../flows/begin/language.ts'),
    import('../../../flows/begin/begin.ts'),
    import('../../../flows/begin/line.ts'),
  ])
  const { beginRecipe, notesOf, portsOf, releasesToBeginWith } = begin
  const found = await findApplication(folder, wantedLanguage(options, languages))
  const distribution = textOption(options, 'distribution')
  const user = textOption(options, 'runAs')
  const files = listOption(options, 'file').map((each) => {
    const at = each.indexOf('=')
    const source = at < 0 ? each : each.slice(0, at)
    return { source, path: at < 0 ? `/app/${basename(source)}` : each.slice(at + 1) }
  })
  const entrypoint = listOption(options, 'entrypoint')
  const { main, files: own, build, start, ...rest } = found
  const ports = listOption(options, 'port')
  // What is named is not guessed.
  const isNamed = files.length > 0 || entrypoint.length > 0
  const known: Beginning = {
    name: textOption(options, 'name') ?? nameOf(folder),
    ...(distribution === undefined ? {} : { distribution }),
    ...rest,
    ...(main === undefined || isNamed ? {} : { main }),
    ...(own === undefined || isNamed ? {} : { files: own }),
    ...(build === undefined || isNamed ? {} : { build }),
    ...(start === undefined || isNamed ? {} : { start }),
    ports: ports.length > 0 ? ports : portsOf(found),
    ...(user === undefined ? {} : { user }),
  }
  const isAsked = !flagOption(options, 'yes') && !flagOption(options, 'json')
  const answers = isAsked
    ? await asked(known, { folder, found, releases: releasesToBeginWith() }, host)
    : known
  const { line, whole: nodeLine, note } = await chooseLine(answers, await context())
  const lines = Object.assign(
    {},
    line === undefined ? {} : { line },
    nodeLine === undefined ? {} : { nodeLine },
  )
  const draft = beginRecipe(Object.assign({}, answers, lines))
  const notes = [...(note === undefined ? [] : [note]), ...notesOf(answers)]
  const whole = {
    ...draft,
    packages: [...new Set([...listOption(options, 'package'), ...draft.packages])],
    files: [...files, ...draft.files],
    entrypoint: entrypoint.length > 0 ? entrypoint : draft.entrypoint,
  }
  return { draft: whole, notes }
}

async function asked(
  known: Beginning,
  about: Parameters<typeof askBeginning>[1],
  host: Host,
): Promise<Beginning> {
  if (!host.isAnswered) return known
  const { askBeginning } = await import('../../options/init-questions.ts')
  const answers = await askBeginning(known, about, host)
  if (answers !== undefined) return answers
  throwIfStopped(host.signal)
  throw new TemperError('bad-usage', 'The questions were not answered: nothing is written', {
    hint: 'Take what is offered with --yes, or say it by options.',
  })
}

/** A folder's name as an image can have it. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return name === '' ? 'image' : name
}

import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { RecipeDraft } from '../../../recipe/draft-recipe.ts'
import { flagOption, gather, listOption, textOption } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'

export const command: CommandDefinition = {
  name: 'init',
  summary: 'write a first recipe, from options and from the lock files in the folder',
  configure: (command) => {
    command
      .argument('[folder]', 'folder of the recipe (default: the working folder)')
      .option('--name <name>', 'name of the image (default: that of the folder)')
      .option('--distribution <release>', 'release that the packages come from (default: debian-13)')
      .option('--package <name>', 'package to install; repeat for several', gather)
      .option(
        '--file <source=path>',
        'file or folder to add, and its path in the image; repeat for several',
        gather,
      )
      .option('--entrypoint <words>', 'program to start and its arguments, separated by commas', gather)
      .option('--port <port>', 'port that it listens on; repeat for several', gather)
      .option('-o, --output <file>', 'where to write it; - prints it (default: recipe.yaml in the folder)')
      .option('--force', 'overwrite an existing recipe')
  },
  examples: [
    { command: 'temper init shop --package nginx --port 8080', does: 'writes shop/recipe.yaml' },
    {
      command: 'temper init -o - --name tool --package curl --entrypoint /usr/bin/curl,--version',
      does: 'prints the recipe',
    },
  ],
  run: async ({ args, options, host }) => {
    const [folderName = '.'] = args
    const folder = resolve(host.workingDir, folderName)
    const { draftRecipe } = await import('../../../recipe/draft-recipe.ts')
    const text = draftRecipe(draftOf(folder, options))
    const output = textOption(options, 'output')
    if (output === '-') return { json: { recipe: text }, text: () => text, kind: 'document' }
    const path = output === undefined ? join(folder, 'recipe.yaml') : resolve(host.workingDir, output)
    if (existsSync(path) && !flagOption(options, 'force')) {
      const { TemperError } = await import('../../../base/error.ts')
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

/** What lock files in the folder tell of the application, and which package runs it. */
const lockFiles = [
  { file: 'uv.lock', kind: 'python', package: 'python3' },
  { file: 'poetry.lock', kind: 'python', package: 'python3' },
  { file: 'Pipfile.lock', kind: 'python', package: 'python3' },
  { file: 'requirements.txt', kind: 'python', package: 'python3' },
  { file: 'package-lock.json', kind: 'npm', package: 'nodejs' },
] as const

function draftOf(folder: string, options: Readonly<Record<string, unknown>>): RecipeDraft {
  const distribution = textOption(options, 'distribution')
  const kinds = new Set<string>()
  const locks = lockFiles.filter(({ file, kind }) => {
    const isFirst = existsSync(join(folder, file)) && !kinds.has(kind)
    if (isFirst) kinds.add(kind)
    return isFirst
  })
  return {
    name: textOption(options, 'name') ?? nameOf(folder),
    ...(distribution === undefined ? {} : { distribution }),
    packages: [...new Set([...listOption(options, 'package'), ...locks.map((each) => each.package)])],
    files: listOption(options, 'file').map((each) => {
      const at = each.indexOf('=')
      const source = at < 0 ? each : each.slice(0, at)
      return { source, path: at < 0 ? `/app/${basename(source)}` : each.slice(at + 1) }
    }),
    dependencies: locks.map(({ file, kind }) =>
      kind === 'npm' ? { npm: file, into: '/app' } : { python: file },
    ),
    entrypoint: listOption(options, 'entrypoint'),
    ports: listOption(options, 'port'),
  }
}

/** A folder's name as an image can have it. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return name === '' ? 'image' : name
}

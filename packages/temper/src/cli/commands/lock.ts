import type { LockRequest } from '../../flows/lock/lock.ts'
import { formatPlatform, parsePlatform } from '../../model/platform.ts'
import { argument, gather, listOption, textOption } from '../options/option.ts'
import { addRecipeOptions, recipeOptions } from '../options/recipe-option.ts'
import type { CommandDefinition, Invocation } from '../program/command.ts'
import { lockJson, lockText } from '../report/lock.ts'

export const command: CommandDefinition = {
  name: 'lock',
  summary: 'choose packages for a recipe and write the choice to a lock, or update a lock',
  quietable: true,
  configure: (command) => {
    command
      .argument('<target>', 'name of a recipe in the catalogue, or path of a recipe file or its folder')
      .option(
        '-o, --output <file>',
        'where to write (default: beside the recipe); "-" prints the lock instead',
      )
      .option(
        '--update [package]',
        'update this package and keep all others (repeat for several); without a name, update all',
        gatherUpdates,
      )
      .option(
        '--platform <platform>',
        'linux/amd64 or linux/arm64; repeat for several (default: those of the recipe)',
        gather,
      )
    addRecipeOptions(command)
    command.option('--no-prepare', 'only lock: do not prepare the next build')
  },
  examples: [
    { command: 'temper lock web.yaml', does: 'writes the lock beside web.yaml; the next build uses it' },
    {
      command: 'temper lock web.yaml --update',
      does: 'newest versions, and a list of changes with the CVEs that they fix',
    },
    { command: 'temper lock web.yaml --update libssl3t64', does: 'only that package' },
    {
      command: 'temper lock nginx -o nginx.lock.json',
      does: 'a lock for a recipe of the catalogue, then: temper build nginx --lock nginx.lock.json',
    },
  ],
  run: async (invocation) => {
    const recipe = await recipeOptions(invocation.options, invocation.host)
    const request = { ...lockRequest(invocation), ...recipe }
    const { lock } = await import('../../flows/lock/lock.ts')
    const outcome = await lock(request, await invocation.context())
    return {
      json: lockJson(outcome),
      ...(request.output === '-' ? { kind: 'document' } : {}),
      text: (style) =>
        request.output === '-'
          ? outcome.text
          : lockText(outcome, { target: request.target, file: request.output, style }),
    }
  },
}

/** `--update` without a name is `true`; with names it gathers them. */
function gatherUpdates(value: string, earlier: readonly string[] | true | undefined): readonly string[] {
  return gather(value, earlier === true ? undefined : earlier)
}

function lockRequest({ args, options }: Invocation): LockRequest {
  const output = textOption(options, 'output')
  const platforms = listOption(options, 'platform').map((text) => formatPlatform(parsePlatform(text)))
  const update = options['update'] === undefined ? undefined : listOption(options, 'update')
  return {
    target: argument(args, 0),
    ...(output === undefined ? {} : { output }),
    ...(platforms.length === 0 ? {} : { platforms }),
    ...(update === undefined ? {} : { update }),
    ...(options['prepare'] === false ? { prepare: false } : {}),
  }
}

import { resolve } from 'node:path'
import { gather, listOption, textOption } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { buildSettings } from './builds.ts'
import { loadServer, tokenOf } from './module.ts'

/** Where the token comes from that is not to stand in lists of processes. */
const tokenVariable = 'TEMPER_WORKER_TOKEN'

export const command: CommandDefinition = {
  name: 'worker',
  summary: 'build images for a factory on another machine, until it is stopped',
  configure: (command) => {
    command
      .requiredOption('--server <address>', 'address of the factory')
      .option('--token-file <file>', `file with a token of the role worker (default: ${tokenVariable})`)
      .option('--name <name>', 'name of the worker, for people (default: the name of this machine)')
      .option('--data <folder>', 'folder that it works in and keeps packages in (default: temper-worker)')
      .option(
        '--reach <host>',
        'private host, address or range that builds may ask; repeat for several',
        gather,
      )
      .option('--once', 'end after one task, for setups that start a new machine for each task')
      .addHelpText(
        'after',
        '\nIt gets recipes and locks, and returns images. It holds no signing key, and the factory does not believe what' +
          '\nit says about an image: the factory examines the image itself.',
      )
  },
  examples: [
    {
      command: 'temper worker --server https://factory.example --token-file worker.token',
      does: 'builds for a factory that was started with --build-on workers',
    },
  ],
  stopsWithin: 30_000,
  run: async (invocation) => {
    const { options, host, context } = invocation
    const { parseWorkerSettings, work } = await loadServer()
    const server = textOption(options, 'server')
    const settings = parseWorkerSettings({
      ...(await buildSettings(invocation)),
      server,
      token: await tokenOf(invocation, { variable: tokenVariable, role: 'worker' }),
      ...(textOption(options, 'name') === undefined ? {} : { name: textOption(options, 'name') }),
      data: resolve(host.workingDir, textOption(options, 'data') ?? 'temper-worker'),
      reachable: listOption(options, 'reach'),
      once: options['once'] === true,
    })
    await work(settings, await context())
    return { json: { stopped: server }, text: () => '', kind: 'summary' }
  },
}

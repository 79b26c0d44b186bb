import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { TemperError } from '../../../base/error.ts'
import { textOption } from '../../options/option.ts'
import type { CommandDefinition, Invocation } from '../../program/command.ts'
import { loadServer, tokenOf } from './module.ts'

/** Most bytes of standard input. */
const inputLimit = 64 << 20

export const command: CommandDefinition = {
  name: 'report-running',
  summary: 'tell a factory which images run in a cluster or on a machine',
  configure: (command) => {
    command
      .argument(
        '[list]',
        'file with the output of docker, podman, crictl or kubectl, or with one image per line; - is standard input',
      )
      .requiredOption('--server <address>', 'address of the factory')
      .option('--token-file <file>', 'file with a token of the role reporter (default: TEMPER_TOKEN)')
      .option('--place <name>', 'name of the place, for people (default: the context of the kubeconfig)')
      .option('--kubeconfig <file>', 'ask a cluster for its pods; needs the right to list them')
      .option('--context <name>', 'which context of the kubeconfig (default: its current one)')
      .addHelpText('after', '\nThe report replaces earlier ones about the place. Nothing is changed there.')
  },
  examples: [
    {
      command:
        'temper report-running --server https://factory.example --kubeconfig ~/.kube/config --token-file reporter.token',
      does: 'reports what runs in a cluster',
    },
    {
      command:
        'docker inspect $(docker ps -q) | temper report-running - --server https://factory.example --place build-1 --token-file reporter.token',
      does: 'reports what runs on a machine',
    },
  ],
  run: async (invocation) => {
    const { args, options, context } = invocation
    const { reportRunning } = await loadServer()
    const place = textOption(options, 'place')
    const { place: at, images } = await reportRunning(
      {
        server: textOption(options, 'server'),
        token: await tokenOf(invocation, { variable: 'TEMPER_TOKEN', role: 'reporter' }),
        ...(place === undefined ? {} : { place }),
        from: await sourceOf(invocation, args[0]),
      },
      await context(),
    )
    return {
      json: { place: at, images: images.map((each) => ({ ...each })) },
      text: (style) => `${style.good('✓')} ${images.length} images at ${at}\n`,
    }
  },
}

async function sourceOf({ options, host }: Invocation, list: string | undefined): Promise<object> {
  const kubeconfig = textOption(options, 'kubeconfig')
  const context = textOption(options, 'context')
  if ((kubeconfig === undefined) === (list === undefined))
    throw new TemperError('bad-usage', 'Expected a list or a kubeconfig')
  if (kubeconfig !== undefined)
    return { kubeconfig: resolve(host.workingDir, kubeconfig), ...(context === undefined ? {} : { context }) }
  if (list === '-') return { text: Buffer.from(await host.readInput(inputLimit)).toString('utf8') }
  return { text: await readFile(resolve(host.workingDir, list ?? ''), 'utf8') }
}

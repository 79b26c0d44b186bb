import { Option } from 'commander'
import { TemperError } from '../../base/error.ts'
import { parsePlatform } from '../../model/platform.ts'
import { parseLayout } from '../options/layout-option.ts'
import { argument, textOption } from '../options/option.ts'
import { addRecipeOptions, recipeOptions } from '../options/recipe-option.ts'
import type { CommandDefinition, Invocation } from '../program/command.ts'
import { testText } from '../report/test.ts'

const runtimes = ['runc', 'podman', 'docker'] as const

export const command: CommandDefinition = {
  name: 'test',
  quietable: true,
  summary: 'build an image and run its recipe’s tests in locked-down containers',
  configure: (command) => {
    command
      .argument('<target>', 'name of a recipe in the catalogue, or path of a recipe file or its folder')
      .option('-o, --output <dir>', 'folder of the OCI layout that is built and tested (default: out/NAME)')
      .option(
        '--platform <platform>',
        'linux/amd64 or linux/arm64; any other than this machine’s needs an emulator registered with the kernel (default: this machine’s)',
      )
      .option('--lock <file>', 'lock to build from (default: the one beside the recipe, if any)')
      .addOption(
        new Option(
          '--runtime <name>',
          'container runtime to use (default: runc for root, else podman, else docker)',
        ).choices(runtimes),
      )
    addRecipeOptions(command)
  },
  examples: [
    {
      command: 'temper test nginx',
      does: 'in a container with a read-only root file system, not as root, without capabilities and network',
    },
    { command: 'temper test web.yaml --verbose', does: 'also show what the containers print' },
  ],
  run: async (invocation) => {
    const { args, options, host } = invocation
    const target = argument(args, 0)
    const output = textOption(options, 'output')
    const lock = textOption(options, 'lock')
    const platform = textOption(options, 'platform')
    const runtime = runtimes.find((name) => name === options['runtime'])
    const recipe = await recipeOptions(options, host)
    const started = host.now().getTime()
    const { test } = await import('../../flows/test/test.ts')
    const outcome = await test(
      {
        target,
        ...recipe,
        ...(output === undefined ? {} : { layout: parseLayout(output) }),
        ...(lock === undefined ? {} : { lock }),
        ...(platform === undefined ? {} : { platforms: [platform] }),
      },
      await invocation.context(),
      {
        architecture: hostArchitecture(invocation),
        node: host.machine.node,
        ...(runtime === undefined ? {} : { runtime }),
      },
    )
    const milliseconds = host.now().getTime() - started
    const passed = outcome.results.every((result) => result.passed)
    return {
      json: { ...outcome, passed, milliseconds },
      text: (style) => testText(outcome, { target, milliseconds, style }),
      exitCode: passed ? 0 : 1,
    }
  },
}

function hostArchitecture({ host }: Invocation) {
  const { architecture } = host.machine
  try {
    return parsePlatform(architecture === 'x64' ? 'amd64' : architecture).architecture
  } catch (error) {
    throw new TemperError(
      'tool-missing',
      `This machine (${architecture}) cannot run the images that Temper builds`,
      {
        hint: 'Run the tests on an amd64 or arm64 machine.',
        cause: error,
      },
    )
  }
}

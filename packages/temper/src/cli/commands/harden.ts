import { Option } from 'commander'
import { TemperError } from '../../base/error.ts'
import type { HardenPart, HardenRequest } from '../../flows/harden/request.ts'
import { parseImagePlatform } from '../../model/platform.ts'
import { type RelaxableRule, type Relaxation, relaxableRules } from '../../model/recipe.ts'
import { parseLayout } from '../options/layout-option.ts'
import { namedImage } from '../options/named-image.ts'
import { argument, flagOption, gather, listOption, textOption } from '../options/option.ts'
import { publishRequest } from '../options/publish-option.ts'
import type { CommandDefinition, Invocation } from '../program/command.ts'
import { hardenText } from '../report/harden.ts'

const parts: readonly HardenPart[] = ['updates', 'rules']

const forms = 'oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, docker:NAME or HOST/NAME[:TAG][@DIGEST]'

export const command: CommandDefinition = {
  name: 'harden',
  summary: 'harden any image: remove what nothing needs, restrict rights',
  quietable: true,
  configure: (command) => {
    command
      .argument('<image>', forms)
      .requiredOption('-o, --output <folder>', 'OCI layout to write, as DIR or oci:DIR:TAG')
      .option(
        '--run-as <user>',
        'the user that it runs as, a name or number; nonroot is added if it is missing',
      )
      .option(
        '--writable <path>',
        'a path that this user owns, created if missing; repeat for several',
        gather,
      )
      .option(
        '--allow <rule>',
        'keep what this rule would remove, everywhere or at RULE=GLOB; repeat for several',
        gather,
      )
      .addOption(
        new Option('--only <part>', 'only update packages, or only apply the rules').choices([...parts]),
      )
      .option('--lock <file>', 'use the packages in this lock; it is written if it does not exist')
      .option('--squash', 'one layer in place of all, without anything that was removed')
      .option('--platform <platform>', 'which platform of an image for several')
      .option('--tag <reference>', 'also write it here; repeat for several', gather)
      .option('--push', 'publish to the registries among them')
  },
  examples: [
    {
      command: 'temper harden registry.example/team/web:1 -o out/web',
      does: 'removes what nothing needs; lists what is left with the reason, and then ends with exit code 1',
    },
    {
      command: 'temper harden oci:out/nginx -o out/hard --run-as nonroot --writable /var/lib/web',
      does: 'runs as a user other than root, who owns the paths that the program writes',
    },
    {
      command: 'temper harden oci:out/nginx -o out/hard --allow shell --allow "ballast=/etc/init.d/**"',
      does: 'with a shell and its service scripts',
    },
    {
      command: "temper harden registry.example/team/web:1 -o out/web --json | jq '.left[].what'",
      does: 'for scripts',
    },
  ],
  run: async (invocation) => {
    const { harden } = await import('../../flows/harden/harden.ts')
    const result = await harden(await requestOf(invocation), await invocation.context())
    const verbose = flagOption(invocation.options, 'verbose')
    return {
      json: { ...result },
      text: (style) => hardenText(result, { style, verbose }),
      exitCode: result.left.length === 0 ? 0 : 1,
    }
  },
}

async function requestOf({ args, options, host, say }: Invocation): Promise<HardenRequest> {
  const [user, platform, lock] = ['runAs', 'platform', 'lock'].map((name) => textOption(options, name))
  const only = parts.find((part) => part === options['only'])
  const writable = listOption(options, 'writable')
  for (const path of writable)
    if (!path.startsWith('/') || path.split('/').includes('..'))
      throw new TemperError('bad-usage', `--writable ${path}: expected an absolute path`)
  const { copies = [] } = publishRequest({
    tags: listOption(options, 'tag'),
    push: flagOption(options, 'push'),
  })
  return {
    image: await namedImage(argument(args, 0), { host, say }),
    layout: parseLayout(textOption(options, 'output') ?? ''),
    allow: listOption(options, 'allow').map(allowed),
    writable,
    copies,
    ...(only === undefined ? {} : { only }),
    ...(lock === undefined ? {} : { lock }),
    ...(flagOption(options, 'squash') ? { squash: true } : {}),
    ...(user === undefined ? {} : { user }),
    ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
  }
}

function allowed(text: string): Relaxation {
  const [, name = '', path] = /^([^=]*)(?:=(.+))?$/s.exec(text) ?? []
  const rule = relaxableRules.find((each) => each === name)
  if (rule === undefined)
    throw new TemperError('bad-usage', `--allow ${text.slice(0, 100)}: there is no such rule`, {
      hint: `Write one of ${relaxableRules.join(', ')}.`,
    })
  return { rule: rule satisfies RelaxableRule, why: 'asked for', ...(path === undefined ? {} : { path }) }
}

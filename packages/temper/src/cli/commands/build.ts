import type { BuildRequest } from '../../flows/build/build.ts'
import { formatPlatform, parsePlatform } from '../../model/platform.ts'
import { addEvidenceOption, evidencePolicy } from '../options/evidence-option.ts'
import { signingKeyForms } from '../options/image-argument.ts'
import { parseLayout } from '../options/layout-option.ts'
import { argument, flagOption, gather, joinRules, listOption, textOption } from '../options/option.ts'
import { addPolicyOption, policyOption } from '../options/policy-option.ts'
import { publishRequest } from '../options/publish-option.ts'
import { addRecipeOptions, recipeOptions } from '../options/recipe-option.ts'
import { addServiceOptions, signingKey } from '../options/signing-option.ts'
import type { CommandDefinition, Invocation } from '../program/command.ts'
import { buildJson, buildText } from '../report/build.ts'
import { programName } from '../report/next-commands.ts'

export const command: CommandDefinition = {
  name: 'build',
  summary: 'build an image from a recipe, or from a lock when there is one',
  quietable: true,
  configure: (command) => {
    command
      .argument('<target>', 'name of a recipe in the catalogue, or path of a recipe file or its folder')
      .option('-o, --output <dir>', 'folder of the OCI layout that is written (default: out/NAME)')
      .option(
        '--platform <platform>',
        'linux/amd64 or linux/arm64; repeat for several (default: those of the recipe)',
        gather,
      )
      .option('--lock <file>', 'lock to build from (default: the one beside the recipe, if any)')
      .option('--tag <ref>', 'also write the image here, under this name; repeat for several', gather)
      .option('--push', 'publish to the registries that --tag names; each tag is set last')
      .option('--strict', 'fail when a maintainer script does something that Temper does not model')
      .option(
        '--vex-feeds [path]',
        'also state open vulnerabilities in the VEX document, from these feeds (default: those in the cache)',
      )
      .option('--feeds <path>', 'advisories to scan the image with (default: those in the cache, if any)')
      .option(
        '--fail-on <rules>',
        'rules that refuse the image before it is published: see "temper help scan"',
        joinRules,
      )
      .option('--sign <key>', `sign the image and what is attached to it: ${signingKeyForms}`)
    addRecipeOptions(command)
    addPolicyOption(command)
    addEvidenceOption(command)
    addServiceOptions(command)
  },
  examples: [
    { command: 'temper build nginx', does: 'from the catalogue, into out/nginx' },
    {
      command: 'temper build web.yaml -o build/web --platform linux/arm64',
      does: 'your own recipe, for another platform',
    },
    {
      command: 'temper build nginx --tag registry.example/team/nginx:1.26 --push',
      does: 'build and publish; the tag moves only when everything is there',
    },
    {
      command: 'temper build nginx --policy baseline --tag registry.example/team/nginx:1.26 --push',
      does: 'the same, if the policy allows it',
    },
    {
      command: 'temper build nginx --certificate corporate-root.crt',
      does: 'an image that also trusts the authority of the company',
    },
    { command: 'temper build nginx --tag docker-archive:nginx.tar', does: 'a file for "docker load"' },
  ],
  run: async (invocation) => {
    const policy = await policyOption(invocation.options, invocation.host)
    const recipe = await recipeOptions(invocation.options, invocation.host)
    const request = { ...buildRequest(invocation), ...recipe, ...(policy === undefined ? {} : { policy }) }
    const started = invocation.host.now().getTime()
    const { build } = await import('../../flows/build/build.ts')
    const result = await build(request, await invocation.context())
    const milliseconds = invocation.host.now().getTime() - started
    return {
      json: buildJson(result, milliseconds),
      text: (style) =>
        buildText(result, {
          target: [request.target, ...chosenWords(request)].join(' '),
          milliseconds,
          style,
          program: programName(invocation.host.env),
          workingDir: invocation.host.workingDir,
        }),
    }
  },
}

/** What says again which image of the recipe it is. */
function chosenWords({ line, variant }: Pick<BuildRequest, 'line' | 'variant'>): readonly string[] {
  return [
    ...(line === undefined ? [] : ['--line', line]),
    ...(variant === undefined ? [] : ['--variant', variant]),
  ]
}

function buildRequest({ args, options, host }: Invocation): BuildRequest {
  const key = textOption(options, 'sign')
  const output = textOption(options, 'output')
  const lock = textOption(options, 'lock')
  const platforms = listOption(options, 'platform').map((text) => formatPlatform(parsePlatform(text)))
  return {
    target: argument(args, 0),
    ...publishRequest({ tags: listOption(options, 'tag'), push: flagOption(options, 'push') }),
    evidence: evidencePolicy(options),
    strict: flagOption(options, 'strict'),
    ...(output === undefined ? {} : { layout: parseLayout(output) }),
    ...(lock === undefined ? {} : { lock }),
    scan: scanRules(options),
    ...vexFeedsOption(options['vexFeeds']),
    ...(key === undefined ? {} : { sign: signingKey(options, host, key) }),
    ...(platforms.length === 0 ? {} : { platforms }),
  }
}

function scanRules(options: Readonly<Record<string, unknown>>): BuildRequest['scan'] & object {
  const [feeds, failOn] = [textOption(options, 'feeds'), textOption(options, 'failOn')]
  return { ...(feeds === undefined ? {} : { feeds }), ...(failOn === undefined ? {} : { failOn }) }
}

/** `--vex-feeds` without a path is `true`. */
function vexFeedsOption(value: unknown): Pick<BuildRequest, 'vexFeeds'> {
  if (value === undefined) return {}
  return { vexFeeds: typeof value === 'string' ? { feeds: value } : {} }
}

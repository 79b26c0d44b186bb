import { dirname, join, resolve } from 'node:path'
import { Argument } from 'commander'
import { exitCodes, TemperError } from '../../base/error.ts'
import type { TrustChange } from '../../flows/trust/edit.ts'
import { trustFileOf, trustLoader } from '../context.ts'
import { configurationFile } from '../directories.ts'
import { namedImage } from '../options/named-image.ts'
import { flagOption, gather, listOption, textOption } from '../options/option.ts'
import { identityPattern } from '../options/trust-option.ts'
import type { CommandDefinition, Invocation, Outcome } from '../program/command.ts'
import { trustText } from '../report/trust.ts'

const actions = ['init', 'show', 'add-key', 'add-identity', 'add-rule', 'check', 'root'] as const

export const command: CommandDefinition = {
  name: 'trust',
  summary: 'edit the file that says whom to trust about which images',
  configure: (command) => {
    command
      .addArgument(new Argument('[action]', 'what to do').choices(actions).default('show'))
      .argument(
        '[args...]',
        'add-key: NAME FILE; add-identity: NAME; add-rule: PATTERN…, such as registry.example/team/**; check: REF',
      )
      .option(
        '--trust <file>',
        'trust file (default: TEMPER_TRUST, the configured one, or trust.yaml beside it)',
      )
      .option('--identity <text>', 'add-identity: an e-mail address, or the address of a workflow')
      .option('--identity-regexp <pattern>', 'the same, as a regular expression that has to match all of it')
      .option('--issuer <url>', 'add-identity: issuer that must vouch for this identity')
      .option('--issuer-regexp <pattern>', 'the same, as a regular expression that has to match all of it')
      .option('--signed-by <name>', 'add-rule: key or identity of the file; repeat for several', gather)
      .option('--require <type>', 'add-rule: what has to be signed (default: signature)', gather)
      .option('--max-age <age>', 'add-rule: maximum age of a signature: 12h, 30d, 4w')
      .option('--require-name', 'add-rule: the name in the signature must be the name of the image')
      .option('-o, --output <file>', 'root: write the trusted root here (default: print it)')
  },
  examples: [
    { command: 'temper trust init', does: 'makes a file that trusts nobody yet' },
    { command: 'temper trust add-key release release.pub', does: 'puts the key into the file' },
    {
      command:
        'temper trust add-identity ci --identity https://github.com/team/images/.github/workflows/release.yml@refs/heads/main --issuer https://token.actions.githubusercontent.com',
      does: 'trusts what this workflow signs without a key',
    },
    {
      command:
        "temper trust add-rule 'registry.example/team/**' --signed-by release,ci --require signature,spdx --max-age 90d",
      does: 'one of the two must have signed both, within the last 90 days',
    },
    {
      command: 'temper trust check registry.example/team/nginx:1.26',
      does: 'exit code 0 if it is trusted, 1 if not',
    },
    {
      command: 'temper trust root -o trusted_root.json',
      does: 'the services of the public good instance, for verifying without a network',
    },
  ],
  run: async (invocation) => {
    switch (invocation.args[0]) {
      case 'init':
        return await init(invocation)
      case 'add-key':
      case 'add-identity':
      case 'add-rule':
        return await add(invocation, invocation.args[0])
      case 'check':
        return await check(invocation)
      case 'root':
        return await root(invocation)
      default:
        return await show(invocation)
    }
  },
}

/** Words after the action. */
function words({ args }: Invocation): readonly string[] {
  return args.slice(1).filter((word) => word !== undefined)
}

/** The file that is meant, there or not. */
async function fileOf({ options, host }: Invocation): Promise<string> {
  const configuration = textOption(options, 'config') ?? configurationFile(host.env)
  return (
    textOption(options, 'trust') ??
    (await trustFileOf(host, options)) ??
    join(dirname(configuration), 'trust.yaml')
  )
}

async function init(invocation: Invocation): Promise<Outcome> {
  const { initTrust } = await import('../../flows/trust/edit.ts')
  const file = await fileOf(invocation)
  await initTrust(file, await invocation.context())
  return {
    json: { file },
    text: (style) => `${style.good('✓')} wrote ${file}, which trusts nobody yet\n`,
    kind: 'summary',
  }
}

async function show(invocation: Invocation): Promise<Outcome> {
  const { showTrust } = await import('../../flows/trust/show.ts')
  const shown = await showTrust(await fileOf(invocation), await invocation.context())
  return { json: { ...shown }, text: (style) => trustText(shown, style) }
}

async function add(
  invocation: Invocation,
  action: 'add-key' | 'add-identity' | 'add-rule',
): Promise<Outcome> {
  const change = changeOf(invocation, action)
  const { changeTrust } = await import('../../flows/trust/edit.ts')
  const file = await fileOf(invocation)
  await changeTrust(file, change, await invocation.context())
  return {
    json: { file, added: change.add },
    text: (style) => `${style.good('✓')} changed ${file}\n`,
    kind: 'summary',
  }
}

function changeOf(invocation: Invocation, action: 'add-key' | 'add-identity' | 'add-rule'): TrustChange {
  const { options } = invocation
  const [name, file, ...more] = words(invocation)
  if (action === 'add-rule') {
    const maxAge = textOption(options, 'maxAge')
    if (name !== undefined && listOption(options, 'signedBy').length === 0)
      usage('add-rule needs --signed-by NAME: the key or identity that has to have signed')
    return {
      add: 'rule',
      images: name === undefined ? usage('add-rule takes patterns of repositories') : words(invocation),
      signedBy: listOption(options, 'signedBy'),
      require: listOption(options, 'require'),
      name: flagOption(options, 'requireName'),
      ...(maxAge === undefined ? {} : { maxAge }),
    }
  }
  if (action === 'add-key') {
    if (name === undefined || file === undefined || more.length > 0) usage('add-key takes a name and a file')
    return { add: 'key', name, file }
  }
  if (name === undefined || file !== undefined) usage('add-identity takes one name')
  return { add: 'identity', name, pattern: identityPattern(options) ?? {} }
}

function usage(what: string): never {
  throw new TemperError('bad-usage', `temper trust ${what}`, { hint: '"temper help trust" has examples.' })
}

async function check(invocation: Invocation): Promise<Outcome> {
  const [reference, ...more] = words(invocation)
  if (reference === undefined || more.length > 0) usage('check takes one image')
  const [{ verify }, { verificationText }] = await Promise.all([
    import('../../flows/evidence/verify.ts'),
    import('../report/evidence.ts'),
  ])
  const trust = trustLoader(resolve(invocation.host.workingDir, await fileOf(invocation)))
  const request = { reference: await namedImage(reference, invocation), keys: [], require: [], trust }
  const result = await verify(request, await invocation.context())
  return {
    json: { ...result },
    text: (style) => verificationText(result, style),
    kind: 'summary',
    exitCode: result.verified ? exitCodes.ok : exitCodes.refused,
  }
}

async function root(invocation: Invocation): Promise<Outcome> {
  const context = await invocation.context()
  const { writeTrustedRoot } = await import('../../flows/trust/public-root.ts')
  const output = textOption(invocation.options, 'output')
  const document = await writeTrustedRoot(output, context)
  if (output !== undefined)
    return { json: { output }, text: (style) => `${style.good('✓')} wrote ${output}\n`, kind: 'summary' }
  return { json: document, text: () => `${JSON.stringify(document, null, 2)}\n`, kind: 'document' }
}

import { exitCodes, TemperError } from '../../base/error.ts'
import { verify } from '../../flows/evidence/verify.ts'
import { addBundleOption, withBundle } from '../options/bundle-option.ts'
import { imageForms } from '../options/image-argument.ts'
import { namedImage } from '../options/named-image.ts'
import { argument, flagOption, gather, listOption } from '../options/option.ts'
import { addTrustOptions, trustRequest } from '../options/trust-option.ts'
import type { CommandDefinition, Invocation } from '../program/command.ts'
import { verificationText } from '../report/evidence.ts'

export const command: CommandDefinition = {
  name: 'verify',
  quietable: true,
  summary:
    'tell whether somebody whom you trust vouches for an image; exit code 0 if it is trusted, 1 if not',
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .argument('[types...]', 'with --require: more types')
      .option(
        '--require <type>',
        'type of statement that has to be signed (spdx, cyclonedx, provenance, openvex, signature…, or an address); may be given several times; default: what the trust file requires, else signature',
        gather,
      )
      .option(
        '--recursive',
        'require it for each platform of an image for several too, not only for the image',
      )
    addTrustOptions(command)
    addBundleOption(command)
  },
  examples: [
    {
      command: 'temper verify registry.example/team/nginx:1.26 --key temper.pub',
      does: 'also verifies what cosign signed, in its new and its older format',
    },
    {
      command:
        'temper verify registry.example/team/nginx:1.26 --identity https://github.com/team/images/.github/workflows/release.yml@refs/heads/main --issuer https://token.actions.githubusercontent.com',
      does: 'signed by this workflow, entered into a log, at a time that a timestamp proves',
    },
    {
      command: 'temper verify registry.example/team/nginx:1.26',
      does: 'as your trust file requires (temper trust init)',
    },
    {
      command: 'temper verify oci:out/nginx --key temper.pub --require signature,spdx,provenance',
      does: 'all three have to be signed; one for each platform counts as one for the image',
    },
  ],
  run: async (invocation) => {
    const { args, options, context, host, say } = await withBundle(invocation)
    const result = await verify(
      {
        reference: await namedImage(argument(args, 0), { host, say }),
        ...trustRequest(options, host),
        require: requiredTypes(args, options),
        recursive: flagOption(options, 'recursive'),
      },
      await context(),
    )
    return {
      json: { ...result },
      text: (style) => verificationText(result, style),
      exitCode: result.verified ? exitCodes.ok : exitCodes.refused,
    }
  },
}

/** `--require spdx provenance` is as good as naming the option twice. */
function requiredTypes(args: Invocation['args'], options: Invocation['options']): readonly string[] {
  const more = args.slice(1).flatMap((type) => type ?? [])
  const required = listOption(options, 'require')
  if (required.length > 0 || more.length === 0) return [...required, ...more]
  throw new TemperError('bad-usage', `verify: expected one image, found "${more[0]}" too`, {
    hint: 'Verify images one by one; types of statements follow --require.',
  })
}

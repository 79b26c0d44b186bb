import type { Command } from 'commander'
import { type Digest, isDigest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { Invocation } from '../program/command.ts'
import { namedImage } from './named-image.ts'
import { listOption, textOption } from './option.ts'

/** Adds the option by which a command reads everything out of one file. */
export function addBundleOption(command: Command): void {
  command.option(
    '--bundle <file>',
    'read everything from a file of "temper bundle", without a network: FILE, or FILE@sha256:DIGEST to also accept its trust and its policy',
  )
}

export interface BundleUse {
  /** It is copied somewhere, which may need a network; nothing but a policy that was asked for judges it. */
  readonly copies?: boolean
}

/**
 * The invocation with what its bundle has in the place of what was not said: the image under its usual name, advisories;
 * with a digest also whom to trust, services and policy. Without the option it is as it was.
 */
export async function withBundle(invocation: Invocation, use: BundleUse = {}): Promise<Invocation> {
  const { options, args, host } = invocation
  const written = textOption(options, 'bundle')
  const copies = use.copies === true
  if (written === undefined) return invocation
  const [{ imageIn, openBundle }, { nameIn }, context] = await Promise.all([
    import('../../flows/bundle/open.ts'),
    import('../../flows/bundle/name.ts'),
    invocation.context(),
  ])
  const { file, digest } = splitDigest(written)
  const bundle = await openBundle({ file, ...(digest === undefined ? {} : { digest }) }, context)
  const images = args[0] === undefined ? [] : [args[0]]
  const named: string[] = []
  for (const text of images) {
    const known = bundle.images.some(({ name }) => name === text)
    const reference = known ? undefined : await namedImage(text, { host, say: () => {} })
    const wanted =
      reference === undefined ? text : reference.digest !== undefined ? reference.digest : nameIn(reference)
    named.push(imageIn(bundle, wanted).name)
  }
  const [name] = named
  const image = name === undefined ? {} : { as: options['as'] ?? name }
  const believes = digest !== undefined
  const asked = ['key', 'trust', 'identity', 'identityRegexp'].some(
    (each) => listOption(options, each).length > 0 || textOption(options, each) !== undefined,
  )
  const given = {
    ...(bundle.feeds === undefined ||
    options['feeds'] !== undefined ||
    (copies && options['policy'] === undefined)
      ? {}
      : { feeds: bundle.feeds }),
    ...(believes && !asked && bundle.trust !== undefined ? { trust: bundle.trust } : {}),
    ...(believes && bundle.trustedRoot !== undefined && options['trustedRoot'] === undefined
      ? { trustedRoot: bundle.trustedRoot }
      : {}),
    ...(believes && !copies && bundle.policy !== undefined && options['policy'] === undefined
      ? { policy: bundle.policy }
      : {}),
  }
  if (!believes && !copies && !asked && (bundle.trust !== undefined || bundle.policy !== undefined))
    invocation.say(
      `the trust and the policy in ${file} are used only with its digest: --bundle ${file}@${bundle.digest}, if that is the digest you were given`,
    )
  return {
    ...invocation,
    args: [name === undefined ? undefined : `oci-archive:${bundle.path}:${name}`, ...args.slice(1)],
    options: { ...options, ...image, ...given },
    context: async () => (copies ? context : { ...context, offline: true }),
  }
}

function splitDigest(text: string): { readonly file: string; readonly digest?: Digest } {
  const at = text.lastIndexOf('@sha256:')
  if (at < 0) return { file: text }
  const digest = text.slice(at + 1)
  if (isDigest(digest)) return { file: text.slice(0, at), digest }
  throw new TemperError('bad-usage', `--bundle: expected FILE@sha256:DIGEST, found "${text.slice(0, 200)}"`)
}

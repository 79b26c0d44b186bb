import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { IdentityPattern } from '../../attest/trust/identity.ts'
import type { TrustRequest } from '../../flows/trust/open.ts'
import { trustLoader } from '../context.ts'
import { refuseForeignKey } from '../habits/foreign-keys.ts'
import { addIdentityAliases } from '../habits/identity-aliases.ts'
import type { Host } from '../host.ts'
import { trustedRootFile } from './file-option.ts'
import { flagOption, gather, listOption, textOption } from './option.ts'

/** Adds the options that say whom to trust; all of them may be left away. */
export function addTrustOptions(command: Command): void {
  command
    .option('--key <file>', 'public key to trust; may be given several times', gather)
    .option(
      '--identity <text>',
      'identity that must have signed: an e-mail address, or the address of a workflow',
    )
    .option('--identity-regexp <pattern>', 'the same, as a regular expression that has to match all of it')
    .option(
      '--issuer <url>',
      'issuer that must vouch for this identity, such as https://token.actions.githubusercontent.com',
    )
    .option('--issuer-regexp <pattern>', 'the same, as a regular expression that has to match all of it')
    .option(
      '--trusted-root <file>',
      'services to trust about identities and times (default: those configured, else the public ones)',
    )
    .option(
      '--trust <file>',
      'trust file (default: TEMPER_TRUST, the configured one, or trust.yaml beside it)',
    )
    .option('--max-age <age>', 'maximum age of a signature: 12h, 30d, 4w')
    .option(
      '--require-name',
      'the name in the signature must be the name of the image here, including the tag',
    )
    .option('--as <name>', 'name of the image, for copies: HOST/REPOSITORY:TAG')
  addIdentityAliases(command)
}

/** Whom to trust by the options; relative paths start from the person's folder. */
export function trustRequest(
  options: Readonly<Record<string, unknown>>,
  host: Pick<Host, 'workingDir'>,
): TrustRequest {
  const text = (name: string) => textOption(options, name)
  const identity = identityPattern(options)
  for (const key of listOption(options, 'key')) refuseForeignKey(key, 'trust')
  const [trustedRoot, trust, maxAge, name] = [text('trustedRoot'), text('trust'), text('maxAge'), text('as')]
  return {
    keys: listOption(options, 'key'),
    ...(identity === undefined ? {} : { identity }),
    ...(trustedRoot === undefined ? {} : { trustedRoot: trustedRootFile(trustedRoot, host) }),
    ...(trust === undefined ? {} : { trust: trustLoader(resolve(host.workingDir, trust)) }),
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(name === undefined ? {} : { name }),
    requireName: flagOption(options, 'requireName'),
  }
}

/** The identity that the options name; undefined when they name none. */
export function identityPattern(options: Readonly<Record<string, unknown>>): IdentityPattern | undefined {
  const [identity, identityRegexp] = [textOption(options, 'identity'), textOption(options, 'identityRegexp')]
  const [issuer, issuerRegexp] = [textOption(options, 'issuer'), textOption(options, 'issuerRegexp')]
  if ([identity, identityRegexp, issuer, issuerRegexp].every((text) => text === undefined)) return undefined
  return {
    ...(identity === undefined ? {} : { identity }),
    ...(identityRegexp === undefined ? {} : { identityRegexp }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(issuerRegexp === undefined ? {} : { issuerRegexp }),
  }
}

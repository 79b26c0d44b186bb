import { createRequire } from 'node:module'
import { TemperError } from '../../base/error.ts'
import type { TrustedIdentity } from '../../model/attestation.ts'

// Loaded when a pattern is used, at once: patterns are checked while a file is read.
const require = createRequire(import.meta.url)

/** Identity and issuer, each as exact text or as a regular expression (RE2) that has to match the whole. */
export interface IdentityPattern {
  readonly identity?: string
  readonly identityRegexp?: string
  readonly issuer?: string
  readonly issuerRegexp?: string
}

/**
 * The identities that match a pattern. An identity counts only together with its issuer, since another provider may
 * give the same name to anybody. Throws `bad-usage` unless each of the two is given exactly once.
 */
export function trustedIdentity(pattern: IdentityPattern, id = nameOf(pattern)): TrustedIdentity {
  const identity = matcher('identity', pattern.identity, pattern.identityRegexp)
  const issuer = matcher('issuer', pattern.issuer, pattern.issuerRegexp)
  return { id, accepts: (signer) => identity(signer.identity) && issuer(signer.issuer) }
}

function nameOf({ identity, identityRegexp, issuer, issuerRegexp }: IdentityPattern): string {
  return `${identity ?? identityRegexp ?? ''} (${issuer ?? issuerRegexp ?? ''})`
}

function matcher(
  name: string,
  exact: string | undefined,
  pattern: string | undefined,
): (text: string) => boolean {
  if ((exact === undefined) === (pattern === undefined)) {
    throw new TemperError(
      'bad-usage',
      `Expected either ${name} or ${name}-regexp, found ${exact === undefined ? 'neither' : 'both'}`,
      {
        hint: 'An identity counts only together with its issuer, for example me@example.com of https://accounts.example.',
      },
    )
  }
  if (pattern === undefined) return (text) => text === exact
  try {
    // Signers choose their names: an engine that never tries a name twice, with the syntax that cosign has.
    const { RE2JS } = require('re2js') as typeof import('re2js')
    const expression = RE2JS.compile(pattern)
    return (text) => expression.matches(text)
  } catch (error) {
    throw new TemperError('bad-usage', `${name}-regexp: ${(error as Error).message.slice(0, 200)}`, {
      cause: error,
    })
  }
}

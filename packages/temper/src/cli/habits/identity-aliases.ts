import { createRequire } from 'node:module'
import type { Command } from 'commander'
import { TemperError } from '../../base/error.ts'
import { addAlias } from './alias.ts'

// Loaded when a pattern is used: options are parsed at once.
const require = createRequire(import.meta.url)

/**
 * cosign's names of the options about identities. Its regular expressions may match any part of a text, Temper's have to
 * match all of it.
 */
export function addIdentityAliases(command: Command): void {
  const exact = (name: string) => ({ into: name, parse: once(name, (value) => value) })
  const anywhere = (name: string) => ({
    into: name,
    parse: once(name, (value) => `(?s:.*)(?:${whole(name, value)})(?s:.*)`),
  })
  addAlias(command, '--certificate-identity <text>', exact('identity'))
  addAlias(command, '--certificate-identity-regexp <pattern>', anywhere('identity-regexp'))
  addAlias(command, '--certificate-oidc-issuer <url>', exact('issuer'))
  addAlias(command, '--certificate-oidc-issuer-regexp <pattern>', anywhere('issuer-regexp'))
}

/** The pattern, if it is one by itself: parentheses of its own must not close ours. */
function whole(name: string, pattern: string): string {
  const { RE2JS } = require('re2js') as typeof import('re2js')
  try {
    RE2JS.compile(pattern)
    return pattern
  } catch (error) {
    throw new TemperError('bad-usage', `${name}: ${(error as Error).message.slice(0, 200)}`, { cause: error })
  }
}

function once(name: string, change: (value: string) => string) {
  return (value: string, earlier: unknown) => {
    if (earlier === undefined) return change(value)
    throw new TemperError('bad-usage', `--${name} was given twice, under two names`)
  }
}

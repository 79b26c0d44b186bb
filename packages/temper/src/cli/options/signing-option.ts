import type { Command } from 'commander'
import { TemperError } from '../../base/error.ts'
import type { KeySource, SigningKey } from '../../flows/trust/trusted-keys.ts'
import { refuseForeignKey } from '../habits/foreign-keys.ts'
import type { Host } from '../host.ts'
import { signingKeyForms } from './image-argument.ts'
import { flagOption, textOption } from './option.ts'

/** Adds the options that say who signs. */
export function addSigningOptions(command: Command): void {
  command.option('--key <key>', signingKeyForms).option('--keyless', 'sign with your identity, without a key')
  addServiceOptions(command)
}

/** Adds those of them that go with a key that is named otherwise. */
export function addServiceOptions(command: Command): void {
  command
    .option(
      '--identity-token <file>',
      'token that proves your identity, for signing without a key; - reads standard input (default: that of GitHub Actions, or SIGSTORE_ID_TOKEN)',
    )
    .option('--fulcio <url>', 'certificate authority to use instead of the configured or public one')
    .option('--rekor <url>', 'transparency log to use instead of the configured or public one')
    .option('--tsa <url>', 'timestamp authority to use instead of the configured or public one')
    .option('--timestamp', 'also get a timestamp for signatures made with a key')
}

/** Who signs, by the options; `key` when another option names the key. */
export function signingKey(
  options: Readonly<Record<string, unknown>>,
  host: Host,
  key = textOption(options, 'key'),
): SigningKey {
  const keyless = flagOption(options, 'keyless')
  if (keyless === (key !== undefined)) {
    throw new TemperError(
      'bad-usage',
      keyless ? '--key and --keyless exclude each other' : 'Expected --key or --keyless',
      {
        hint: 'Sign with a key (--key temper.key; "temper keys generate" makes one) or with your identity (--keyless).',
      },
    )
  }
  const [fulcio, rekor, tsa] = ['fulcio', 'rekor', 'tsa'].map((name) => textOption(options, name))
  return {
    key: keySource(key),
    password: async () => (await import('./key-password.ts')).keyPassword(host),
    keyless: {
      token: async () => (await import('./identity-token.ts')).tokenSource(host, options),
      addresses: {
        ...(fulcio === undefined ? {} : { fulcio }),
        ...(rekor === undefined ? {} : { rekor }),
        ...(tsa === undefined ? {} : { tsa }),
      },
    },
    timestamp: flagOption(options, 'timestamp'),
  }
}

/** "keyless", "command:" and a command line that signs, or the path of a private key; none is keyless. */
export function keySource(text = 'keyless'): KeySource {
  refuseForeignKey(text, 'sign')
  if (text === 'keyless') return { kind: 'keyless' }
  const prefix = 'command:'
  return text.startsWith(prefix)
    ? { kind: 'command', line: text.slice(prefix.length) }
    : { kind: 'file', path: text }
}

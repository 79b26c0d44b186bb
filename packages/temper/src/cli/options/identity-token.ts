import { resolve } from 'node:path'
import { tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import type { TokenSource } from '../../flows/trust/keyless.ts'
import type { Host } from '../host.ts'
import { textOption } from './option.ts'

const tokenLimit = 65_536

/**
 * Where the token that says who we are comes from: the file that was named, the variable that GitLab and others set
 * (SIGSTORE_ID_TOKEN), or the service of a run of GitHub Actions. Never the command line, which others can read.
 */
export async function tokenSource(
  host: Host,
  options: Readonly<Record<string, unknown>>,
): Promise<TokenSource> {
  const file = textOption(options, 'identityToken')
  if (file !== undefined) return { kind: 'token', token: await readToken(file, host) }
  const { env } = host
  const given = env['SIGSTORE_ID_TOKEN']
  if (given) return { kind: 'token', token: given }
  const [url, secret] = [env['ACTIONS_ID_TOKEN_REQUEST_URL'], env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']]
  if (url && secret) {
    if (URL.canParse(url)) return { kind: 'service', url, authorization: `Bearer ${secret}` }
    throw new TemperError('bad-configuration', 'ACTIONS_ID_TOKEN_REQUEST_URL: expected an address')
  }
  throw new TemperError('bad-usage', 'Nothing here says who you are, which keyless signing needs', {
    hint: 'In GitHub Actions give the job "permissions: id-token: write"; in GitLab CI declare SIGSTORE_ID_TOKEN under id_tokens with "aud: sigstore"; elsewhere name a file with --identity-token.',
  })
}

async function readToken(file: string, host: Host): Promise<string> {
  const bytes =
    file === '-' ? await host.readInput(tokenLimit) : await readFileIfExists(resolve(host.workingDir, file))
  if (bytes === undefined) {
    // A token given as the text itself must not be repeated in a message.
    const shown = file.length > 200 || /^eyJ/.test(file) ? '' : ` ${file}`
    throw new TemperError('not-found', `There is no file${shown} with an identity token`, {
      hint: '--identity-token takes the path of a file, or - for standard input, never the token itself.',
    })
  }
  const text = bytes.length > tokenLimit ? undefined : tryUtf8(bytes)
  if (text !== undefined && text.trim() !== '') return text.trim()
  throw new TemperError('bad-usage', 'The identity token is empty, or not text')
}

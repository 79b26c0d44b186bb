import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { secureAddress } from '../secure-address.ts'
import { type Context, type Identity, type SigningKey, TemperError, tryJson } from '../temper.ts'

/** Most bytes of an identity token. */
const tokenLimit = 65_536

const renewal = 'Make sure that whatever writes the token (Kubernetes, an agent) still renews it.'

/** Who signs without a key, as certificates name them: a name counts only together with the provider that gave it. */
export const signerSchema = z.strictObject({
  identity: z.string().min(1).max(2000),
  /** Address of the provider, exactly as certificates spell it. */
  issuer: secureAddress,
})

/** Signing without a key: one that lives as long as a signature is certified for the identity in a token. */
export const keylessSchema = signerSchema.extend({
  /** A file with the token, which is read again for each signature: whoever wrote it renews it there. */
  identityTokenFile: z.string().min(1),
  /** Addresses of the certificate authority, the log and the timestamp authority; absent: those of this machine's configuration. */
  fulcio: secureAddress.optional(),
  rekor: secureAddress.optional(),
  tsa: secureAddress.optional(),
})

/** An identity that the settings name, and how it proves that it is there. */
export interface GivenIdentity {
  readonly signer: Identity
  /** File with its token. */
  readonly tokenFile: string
  readonly addresses: NonNullable<NonNullable<SigningKey['keyless']>['addresses']>
}

/** As evidence names the signer. An issuer has no space, so that no two identities have one name. */
export function nameOfSigner({ identity, issuer }: Identity): string {
  return `${identity} (${issuer})`
}

/**
 * Signs as an identity. Throws `bad-configuration` when there is no file with a token; whether it is good is seen when something is signed.
 */
export async function openIdentity(
  { signer, tokenFile, addresses }: GivenIdentity,
  { now }: Pick<Context, 'now'>,
): Promise<SigningKey> {
  await readToken(tokenFile).catch((error: TemperError) => {
    throw new TemperError('bad-configuration', `factory.keyless.identity-token-file: ${error.message}`, {
      hint: 'Name the file into which the token is written, as Kubernetes does with a projected token of a service account.',
      cause: error,
    })
  })
  return {
    key: { kind: 'keyless' },
    password: async () => '',
    keyless: {
      token: async () => ({ kind: 'token', token: await currentToken(tokenFile, now()) }),
      addresses,
      expected: signer,
    },
  }
}

/** Throws `unauthorized`, after which a build is tried again: whoever renews the token may do so. */
async function currentToken(file: string, now: Date): Promise<string> {
  const token = await readToken(file)
  const until = expiryOf(token)
  if (until === undefined || until > now) return token
  throw new TemperError(
    'unauthorized',
    `Nothing can be signed: the identity token in ${file} expired at ${until.toISOString()}, and it is ${now.toISOString()}`,
    { hint: renewal },
  )
}

async function readToken(file: string): Promise<string> {
  // A token given as the text itself must not be repeated in a message.
  const shown = /(?:^|\/)eyJ/.test(file) ? 'whose name looks like a token itself' : file
  const refused = (why: string) =>
    new TemperError('unauthorized', `The file with the identity token, ${shown}, ${why}`, { hint: renewal })
  const size = await stat(file).then(
    (each) => each.size,
    (error: NodeJS.ErrnoException) => {
      throw refused(`cannot be read: ${error.code}`)
    },
  )
  if (size > tokenLimit) throw refused(`is too large: expected at most ${tokenLimit} bytes, found ${size}`)
  const token = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refused(`cannot be read: ${error.code}`)
  })
  if (token.trim() === '') throw refused('is empty')
  return token.trim()
}

const claimsSchema = z.object({ exp: z.number().positive().max(8_640_000_000_000) })

/** When a token expires, as far as it says so; who certifies checks it (RFC 7519, section 4.1.4). */
function expiryOf(token: string): Date | undefined {
  const { data } = claimsSchema.safeParse(tryJson(Buffer.from(token.split('.')[1] ?? '', 'base64url')))
  return data === undefined ? undefined : new Date(data.exp * 1000)
}

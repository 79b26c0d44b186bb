import { TemperError } from '../../base/error.ts'
import type { Host } from '../host.ts'

/** The password of a key: from the environment, else asked for on the terminal. May be empty. */
export async function keyPassword(host: Host): Promise<string> {
  return given(host) ?? (await asked(host, 'Password of the key: '))
}

/** The password of a key that is being made: typed twice, since nobody can see what was typed. */
export async function newKeyPassword(host: Host): Promise<string> {
  const known = given(host)
  if (known !== undefined) return known
  const first = await asked(host, 'Password for the new key: ')
  if ((await asked(host, 'Repeat the password: ')) === first) return first
  throw new TemperError('bad-usage', 'The two passwords differ', {
    hint: 'Nothing was written. Run the command again.',
  })
}

function given({ env }: Host): string | undefined {
  return env['TEMPER_KEY_PASSWORD'] ?? env['COSIGN_PASSWORD']
}

async function asked(host: Host, question: string): Promise<string> {
  const answer = await host.askSecret(question)
  if (answer !== undefined) return answer
  throw new TemperError('bad-key', 'The key needs a password, and there is no terminal to ask on', {
    hint: 'Set TEMPER_KEY_PASSWORD or COSIGN_PASSWORD; an empty value is an empty password.',
  })
}

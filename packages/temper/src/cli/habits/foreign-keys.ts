import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'

/** What cosign takes as the place of a key, beside files. */
const place = /^(?:(?:awskms|gcpkms|azurekms|hashivault|openbao|k8s|env|gitlab|github|https?):\/\/|pkcs11:)/

/** Refuses what is a key to cosign and no file, with what to do: for a key to sign with, or one to trust. */
export function refuseForeignKey(key: string, use: 'sign' | 'trust'): void {
  if (!place.test(key)) return
  const shown = printableLine(key, { most: 200 })
  throw new TemperError('bad-usage', `Temper does not call key services itself: ${shown}`, {
    hint: answer(key, use, shown),
  })
}

function answer(key: string, use: 'sign' | 'trust', shown: string): string {
  const variable = /^env:\/\/(\w+)$/.exec(key)?.[1]
  if (variable !== undefined)
    return `Write the key to a file: printf '%s\\n' "$${variable}" > ${use === 'sign' ? 'cosign.key' : 'cosign.pub'}`
  if (/^https?:/.test(key)) return `Fetch the key, check it, and name the file: curl -o cosign.pub ${shown}`
  if (use === 'trust') return `Write its public half to a file: cosign public-key --key ${shown} > cosign.pub`
  return 'Let a program of your own call it: --key "command:PROGRAM" (docs/reference/signing-command.md).'
}

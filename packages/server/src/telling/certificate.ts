import { TemperError } from '../temper.ts'

/** What a certificate lacks, as Node names it: "SELF_SIGNED_CERT_IN_CHAIN", "ERR_TLS_CERT_ALTNAME_INVALID". */
const faults = /CERT|LEAF_SIGNATURE|ISSUER/

/** The error for a server whose certificate does not prove who it is; undefined for all other errors. Trying again does not help. */
export function unproven(host: string, error: Error, code: string | undefined): TemperError | undefined {
  if (code === undefined || !faults.test(code)) return undefined
  return new TemperError(
    'bad-configuration',
    `${host} does not prove that it is ${host}: ${error.message.slice(0, 300)}; nothing was sent`,
    {
      cause: error,
      hint: 'Name the authority of its certificate in SSL_CERT_FILE (docs/how-to/private-ca.md), and in the channel the name that the certificate has.',
    },
  )
}

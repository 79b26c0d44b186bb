import { type Examples, file, folder } from '../example.ts'

const policy = (name: string) => [
  folder('etc/crypto-policies'),
  file('etc/crypto-policies/config', `${name}\n`),
]
const gnutls = (text: string) => [folder('etc/gnutls'), file('etc/gnutls/config', `[overrides]\n${text}\n`)]

export const examples: Examples = {
  broken: [
    { title: 'LEGACY', files: policy('LEGACY') },
    { title: 'GnuTLS with TLS 1.0', files: gnutls('enabled-version = tls1.0') },
  ],
  kept: [
    { title: 'DEFAULT', files: policy('DEFAULT') },
    { title: 'GnuTLS without TLS 1.0', files: gnutls('disabled-version = tls1.0') },
  ],
}

import { type Examples, file } from '../example.ts'

const settings = (disabled: string) => [
  file(
    'opt/java/conf/security/java.security',
    `security.provider.1=SUN\njdk.tls.disabledAlgorithms=${disabled}\n`,
  ),
]

export const examples: Examples = {
  broken: [{ title: 'a list without TLS 1.0 and 1.1', files: settings('SSLv3, RC4, DES, MD5withRSA') }],
  kept: [
    {
      title: 'that of the JDK',
      files: settings('SSLv3, TLSv1, TLSv1.1, DTLSv1.0, RC4, DES, \\\n    MD5withRSA, DH keySize < 1024'),
    },
  ],
}

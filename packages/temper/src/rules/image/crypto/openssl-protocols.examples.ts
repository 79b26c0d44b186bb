import { type Examples, file, folder } from '../example.ts'

const settings = (text: string) => [
  folder('etc/ssl'),
  file('etc/ssl/openssl.cnf', `[system_default_sect]\n${text}\n`),
]

export const examples: Examples = {
  broken: [
    { title: 'TLS 1.0', files: settings('MinProtocol = TLSv1') },
    { title: 'TLS 1.0 in quotes, under a name made unique', files: settings('old.MinProtocol = "TLSv1"') },
    {
      title: 'no security level in a line that goes on',
      files: settings('CipherString = DEFAULT:\\\n@SECLEVEL=0'),
    },
    {
      title: 'TLS 1.1 in the configuration that the image names, and in what it includes',
      files: [
        folder('opt'),
        file('opt/openssl.cnf', '.include /opt/openssl-more.cnf\n'),
        file('opt/openssl-more.cnf', 'system_default_sect::MinProtocol = TLSv1.1\n'),
      ],
      settings: { Env: ['OPENSSL_CONF=/opt/openssl.cnf'] },
    },
    { title: 'no security level', files: settings('CipherString = DEFAULT@SECLEVEL=0 # for the old server') },
  ],
  kept: [
    { title: 'TLS 1.2', files: settings('MinProtocol = TLSv1.2\nCipherString = DEFAULT@SECLEVEL=2') },
    { title: 'TLS 1.0 in a comment', files: settings('# MinProtocol = TLSv1') },
    { title: 'ciphers that are left out', files: settings('CipherString = HIGH:!aNULL:!MD5') },
  ],
}

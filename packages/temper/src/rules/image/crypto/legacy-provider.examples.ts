import { type Examples, file, folder } from '../example.ts'

const settings = (text: string) => [
  folder('etc/ssl'),
  file('etc/ssl/openssl.cnf', `[provider_sect]\ndefault = default_sect\nlegacy = legacy_sect\n\n${text}\n`),
]

export const examples: Examples = {
  broken: [{ title: 'it is active', files: settings('[legacy_sect]\nactivate = 1') }],
  kept: [
    {
      title: 'another one is',
      files: settings('[default_sect]\nactivate = 1\n[legacy_sect]\n# activate = 1'),
    },
  ],
}

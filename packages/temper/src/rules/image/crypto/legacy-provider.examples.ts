import { type Examples, file, folder } from '../example.ts'

const settings = (text: string) => [
  folder('etc/ssl'),
  file('etc/ssl/openssl.cnf', `[provider_sect]\ndefault = default_sect\nlegacy = legacy_sect\n\n${text}\n`),
]

export const examples: Examples = {
  broken: [
    { title: 'it is active', files: settings('[legacy_sect]\nactivate = 1') },
    {
      title: 'it is active under another name',
      files: settings('other = old\n[old]\nidentity = legacy\nactivate = "yes"'),
    },
    { title: 'it is active with a name made unique', files: settings('1.legacy = l\n[l]\nactivate = on') },
  ],
  kept: [
    {
      title: 'another one is',
      files: settings('[default_sect]\nactivate = 1\n[legacy_sect]\n# activate = 1'),
    },
  ],
}

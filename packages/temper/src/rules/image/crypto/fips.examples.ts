import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { type Examples, file, folder } from '../example.ts'

const module = buildElf({ relro: 'full', stackProtector: true })
const settings = `.include /etc/ssl/fipsmodule.cnf
[provider_sect]
fips = fips_sect
base = base_sect
`
const configured = [
  file('usr/lib/ossl-modules/fips.so', module),
  folder('etc/ssl'),
  file('etc/ssl/openssl.cnf', settings),
  file('etc/ssl/fipsmodule.cnf', '[fips_sect]\nactivate = 1\nmodule-mac = 00\n'),
]

export const examples: Examples = {
  broken: [
    { title: 'a label alone', settings: { Labels: { 'com.example.fips': 'true' } } },
    {
      title: 'a module that nothing loads',
      settings: { Labels: { 'com.example.fips': 'true' } },
      files: configured.slice(0, 1),
    },
  ],
  kept: [
    {
      title: 'a module that is configured',
      settings: { Labels: { 'com.example.fips': 'true' } },
      files: configured,
    },
    { title: 'a label that says no', settings: { Labels: { 'com.example.fips': 'false' } } },
  ],
}

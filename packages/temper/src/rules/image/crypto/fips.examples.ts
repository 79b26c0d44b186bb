import { FipsModuleCollector } from '../../../formats/elf/fips-module.ts'
import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { type Examples, file, folder } from '../example.ts'

const module = buildElf({ relro: 'full', stackProtector: true })
const collector = new FipsModuleCollector()
collector.write(module)
const { mac } = collector.finish()

const settings = (more: { readonly others?: string; readonly fips?: string } = {}) => `openssl_conf = init
.include /etc/ssl/fipsmodule.cnf
[init]
providers = providers
[providers]
${more.fips ?? 'fips = fips_sect'}
base = base_sect
${more.others ?? ''}
[base_sect]
activate = 1
`
const installed = (checksum: string, activate = 1) =>
  `[fips_sect]\nactivate = ${activate}\nmodule-mac = ${checksum.toUpperCase().match(/../g)?.join(':')}\n`

const configured = (openssl = settings(), fipsmodule = installed(mac)) => [
  file('usr/lib/ossl-modules/fips.so', module),
  folder('etc/ssl'),
  file('etc/ssl/openssl.cnf', openssl),
  file('etc/ssl/fipsmodule.cnf', fipsmodule),
]
const claimed = { Labels: { 'com.example.fips': 'true' } }

export const examples: Examples = {
  broken: [
    { title: 'a label alone', settings: claimed },
    { title: 'a module that nothing loads', settings: claimed, files: configured().slice(0, 1) },
    {
      title: 'a module that the configuration does not name',
      settings: claimed,
      files: configured(settings({ fips: '' })),
    },
    {
      title: 'a module that is not activated',
      settings: claimed,
      files: configured(settings(), installed(mac, 0)),
    },
    {
      title: 'a module other than the one that was installed',
      settings: claimed,
      files: configured(settings(), installed('00'.repeat(32))),
    },
    {
      title: 'the usual code beside it',
      settings: claimed,
      files: configured(settings({ others: 'default = base_sect' })),
    },
    {
      title: 'another configuration than the one that loads it',
      settings: { ...claimed, Env: ['OPENSSL_CONF=/etc/other.cnf'] },
      files: configured(),
    },
  ],
  kept: [
    { title: 'a module that is configured', settings: claimed, files: configured() },
    {
      title: 'the usual code where nothing but fips=yes is asked for',
      settings: claimed,
      files: configured(
        `${settings({ others: 'default = base_sect' }).replace(
          'providers = providers\n',
          'providers = providers\nalg_section = algorithms\n',
        )}[algorithms]\ndefault_properties = fips=yes\n`,
      ),
    },
    { title: 'a label that says no', settings: { Labels: { 'com.example.fips': 'false' } } },
    { title: 'a module of which nothing is claimed', files: configured().slice(0, 1) },
  ],
}

import type { FipsModuleFacts } from '../../../../model/package/package-content.ts'
import type { Effect } from '../effect.ts'
import type { Stage } from '../stage.ts'

export const configurationPath = 'etc/ssl/openssl.cnf'
export const modulePath = 'etc/ssl/fipsmodule.cnf'

/**
 * OpenSSL's FIPS module, where the recipe asks for it: fipsmodule.cnf as `openssl fipsinstall` writes it, and an
 * openssl.cnf that activates it and no other cryptographic provider. `opensslFolder` is where OpenSSL's library looks
 * by default (OPENSSLDIR).
 */
export function fipsModule(opensslFolder: string): Effect {
  return {
    id: 'fips-module',
    title: "OpenSSL's FIPS module",
    why: 'Without fipsmodule.cnf, which holds its checksum, the module refuses to load; without openssl.cnf nothing loads it.',
    source: 'openssl-fipsinstall(1), fips_config(5), fips_module(7)',
    start({ stage, options, note }) {
      if (options.fips !== true) return {}
      return {
        owns: [configurationPath, modulePath],
        finish: () => {
          const module = [...stage.nodes()].find((node) => node.fipsModule !== undefined)
          if (module?.fipsModule === undefined) return
          write(stage, modulePath, moduleConfiguration(module.fipsModule))
          write(stage, configurationPath, activated(stage.text(configurationPath)))
          for (const [name, target] of [
            ['openssl.cnf', configurationPath],
            ['fipsmodule.cnf', modulePath],
          ] as const) {
            const path = `${opensslFolder}/${name}`
            if (!stage.resolve(path)) stage.put({ path, type: 'symlink', mode: 0o777, target: `/${target}` })
          }
          const { name = 'the module', version = '' } = module.fipsModule
          note('fips-module', `/${module.path}: ${`${name} ${version}`.trimEnd()}`)
        },
      }
    },
  }
}

function write(stage: Stage, path: string, text: string): void {
  stage.put({ path, type: 'file', mode: 0o644, content: new TextEncoder().encode(text) })
}

/** As fipsinstall of OpenSSL 3.5 writes it; earlier modules pass over checks that they do not know. */
function moduleConfiguration({ mac }: FipsModuleFacts): string {
  const settings = [...switchedOn.map((name) => [name, 1]), ...checks.map(([name, on]) => [name, on])]
  const lines = settings.map(([name, value]) => `${name} = ${value}\n`)
  const bytes = mac.toUpperCase().match(/../g) ?? []
  return `[fips_sect]\n${lines.join('')}module-mac = ${bytes.join(':')}\n`
}

const switchedOn = ['activate', 'install-version', 'conditional-errors', 'security-checks'] as const

/** Checks of the module in the order in which fipsinstall has them, and whether they are on by default. */
const checks: readonly (readonly [name: string, on: 0 | 1])[] = [
  ['hmac-key-check', 0],
  ['kmac-key-check', 0],
  ['tls1-prf-ems-check', 0],
  ['no-short-mac', 0],
  ['drbg-no-trunc-md', 0],
  ['signature-digest-check', 0],
  ['hkdf-digest-check', 0],
  ['tls13-kdf-digest-check', 0],
  ['tls1-prf-digest-check', 0],
  ['sshkdf-digest-check', 0],
  ['sskdf-digest-check', 0],
  ['x963kdf-digest-check', 0],
  ['dsa-sign-disabled', 0],
  ['tdes-encrypt-disabled', 0],
  ['rsa-pkcs15-pad-disabled', 0],
  ['rsa-pss-saltlen-check', 0],
  ['rsa-sign-x931-pad-disabled', 0],
  ['hkdf-key-check', 0],
  ['kbkdf-key-check', 0],
  ['tls13-kdf-key-check', 0],
  ['tls1-prf-key-check', 0],
  ['sshkdf-key-check', 0],
  ['sskdf-key-check', 0],
  ['x963kdf-key-check', 0],
  ['x942kdf-key-check', 0],
  ['pbkdf2-lower-bound-check', 1],
  ['ecdh-cofactor-check', 0],
]

const before = `config_diagnostics = 1
openssl_conf = temper_init

.include /${modulePath}

`

/** Nothing outside the module is asked for, also by programs that load another provider themselves. */
const sections = `
[temper_init]
providers = temper_providers
alg_section = temper_algorithms

[temper_providers]
fips = fips_sect
base = temper_base

[temper_base]
activate = 1

[temper_algorithms]
default_properties = fips=yes
`

/** What a package brings is kept for `openssl req` and its like; how providers are loaded is replaced. */
function activated(present: string | undefined): string {
  if (present === undefined) return `${before.trimEnd()}\n${sections}`
  const rest = present.replace(/^[ \t]*(?:openssl_conf|config_diagnostics)[ \t]*=.*\n?/gm, '')
  return `${before}${rest.trimEnd()}\n${sections}`
}

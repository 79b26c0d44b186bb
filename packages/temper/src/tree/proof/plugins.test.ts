import { describe, expect, it } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import { placePath } from '../../model/rule.ts'
import {
  baseSystem,
  buildRoot,
  type FixtureNode,
  library,
  program,
} from '../../model/tree/fixtures/fixture-root.ts'
import { proofReads } from './plugins.ts'
import { type ProofOptions, proveClosed } from './prove.ts'

const lib = 'usr/lib/x86_64-linux-gnu'

function holes(
  files: Readonly<Record<string, FixtureNode | string>>,
  options: { readonly environment?: Record<string, string>; readonly read?: ProofOptions['read'] } = {},
): string[] {
  const { environment = {}, read } = options
  const { violations } = proveClosed(buildRoot({ ...baseSystem, ...files }), {
    loader: glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
    recipe: {
      entrypoint: [],
      cmd: [],
      environment,
      workDir: '/',
      volumes: [],
      tests: [],
      hardening: { allow: [] },
    },
    ...(read ? { read } : {}),
  })
  return violations.map(({ kind, place, need }) => `${kind} ${placePath(place)} ${need}`)
}

const file = (content: string): FixtureNode => ({ content })

describe('contents', () => {
  it('that nobody kept are a hole', () => {
    expect(holes({ 'etc/nsswitch.conf': {} })).toEqual(['plugin /etc/nsswitch.conf its content'])
    const read = () => Buffer.from('passwd: files')
    expect(holes({ 'etc/nsswitch.conf': {} }, { read })).toEqual([])
  })

  it.each([
    'etc/nsswitch.conf',
    'usr/lib/x86_64-linux-gnu/gconv/gconv-modules',
    'lib/x86_64-linux-gnu/gconv/gconv-modules',
    'usr/lib/aarch64-linux-gnu/gconv/gconv-modules.d/gconv-modules-extra.conf',
    'etc/ssl/openssl.cnf',
    'etc/pam.d/other',
    'usr/share/nginx/modules-available/mod-http-geoip.conf',
    'usr/share/postgresql/17/extension/plpgsql.control',
    'etc/php/8.4/mods-available/curl.ini',
  ])('%s is asked for', (path) => {
    expect(proofReads(path)).toBe(true)
  })

  it.each(['etc/passwd', 'usr/lib/x86_64-linux-gnu/gconv/UTF-16.so', 'etc/ssl/certs/ca-certificates.crt'])(
    '%s is not',
    (path) => {
      expect(proofReads(path)).toBe(false)
    },
  )
})

describe('name services', () => {
  it('modules that are configured exist; built-in and optional ones need none', () => {
    const text =
      '# x\npasswd: files systemd [NOTFOUND=return] ldap\nhosts: files dns\nnetgroup: nis\nservices: db files\n'
    const files = { 'etc/nsswitch.conf': file(text) }
    expect(holes(files)).toEqual([
      'plugin /etc/nsswitch.conf /lib/x86_64-linux-gnu/libnss_systemd.so.2',
      'plugin /etc/nsswitch.conf /lib/x86_64-linux-gnu/libnss_ldap.so.2',
    ])
    const modules = { [`${lib}/libnss_systemd.so.2`]: library('x'), 'usr/lib/libnss_ldap.so.2': library('y') }
    expect(holes({ ...files, ...modules })).toEqual([])
  })
})

describe('character sets', () => {
  it('each module of the lists has its file', () => {
    const folder = `${lib}/gconv`
    const files = {
      [`${folder}/gconv-modules`]: file(
        'alias A// B//\nmodule ISO-8859-1// INTERNAL ISO8859-1 1\nmodule INTERNAL ISO-8859-1// ISO8859-1 1\n',
      ),
      [`${folder}/gconv-modules.d/extra.conf`]: file('module BIG5// INTERNAL BIG5 1 # old\n'),
      [`${folder}/ISO8859-1.so`]: library('ISO8859-1.so'),
    }
    expect(holes(files)).toEqual([`plugin /${folder}/gconv-modules.d/extra.conf /${folder}/BIG5.so`])
  })
})

describe('OpenSSL', () => {
  const base = {
    [`${lib}/libcrypto.so.3`]: library('libcrypto.so.3'),
    'usr/lib/ssl/openssl.cnf': '/etc/ssl/openssl.cnf',
  }
  const configuration = `
openssl_conf = init   # comment
[init]
providers = provider_list
engines = engine_list
[provider_list]
default = default_section
legacy = legacy_section
unused = unused_section
mine = mine_section
[default_section]
activate = 1
[legacy_section]
activate = yes
[unused_section]
module = unused.so
[mine_section]
activate = 1
module = "$dir/mine.so"
dir = /opt
[engine_list]
one = one_section
pad = pad_section
[one_section]
engine_id = rdrand
[pad_section]
dynamic_path = /opt/pad.so
`

  it('providers and engines that are activated exist', () => {
    const files = {
      ...base,
      'etc/ssl/openssl.cnf': file(configuration.replace('"$dir/mine.so"', '/opt/mine.so')),
    }
    expect(holes(files)).toEqual([
      'plugin /etc/ssl/openssl.cnf /usr/lib/x86_64-linux-gnu/ossl-modules/legacy.so',
      'plugin /etc/ssl/openssl.cnf /opt/mine.so',
      'plugin /etc/ssl/openssl.cnf /opt/pad.so',
    ])
    const modules = { [`${lib}/ossl-modules/legacy.so`]: {}, 'opt/mine.so': {}, 'opt/pad.so': {} }
    expect(holes({ ...files, ...modules })).toEqual([])
    expect(holes({ 'etc/ssl/openssl.cnf': file(configuration) })).toEqual([])
  })

  it('the environment names another configuration and other folders', () => {
    const files = {
      ...base,
      'etc/ssl/openssl.cnf': file(''),
      'app/ssl.cnf': file(configuration.replace(/mine =.*/, '').replace(/pad =.*/, '')),
    }
    expect(holes(files)).toEqual([])
    expect(
      holes(files, { environment: { OPENSSL_CONF: '/app/ssl.cnf', OPENSSL_MODULES: '/app/modules' } }),
    ).toEqual(['plugin /app/ssl.cnf /app/modules/legacy.so'])
  })

  it('included files count', () => {
    const files = {
      ...base,
      'etc/ssl/openssl.cnf': file('openssl_conf = i\n[i]\nproviders = p\n[p]\n.include /etc/ssl/conf.d\n'),
      'etc/ssl/conf.d/a.cnf': file('fips = f\n[f]\nactivate = 1\n'),
    }
    expect(holes(files)).toEqual([
      'plugin /etc/ssl/openssl.cnf /usr/lib/x86_64-linux-gnu/ossl-modules/fips.so',
    ])
  })
})

describe('PAM', () => {
  it('modules of services exist when the library is there', () => {
    const text =
      '@include common-auth\nauth [success=1 default=ignore] pam_unix.so nullok\n-session optional pam_systemd.so\nsession include x\naccount required /opt/pam_x.so\n'
    const files = { 'etc/pam.d/su': file(text) }
    expect(holes(files)).toEqual([])
    const libpam = { [`${lib}/libpam.so.0`]: library('libpam.so.0') }
    expect(holes({ ...files, ...libpam })).toEqual([
      'plugin /etc/pam.d/su /usr/lib/x86_64-linux-gnu/security/pam_unix.so',
      'plugin /etc/pam.d/su /opt/pam_x.so',
    ])
    const modules = { [`${lib}/security/pam_unix.so`]: library('x'), 'opt/pam_x.so': library('y') }
    expect(holes({ ...files, ...libpam, ...modules })).toEqual([])
  })
})

describe('servers', () => {
  it('nginx: load_module', () => {
    const files = {
      'etc/nginx/nginx.conf': file('load_module /opt/m.so;\n# load_module no.so;\n'),
      'etc/nginx/modules-enabled/50-geo.conf': '/usr/share/nginx/modules-available/geo.conf',
      'usr/share/nginx/modules-available/geo.conf': file('load_module modules/ngx_geo.so;\n'),
      'usr/share/nginx/modules': '../../lib/nginx/modules',
      'usr/lib/nginx/modules': { type: 'directory' } as const,
    }
    expect(holes(files)).toEqual([
      'plugin /etc/nginx/nginx.conf /opt/m.so',
      'plugin /usr/share/nginx/modules-available/geo.conf /usr/share/nginx/modules/ngx_geo.so',
    ])
    expect(holes({ ...files, 'opt/m.so': {}, 'usr/lib/nginx/modules/ngx_geo.so': {} })).toEqual([])
  })

  it('Apache: LoadModule', () => {
    const files = {
      'etc/apache2/mods-enabled/ssl.load': file(
        'LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\n',
      ),
    }
    expect(holes(files)).toEqual([
      'plugin /etc/apache2/mods-enabled/ssl.load /usr/lib/apache2/modules/mod_ssl.so',
    ])
    expect(holes({ ...files, 'usr/lib/apache2/modules/mod_ssl.so': {} })).toEqual([])
  })

  it('PostgreSQL: extensions', () => {
    const files = { 'usr/share/postgresql/17/extension/x.control': file("module_pathname = '$libdir/x'\n") }
    expect(holes(files)).toEqual([
      'plugin /usr/share/postgresql/17/extension/x.control /usr/lib/postgresql/17/lib/x',
    ])
    expect(holes({ ...files, 'usr/lib/postgresql/17/lib/x.so': {} })).toEqual([])
  })

  it('PHP: extensions', () => {
    const files = {
      'etc/php/8.4/cli/conf.d/20-curl.ini': '/etc/php/8.4/mods-available/curl.ini',
      'etc/php/8.4/mods-available/curl.ini': file('; curl\nextension=curl.so\n'),
      'usr/lib/php/20240924': { type: 'directory' } as const,
    }
    expect(holes(files)).toEqual([
      'plugin /etc/php/8.4/mods-available/curl.ini /usr/lib/php/20240924/curl.so',
    ])
    expect(holes({ ...files, 'usr/lib/php/20240924/curl.so': {} })).toEqual([])
  })

  it('Java: the launcher finds its machine', () => {
    const home = 'usr/lib/jvm/java-21-openjdk-amd64'
    const files = {
      [`${home}/bin/java`]: program(),
      [`${home}/lib/jvm.cfg`]: '/etc/java/jvm.cfg',
      'etc/java/jvm.cfg': {},
    }
    expect(holes(files)).toEqual([
      `plugin /${home}/bin/java /${home}/lib/server/libjvm.so`,
      `plugin /${home}/bin/java /${home}/lib/modules`,
    ])
    expect(
      holes({
        ...files,
        [`${home}/lib/server/libjvm.so`]: library('libjvm.so'),
        [`${home}/lib/modules`]: {},
      }),
    ).toEqual([])
    expect(holes({ [`${home}/bin/java`]: program(), [`${home}/lib/rt.jar`]: {} })).toEqual([])
  })
})

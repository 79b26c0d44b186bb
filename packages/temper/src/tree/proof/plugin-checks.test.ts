import { describe, expect, it } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import { baseSystem, buildRoot, type FixtureNode, library } from '../../model/tree/fixtures/fixture-root.ts'
import type { PluginCheck } from './plugin.ts'
import { apache } from './plugins/apache.ts'
import { gconv } from './plugins/gconv.ts'
import { java } from './plugins/java.ts'
import { nginx } from './plugins/nginx.ts'
import { nss } from './plugins/nss.ts'
import { openssl } from './plugins/openssl.ts'
import { pam } from './plugins/pam.ts'
import { php } from './plugins/php.ts'
import { postgresql } from './plugins/postgresql.ts'
import { proofReads } from './plugins.ts'

const lib = 'usr/lib/x86_64-linux-gnu'

/** What a check misses in a tree. */
function missing(check: PluginCheck, files: Readonly<Record<string, FixtureNode | string>>): string[] {
  const root = buildRoot({ ...baseSystem, ...files })
  const faults = check.check({
    root,
    nodes: [...root.nodes()],
    loader: glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
    recipe: { entrypoint: [], cmd: [], environment: {}, workDir: '/', volumes: [], tests: [] },
    path: [],
    read: ({ content }) => content && new TextDecoder().decode(content),
    whoHas: () => undefined,
  })
  return [...faults].map(({ need }) => need)
}

describe('name services', () => {
  it.each([
    ['passwd: files dns', []],
    ['passwd: files systemd', [`/lib/x86_64-linux-gnu/libnss_systemd.so.2`]],
    ['passwd: sss\ngroup: sss', ['/lib/x86_64-linux-gnu/libnss_sss.so.2']],
    ['hosts: files [!UNAVAIL=return] dns', []],
    ['netgroup: nis db', []],
    ['# passwd: winbind', []],
    ['a line without a list', []],
  ])('of "%s" lack %j', (content, needs) => {
    expect(missing(nss, { 'etc/nsswitch.conf': { content } })).toEqual(needs)
  })

  it('are there, or nobody asks for them', () => {
    const configuration = { 'etc/nsswitch.conf': { content: 'passwd: sss' } }
    expect(missing(nss, { ...configuration, [`${lib}/libnss_sss.so.2`]: library('x') })).toEqual([])
    expect(missing(nss, { ...configuration, [`${lib}/libc.so.6`]: { type: 'directory' } })).toEqual([])
  })
})

describe('conversions of characters', () => {
  it.each([
    ['module A// INTERNAL A 1', [`/${lib}/gconv/A.so`]],
    ['module A// INTERNAL /opt/A.so 1', ['/opt/A.so']],
    ['module A// INTERNAL A 1\nmodule B// INTERNAL A 1', [`/${lib}/gconv/A.so`]],
    ['module A// INTERNAL HERE 1', []],
    ['module  A//  INTERNAL\t A  1', [`/${lib}/gconv/A.so`]],
    ['alias A// B//', []],
    ['alias A// B// C 1', []],
    ['module A// INTERNAL', []],
  ])('of "%s" lack %j', (content, needs) => {
    const here = { [`${lib}/gconv/HERE.so`]: {} }
    expect(missing(gconv, { ...here, [`${lib}/gconv/gconv-modules`]: { content } })).toEqual(needs)
    expect(missing(gconv, { ...here, [`${lib}/gconv/gconv-modules.d/x.conf`]: { content } })).toEqual(needs)
  })

  it('of lists elsewhere are beside their list', () => {
    const files = {
      [`${lib}/gconv/gconv-modules`]: '/opt/gconv/list',
      'opt/gconv/list': { content: 'module A// INTERNAL A 1' },
    }
    expect(missing(gconv, files)).toEqual(['/opt/gconv/A.so'])
    expect(missing(gconv, { ...files, 'opt/gconv/A.so': {} })).toEqual([])
  })
})

describe('modules of services', () => {
  const module = `/${lib}/security/pam_x.so`
  it.each([
    ['auth required pam_x.so', [module]],
    ['auth required pam_x.so nullok', [module]],
    ['auth\t  required  pam_x.so', [module]],
    ['auth required pam_x.so\naccount required pam_x.so', [module]],
    ['@include common auth', []],
    ['auth [success=1 default=ignore] pam_x.so', [module]],
    ['auth required \\\n pam_x.so', [module]],
    ['auth required /opt/pam_x.so', ['/opt/pam_x.so']],
    ['-auth optional pam_x.so', []],
    ['@include common-auth', []],
    ['auth include other', []],
    ['auth substack other', []],
    ['auth', []],
  ])('of "%s" lack %j', (content, needs) => {
    const files = { 'etc/pam.d/login': { content } }
    expect(missing(pam, { ...files, [`${lib}/libpam.so.0`]: library('libpam.so.0') })).toEqual(needs)
    expect(missing(pam, files)).toEqual([])
  })
})

describe('extensions of PHP', () => {
  it.each([
    ['extension=redis', ['/usr/lib/php/20240924/redis.so']],
    ['extension = "redis.so"', ['/usr/lib/php/20240924/redis.so']],
    ['zend_extension=opcache ; fast', ['/usr/lib/php/20240924/opcache.so']],
    ['extension=/opt/own.so', ['/opt/own.so']],
    [';extension=xdebug\r\nextension=redis ; fast\r\n', ['/usr/lib/php/20240924/redis.so']],
    ['extension=redis;fast', ['/usr/lib/php/20240924/redis.so']],
    ['extension=/opt/there.so', []],
    ['my_extension=redis', []],
    ['; extension=redis', []],
    ['extension=here', []],
    ['extension_dir=/opt', []],
  ])('of "%s" lack %j', (content, needs) => {
    const files = {
      'usr/lib/php/20240924/here.so': {},
      'opt/there.so': {},
      'etc/php/8.4/fpm/conf.d/20-x.ini': '../../mods-available/x.ini',
      'etc/php/8.4/mods-available/x.ini': { content },
    }
    expect(missing(php, files)).toEqual(needs)
  })
})

describe('Java runtimes', () => {
  const home = 'usr/lib/jvm/java-21'
  const launcher = { [`${home}/bin/java`]: { mode: 0o755 } }
  const rest = ['lib/jvm.cfg', 'lib/server/libjvm.so', 'lib/modules']
  const complete = Object.fromEntries(rest.map((path) => [`${home}/${path}`, {}]))

  it('have what their launcher opens', () => {
    expect(missing(java, { ...launcher, ...complete })).toEqual([])
    expect(missing(java, launcher)).toEqual(rest.map((path) => `/${home}/${path}`))
  })

  it('are told once, however many links lead to them', () => {
    const files = { ...launcher, 'usr/lib/jvm/default': 'java-21' }
    expect(missing(java, files)).toEqual(rest.map((path) => `/${home}/${path}`))
  })

  it.each([
    ['is none: there is no launcher', complete],
    ['of Java 8 keeps these elsewhere', { ...launcher, [`${home}/jre`]: { type: 'directory' } as const }],
    ['of Java 8 without its tools too', { ...launcher, [`${home}/lib/rt.jar`]: {} }],
    ['is a link to another, which is looked at itself', { 'usr/lib/jvm/default': 'java-21' }],
  ])('%s', (_, files) => {
    expect(missing(java, files)).toEqual([])
  })
})

describe('modules of nginx', () => {
  it.each([
    ['load_module modules/x.so;', ['/usr/share/nginx/modules/x.so']],
    [' \tload_module   modules/x.so ;', ['/usr/share/nginx/modules/x.so']],
    [`load_module "modules/x.so";`, ['/usr/share/nginx/modules/x.so']],
    [`load_module 'modules/x.so';`, ['/usr/share/nginx/modules/x.so']],
    [`load_module "m"odd;`, ['/usr/share/nginx/"m"odd']],
    [`load_module odd"m";`, ['/usr/share/nginx/odd"m"']],
    ['load_module modules/here.so; load_module modules/x.so;', []],
    ['# load_module modules/x.so;', []],
    ['load_modules modules/x.so;', []],
    ['load_module modules/here.so;', []],
  ])('of "%s" lack %j', (content, needs) => {
    const here = { 'usr/lib/nginx/modules/here.so': {} }
    expect(missing(nginx, { ...here, 'etc/nginx/nginx.conf': { content } })).toEqual(needs)
    expect(missing(nginx, { ...here, 'etc/nginx/modules-enabled/50-x.conf': { content } })).toEqual(needs)
  })
})

describe('modules of Apache', () => {
  it.each([
    ['LoadModule ssl_module /opt/ssl.so', ['/opt/ssl.so']],
    [' \tLoadModule  ssl_module\t "/opt/ssl.so"', ['/opt/ssl.so']],
    ['loadmodule ssl_module modules/ssl.so', ['/etc/apache2/modules/ssl.so']],
    ['# LoadModule ssl_module /opt/ssl.so', []],
    ['LoadModules ssl_module /opt/ssl.so', []],
  ])('of "%s" lack %j', (content, needs) => {
    expect(missing(apache, { 'etc/apache2/mods-enabled/ssl.load': { content } })).toEqual(needs)
    expect(missing(apache, { 'etc/apache2/mods-available/ssl.load': { content } })).toEqual([])
  })
})

describe('extensions of PostgreSQL', () => {
  it.each([
    ["module_pathname = '$libdir/x'", ['/usr/lib/postgresql/17/lib/x']],
    ["comment = 'x'\n  module_pathname  =  '$libdir/x'", ['/usr/lib/postgresql/17/lib/x']],
    ["module_pathname='/opt/x'", ['/opt/x']],
    ["#module_pathname = '$libdir/x'", []],
    ["old_module_pathname = '$libdir/x'", []],
    ["default_version = '1.0'", []],
  ])('of "%s" lack %j', (content, needs) => {
    expect(missing(postgresql, { 'usr/share/postgresql/17/extension/x.control': { content } })).toEqual(needs)
  })
})

describe('providers and engines of OpenSSL', () => {
  const crypto = { [`${lib}/libcrypto.so.3`]: library('libcrypto.so.3') }
  const modules = `/${lib}/ossl-modules`
  const engines = `/${lib}/engines-3`
  const provider = (section: string, name = 'x') =>
    `openssl_conf = i\n[i]\nproviders = p\n[p]\n${name} = s\n[s]\n${section}`
  const engine = (section: string, name = 'x') =>
    `openssl_conf = i\n[i]\nengines = e\n[e]\n${name} = s\n[s]\n${section}`

  it.each([
    [provider('activate = 1'), [`${modules}/x.so`]],
    [provider('activate = TRUE\nmodule = y.so'), [`${modules}/y.so`]],
    [provider('activate = 1', '1.legacy'), [`${modules}/legacy.so`]],
    [provider('activate = 1\nmodule = /opt/d.so', 'default'), ['/opt/d.so']],
    [provider('activate = 1', 'default'), []],
    [provider('activate = 1\nidentity = base'), []],
    [provider('activate = 0'), []],
    [provider('activate = 10'), []],
    [provider('activate = 01'), []],
    ['openssl_conf = i\n[i]\nproviders = p\n[p]\nghost = none', []],
    ['openssl_conf = i\n[i]\nproviders = none', []],
    ['openssl_conf = none', []],
    [engine(''), [`${engines}/x.so`]],
    [engine('dynamic_path = /opt/r.so\nengine_id = rdrand'), ['/opt/r.so']],
    [engine('engine_id = rdrand'), []],
    [engine('', '2.dynamic'), []],
    ['openssl_conf = i\n[i]\nengines = e\n[e]\nghost = none', [`${engines}/ghost.so`]],
  ])('of %j lack %j', (content, needs) => {
    expect(missing(openssl, { ...crypto, 'usr/lib/ssl/openssl.cnf': { content } })).toEqual(needs)
  })

  it('nobody asks for without the library, or without a configuration', () => {
    expect(missing(openssl, { 'usr/lib/ssl/openssl.cnf': { content: provider('activate = 1') } })).toEqual([])
    expect(missing(openssl, crypto)).toEqual([])
  })

  it.each([
    ['a file', '/etc/ssl/more.cnf', ['y.so']],
    ['a folder', '/etc/ssl/conf.d', ['a.so', 'b.so']],
    ['nothing', '/etc/ssl/none', []],
    ['a file that nobody kept', '/etc/ssl/unread.cnf', []],
  ])('count in what is included: %s', (_, path, names) => {
    const activated = (name: string) => ({ content: `${name} = s_${name}\n[s_${name}]\nactivate = 1\n[p]\n` })
    const files = {
      ...crypto,
      'usr/lib/ssl/openssl.cnf': {
        content: `openssl_conf = i\n[i]\nproviders = p\n[p]\n.include ${path}\n`,
      },
      'etc/ssl/more.cnf': activated('y'),
      'etc/ssl/unread.cnf': {},
      'etc/ssl/conf.d/a.cnf': activated('a'),
      'etc/ssl/conf.d/b.conf': activated('b'),
      'etc/ssl/conf.d/c.cnf.bak': activated('c'),
      'etc/ssl/conf.d/readme': activated('d'),
    }
    expect(missing(openssl, files)).toEqual(names.map((name) => `${modules}/${name}`))
  })
})

describe('the contents that are kept for the proof', () => {
  const asked = [
    'etc/ld.so.cache',
    'etc/nsswitch.conf',
    'etc/apache2/mods-enabled/ssl.load',
    'etc/apache2/mods-available/ssl.load',
    'etc/nginx/nginx.conf',
    'etc/nginx/modules-enabled/50-geo.conf',
    'etc/pam.d/login',
    'etc/php/8.4/fpm/conf.d/20-curl.ini',
    'etc/php/8.4/mods-available/curl.ini',
    'etc/ssl/openssl.cnf',
    'etc/ssl/conf.d/more.conf',
    'usr/lib/ssl/openssl.cnf',
    `${lib}/gconv/gconv-modules`,
    `${lib}/gconv/gconv-modules.d/extra.conf`,
    'usr/share/postgresql/17/extension/plpgsql.control',
  ]

  it.each(asked)('are those of %s', (path) => {
    expect(proofReads(path)).toBe(true)
  })

  it.each(asked.flatMap((path) => [`opt/${path}`, `${path}/deeper`]))('are not those of %s', (path) => {
    expect(proofReads(path)).toBe(false)
  })

  it.each([
    'etc/apache2/mods-enabled/ssl.load.dpkg-dist',
    'etc/apache2/mods-enabled/deep/ssl.load',
    'etc/ssl/openssl.cnf.dist',
    'etc/ssl/a/b/openssl.cnf',
    'etc/php/8.4/fpm/deep/conf.d/20-curl.ini',
    'etc/php/8.4/mods-available/curl.ini.dist',
    'usr/share/postgresql/17/extension/plpgsql.control.old',
    'opt/usr/share/nginx/modules-available/mod.conf',
  ])('nor those of %s', (path) => {
    expect(proofReads(path)).toBe(false)
  })
})

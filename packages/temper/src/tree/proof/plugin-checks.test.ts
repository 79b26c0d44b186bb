import { describe, expect, it } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import { baseSystem, buildRoot, type FixtureNode, library } from '../../model/tree/fixture-root.ts'
import type { PluginCheck } from './plugin.ts'
import { gconv } from './plugins/gconv.ts'
import { java } from './plugins/java.ts'
import { nss } from './plugins/nss.ts'
import { pam } from './plugins/pam.ts'
import { php } from './plugins/php.ts'

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
    ['alias A// B//', []],
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
    ['; extension=redis', []],
    ['extension=here', []],
    ['extension_dir=/opt', []],
  ])('of "%s" lack %j', (content, needs) => {
    const files = {
      'usr/lib/php/20240924/here.so': {},
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

  it.each([
    ['is none: there is no launcher', complete],
    ['of Java 8 keeps these elsewhere', { ...launcher, [`${home}/jre`]: { type: 'directory' } as const }],
    ['of Java 8 without its tools too', { ...launcher, [`${home}/lib/rt.jar`]: {} }],
    ['is a link to another, which is looked at itself', { 'usr/lib/jvm/default': 'java-21' }],
  ])('%s', (_, files) => {
    expect(missing(java, files)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import type { EffectPackage } from '../../../model/distro.ts'
import { mergedPath } from '../archive/merged-path.ts'
import { captures } from './captures.ts'
import { effects } from './effects.ts'
import { apply, folder, makePackage, symlink } from './fixtures/packages.ts'

describe('effects', () => {
  it('have ids of their own and say why and where it is written', () => {
    expect(new Set(effects.map((effect) => effect.id)).size).toBe(effects.length)
    for (const effect of effects) {
      expect(effect.id).toMatch(/^[a-z]+(-[a-z]+)*$/)
      for (const text of [effect.title, effect.why, effect.source]) expect(text.length).toBeGreaterThan(10)
    }
  })

  it('give the same outcome each time', () => {
    const packages = [
      { name: 'a', files: { 'usr/lib/tmpfiles.d/a.conf': 'd /run/a 0750 svc svc -\n' } },
      { name: 'b', postinst: 'adduser --system --group svc' },
    ]
    expect(JSON.stringify(apply([...packages].reverse()))).toBe(JSON.stringify(apply(packages)))
  })
})

describe('usr-merge', () => {
  it.each([
    ['bin/sh', 'usr/bin/sh'],
    ['sbin/ldconfig', 'usr/sbin/ldconfig'],
    ['lib/x86_64-linux-gnu/libc.so.6', 'usr/lib/x86_64-linux-gnu/libc.so.6'],
    ['lib64/ld-linux-x86-64.so.2', 'usr/lib64/ld-linux-x86-64.so.2'],
    ['bin', 'bin'],
    ['usr/bin/sh', 'usr/bin/sh'],
    ['binary/x', 'binary/x'],
    ['etc/lib/x', 'etc/lib/x'],
  ])('%s is %s', (path, expected) => {
    expect(mergedPath(path)).toBe(expected)
    expect(mergedPath(mergedPath(path))).toBe(expected)
  })

  it('makes the links, lib64 only when it is used', () => {
    const { at } = apply([])
    expect([at('bin'), at('sbin'), at('lib'), at('lib64')]).toEqual([
      '→ usr/bin',
      '→ usr/sbin',
      '→ usr/lib',
      undefined,
    ])
    const loader = { name: 'libc6', files: { 'lib64/ld-linux-x86-64.so.2': 'ld' } }
    expect(apply([loader]).at('lib64')).toBe('→ usr/lib64')
  })

  it('replaces empty folders of older packages and keeps links of newer ones', () => {
    const { at } = apply([
      { name: 'base-files', files: { bin: folder, sbin: symlink('usr/sbin'), lib32: folder } },
    ])
    expect([at('bin'), at('sbin'), at('lib32')]).toEqual(['→ usr/bin', undefined, 'removed'])
  })
})

describe('alternatives', () => {
  const tools = { 'usr/bin/tool-a': 'a', 'usr/bin/tool-b': 'b', 'usr/share/man/man1/tool-a.1.gz': 'm' }

  it('the highest priority wins, with its slaves that are there', () => {
    const { at, reports } = apply([
      {
        name: 'a',
        files: tools,
        postinst:
          'update-alternatives --install /usr/bin/tool tool /usr/bin/tool-a 10 --slave /usr/share/man/man1/tool.1.gz tool.1.gz /usr/share/man/man1/tool-a.1.gz --slave /usr/share/x x /usr/share/none',
      },
      { name: 'b', postinst: 'update-alternatives --quiet --install /usr/bin/tool tool /usr/bin/tool-b 9' },
      { name: 'c', postinst: 'update-alternatives --install /usr/bin/tool tool /usr/bin/missing 99' },
    ])
    expect(reports).toEqual([])
    expect(at('usr/bin/tool')).toBe('→ /etc/alternatives/tool')
    expect(at('etc/alternatives/tool')).toBe('→ /usr/bin/tool-a')
    expect(at('etc/alternatives/tool.1.gz')).toBe('→ /usr/share/man/man1/tool-a.1.gz')
    expect(at('usr/share/x')).toBeUndefined()
  })

  it('among equal priorities the first path wins', () => {
    const b = {
      name: 'a',
      files: tools,
      postinst: 'update-alternatives --install /usr/bin/tool tool /usr/bin/tool-b 5',
    }
    const a = { name: 'b', postinst: 'update-alternatives --install /usr/bin/tool tool /usr/bin/tool-a 5' }
    expect(apply([b, a]).at('etc/alternatives/tool')).toBe('→ /usr/bin/tool-a')
  })

  it('follows loops as Java packages have them', () => {
    const postinst = [
      "tools='java keytool'",
      'base=/usr/lib/jvm/x',
      'if ! mountpoint -q /proc; then exit 1; fi',
      'for i in $tools; do',
      '  unset slave',
      '  [ -e $base/man/$i.1.gz ] && slave="--slave /usr/share/man/man1/$i.1.gz $i.1.gz $base/man/$i.1.gz"',
      '  update-alternatives --install /usr/bin/$i $i $base/bin/$i 2111 $slave',
      'done',
    ].join('\n')
    const files = { 'usr/lib/jvm/x/bin/java': 'j', 'usr/lib/jvm/x/bin/keytool': 'k' }
    const outcome = apply([{ name: 'jre', files, postinst }])
    expect(outcome.notes('alternatives')).toEqual([
      'java → /usr/lib/jvm/x/bin/java',
      'keytool → /usr/lib/jvm/x/bin/keytool',
    ])
    expect(outcome.reports).toEqual([])
  })
})

describe('diversions', () => {
  const other = { name: 'other', files: { 'usr/bin/tool': 'old' } }

  it("move the other package's file", () => {
    const preinst = 'dpkg-divert --package mine --add --rename --divert /usr/bin/tool.other /usr/bin/tool'
    const outcome = apply([other, { name: 'mine', preinst }])
    expect(outcome.at('usr/bin/tool')).toBe('moved to usr/bin/tool.other')
    expect(outcome.notes('diversions')).toEqual(['/usr/bin/tool → /usr/bin/tool.other (mine)'])
  })

  it.each([
    ['its own file', 'dpkg-divert --add --rename --divert /usr/bin/tool.x /usr/bin/tool', 'other'],
    ['without --rename', 'dpkg-divert --add --no-rename --divert /usr/bin/tool.x /usr/bin/tool', 'mine'],
    ['when taken back', 'dpkg-divert --remove --rename --divert /usr/bin/tool.x /usr/bin/tool', 'mine'],
  ])('nothing moves: %s', (_, preinst, name) => {
    const packages = name === 'other' ? [{ ...other, preinst }] : [other, { name, preinst }]
    const outcome = apply(packages)
    expect(outcome.at('usr/bin/tool')).toBeUndefined()
    expect(outcome.reports).toEqual([])
  })
})

describe('tmpfiles', () => {
  it.each([
    ['d /run/x 0750 www-data adm -', 'run/x', 'directory 750 33:4'],
    ['D /run/y - - - -', 'run/y', 'directory 755 0:0'],
    ['f /var/lib/z 0600 - - - some text', 'var/lib/z', 'file 600 0:0 some text'],
    ['L /etc/l - - - - ../x', 'etc/l', '→ ../x'],
    ['L /etc/l - - - - /usr/share/none', 'etc/l', undefined],
    ['d! /run/boot 0755 - -', 'run/boot', undefined],
    ['d /run/%b 0755 - -', 'run/%b', undefined],
    ['d /dev/x 0755 - -', 'dev/x', undefined],
    ['z /var/present 0700 www-data - -', 'var/present', '700 33:0'],
    ['# d /run/c 0755', 'run/c', undefined],
  ])('%s', (line, path, expected) => {
    const files = { 'usr/lib/tmpfiles.d/x.conf': `${line}\n`, 'var/present': folder }
    expect(apply([{ name: 'x', files }]).at(path)).toBe(expected)
  })

  it('/etc wins over /usr/lib for the same name', () => {
    const made = { 'usr/lib/tmpfiles.d/x.conf': 'd /run/a 0755\n' }
    expect(apply([{ name: 'x', files: made }]).at('run/a')).toBe('directory 755 0:0')
  })
})

describe('time zone, names and base folders', () => {
  it('UTC when there is a database', () => {
    const { at } = apply([{ name: 'tzdata', files: { 'usr/share/zoneinfo/Etc/UTC': 'TZ' } }])
    expect([at('etc/localtime'), at('etc/timezone')]).toEqual([
      '→ /usr/share/zoneinfo/Etc/UTC',
      'file 644 0:0 Etc/UTC\n',
    ])
    expect(apply([]).at('etc/localtime')).toBeUndefined()
  })

  it('nsswitch.conf as libc-bin has it, else files and dns', () => {
    const own = { name: 'libc-bin', files: { 'usr/share/libc-bin/nsswitch.conf': 'hosts: files\n' } }
    expect(apply([own]).at('etc/nsswitch.conf')).toBe('file 644 0:0 hosts: files\n')
    expect(apply([]).at('etc/nsswitch.conf')).toMatch(/^hosts: +files dns$/m)
  })

  it('makes /tmp for everyone and no start-up files of shells', () => {
    const postinst = 'cp /usr/share/base-files/profile /etc/profile\ntouch /var/log/wtmp'
    const { at, reports } = apply([
      { name: 'base-files', files: { 'usr/share/base-files/profile': 'x' }, postinst },
    ])
    expect([at('tmp'), at('var/tmp'), at('root')]).toEqual([
      'directory 1777 0:0',
      'directory 1777 0:0',
      'directory 700 0:0',
    ])
    expect([at('etc/profile'), at('var/log/wtmp')]).toEqual([undefined, undefined])
    expect(reports).toEqual([])
  })

  it('compiled locales are reported unless all are there', () => {
    const locales = { name: 'locales', postinst: 'locale-gen' }
    expect(apply([locales]).reports).toEqual(['locales postinst:3 locale-gen'])
    const all = { name: 'locales-all', files: { 'usr/lib/locale/locale-archive': 'x' } }
    expect(apply([locales, all]).reports).toEqual([])
  })
})

describe('php-modules', () => {
  it('links every module for every interface, by priority', () => {
    const files = {
      'etc/php/8.4/mods-available': folder,
      'etc/php/8.4/fpm/conf.d': folder,
      'usr/lib/php/8.4/sapi/fpm': '',
      'usr/share/php8.4-opcache/opcache/opcache.ini': '; priority=10\nzend_extension=opcache.so\n',
    }
    const postinst =
      'ucf /usr/share/php8.4-opcache/opcache/opcache.ini /etc/php/8.4/mods-available/opcache.ini\nphpenmod opcache'
    const { at, reports } = apply([{ name: 'php8.4-opcache', files, postinst }])
    expect(at('etc/php/8.4/fpm/conf.d/10-opcache.ini')).toBe('→ /etc/php/8.4/mods-available/opcache.ini')
    expect(reports).toEqual([])
  })
})

describe('apache-modules', () => {
  const available = (kind: string, name: string, text = '') => ({
    [`etc/apache2/${kind}-available/${name}`]: text,
  })
  const files = {
    ...available('mods', 'ssl.load', '# Depends: mime socache_shmcb\nLoadModule ssl_module x\n'),
    ...available('mods', 'ssl.conf'),
    ...available('mods', 'mime.load'),
    ...available('mods', 'socache_shmcb.load', '# Depends: ssl\n'),
    ...available('conf', 'security.conf'),
    ...available('sites', '000-default.conf'),
    'etc/apache2/mods-enabled': folder,
  }

  it('are enabled with those that they need, and configuration and sites', () => {
    const postinst = 'for m in ssl; do a2enmod -m -q $m; done\na2enconf -q security\na2ensite 000-default'
    const { at, reports, notes } = apply([{ name: 'apache2', files, postinst }])
    expect(reports).toEqual([])
    expect(at('etc/apache2/mods-enabled/ssl.load')).toBe('→ ../mods-available/ssl.load')
    expect(at('etc/apache2/mods-enabled/ssl.conf')).toBe('→ ../mods-available/ssl.conf')
    expect(at('etc/apache2/mods-enabled/mime.load')).toBe('→ ../mods-available/mime.load')
    expect(at('etc/apache2/mods-enabled/mime.conf')).toBeUndefined()
    expect(at('etc/apache2/conf-enabled/security.conf')).toBe('→ ../conf-available/security.conf')
    expect(at('etc/apache2/sites-enabled/000-default.conf')).toBe('→ ../sites-available/000-default.conf')
    expect(notes('apache-modules')).toEqual(['6 links'])
  })

  it.each(['a2enmod absent', 'a2enmod ../../x', 'a2enmod "$UNKNOWN"', 'a2enmod ssl absent'])(
    '%s is reported',
    (postinst) => {
      expect(apply([{ name: 'apache2', files, postinst }]).reports).toHaveLength(1)
    },
  )

  it('are enabled once: scripts ask first', () => {
    const postinst =
      'a2enmod mime\nif a2query -m mime >/dev/null; then touch /etc/asked; fi\na2query -c security || touch /etc/not'
    const { at, reports } = apply([{ name: 'apache2', files, postinst }])
    expect(reports).toEqual([])
    expect([at('etc/asked'), at('etc/not')]).toEqual(['file 644 0:0 ', 'file 644 0:0 '])
  })
})

describe('a script that looks for each of many names in the text of all', () => {
  // As ca-certificates does over a list that is there already.
  it('is followed to its end', () => {
    const names = Array.from(
      { length: 150 },
      (_, i) => `authorities/Some_Authority_With_A_Long_Name_${i}.crt`,
    )
    const postinst = [
      'each_value() { echo "$1" | tr "," "\\n" | sed -e "s/^[[:space:]]*//"; }',
      'memberp() { each_value "$2" | grep -q "^$1\\$"; }',
      `all='${names.join(', ')}'`,
      'each_value "$all" | while read ca; do if memberp "$ca" "$all"; then echo "$ca" >> /etc/known; fi; done',
      'each_value "$all" | while read ca; do if memberp "$ca" "$all"; then echo "$ca" >> /etc/known; fi; done',
      'chmod 600 /etc/known',
    ].join('\n')
    const { at, reports } = apply([{ name: 'certificates', postinst }])
    expect(reports).toEqual([])
    expect(at('etc/known')).toBe(`file 600 0:0 ${[...names, ...names].map((name) => `${name}\n`).join('')}`)
  })
})

describe('captures', () => {
  it.each([
    ['usr/share/ca-certificates/mozilla/Root.crt', true],
    ['usr/share/base-passwd/passwd.master', true],
    ['lib/systemd/../sysusers.d/x.conf', false],
    ['lib/tmpfiles.d/x.conf', true],
    ['usr/share/doc/x/copyright', false],
    ['usr/bin/nginx', false],
  ])('%s: %s', (path, expected) => {
    expect(captures(path, metadataOf(''))).toBe(expected)
  })

  it.each([
    ['usr/share/tool/etc/server.xml', true],
    ['usr/share/tool/default.template', true],
    ['usr/share/tool/other', false],
    ['usr/share/tool-root/default/sub/index.html', true],
    ['usr/share/doc/tool/example', false],
    ['etc/tool/base.conf', true],
    ['etc/tool/other.conf', true],
    ['usr/lib/tool/examples/unnamed.conf', false],
    ['usr/lib/tool/program', false],
    ['usr/lib/tool/words', false],
  ])('of what scripts speak of: %s: %s', (path, expected) => {
    const postinst = [
      'for file in server.xml; do ucf /usr/share/tool/etc/$file "/etc/tool/$file"; done',
      'ucf --debconf-ok /usr/share/tool/default.template /etc/default/tool',
      'cp -r /usr/share/tool-root/default /var/lib/tool/ROOT',
      'cat /etc/tool/base.conf /usr/lib/tool/words /usr/share/doc/tool/example',
    ]
    expect(captures(path, metadataOf(postinst.join('\n')))).toBe(expected)
  })

  it('of configuration below programs are those that scripts speak of', () => {
    const metadata = metadataOf('install -m 644 /usr/lib/tool/examples/$file /etc; exec /usr/lib/tool/run')
    expect(captures('usr/lib/tool/examples/a', metadata)).toBe(true)
    expect(captures('usr/lib/tool/run', metadata)).toBe(false)
    expect(captures('etc/tool/any.conf', makePackage({ name: 'none' }).content)).toBe(false)
  })

  it('of a folder are not without end', () => {
    const metadata = metadataOf('cp -r /usr/share/tool/all /srv')
    const kept = Array.from({ length: 500 }, (_, i) => captures(`usr/share/tool/all/${i}`, metadata))
    expect(kept.filter(Boolean)).toHaveLength(100)
  })
})

function metadataOf(postinst: string): Pick<EffectPackage['content'], 'own'> {
  return makePackage({ name: 'tool', postinst }).content
}

describe('files that scripts copy out of their package', () => {
  const files = {
    'usr/share/tool/etc/server.xml': '<server/>',
    'usr/share/tool/etc/web.xml': '<web/>',
    'usr/share/tool-root/default/META-INF/context.xml': '<context/>',
    'usr/share/tool-root/default/index.html': 'hello',
    'usr/share/tool-root/default/link': symlink('index.html'),
    'var/lib/tool/webapps': folder,
  }

  it('are copied in loops, by ucf and with folders', () => {
    const postinst = `
      adduser --system --group tool
      for conffile in server.xml web.xml; do
        ucf --debconf-ok --three-way /usr/share/tool/etc/$conffile /etc/tool/$conffile
        if [ -f "/etc/tool/$conffile" ]; then
          chown root:tool /etc/tool/$conffile
          chmod 640 /etc/tool/$conffile
        fi
      done
      if [ ! -d /var/lib/tool/webapps/ROOT ]; then
        cp -r /usr/share/tool-root/default /var/lib/tool/webapps/ROOT
      fi`
    const { at, reports } = apply([{ name: 'tool', files, postinst }])
    expect(reports).toEqual([])
    expect(at('etc/tool/server.xml')).toMatch(/^file 640 0:\d+ <server\/>$/)
    expect(at('etc/tool/web.xml')).toContain('<web/>')
    expect(at('var/lib/tool/webapps/ROOT')).toBe('directory 755 0:0')
    expect(at('var/lib/tool/webapps/ROOT/META-INF/context.xml')).toBe('file 644 0:0 <context/>')
    expect(at('var/lib/tool/webapps/ROOT/link')).toBe('→ index.html')
  })

  it('go into a folder that is there, and not at all when one of them is not at hand', () => {
    const { at } = apply([
      { name: 'tool', files, postinst: 'cp -a /usr/share/tool-root/default/ /var/lib/tool/webapps' },
    ])
    expect(at('var/lib/tool/webapps/default/index.html')).toBe('file 644 0:0 hello')
    const more = { ...files, 'usr/share/tool-root/default/program': { size: 10 } }
    const outcome = apply([
      { name: 'tool', files: more, postinst: 'cp -r /usr/share/tool-root/default /srv' },
    ])
    expect(outcome.reports).toHaveLength(1)
    expect(outcome.at('srv/index.html')).toBeUndefined()
  })
})

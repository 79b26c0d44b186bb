import { describe, expect, it } from 'vitest'
import { apply } from './fixtures/packages.ts'

describe('lighttpd-modules', () => {
  const files = {
    'etc/lighttpd/conf-available/10-fastcgi.conf': 'server.modules += ( "mod_fastcgi" )\n',
    'etc/lighttpd/conf-available/15-fastcgi-php.conf': '# -*- depends: fastcgi -*-\n',
    'etc/lighttpd/conf-available/20-odd.conf': '# -*- conflicts: fastcgi -*-\n',
  }
  const enable = (postinst: string) => apply([{ name: 'lighttpd', files, postinst }])

  it('links a module and what it depends on, as lighty-enable-mod does', () => {
    const { at, reports, notes } = enable('lighty-enable-mod fastcgi-php')
    expect(at('etc/lighttpd/conf-enabled/15-fastcgi-php.conf')).toBe(
      '→ ../conf-available/15-fastcgi-php.conf',
    )
    expect(at('etc/lighttpd/conf-enabled/10-fastcgi.conf')).toBe('→ ../conf-available/10-fastcgi.conf')
    expect(notes('lighttpd-modules')).toEqual(['fastcgi-php, fastcgi'])
    expect(reports).toEqual([])
  })

  it('says that there was nothing to do, and reports what it cannot judge', () => {
    expect(enable('lighty-enable-mod none || mkdir /none').at('none')).toBe('directory 755 0:0')
    expect(enable('lighty-enable-mod fastcgi; lighty-enable-mod fastcgi || mkdir /twice').at('twice')).toBe(
      'directory 755 0:0',
    )
    expect(enable('lighty-enable-mod odd').reports).toEqual(['lighttpd postinst:3 lighty-enable-mod odd'])
  })
})

describe('postfix-settings', () => {
  const before = '# comment\nmyhostname = old\nmydestination = a,\n  b\nrelayhost =\n'
  const set = (...lines: readonly string[]) =>
    apply([
      {
        name: 'postfix',
        files: { 'etc/postfix/main.cf': before },
        postinst: ['# /etc/postfix/main.cf', ...lines].join('\n'),
      },
    ])

  // What postconf of Postfix 3.10 leaves in the file after these commands.
  it.each([
    ["postconf -e 'myhostname=new'", '# comment\nmyhostname = new\nmydestination = a,\n  b\nrelayhost =\n'],
    ["postconf -e 'mydestination = x'", '# comment\nmyhostname = old\nmydestination = x\nrelayhost =\n'],
    ["postconf -e 'inet_interfaces=all'", `${before}inet_interfaces = all\n`],
    ['postconf -X relayhost', '# comment\nmyhostname = old\nmydestination = a,\n  b\n'],
    ["postconf '-#' mydestination", '# comment\nmyhostname = old\n#mydestination = a,\n#  b\nrelayhost =\n'],
  ])('%s', (line, text) => {
    const { at, reports } = set(line)
    expect(reports).toEqual([])
    expect(at('etc/postfix/main.cf')).toBe(`file 644 0:0 ${text}`)
  })

  it('answers what is set, and what is a default', () => {
    const { at, reports } = set(
      'mkdir /$(postconf -hx myhostname)',
      'mkdir /$(postconf -h default_transport)',
      '[ -n "$(postconf -hx relayhost)" ] || mkdir /none',
    )
    expect([at('old'), at('smtp'), at('none')]).toEqual(Array(3).fill('directory 755 0:0'))
    expect(reports).toEqual([])
  })

  it('reports what it does not know', () => {
    expect(set('mkdir /$(postconf -h mail_version)').reports).toHaveLength(2)
    expect(set('postconf -M smtp/inet').reports).toHaveLength(1)
  })
})

describe('what is made at random', () => {
  it('is left out, and said to be missing', () => {
    const files = { 'usr/share/x/config.json': '{ "password": "barfoo!" }\n' }
    const postinst = [
      'password=$(tr -dc A-Za-z0-9 < /dev/urandom | head -c 12)',
      'sed "s/barfoo!/$password/" /usr/share/x/config.json > /etc/x.json',
      'chmod 600 /etc/x.json',
    ].join('\n')
    const { at, reports, notes } = apply([{ name: 'x', files, postinst }])
    expect(at('etc/x.json')).toBeUndefined()
    expect(reports).toEqual([])
    expect(notes('left-out')).toEqual([
      'x: /etc/x.json, or what in it is made at random: each container has to have its own',
    ])
  })

  it.each([
    [
      'a name of a machine among others',
      'N=/etc/iname\necho "## keep" > $N\nprintf "Name=%s\\n" "$(iscsi-iname)" >> $N\necho more >> $N',
      'etc/iname',
    ],
    ['a copy of it', 'T=$(mktemp)\nopenssl rand -base64 32 > $T\ncp $T /etc/cookie\nrm -f $T', 'etc/cookie'],
    ['a hash of it', 'head -c 16 /dev/urandom | md5sum | cut -d" " -f1 > /etc/cookie', 'etc/cookie'],
    [
      'a word of it',
      'echo "pw: $(pwgen 8 1)" > /etc/cookie\ninstall -m 600 /etc/cookie /etc/other',
      'etc/other',
    ],
  ])('is left out of %s', (_, postinst, path) => {
    const { at, reports, notes } = apply([{ name: 'x', postinst }])
    expect(at(path)).toBeUndefined()
    expect(reports).toEqual([])
    expect(notes('left-out')).toContain(
      `x: /${path}, or what in it is made at random: each container has to have its own`,
    )
  })

  it('leaves a file as it is shipped', () => {
    const files = { 'etc/x.conf': 'secret=SECRET\n' }
    const { at, notes } = apply([{ name: 'x', files, postinst: 'sed -i "s/SECRET/$(uuidgen)/" /etc/x.conf' }])
    expect(at('etc/x.conf')).toBeUndefined()
    expect(notes('left-out')).toHaveLength(1)
  })
})

describe('a preinst', () => {
  it('does not see what its package brings, nor finds it installed', () => {
    const files = { 'etc/x/a.conf': 'a' }
    const preinst = [
      'for f in /etc/x/*.conf; do [ -e "$f" ] && mkdir /old; done',
      '[ -d /etc/x ] && mkdir /folder',
      'dpkg -s x || mkdir /fresh',
    ].join('\n')
    const { at, reports } = apply([
      { name: 'x', files, preinst, postinst: '[ -e /etc/x/a.conf ] && mkdir /new' },
    ])
    expect([at('old'), at('fresh'), at('new')]).toEqual([undefined, 'directory 755 0:0', 'directory 755 0:0'])
    expect(reports).toEqual([])
  })
})

describe('questions to the system', () => {
  const files = { 'etc/x/b': 'same', 'etc/x/a': 'same', 'etc/x/.c': 'other' }
  const text = (command: string) => {
    const { at, reports } = apply([{ name: 'x', files, postinst: `# /etc/x\n${command} > /out` }])
    expect(reports).toEqual([])
    return at('out')?.replace(/^file 644 0:0 /, '')
  }

  it.each([
    ['hostname', 'localhost\n'],
    ["{ dpkg -S '/etc/init.d/*' || echo none; }", 'none\n'],
    ['{ dpkg -s || echo nobody; }', 'nobody\n'],
    ['{ pidof x || echo idle; }', 'idle\n'],
    ['cat /dev/null', ''],
    ['hostname --fqdn', 'localhost\n'],
    ['dnsdomainname', ''],
    ['ls /etc/x', 'a\nb\n'],
    ['ls -A /etc/x', '.c\na\nb\n'],
    ['ls /etc/x/b /etc/x/a', '/etc/x/a\n/etc/x/b\n'],
    ['ls /etc/none', ''],
    ['ls /etc/x | wc -l', '2\n'],
    ["dpkg -s x | sed -n 's/^Version: //p'", '1.0\n'],
    ['diff -q /etc/x/a /etc/x/b && echo same', 'same\n'],
    ['{ cmp -s /etc/x/a /etc/x/.c || echo other; }', 'other\n'],
    ['{ diff -q /etc/x/a /etc/none || echo none; }', 'none\n'],
  ])('%s', (command, output) => {
    expect(text(command)).toBe(output)
  })
})

describe('copies', () => {
  it('of zeros are made where the script is', () => {
    const { changes, reports } = apply([
      { name: 'x', postinst: 'mkdir /srv/x; cd /srv/x; dd if=/dev/zero of=pad bs=4k count=1' },
    ])
    expect(reports).toEqual([])
    expect(changes).toContainEqual(expect.objectContaining({ content: new Uint8Array(4096) }))
    for (const odd of [
      'dd if=/etc/x of=/y',
      'dd if=/dev/zero of=/y bs=9M count=9',
      'dd if=/dev/zero of=/y bs=1 count=1 seek=5',
    ])
      expect(apply([{ name: 'x', postinst: odd }]).reports).toHaveLength(1)
  })

  it('of several files go into a folder, and of nothing are empty', () => {
    const files = { 'usr/share/x/a.conf': 'a', 'usr/share/x/b.conf': 'b' }
    const postinst = [
      'mkdir -p /etc/x /etc/y /etc/z',
      'cp -p /usr/share/x/a.conf /usr/share/x/b.conf /etc/x',
      'install -m 600 -t /etc/y /usr/share/x/a.conf /usr/share/x/b.conf',
      'cp /usr/share/x/none /etc/x || mkdir /missed',
      'install -m 640 /dev/null /etc/empty',
      'T=$(tempfile); cp /etc/x/a.conf $T; mv $T /etc/z/moved; mv /etc/x/a.conf /etc/x/b.conf /etc/z',
    ].join('\n')
    const { at, reports } = apply([{ name: 'x', files, postinst }])
    expect(reports).toEqual([])
    expect(at('etc/y/b.conf')).toBe('file 600 0:0 b')
    expect(at('etc/z/a.conf')).toBe('file 644 0:0 a')
    expect(at('etc/z/moved')).toContain(' a')
    expect(at('etc/empty')).toBe('file 640 0:0 ')
    expect(at('missed')).toBe('directory 755 0:0')
    expect(at('etc/x/a.conf')).toBeUndefined()
  })
})

describe('parsers of XML for Perl', () => {
  const add = (module: string) => `update-perl-sax-parsers --add ${module}`
  const pure = `mkdir --parents /etc/perl/XML/SAX\n${add('XML::SAX::PurePerl')} --priority 10\nupdate-perl-sax-parsers --update`

  // What the real update-perl-sax-parsers of Debian 12 writes for the same packages.
  it('are listed as the real program lists them, the preferred one last', () => {
    const { at, reports } = apply([
      { name: 'libxml-sax-perl', postinst: pure },
      {
        name: 'libxml-libxml-perl',
        depends: 'libxml-sax-perl',
        postinst: `${add('XML::LibXML::SAX::Parser')}\n${add('XML::LibXML::SAX')}\nupdate-perl-sax-parsers --update`,
      },
    ])
    expect(reports).toEqual([])
    const piece = (module: string) => `[${module}]\nhttp://xml.org/sax/features/namespaces = 1\n\n\n`
    expect(at('etc/perl/XML/SAX/ParserDetails.ini')).toBe(
      `file 644 0:0 ${piece('XML::SAX::PurePerl')}${piece('XML::LibXML::SAX')}${piece('XML::LibXML::SAX::Parser')}`,
    )
    expect(at('var/lib/libxml-sax-perl/ParserDetails.d/10-XML::SAX::PurePerl')).toContain('PurePerl')
  })

  it.each([add('XML::SAX::Unheard'), 'update-perl-sax-parsers --remove XML::SAX::PurePerl'])(
    'are reported for %s',
    (postinst) => {
      expect(apply([{ name: 'x', postinst }]).reports).toHaveLength(1)
    },
  )
})

describe('what scripts of servers do besides', () => {
  it('speaks of homes, also of accounts that it has just made', () => {
    const postinst = [
      'adduser --system ftp --home /srv/ftp',
      'mkdir -p ~ftp/pub',
      'x=~nobody-there/x',
      'mkdir -p "/at/$x"',
      'mkdir ~/own',
    ]
    const { at, reports } = apply([{ name: 'x', postinst: postinst.join('\n') }])
    expect(reports).toEqual([])
    expect(
      [at('srv/ftp/pub'), at('at/~nobody-there/x'), at('root/own')].map((each) => each?.slice(0, 9)),
    ).toEqual(['directory', 'directory', 'directory'])
  })

  it('has sed read what to do from a file', () => {
    const lines = [
      'f=$(mktemp)',
      'echo "1 s|.*|port = 9|" > $f',
      'echo "port = 1\nhost = a" > /etc/x.conf',
      'sed -i -f $f /etc/x.conf',
      'rm $f',
    ]
    const { at, reports } = apply([{ name: 'x', postinst: lines.join('\n') }])
    expect([at('etc/x.conf'), reports]).toEqual(['file 644 0:0 port = 9\nhost = a\n', []])
  })

  it('copies without a label of SELinux', () => {
    const lines = [
      'f="$(mktemp)"',
      'cp -aZ /usr/share/x/a "$f"',
      'mv -Z -f "$f" /tmp/g',
      'ucf --three-way /tmp/g /etc/x.conf',
    ]
    const files = { 'usr/share/x/a': 'text\n' }
    const { at, reports } = apply([{ name: 'x', files, postinst: lines.join('\n') }])
    expect([at('etc/x.conf'), reports]).toEqual(['file 644 0:0 text\n', []])
  })

  it('copies what is newer only where nothing is yet', () => {
    const files = { 'usr/share/x/conf/a': 'new\n' }
    const copied = apply([{ name: 'x', files, postinst: 'cp -auxf /usr/share/x/conf /etc/x' }])
    expect([copied.reports, copied.at('etc/x/a')]).toEqual([[], 'file 644 0:0 new\n'])
    const present = { ...files, 'etc/x': 'old\n' }
    const kept = apply([{ name: 'x', files: present, postinst: 'cp -u /usr/share/x/conf/a /etc/x' }])
    expect(kept.reports).toHaveLength(1)
  })

  it('fills databases and caches, which images do without', () => {
    const lines = [
      'mariadb --defaults-file=/etc/mysql/debian.cnf < /usr/share/x.sql',
      '/usr/share/x/dba/update-x-database > /var/log/x.log 2>&1',
      `for p in $(py3versions -i); do "$p" -c 'from twisted.plugin import IPlugin, getPlugins; list(getPlugins(IPlugin))'; done`,
    ]
    const files = { 'usr/bin/python3.13': { size: 1 }, 'usr/share/x.sql': 'SELECT 1;' }
    const { reports, notes } = apply([{ name: 'x', files, postinst: lines.join('\n') }])
    expect(reports).toEqual([])
    expect(notes('left-out').join()).toContain('a database')
    expect(apply([{ name: 'x', postinst: 'mariadb-upgrade --now' }]).reports).toHaveLength(1)
  })
})

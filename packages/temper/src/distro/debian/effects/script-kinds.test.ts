import { describe, expect, it } from 'vitest'
import { apply } from './fixtures/packages.ts'

describe('what is made at random', () => {
  const functions = [
    'p=$(head -c 20 /dev/urandom | base64)',
    'f=/etc/s/passwords',
    '[ ! -f $f ] || . $f',
    'if [ -z "$SECRET" ]; then SECRET=$p; echo "# " > $f; chmod 600 $f; cat >> $f <<END',
    '# defaults',
    'SECRET=$SECRET',
    'END',
    'fi',
  ]
  const server = (name: string) => ({
    name,
    postinst: [
      ...functions,
      't=$(mktemp)',
      `sed -e "s~XXX~$SECRET~" /usr/share/s/t.conf > $t`,
      `ucf $t /etc/s/${name}.conf; rm -f $t; mkdir /made-${name}`,
    ].join('\n'),
    files: { 'etc/s/base': '', 'usr/share/s/t.conf': 'password XXX\n' },
  })

  it('is left out of every file that it would reach, also by way of one that scripts read in', () => {
    const { at, notes, reports } = apply([server('one'), server('two')])
    expect(reports).toEqual([])
    expect(at('etc/s/passwords')).toBeUndefined()
    expect(at('etc/s/one.conf')).toBeUndefined()
    expect(at('etc/s/two.conf')).toBeUndefined()
    expect(at('made-two')).toBe('directory 755 0:0')
    const told = notes('left-out').map((line) => line.replace(/, or what in it.*/, ''))
    expect(told).toEqual(['one: /etc/s/one.conf', 'one: /etc/s/passwords', 'two: /etc/s/two.conf'])
  })

  it('is a hash with salt, but not one whose salt is given', () => {
    const { at, reports } = apply([
      {
        name: 's',
        postinst:
          'h=$(mkpasswd -s 0 | tr / x); echo "pw $h" > /etc/hash; openssl passwd -1 x > /etc/second\nmkpasswd --salt ab pw > /etc/third',
      },
    ])
    expect(at('etc/hash')).toBeUndefined()
    expect(at('etc/second')).toBeUndefined()
    expect(reports).toEqual(['s postinst:4 mkpasswd --salt ab pw > /etc/third'])
  })
})

describe('who runs a command', () => {
  it('owns what it makes', () => {
    const { at, reports } = apply([
      {
        name: 's',
        postinst: [
          'adduser --system --group --home /nonexistent _s',
          'mkdir /r; chown _s:_s /r',
          'runuser -u _s -- mkdir -p /r/a/b',
          `su -s /bin/sh _s -c 'mkdir /r/c; echo x > /r/d; cp /r/d /r/e'`,
          'runuser -u ghost -- mkdir /r/f; mkdir /r/g',
        ].join('\n'),
      },
    ])
    expect(reports).toEqual([])
    const owner = at('r')?.split(' ')[2]
    expect(owner).not.toBe('0:0')
    for (const path of ['r/a', 'r/a/b', 'r/c']) expect(at(path)).toBe(`directory 755 ${owner}`)
    for (const path of ['r/d', 'r/e']) expect(at(path)).toBe(`file 644 ${owner} x\n`)
    for (const path of ['r/f', 'r/g']) expect(at(path)).toBe('directory 755 0:0')
  })
})

describe('a script', () => {
  const run = (...lines: readonly string[]) => apply([{ name: 's', postinst: lines.join('\n') }])

  it('finds no other machine', () => {
    const { at, notes, reports } = run(
      'n=$(host -t SRV _ldap._tcp.example.org | head -n 1); [ -n "$n" ] || mkdir /no-server',
      'getent hosts ldap || mkdir /no-host',
      't=$(mktemp); timeout 15 curl -s http://mirrors.example.org/list >> $t || true',
      'grep -q http:// $t || echo default > $t; cat $t > /etc/list',
    )
    expect(reports).toEqual([])
    expect(at('no-server')).toBe('directory 755 0:0')
    expect(at('no-host')).toBe('directory 755 0:0')
    expect(at('etc/list')).toBe('file 644 0:0 default\n')
    expect(notes('left-out')).toEqual([
      's: what other servers have: there is no network while an image is made',
    ])
  })

  it('may ask for another time, of which nothing is known', () => {
    const { at, reports } = run('t="Local time: $(LANG=C date -d yesterday)"; date > /etc/made')
    expect(reports).toEqual([])
    expect(at('etc/made')).toBe('file 644 0:0 Thu Jan  1 00:00:00 UTC 1970\n')
  })

  it('that asks dbconfig-common for a database is told to have its own', () => {
    const { notes, reports } = run('. /usr/share/dbconfig-common/dpkg/postinst.mysql', 'dbc_go s "$@"')
    expect(reports).toEqual([])
    expect(notes('left-out').join()).toContain('s: a database')
  })

  it('that assigns with a dollar runs what is not there', () => {
    const { at, reports } = run('RET=', '$RET="name" || mkdir /none', '$RET="other"')
    expect(at('none')).toBe('directory 755 0:0')
    expect(reports).toEqual([])
  })

  it('may have ucf forget a file, and make folders of manuals', () => {
    const { at, reports } = run(
      'ucf --purge /etc/logrotate.d/s',
      'if [ "$(unknown-program)" ]; then mkdir -p /usr/share/man/man1; fi',
    )
    expect(at('etc/logrotate.d/s')).toBeUndefined()
    expect(reports).toEqual(['s postinst:4 unknown-program'])
  })
})

describe('functions of another package', () => {
  it('are followed where a script reads them in', () => {
    const functions =
      'register() { for file in $folder/*.cfg; do ucf $file /etc/plugins/$(basename $file); done; }\n'
    const { at, reports } = apply([
      {
        name: 'plugins-common',
        files: { 'usr/share/plugins/dpkg/functions': functions, 'etc/plugins/x': '' },
      },
      {
        name: 'plugins-basic',
        files: { 'usr/share/plugins/templates/ping.cfg': 'define command {}\n' },
        postinst: 'folder=/usr/share/plugins/templates\n. /usr/share/plugins/dpkg/functions\nregister',
      },
    ])
    expect(reports).toEqual([])
    expect(at('etc/plugins/ping.cfg')).toBe('file 644 0:0 define command {}\n')
  })
})

describe('icinga-features', () => {
  it('are links, once, to what is available', () => {
    const { at, notes, reports } = apply([
      {
        name: 'icinga2-bin',
        files: { 'etc/icinga2/features-available/checker.conf': 'object CheckerComponent "checker" {}\n' },
        postinst:
          'icinga2 feature enable checker none || mkdir /some-missing\nicinga2 feature enable checker',
      },
    ])
    expect(reports).toEqual([])
    expect(at('etc/icinga2/features-enabled/checker.conf')).toBe('→ ../features-available/checker.conf')
    expect(at('some-missing')).toBe('directory 755 0:0')
    expect(notes('icinga-features')).toEqual(['checker'])
  })
})

describe('servers that print their configuration', () => {
  it('print what they would read', () => {
    const files = {
      'etc/chrony/chrony.conf': '# user x\npool a iburst\nconfdir /etc/chrony/conf.d\n',
      'etc/chrony/conf.d/own.conf': 'user _other\n',
      'etc/chrony/conf.d/README': 'user none\n',
    }
    const asks = 'if chronyd -p | grep -q "^user"; then mkdir /given; else mkdir /default; fi # /etc/chrony/'
    const { at, reports } = apply([{ name: 's', files, postinst: asks }])
    expect(reports).toEqual([])
    expect([at('given'), at('default')]).toEqual(['directory 755 0:0', undefined])
    const { 'etc/chrony/conf.d/own.conf': _, ...rest } = files
    expect(apply([{ name: 's', files: rest, postinst: asks }]).at('default')).toBe('directory 755 0:0')
  })

  it('say what another file adds, or nothing when that is not known', () => {
    const files = {
      'etc/firebird/4.0/firebird.conf': 'include service-port.conf\n#ServerMode = Super\n',
      'etc/firebird/4.0/service-port.conf': 'RemoteServicePort = 3051\n',
    }
    const dump = '/usr/share/firebird/4.0/dump-firebird-config /etc/firebird/4.0/firebird.conf'
    const { at, reports } = apply([
      { name: 's', files, postinst: `mkdir /etc/firebird/4.0/x; ${dump} > /dumped` },
    ])
    expect(reports).toEqual([])
    expect(at('dumped')).toBe(
      'file 644 0:0 # /etc/firebird/4.0/firebird.conf start\n# /etc/firebird/4.0/service-port.conf start\n' +
        'RemoteServicePort = 3051\n# /etc/firebird/4.0/service-port.conf end\n#ServerMode = Super\n' +
        '# /etc/firebird/4.0/firebird.conf end\n',
    )
    const { 'etc/firebird/4.0/service-port.conf': _, ...rest } = files
    expect(apply([{ name: 's', files: rest, postinst: `${dump} > /dumped` }]).reports).toHaveLength(1)
  })
})

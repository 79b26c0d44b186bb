import { describe, expect, it } from 'vitest'
import { apply, testOptions } from '../../../debian/effects/fixtures/packages.ts'

function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .replace(/^file 644 0:0 /, '')
    .split('\n')
    .filter(Boolean)
}

describe('accounts', () => {
  it('every image has root, nobody and nonroot, without password or shell', () => {
    const { at } = apply([])
    expect(linesOf(at('etc/passwd'))).toEqual([
      'root:x:0:0:root:/root:/usr/sbin/nologin',
      'nonroot:x:65532:65532:nonroot:/home/nonroot:/usr/sbin/nologin',
      'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    ])
    expect(linesOf(at('etc/group'))).toEqual(['root:x:0:', 'nonroot:x:65532:', 'nogroup:x:65534:'])
    expect(at('etc/shadow')).toBeUndefined()
  })

  it('gives ids by name, whatever the order of packages, and leaves out fixed ones', () => {
    const a = { name: 'aa', postinst: 'adduser --system --group --quiet --home /var/lib/zeta zeta || true' }
    const b = { name: 'bb', postinst: 'useradd -r -d /srv -G adm alpha\ngroupadd --system middle' }
    const both = [apply([a, b]), apply([b, a])]
    for (const { at, reports } of both) {
      expect(reports).toEqual([])
      // 100 is the group "users" of base-passwd.
      expect(linesOf(at('etc/passwd'))).toContain('alpha:x:101:101::/srv:/usr/sbin/nologin')
      expect(linesOf(at('etc/passwd'))).toContain('zeta:x:103:103::/var/lib/zeta:/usr/sbin/nologin')
      expect(linesOf(at('etc/group'))).toContain('middle:x:102:')
      expect(linesOf(at('etc/group'))).toContain('adm:x:4:alpha')
    }
  })

  it('takes fixed ids from base-passwd, even when it is not kept', () => {
    const base = {
      name: 'base-passwd',
      kept: false,
      files: {
        'usr/share/base-passwd/passwd.master':
          'root:*:0:0:root:/root:/bin/bash\nnobody:*:65534:65534::/:/x\nwww-data:*:77:78:web:/w:/x\n',
        'usr/share/base-passwd/group.master': 'root:*:0:\nnogroup:*:65534:\nwww-data:*:78:\n',
      },
    }
    const { at } = apply([
      base,
      { name: 'web', postinst: 'mkdir -p /var/www\nchown www-data:www-data /var/www' },
    ])
    expect(at('var/www')).toBe('directory 755 77:78')
    expect(linesOf(at('etc/passwd'))).toContain('www-data:x:77:78:web:/w:/usr/sbin/nologin')
  })

  it('asks for a user only when the script does so, and knows who is there', () => {
    const postinst = [
      'if ! getent passwd _svc > /dev/null; then adduser --system --ingroup mail _svc; fi',
      'getent group mail > /dev/null || groupadd never',
      'if ! id -Gn _svc | grep -qw adm; then adduser _svc adm; fi',
      'if id -Gn _svc | grep -qw adm; then mkdir /in-adm; fi',
      '[ "$(id -u _svc)" -ne 0 ] || exit 1',
    ].join('\n')
    const { at, reports } = apply([{ name: 'svc', postinst }])
    expect(reports).toEqual([])
    expect(linesOf(at('etc/passwd'))).toContain('_svc:x:101:8::/nonexistent:/usr/sbin/nologin')
    expect(linesOf(at('etc/group'))).toContain('adm:x:4:_svc')
    expect(at('etc/group')).not.toContain('never')
    expect(at('in-adm')).toBe('directory 755 0:0')
  })

  it('reads sysusers.d', () => {
    const files = {
      'usr/lib/sysusers.d/b.conf': '# comment\nu svc - "The service" /var/lib/svc\nm svc adm\n',
      'usr/lib/sysusers.d/a.conf': 'g grp 333 -\nu fixed 444:grp - -\n',
    }
    const { at } = apply([{ name: 'svc', files }])
    expect(linesOf(at('etc/passwd'))).toContain('svc:x:101:101:The service:/var/lib/svc:/usr/sbin/nologin')
    expect(linesOf(at('etc/passwd'))).toContain('fixed:x:444:333::/:/usr/sbin/nologin')
    expect(linesOf(at('etc/group'))).toContain('adm:x:4:svc')
  })

  it('gives files of packages to the owner that the archive names', () => {
    const files = { 'usr/bin/mailer': { userName: 'root', groupName: 'mail', mode: 0o755 } }
    const { at } = apply([{ name: 'mailer', files }])
    expect(at('usr/bin/mailer')).toBe('755 0:8')
    expect(linesOf(at('etc/group'))).toContain('mail:x:8:')
  })

  it("has the recipe's accounts, and the user that the image runs as", () => {
    const accounts = {
      runAs: 'www-data',
      users: [{ name: 'app', uid: 1000, gid: 1000, home: '/app', comment: 'App' }],
      groups: [{ name: 'extra', gid: 2000, members: ['app'] }],
    }
    const { at } = apply([], { ...testOptions, accounts })
    expect(linesOf(at('etc/passwd'))).toContain('app:x:1000:1000:App:/app:/usr/sbin/nologin')
    expect(linesOf(at('etc/passwd'))).toContain('www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin')
    expect(linesOf(at('etc/group'))).toEqual(
      expect.arrayContaining(['app:x:1000:', 'extra:x:2000:app', 'www-data:x:33:']),
    )
  })

  it('does not let a script break out of a line of passwd', () => {
    const { at } = apply([{ name: 'x', postinst: "adduser --system --gecos 'a:0:0\nroot2:x:0:0' svc" }])
    expect(linesOf(at('etc/passwd')).filter((line) => line.startsWith('root2'))).toEqual([])
    expect(linesOf(at('etc/passwd'))).toHaveLength(4)
  })
})

import { describe, expect, it } from 'vitest'
import { apply, type Files, folder, symlink } from '../../../debian/effects/fixtures/packages.ts'

interface Case {
  readonly script: string
  readonly files?: Files
  /** Path → what is expected there. */
  readonly expected: Readonly<Record<string, string | undefined>>
  readonly reports?: readonly string[]
}

const cases: Readonly<Record<string, Case>> = {
  'mkdir with parents': { script: 'mkdir -p /var/lib/x/y', expected: { 'var/lib/x/y': 'directory 755 0:0' } },
  'mkdir with a mode': { script: 'mkdir -m 2770 /srv/x', expected: { 'srv/x': 'directory 2770 0:0' } },
  umask: {
    script: 'umask 077\nmkdir /a\ntouch /a/b',
    expected: { a: 'directory 700 0:0', 'a/b': 'file 600 0:0 ' },
  },
  'install -d': {
    script: 'install -d -m 2775 -o www-data -g adm /run/x',
    expected: { 'run/x': 'directory 2775 33:4' },
  },
  'chown and chmod of a packaged folder': {
    script: 'chown www-data:adm /var/log/x\nchmod u=rwx,g=rx,o= /var/log/x',
    files: { 'var/log/x': folder },
    expected: { 'var/log/x': '750 33:4' },
  },
  'chown to a user and its group': {
    script: 'chown backup: /var/x',
    files: { 'var/x': folder },
    expected: { 'var/x': '755 34:34' },
  },
  'chown of everything below': {
    script: 'chown -R www-data /var/x',
    files: { 'var/x': folder, 'var/x/y/z': 'text', 'var/x/l': symlink('/etc/x'), 'etc/x': 'no' },
    expected: { 'var/x': '755 33:0', 'var/x/y/z': '644 33:0', 'var/x/l': undefined, 'etc/x': undefined },
  },
  'ln into a folder and over a link': {
    script: 'mkdir /d\nln -s /usr/share/x /d\nln -sf y /l',
    files: { l: symlink('z') },
    expected: { 'd/x': '→ /usr/share/x', l: '→ y' },
  },
  'text with known words': {
    script: 'v=b\necho "a $v" > /etc/x.conf\nprintf "%s\\n" c >> /etc/x.conf',
    expected: { 'etc/x.conf': 'file 644 0:0 a b\nc\n' },
  },
  'here-documents': {
    script: '[ -e /etc/hosts ] || cat > /etc/hosts <<-EOF\n\t127.0.0.1\tlocalhost\n\tEOF',
    expected: { 'etc/hosts': 'file 644 0:0 127.0.0.1\tlocalhost\n' },
  },
  'files that are there stay': {
    script: '[ -e /etc/x ] || echo new > /etc/x\ntouch /etc/x',
    files: { 'etc/x': 'old' },
    expected: { 'etc/x': undefined },
  },
  'cp of a default that is captured': {
    script: 'cp -p /usr/share/libc-bin/x.conf /etc/x.conf',
    files: { 'usr/share/libc-bin/x.conf': 'default' },
    expected: { 'etc/x.conf': 'file 644 0:0 default' },
  },
  'cp of what is not captured': {
    script: 'cp /usr/lib/x /etc/x',
    files: { 'usr/lib/x': 'binary' },
    expected: { 'etc/x': undefined },
    reports: ['pkg postinst:3 cp /usr/lib/x /etc/x'],
  },
  'mv and rm': {
    script: 'mv /etc/a /etc/b\nrm -rf /var/c /var/none\nrmdir /var/d',
    files: { 'etc/a': '1', 'var/c/e': '2', 'var/d': folder },
    expected: { 'etc/a': 'moved to etc/b', 'var/c': 'removed', 'var/c/e': 'removed', 'var/d': 'removed' },
  },
  'paths through links': {
    script: 'mkdir /var/run/x\nmkdir /lib/y',
    expected: { 'run/x': 'directory 755 0:0', 'usr/lib/y': 'directory 755 0:0' },
  },
  'dpkg-statoverride': {
    script:
      'dpkg-statoverride --list /var/x >/dev/null || dpkg-statoverride --update --add root adm 02750 /var/x',
    files: { 'var/x': folder },
    expected: { 'var/x': '2750 0:4' },
  },
  'temporary files leave nothing': {
    script: 't=$(mktemp)\nfoo=$(sed s/a/b/ /etc/x)\necho "$foo" > $t\nrm -f "$t"',
    expected: { tmp: 'directory 1777 0:0' },
  },
  'conditions on the tree': {
    script:
      'for f in /etc/x.d/*.conf; do [ -e "$f" ] || continue; touch "$f.seen"; done\nif [ -L /l ]; then mkdir /is-link; fi',
    files: { 'etc/x.d/a.conf': '', 'etc/x.d/b.txt': '', l: symlink('nowhere') },
    expected: {
      'etc/x.d/a.conf.seen': 'file 644 0:0 ',
      'etc/x.d/b.txt.seen': undefined,
      'is-link': 'directory 755 0:0',
    },
  },
  'what runs only perhaps is reported': {
    script: 'if grep -q x /proc/cpuinfo; then mkdir /a; fi\nmkdir /b',
    expected: { a: undefined, b: 'directory 755 0:0' },
    reports: ['pkg postinst:3 mkdir /a'],
  },
  'what is not known is reported': {
    script: 'v=$(uname -r)\nmkdir "/lib/modules/$v"\necho $v > /etc/x\nsome-tool --all',
    expected: { 'etc/x': undefined },
    reports: [
      'pkg postinst:4 mkdir "/lib/modules/$v"',
      'pkg postinst:5 echo $v > /etc/x',
      'pkg postinst:6 some-tool --all',
    ],
  },
  'upgrades do not count': {
    script:
      'if [ -n "$2" ] || dpkg --compare-versions "$2" lt-nl 2.0; then mkdir /old; fi\n[ "$1" = triggered ] && mkdir /t || true',
    expected: { old: undefined, t: undefined },
  },
  'paths are meant from the folder that the script is in': {
    script:
      'mkdir -p /srv/a\ncd /srv/a\ntouch x.one x.two\nmkdir sub\nln -s x.one link\nchmod 600 x.*\n(cd /srv; touch y)\nrm x.two',
    expected: {
      'srv/a/x.one': 'file 600 0:0 ',
      'srv/a/x.two': undefined,
      'srv/a/sub': 'directory 755 0:0',
      'srv/a/link': '→ x.one',
      'srv/y': 'file 644 0:0 ',
      sub: undefined,
    },
  },
  'temporary files hold what was written to them': {
    script:
      't=$(mktemp)\necho one > "$t"\necho two >> $t\nsed -i s/two/2/ $t\ncp $t /etc/x\ntty >> $t\nucf $t /etc/y\nrm -f $t',
    expected: { 'etc/x': 'file 600 0:0 one\n2\n', 'etc/y': undefined, '.temper-script': undefined },
    reports: ['pkg postinst:9 ucf $t /etc/y'],
  },
  'lines are read from what the script gives': {
    script:
      'while read -r path mode; do mkdir "$path"; chmod $mode $path; done <<END\n/a 700\n/b 711\nEND\nprintf "c:750\\nd:755\\n" | while IFS=: read n m; do install -d -m $m /$n; done',
    expected: {
      a: 'directory 700 0:0',
      b: 'directory 711 0:0',
      c: 'directory 750 0:0',
      d: 'directory 755 0:0',
    },
  },
  'scripts of packages are followed': {
    script: '/usr/share/pkg/make /made 750',
    files: { 'usr/share/pkg/make': '#!/bin/sh\nset -e\ncd /\nmkdir "$1"\nchmod "$2" "$1"\nexit 0\n' },
    expected: { made: 'directory 750 0:0' },
  },
  'what goes to an account of a package that is not there goes to root': {
    script: 'install -d -m 750 -o www-data /a\nchown ghost:ghosts /a',
    expected: { a: 'directory 750 0:0' },
  },
}

describe('literal commands', () => {
  it.each(Object.entries(cases))('%s', (_, { script, files, expected, reports }) => {
    const outcome = apply([{ name: 'pkg', postinst: script, ...(files ? { files } : {}) }])
    for (const [path, what] of Object.entries(expected))
      expect([path, outcome.at(path)]).toEqual([path, what])
    expect(outcome.reports).toEqual(reports ?? [])
  })

  it('ignores the scripts of packages that are not kept', () => {
    const outcome = apply([{ name: 'gone', kept: false, postinst: 'mkdir /x\nfoo' }])
    expect(outcome.at('x')).toBeUndefined()
    expect(outcome.reports).toEqual([])
  })

  it('follows packages in the order of their dependencies', () => {
    const first = { name: 'z-base', postinst: 'mkdir /made' }
    const second = {
      name: 'a-user',
      depends: 'z-base (>= 1) | other',
      postinst: '[ -d /made ] && mkdir /made/after',
    }
    expect(apply([second, first]).at('made/after')).toBe('directory 755 0:0')
  })

  it('answers debconf with the defaults of the templates', () => {
    const outcome = apply([
      {
        name: 'asks',
        templates:
          'Template: asks/style\nType: select\nDefault: slight\n\nTemplate: asks/other\nDefault: x\n',
        postinst:
          '. /usr/share/debconf/confmodule\ndb_get asks/style\nmkdir "/etc/$RET"\ndb_get asks/none\nmkdir "/etc/$RET"',
      },
    ])
    expect(outcome.at('etc/slight')).toBe('directory 755 0:0')
    expect(outcome.reports).toEqual(['asks postinst:7 mkdir "/etc/$RET"'])
  })

  it('runs triggers of kept packages that others pull, and says the same thing once', () => {
    const watcher = {
      name: 'watcher',
      triggers: 'interest-noawait /usr/share/things\ninterest call-me',
      postinst:
        'case "$1" in\nconfigure) rebuild --all;;\ntriggered) rebuild; for t in $2; do mkdir -p "/seen$t"; done;;\nesac',
    }
    const files = { 'usr/share/things/a': 'a' }
    expect(apply([watcher]).at('seen/usr/share/things')).toBeUndefined()
    const outcome = apply([watcher, { name: 'thing', files, postinst: 'dpkg-trigger call-me' }])
    expect(outcome.at('seen/usr/share/things')).toBe('directory 755 0:0')
    expect(outcome.at('seencall-me')).toBe('directory 755 0:0')
    expect(outcome.reports).toEqual(['watcher postinst:4 rebuild --all'])
  })

  it('names keys and data that are left out on purpose', () => {
    const outcome = apply([{ name: 'x', postinst: 'make-ssl-cert generate-default-snakeoil' }])
    expect(outcome.notes('left-out')).toEqual([
      'x: a private key with a self-signed certificate: no key belongs in an image',
    ])
    expect(outcome.reports).toEqual([])
  })
})

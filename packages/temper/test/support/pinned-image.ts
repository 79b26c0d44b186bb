import { buildElf } from '../../src/formats/elf/fixtures/fixture-elf.ts'
import { type DebianPackage, debianPackage } from './debian-package.ts'

/**
 * Packages in which there is something for every effect and every kind of hardening, and the recipe that takes them.
 * Nothing of them may change: their digest is what the revision is held against.
 */
export const pinnedRecipe = `name: pinned
contents:
  packages: [gadget]
accounts:
  users: [{ name: worker, uid: 4711 }]
  run-as: worker
environment: { LANG: C.UTF-8, PATH: /usr/sbin:/usr/bin }
entrypoint: [/usr/bin/gadget]
cmd: [--serve]
stop-signal: SIGQUIT
ports: [8080/tcp]
paths:
  - { type: directory, path: /srv/data, uid: 4711, gid: 4711, permissions: 0o750 }
  - { type: file, path: /etc/gadget/extra.conf, content: "extra = 1\\n" }
  - { type: symlink, path: /srv/link, source: /srv/data }
  - { type: delete, path: /usr/share/gadget/unwanted }
annotations: { org.opencontainers.image.description: Holds the bytes of a revision }
`

const loader = buildElf({ type: 3, machine: 62, soname: 'ld-linux-x86-64.so.2', definitions: ['GLIBC_2.3'] })
const library = (soname: string, needed: readonly string[] = []) =>
  buildElf({ type: 3, machine: 62, soname, needed })
const libraries = 'usr/lib/x86_64-linux-gnu'

const packages: readonly DebianPackage[] = [
  {
    name: 'base-files',
    version: '13.8',
    files: {
      './etc/': '',
      './etc/debian_version': '13.1\n',
      './usr/share/base-files/profile': 'PATH=/usr/bin\n',
      './usr/share/doc/base-files/copyright': 'Licence: none\n',
      './usr/share/doc/base-files/README': 'read me\n',
      './var/tmp/': '',
    },
    modes: { './var/tmp/': 0o1777 },
  },
  {
    name: 'base-passwd',
    version: '3.6.7',
    files: {
      './usr/share/base-passwd/passwd.master':
        'root:*:0:0:root:/root:/bin/bash\nwww-data:*:33:33:www-data:/var/www:/usr/sbin/nologin\n',
      './usr/share/base-passwd/group.master': 'root:*:0:\nadm:*:4:\nwww-data:*:33:\n',
    },
  },
  {
    name: 'libc6',
    version: '2.41-12',
    files: {
      './etc/ld.so.conf.d/x86_64-linux-gnu.conf': '/usr/local/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu\n',
      './lib64/ld-linux-x86-64.so.2': {
        type: 'symlink',
        mode: 0o777,
        target: '../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
      },
      [`./${libraries}/ld-linux-x86-64.so.2`]: loader,
      [`./${libraries}/libc.so.6`]: library('libc.so.6'),
      './usr/share/doc/libc6/changelog.Debian': 'glibc (2.41-12) unstable; urgency=low\n',
    },
    modes: { [`./${libraries}/ld-linux-x86-64.so.2`]: 0o755 },
  },
  {
    name: 'gadget',
    version: '1:2.0-3',
    fields: { Depends: 'libc6, base-passwd', Source: 'gadget-source', 'Installed-Size': '12' },
    files: {
      './etc/gadget/gadget.conf': 'port = 8080\n',
      './etc/default/gadget': 'START=yes\n',
      './etc/init.d/gadget': '#!/bin/sh\n',
      './etc/ld.so.conf.d/gadget.conf': '/usr/lib/gadget\n',
      './bin/gadget-tool': buildElf({
        machine: 62,
        interpreter: '/lib64/ld-linux-x86-64.so.2',
        needed: ['libc.so.6'],
      }),
      './usr/bin/gadget': buildElf({
        machine: 62,
        interpreter: '/lib64/ld-linux-x86-64.so.2',
        needed: ['libgadget.so.1', 'libc.so.6'],
      }),
      './usr/bin/gadget-again': { type: 'hardlink', mode: 0o755, target: './usr/bin/gadget' },
      './usr/bin/gadget-script': '#!/usr/bin/perl\n',
      './usr/lib/gadget/libgadget.so.1.2': library('libgadget.so.1', ['libc.so.6']),
      './usr/lib/sysusers.d/gadget.conf': 'u daemon-of-gadget - "Gadget" /var/lib/gadget\n',
      './usr/lib/tmpfiles.d/gadget.conf': 'd /run/gadget 0750 gadget gadget -\n',
      './usr/share/gadget/variant-a': 'a\n',
      './usr/share/gadget/unwanted': 'x\n',
      './usr/share/locale/de/LC_MESSAGES/gadget.mo': 'Wörter\n',
      './usr/share/man/man1/gadget.1': '.TH gadget\n',
      './usr/include/gadget.h': '#define GADGET\n',
      './var/cache/gadget/index': 'index\n',
      './var/lib/gadget/': '',
    },
    modes: {
      './bin/gadget-tool': 0o4755,
      './usr/bin/gadget': 0o755,
      './usr/share/gadget/variant-a': 0o666,
    },
    scripts: {
      conffiles: '/etc/gadget/gadget.conf\n/etc/default/gadget\n',
      postinst: `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  adduser --system --group --home /var/lib/gadget gadget
  chown -R gadget:gadget /var/lib/gadget
  mkdir -p /var/log/gadget
  chmod 0750 /var/log/gadget
  ln -sf /usr/share/gadget/variant-a /etc/gadget/link
  update-alternatives --install /usr/share/gadget/variant variant /usr/share/gadget/variant-a 10
  echo "made = yes" > /etc/gadget/made.conf
fi
ldconfig
`,
    },
  },
]

/** The archives, by the name, version and path that a lock gives them. */
export const pinnedPackages = packages.map((made) => ({
  name: made.name,
  version: made.version,
  source: made.fields?.['Source'] ?? made.name,
  location: `pool/${made.name}.deb`,
  bytes: debianPackage(made),
}))

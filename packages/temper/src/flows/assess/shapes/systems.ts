import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { file, folder, link, program } from '../../../rules/image/example.ts'
import {
  base,
  debian,
  debianErrors,
  dynamic,
  fixed,
  login,
  manager,
  osRelease,
  passwd,
  root,
  shadow,
  shell,
  type UsualShape,
} from './parts.ts'

const store = 'nix/store/0c1v2b3n4m5a6s7d8f9g0h1j2k3l4z5x-hello-2.12.2'

export const distroless: UsualShape = {
  title: 'Distroless-like',
  layers: [
    [
      ...base,
      osRelease('debian', '13'),
      passwd(
        'root:x:0:0:root:/root:/sbin/nologin',
        'nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin',
        'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin',
      ),
      file('etc/group', 'root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n'),
      folder('home/nonroot', { mode: 0o700, uid: 65532, gid: 65532 }),
      file('var/lib/dpkg/status.d/tzdata', 'Package: tzdata\nVersion: 2026a-0\nArchitecture: all\n'),
      file('usr/share/zoneinfo/UTC'),
      file('etc/ssl/certs/ca-certificates.crt', ''),
    ],
    [program('app', fixed)],
  ],
  settings: {
    User: '65532',
    Entrypoint: ['/app'],
    Env: ['PATH=/usr/bin:/bin', 'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'],
  },
  errors: {},
}

export const ubi: UsualShape = {
  title: 'UBI-like',
  layers: [
    [
      ...base,
      osRelease('rhel', '9.6'),
      passwd('root:x:0:0:root:/root:/bin/bash', 'default:x:1001:0:Default:/opt/app-root/src:/sbin/nologin'),
      file('etc/group', 'root:x:0:\nwheel:x:10:\n'),
      file('etc/shadow', 'root:!locked::0:99999:7:::\n', { mode: 0 }),
      file('etc/crypto-policies/config', 'DEFAULT\n'),
      file('etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', ''),
      program('usr/bin/bash', dynamic),
      program('usr/bin/microdnf', dynamic),
      file('usr/bin/newgidmap', dynamic, { mode: 0o4755 }),
    ],
    [
      folder('opt/app-root/src', { mode: 0o775, uid: 1001 }),
      program('opt/app-root/src/run', '#!/bin/bash\n'),
    ],
  ],
  settings: {
    User: '1001',
    Cmd: ['/opt/app-root/src/run'],
    WorkingDir: '/opt/app-root/src',
    ExposedPorts: { '8080/tcp': {} },
  },
  errors: { shell, 'package-manager': manager, setuid: 'newgidmap is setuid', account: login },
}

export const alpine: UsualShape = {
  title: 'Alpine',
  layers: [
    [
      ...base,
      osRelease('alpine', '3.23.0'),
      passwd(
        'root:x:0:0:root:/root:/bin/sh',
        'bin:x:1:1:bin:/bin:/sbin/nologin',
        'guest:x:405:100:guest:/dev/null:/sbin/nologin',
      ),
      file('etc/group', 'root:x:0:root\nbin:x:1:root,bin\nshadow:x:42:\nusers:x:100:\n'),
      shadow('root:*::0:::::\nbin:!::0:::::\n'),
      folder('bin'),
      program('bin/busybox', dynamic),
      link('bin/sh', '/bin/busybox'),
      program('sbin/apk', dynamic),
      file('lib/apk/db/installed', 'P:busybox\nV:1.37.0-r1\nA:x86_64\nF:bin\nR:busybox\n\n'),
    ],
  ],
  settings: { Cmd: ['/bin/sh'], Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] },
  errors: { shell, 'package-manager': manager, account: login, 'root-user': root },
}

export const nix: UsualShape = {
  title: 'Nix-like',
  layers: [
    [
      folder('nix/store', { mode: 0o555 }),
      folder(store, { mode: 0o555 }),
      {
        ...program(
          `${store}/bin/hello`,
          buildElf({
            ...{ interpreter: '/nix/store/abc-glibc-2.42/lib/ld-linux-x86-64.so.2', needed: ['libc.so.6'] },
            ...{ pie: true, relro: 'full', stackProtector: true, runpath: '/nix/store/abc-glibc-2.42/lib' },
          }),
        ),
        mode: 0o555,
      },
      link('bin', `/${store}/bin`),
    ],
  ],
  settings: { User: '1000:1000', Entrypoint: [`/${store}/bin/hello`] },
  errors: {},
}

export const s6: UsualShape = {
  title: 's6',
  layers: [
    alpine.layers[0] ?? [],
    [
      program('init', '#!/bin/sh -e\n'),
      program('command/s6-svscan', fixed),
      program('package/admin/s6/command/s6-supervise', fixed),
      program('etc/s6-overlay/s6-rc.d/app/run', '#!/command/execlineb\n'),
    ],
  ],
  settings: { Entrypoint: ['/init'], Env: ['S6_KEEP_ENV=1'] },
  errors: { ...alpine.errors },
}

export const systemd: UsualShape = {
  title: 'systemd',
  layers: [
    debian,
    [
      program('usr/lib/systemd/systemd', dynamic),
      link('sbin/init', '/usr/lib/systemd/systemd'),
      file('etc/systemd/system/app.service', '[Service]\nExecStart=/usr/bin/app\n'),
    ],
  ],
  settings: {
    Cmd: ['/sbin/init'],
    StopSignal: 'SIGRTMIN+3',
    Volumes: { '/sys/fs/cgroup': {}, '/run': {}, '/tmp': {} },
  },
  errors: { ...debianErrors, 'root-user': root },
}

export const busybox: UsualShape = {
  title: 'BusyBox',
  layers: [
    [
      program('bin/busybox', fixed),
      { path: 'bin/sh', type: 'hardlink', target: 'bin/busybox', mode: 0o755, uid: 0, gid: 0 },
      { path: 'bin/wget', type: 'hardlink', target: 'bin/busybox', mode: 0o755, uid: 0, gid: 0 },
      passwd(
        'root:x:0:0:root:/root:/bin/sh',
        'daemon:x:1:1:daemon:/usr/sbin:/bin/false',
        'www-data:x:33:33:www-data:/var/www:/bin/false',
      ),
      file('etc/group', 'root:x:0:\ndaemon:x:1:\nwww-data:x:33:\n'),
      file('etc/shadow', 'root:*:10933:0:99999:7:::\ndaemon:*:10933:0:99999:7:::\n', { mode: 0o640 }),
      folder('tmp', { mode: 0o1777 }),
    ],
  ],
  settings: { Cmd: ['sh'] },
  errors: { shell, account: login, 'root-user': root },
}

export const plainDebian: UsualShape = {
  title: 'a plain Debian root',
  layers: [debian],
  settings: { Cmd: ['bash'] },
  errors: { ...debianErrors, 'root-user': root },
}

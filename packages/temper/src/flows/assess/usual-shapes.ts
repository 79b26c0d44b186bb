import { buildElf } from '../../formats/elf/fixture-elf.ts'
import type { SampleEntry } from '../../formats/layer/sample-image.ts'
import type { ImageConfig } from '../../model/image.ts'
import { file, folder, link, program } from '../../rules/image/example.ts'

/** An image as people make them, small: what is told of it as an error has to be one. */
export interface UsualShape {
  readonly title: string
  readonly layers: readonly (readonly SampleEntry[])[]
  readonly settings: NonNullable<ImageConfig['config']>
  /** Ids of the rules that it breaks as errors, and why each is right. */
  readonly errors: Readonly<Record<string, string>>
}

const dynamic = buildElf({
  ...{ interpreter: '/lib64/ld-linux-x86-64.so.2', needed: ['libc.so.6'] },
  ...{ pie: true, relro: 'partial', stackProtector: true },
})
/** As Go and musl link: no PT_GNU_RELRO, a fixed address. */
const fixed = buildElf({ type: 2 })
const nologin = '/usr/sbin/nologin'
const base = ['etc', 'tmp', 'usr', 'usr/bin', 'usr/lib'].map((path) =>
  folder(path, path === 'tmp' ? { mode: 0o1777 } : {}),
)
const osRelease = (id: string, version: string) =>
  file('etc/os-release', `ID=${id}\nVERSION_ID=${version}\nPRETTY_NAME="${id} ${version}"\n`)
const passwd = (...lines: readonly string[]) => file('etc/passwd', `${lines.join('\n')}\n`)
const shadow = (text: string) => file('etc/shadow', text, { mode: 0o640, gid: 42 })

const root = 'it names no user, so that it runs as root'
const shell = 'it has a shell'
const manager = 'it has a package manager'
const login = 'root may log in with a shell'
const ownFiles = 'the user may change files that no volume and no home holds'

const distroless: UsualShape = {
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

const ubi: UsualShape = {
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

const alpine: UsualShape = {
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

const debian: readonly SampleEntry[] = [
  ...base,
  osRelease('debian', '13'),
  passwd(
    'root:x:0:0:root:/root:/bin/bash',
    `daemon:x:1:1:daemon:/usr/sbin:${nologin}`,
    'sync:x:4:65534:sync:/bin:/bin/sync',
    `www-data:x:33:33:www-data:/var/www:${nologin}`,
    `_apt:x:42:65534::/nonexistent:${nologin}`,
    `nobody:x:65534:65534:nobody:/nonexistent:${nologin}`,
  ),
  file('etc/group', 'root:x:0:\ndaemon:x:1:\nshadow:x:42:\nstaff:x:50:\nwww-data:x:33:\nnogroup:x:65534:\n'),
  shadow('root:*:20000:0:99999:7:::\nwww-data:*:20000:0:99999:7:::\n'),
  link('bin', 'usr/bin'),
  program('usr/bin/bash', dynamic),
  program('usr/bin/dash', dynamic),
  link('usr/bin/sh', 'dash'),
  program('usr/bin/apt-get', dynamic),
  file('usr/bin/su', dynamic, { mode: 0o4755 }),
  file('usr/bin/chage', dynamic, { mode: 0o2755, gid: 42 }),
  folder('var/local', { mode: 0o2775, gid: 50 }),
  file(
    'var/lib/dpkg/status',
    'Package: bash\nStatus: install ok installed\nVersion: 5.2.37-2\nArchitecture: amd64\n',
  ),
]
const debianErrors = { shell, 'package-manager': manager, account: login, setuid: 'su is setuid' }

const fatJar: UsualShape = {
  title: 'a fat jar on a JDK',
  layers: [
    debian,
    [
      program('opt/java/openjdk/bin/java', dynamic),
      program('opt/java/openjdk/bin/javac', dynamic),
      file(
        'opt/java/openjdk/conf/security/java.security',
        'jdk.tls.disabledAlgorithms=SSLv3, TLSv1, TLSv1.1, RC4\n',
      ),
    ],
    [file('app/app.jar', 'PK')],
  ],
  settings: {
    Entrypoint: ['java', '-jar', '/app/app.jar'],
    Env: [
      'PATH=/opt/java/openjdk/bin:/usr/bin:/bin',
      'JAVA_HOME=/opt/java/openjdk',
      'JAVA_VERSION=jdk-21.0.9+10',
    ],
  },
  errors: { ...debianErrors, 'root-user': root, compiler: 'a JDK compiles' },
}

const scratch: UsualShape = {
  title: 'scratch with one static program',
  layers: [[program('server', fixed)]],
  settings: { Entrypoint: ['/server'], ExposedPorts: { '8080/tcp': {} } },
  errors: { 'root-user': root },
}

const buildpacks: UsualShape = {
  title: 'Buildpacks-like',
  layers: [
    [
      ...base,
      osRelease('ubuntu', '24.04'),
      passwd(`root:x:0:0:root:/root:${nologin}`, `cnb:x:1002:1000::/home/cnb:${nologin}`),
      file('etc/group', 'root:x:0:\ncnb:x:1000:\n'),
      folder('home/cnb', { uid: 1002, gid: 1000 }),
      program('usr/bin/bash', dynamic),
    ],
    [program('cnb/lifecycle/launcher', fixed), link('cnb/process/web', '/cnb/lifecycle/launcher')],
    [program('layers/google.node/node/bin/node', dynamic)],
    [
      folder('workspace', { uid: 1002, gid: 1000 }),
      file('workspace/index.js', 'x', { uid: 1002, gid: 1000 }),
    ],
  ],
  settings: {
    User: '1002:1000',
    Entrypoint: ['/cnb/process/web'],
    Env: ['PATH=/cnb/process:/cnb/lifecycle:/usr/bin', 'CNB_LAYERS_DIR=/layers', 'CNB_APP_DIR=/workspace'],
    WorkingDir: '/workspace',
    Labels: {
      'io.buildpacks.stack.id': 'io.buildpacks.stacks.noble',
      'io.buildpacks.build.metadata': '{"processes":[]}',
    },
  },
  errors: { shell, ownership: ownFiles },
}

const store = 'nix/store/0c1v2b3n4m5a6s7d8f9g0h1j2k3l4z5x-hello-2.12.2'
const nix: UsualShape = {
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

const s6: UsualShape = {
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

const systemd: UsualShape = {
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

const conda: UsualShape = {
  title: 'Conda-like',
  layers: [
    debian,
    [
      program(
        'opt/conda/bin/python3.13',
        buildElf({
          type: 2,
          interpreter: '/lib64/ld-linux-x86-64.so.2',
          needed: ['libc.so.6'],
          rpath: '$ORIGIN/../lib',
        }),
      ),
      link('opt/conda/bin/python', 'python3.13'),
      program('opt/conda/bin/conda', '#!/opt/conda/bin/python\n'),
      file('opt/conda/lib/python3.13/os.py'),
      file('opt/conda/conda-meta/history', '==> 2026-05-01 <==\n'),
      file('opt/conda/lib/python3.13/site-packages/certifi/cacert.pem', ''),
    ],
  ],
  settings: { Cmd: ['/bin/bash'], Env: ['PATH=/opt/conda/bin:/usr/local/bin:/usr/bin:/bin', 'LANG=C.UTF-8'] },
  errors: { ...debianErrors, 'root-user': root },
}

const phpFpm: UsualShape = {
  title: 'PHP-FPM',
  layers: [
    debian,
    [
      program('usr/local/sbin/php-fpm', dynamic),
      program('usr/local/bin/php', dynamic),
      program('usr/local/bin/docker-php-entrypoint', '#!/bin/sh\n'),
    ],
    [folder('var/www/html', { uid: 33, gid: 33, mode: 0o1777 })],
  ],
  settings: {
    Entrypoint: ['docker-php-entrypoint'],
    Cmd: ['php-fpm'],
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'PHP_VERSION=8.4.8'],
    ExposedPorts: { '9000/tcp': {} },
    StopSignal: 'SIGQUIT',
    WorkingDir: '/var/www/html',
  },
  errors: {
    ...debianErrors,
    'root-user': root,
    'world-writable': 'everybody may write the folder of the site',
  },
}

const dotnet: UsualShape = {
  title: '.NET-like',
  layers: [
    [
      ...base,
      osRelease('ubuntu', '24.04'),
      passwd(`root:x:0:0:root:/root:${nologin}`, `app:x:1654:1654::/home/app:/bin/false`),
      file('etc/group', 'root:x:0:\napp:x:1654:\n'),
      folder('home/app', { uid: 1654, gid: 1654, mode: 0o755 }),
      program('usr/lib/dotnet/dotnet', dynamic),
      file('usr/lib/dotnet/shared/Microsoft.NETCore.App/10.0.1/System.Private.CoreLib.dll', 'MZ'),
    ],
    [program('app/App', dynamic), file('app/App.dll', 'MZ'), file('app/appsettings.json', '{"Logging":{}}')],
  ],
  settings: {
    User: '1654',
    Entrypoint: ['dotnet', 'App.dll'],
    Env: ['PATH=/usr/lib/dotnet:/usr/bin', 'ASPNETCORE_HTTP_PORTS=8080', 'DOTNET_RUNNING_IN_CONTAINER=true'],
    WorkingDir: '/app',
    ExposedPorts: { '8080/tcp': {} },
  },
  errors: {},
}

const goWithCertificates: UsualShape = {
  title: 'Go with certificates',
  layers: [
    [
      file('etc/ssl/certs/ca-certificates.crt', ''),
      file('etc/passwd', `nobody:x:65534:65534::/:${nologin}\n`),
    ],
    [program('bin/service', fixed)],
  ],
  settings: { User: 'nobody', Entrypoint: ['/bin/service'], ExposedPorts: { '443/tcp': {} } },
  errors: {},
}

const busybox: UsualShape = {
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

const plainDebian: UsualShape = {
  title: 'a plain Debian root',
  layers: [debian],
  settings: { Cmd: ['bash'] },
  errors: { ...debianErrors, 'root-user': root },
}

/** Fifteen that are met everywhere. */
export const usualShapes: readonly UsualShape[] = [
  ...[distroless, ubi, alpine, fatJar, scratch, buildpacks, nix, s6, systemd, conda],
  ...[phpFpm, dotnet, goWithCertificates, busybox, plainDebian],
]

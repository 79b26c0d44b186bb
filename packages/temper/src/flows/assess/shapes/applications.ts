import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { file, folder, link, program } from '../../../rules/image/example.ts'
import {
  base,
  debian,
  debianErrors,
  dynamic,
  fixed,
  nologin,
  osRelease,
  ownFiles,
  passwd,
  root,
  shell,
  type UsualShape,
} from './parts.ts'

export const fatJar: UsualShape = {
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

export const scratch: UsualShape = {
  title: 'scratch with one static program',
  layers: [[program('server', fixed)]],
  settings: { Entrypoint: ['/server'], ExposedPorts: { '8080/tcp': {} } },
  errors: { 'root-user': root },
}

export const buildpacks: UsualShape = {
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

export const conda: UsualShape = {
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

export const phpFpm: UsualShape = {
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

export const dotnet: UsualShape = {
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

export const goWithCertificates: UsualShape = {
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

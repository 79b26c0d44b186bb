/** Roots that no image of ours is made of, by the names that Dockerfiles here give them. */
export type ForeignRoot = 'bookworm' | 'trixie' | 'alpine'

/** An image as somebody else builds it, how it is hardened, and what it has to do before and after. */
export interface HardenCase {
  readonly name: string
  /** Root file systems that its Dockerfile begins with. */
  readonly roots: readonly ForeignRoot[]
  /** Whole lines of a Dockerfile. */
  readonly dockerfile: readonly string[]
  /** Files of its context, by their names. */
  readonly files?: Readonly<Record<string, string>>
  /** What `temper harden` is told besides the image. */
  readonly options?: readonly string[]
  /** Exit code: 1 where something is left that nothing shows to be unneeded. */
  readonly exit: 0 | 1
  /** Rules and scripts of what is left, sorted. */
  readonly left: readonly string[]
  /** Whether the archive has newer packages than the root and what was installed in it. */
  readonly updates: boolean
  readonly output?: readonly string[]
  readonly stdin?: string
  readonly http?: { readonly port: number; readonly path: string; readonly body: string }
  /** Commands run inside beside the service. */
  readonly exec?: readonly { readonly command: readonly string[]; readonly output: readonly string[] }[]
}

const install = (packages: string) =>
  `RUN apt-get -qq update && apt-get -qq install -y --no-install-recommends ${packages} && rm -rf /var/lib/apt/lists/*`

const nginxConf = `user root; daemon off; pid /tmp/nginx.pid; error_log stderr; events {}
http {
  include /etc/nginx/mime.types;
  access_log off; gzip on; gzip_min_length 1; gzip_types text/plain;
  client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
  server { listen 8081; location / { default_type text/plain; return 200 "answer 42\\n"; } }
  server { listen 8443 ssl; ssl_certificate /etc/ssl/web.pem; ssl_certificate_key /etc/ssl/web.key;
    location / { proxy_pass http://127.0.0.1:8081; } }
  server { listen 8080; location / { proxy_ssl_server_name on; proxy_pass https://127.0.0.1:8443; } }
}
`

/** Images of two Debian releases without their security updates, of a real Alpine, and of no distribution. */
export const hardenCases: readonly HardenCase[] = [
  {
    name: 'nginx',
    roots: ['bookworm'],
    dockerfile: [
      'FROM localhost/bookworm',
      install('nginx-light openssl'),
      'RUN openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=web -days 3650 -out /etc/ssl/web.pem -keyout /etc/ssl/web.key && chmod 644 /etc/ssl/web.key && apt-get -qq remove -y openssl ca-certificates',
      'COPY nginx.conf /etc/nginx/nginx.conf',
      'EXPOSE 8080',
      'CMD ["/usr/sbin/nginx"]',
    ],
    files: { 'nginx.conf': nginxConf },
    options: ['--run-as', 'nonroot'],
    exit: 0,
    left: [],
    updates: true,
    http: { port: 8080, path: '/', body: 'answer 42' },
  },
  {
    name: 'postgres',
    roots: ['bookworm'],
    dockerfile: [
      'FROM localhost/bookworm',
      install('postgresql-15'),
      'COPY --chmod=755 start.sh /usr/local/bin/start.sh',
      'USER postgres',
      'ENV PGDATA=/tmp/data PATH=/usr/lib/postgresql/15/bin:/usr/bin:/bin',
      'ENTRYPOINT ["/usr/local/bin/start.sh"]',
    ],
    files: {
      'start.sh':
        '#!/bin/bash\nset -e\ninitdb -A trust >/dev/null\nexec postgres -c listen_addresses=127.0.0.1 -c unix_socket_directories=/tmp\n',
    },
    exit: 1,
    left: ['ownership', 'postgresql-common postinst', 'shell'],
    updates: true,
    exec: [
      {
        command: [
          'psql',
          '-h',
          '/tmp',
          '-d',
          'postgres',
          '-Atc',
          'create table t as select 6*7 as a; select a from t',
        ],
        output: ['42'],
      },
    ],
  },
  {
    name: 'redis',
    roots: ['trixie'],
    dockerfile: [
      'FROM localhost/trixie',
      install('redis-server redis-tools'),
      'WORKDIR /tmp',
      'USER redis',
      'CMD ["redis-server", "--save", "", "--port", "6379"]',
    ],
    exit: 1,
    left: ['ownership', 'shell'],
    updates: true,
    exec: [
      { command: ['redis-cli', 'set', 'a', '42'], output: ['OK'] },
      { command: ['redis-cli', 'eval', "return redis.call('get','a')", '0'], output: ['42'] },
    ],
  },
  {
    name: 'python',
    roots: ['bookworm'],
    // Layers that take away what others brought, a folder made anew, a setuid program, accounts of its own.
    dockerfile: [
      'FROM localhost/bookworm',
      install('python3 python3-flask'),
      'RUN useradd -r -u 1500 -d /app -s /bin/bash app && cp /usr/bin/env /usr/local/bin/more && chmod 4755 /usr/local/bin/more',
      'COPY old /app/old',
      'RUN rm -r /app && mkdir -m 777 /app',
      'COPY main.py /app/main.py',
      'USER app',
      'WORKDIR /app',
      'EXPOSE 8080',
      'CMD ["python3", "main.py"]',
    ],
    files: {
      'old/left.txt': 'of a layer below',
      'main.py':
        "import os, flask\nweb = flask.Flask('web')\n@web.get('/')\ndef answer(): return f'answer 42 {sorted(os.listdir(\"/app\"))}'\nweb.run('0.0.0.0', 8080)\n",
    },
    exit: 1,
    left: ['shell'],
    updates: true,
    http: { port: 8080, path: '/', body: "answer 42 ['main.py']" },
  },
  {
    name: 'node',
    roots: ['bookworm'],
    dockerfile: [
      'FROM localhost/bookworm',
      install('nodejs'),
      'COPY server.js /srv/server.js',
      'EXPOSE 8080',
      'CMD ["node", "/srv/server.js"]',
    ],
    files: {
      'server.js':
        "const { createHash } = require('node:crypto')\nrequire('node:http').createServer((_, answer) => answer.end('answer ' + createHash('sha256').update('42').digest('hex'))).listen(8080)\n",
    },
    options: ['--run-as', '1000', '--allow', 'shell'],
    exit: 0,
    left: [],
    updates: true,
    http: {
      port: 8080,
      path: '/',
      body: 'answer 73475cb40a568e8da8a045ced110137e159f890ac4da883b6b17dc651b3a8049',
    },
  },
  {
    name: 'java',
    roots: ['bookworm'],
    dockerfile: [
      'FROM localhost/bookworm',
      install('openjdk-17-jre-headless'),
      'COPY Main.java /app/Main.java',
      'ENTRYPOINT ["java", "-XshowSettings:vm", "-version"]',
    ],
    files: { 'Main.java': 'class Main {}\n' },
    exit: 0,
    left: [],
    updates: true,
    output: ['OpenJDK 64-Bit Server VM'],
  },
  {
    name: 'git',
    roots: ['trixie'],
    dockerfile: [
      'FROM localhost/trixie',
      install('git'),
      'ENV HOME=/tmp GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b',
      'WORKDIR /tmp',
      'COPY --chmod=755 work.sh /usr/bin/work',
      'ENTRYPOINT ["/usr/bin/work"]',
    ],
    files: {
      'work.sh':
        '#!/bin/sh\nset -e\ngit init -q a; cd a; echo 42 >f; git add f; git commit -qm one; cd ..; git clone -q file:///tmp/a b; git -C b show HEAD:f\n',
    },
    exit: 1,
    left: ['root-user', 'shell'],
    updates: true,
    output: ['42'],
  },
  {
    name: 'haproxy',
    roots: ['bookworm'],
    dockerfile: [
      'FROM localhost/bookworm',
      install('haproxy'),
      'COPY haproxy.cfg /etc/haproxy/haproxy.cfg',
      'USER haproxy',
      'EXPOSE 8080',
      'ENTRYPOINT ["/usr/sbin/haproxy"]',
      'CMD ["-W", "-db", "-f", "/etc/haproxy/haproxy.cfg"]',
    ],
    files: {
      'haproxy.cfg':
        'defaults\n  mode http\n  timeout client 5s\n  timeout connect 5s\n  timeout server 5s\nfrontend web\n  bind :8080\n  http-request return status 200 content-type text/plain string "answer 42" if { path / }\n',
    },
    options: ['--allow', 'shell'],
    exit: 0,
    left: [],
    updates: true,
    http: { port: 8080, path: '/', body: 'answer 42' },
  },
  {
    name: 'php',
    roots: ['trixie'],
    dockerfile: [
      'FROM localhost/trixie',
      install('php-cli php-sqlite3'),
      'COPY index.php /srv/index.php',
      'EXPOSE 8080',
      // The shell form: a shell starts the program.
      'CMD php -S 0.0.0.0:8080 -t /srv',
    ],
    files: {
      'index.php':
        "<?php $d = new PDO('sqlite::memory:'); echo 'answer ', $d->query('select 6*7')->fetchColumn();\n",
    },
    exit: 1,
    left: [
      'php8.4-cli postinst',
      'php8.4-common postinst',
      'php8.4-opcache postinst',
      'php8.4-readline postinst',
      'php8.4-sqlite3 postinst',
      'root-user',
      'shell',
    ],
    updates: true,
    http: { port: 8080, path: '/', body: 'answer 42' },
  },
  {
    name: 'alpine-curl',
    roots: ['alpine'],
    dockerfile: [
      'FROM localhost/alpine',
      'RUN rm -rf /boot /lib/modules && adduser -D -u 1500 app && cp /bin/busybox /usr/local/bin/more && chmod 4755 /usr/local/bin/more',
      'COPY data /srv/data',
      'USER app',
      'ENTRYPOINT ["curl", "-sS", "file:///srv/data"]',
    ],
    files: { data: 'answer 42\n' },
    // Not everybody who runs this can reach an archive of Alpine.
    options: ['--only', 'rules'],
    // The root is that of a machine: services of its own are started by its shell.
    exit: 1,
    left: ['ballast', 'shell'],
    updates: false,
    output: ['answer 42'],
  },
  {
    name: 'alpine-script',
    roots: ['alpine'],
    dockerfile: [
      'FROM localhost/alpine',
      'RUN rm -rf /boot /lib/modules',
      'COPY --chmod=755 work /srv/work',
      'ENTRYPOINT ["/srv/work"]',
    ],
    files: {
      work: '#!/bin/sh\nset -e\necho 41 | awk \'{ print "answer", $1 + 1 }\' | sed s/answer/told/\n',
    },
    options: ['--only', 'rules', '--run-as', 'nonroot'],
    exit: 1,
    left: ['ballast', 'shell'],
    updates: false,
    output: ['told 42'],
  },
  {
    name: 'scratch',
    roots: ['trixie'],
    dockerfile: [
      'FROM localhost/trixie AS build',
      install('busybox-static'),
      'FROM scratch',
      'COPY --from=build /bin/busybox /busybox',
      'COPY data /www/index.html',
      'EXPOSE 8080',
      'ENTRYPOINT ["/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]',
    ],
    files: { data: 'answer 42\n' },
    options: ['--run-as', '65532'],
    exit: 1,
    left: ['the image'],
    updates: false,
    http: { port: 8080, path: '/', body: 'answer 42' },
  },
]

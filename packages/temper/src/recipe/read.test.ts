// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of vars
import { describe, expect, it } from 'vitest'
import { TemperError } from '../base/error.ts'
import { fileRequests } from '../model/recipe.ts'
import { type ParseOptions, parseRecipe } from './read.ts'

function parse(text: string, options: Partial<ParseOptions> = {}) {
  return parseRecipe(text, { file: 'web/recipe.yaml', ...options })
}

function failure(text: string, options: Partial<ParseOptions> = {}): TemperError {
  try {
    parse(text, options)
  } catch (error) {
    if (error instanceof TemperError) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('parseRecipe', () => {
  it('puts defaults in', () => {
    expect(parse('contents: {packages: [nginx]}')).toEqual({
      name: 'web',
      distribution: 'debian-13',
      platforms: [{ os: 'linux', architecture: 'amd64' }],
      contents: {
        packages: [{ name: 'nginx', excluded: false }],
        repositories: [],
        keyring: [],
        files: [],
      },
      accounts: {
        runAs: 'nonroot',
        users: [{ name: 'nonroot', uid: 65532, gid: 65532, home: '/home/nonroot', comment: 'nonroot' }],
        groups: [{ name: 'nonroot', gid: 65532, members: [] }],
      },
      environment: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
      entrypoint: [],
      cmd: [],
      workDir: '/',
      stopSignal: 'SIGTERM',
      volumes: [],
      ports: [],
      paths: [],
      annotations: {},
      labels: {},
      osRelease: {},
      tags: [],
      dates: {},
      hardening: { allow: [] },
      output: { compression: 'gzip', mediaTypes: 'oci', layers: 10 },
      tests: [],
    })
  })

  it('reads the words of apko', () => {
    const recipe = parse(`
contents:
  repositories: ["deb https://packages.example/debian trixie main contrib"]
  packages: [nginx]
entrypoint: {command: "/usr/sbin/nginx -c '/etc/my nginx.conf'"}
cmd: -g "daemon off;"
archs: [x86_64, aarch64]
accounts:
  run-as: 10000
  users: [{username: web, uid: 10000}]
  groups: [{groupname: web, gid: 10000, members: [web]}]
paths:
  - {path: /run/nginx, type: directory, uid: 10000, gid: 10000, permissions: 0o755}
  - {path: /etc/a, type: hardlink, source: /etc/b}
`)
    expect(recipe.entrypoint).toEqual(['/usr/sbin/nginx', '-c', '/etc/my nginx.conf'])
    expect(recipe.cmd).toEqual(['-g', 'daemon off;'])
    expect(recipe.platforms.map((platform) => platform.architecture)).toEqual(['amd64', 'arm64'])
    expect(recipe.accounts.runAs).toBe('10000')
    expect(recipe.accounts.users[1]).toEqual({
      name: 'web',
      uid: 10000,
      gid: 10000,
      home: '/nonexistent',
      comment: 'web',
    })
    expect(recipe.paths[0]).toEqual({
      type: 'directory',
      path: '/run/nginx',
      mode: 0o755,
      uid: 10000,
      gid: 10000,
    })
    expect(recipe.contents.repositories).toEqual([
      {
        name: 'packages.example-debian',
        address: 'https://packages.example/debian',
        suite: 'trixie',
        components: ['main', 'contrib'],
      },
    ])
  })

  it('reads repositories as apk has them', () => {
    const { contents } = parse(`
contents:
  repositories:
    - https://packages.example/v1/main/
    - "@edge https://packages.example/edge/main"
    - {name: own, address: "https://packages.example/own"}
`)
    expect(contents.repositories).toEqual([
      {
        name: 'packages.example-v1-main',
        address: 'https://packages.example/v1/main',
        components: ['main'],
      },
      {
        name: 'edge',
        address: 'https://packages.example/edge/main',
        components: ['main'],
        tagged: true,
      },
      { name: 'own', address: 'https://packages.example/own', components: ['main'] },
    ])
  })

  it('reads the words of DHI definitions', () => {
    const recipe = parse(`
name: Nginx mainline
image: registry.example/team/nginx
variant: runtime
flavor: compat
tags: [1, "1.29", 1.30]
platforms: [linux/amd64, linux/arm64]
dates: {release: 2025-06-24, end-of-life: "2028-02-29"}
contents:
  packages: ['!mawk', base-files, nginx=1.26.*, openssl@trixie-backports]
accounts:
  root: true
  run-as: nginx
  users: [{name: nginx, uid: 65532}]
  groups: [{name: nginx, gid: 65532, members: [nginx]}]
os-release: {pretty-name: Example, version-id: "13"}
environment: {NGINX_VERSION: 1.10, DEBUG: false, EMPTY: ""}
paths:
  - {type: file, path: /usr/local/bin/run, mode: "0755", source: bin/run}
  - {type: emptyfile, path: /etc/empty}
  - {type: symlink, path: /bin/run, source: /usr/local/bin/run, uid: 65532, gid: 65532, mode: "0777"}
`)
    expect(recipe).toMatchObject({
      name: 'nginx',
      title: 'Nginx mainline',
      image: 'registry.example/team/nginx',
      tags: ['1', '1.29', '1.30'],
      dates: { released: '2025-06-24', endOfLife: '2028-02-29' },
      osRelease: { PRETTY_NAME: 'Example', VERSION_ID: '13' },
      environment: { NGINX_VERSION: '1.10', DEBUG: 'false', EMPTY: '' },
      paths: [
        { type: 'file', path: '/usr/local/bin/run', source: 'bin/run', mode: 0o755 },
        { type: 'file', path: '/etc/empty', content: '', mode: 0o644 },
        { type: 'symlink', path: '/bin/run', source: '/usr/local/bin/run' },
      ],
    })
    expect(recipe.contents.packages).toEqual([
      { name: 'mawk', excluded: true },
      { name: 'base-files', excluded: false },
      { name: 'nginx', version: '1.26.*', excluded: false },
      { name: 'openssl', suite: 'trixie-backports', excluded: false },
    ])
    expect(recipe.contents.files).toEqual([])
    expect(fileRequests(recipe)).toMatchObject([{ path: '/usr/local/bin/run', source: 'bin/run' }])
    expect(recipe.accounts.users.map((user) => user.name)).toEqual(['nonroot', 'nginx'])
  })

  it.each([
    ['0o755', 0o755],
    ['0755', 0o755],
    ['"755"', 0o755],
    ["'0o4755'", 0o4755],
    ['"0600"', 0o600],
    ['0', 0],
  ])('reads the permissions %s', (text, mode) => {
    const recipe = parse(`paths: [{type: directory, path: /a, permissions: ${text}}]`)
    expect(recipe.paths).toEqual([{ type: 'directory', path: '/a', mode, uid: 0, gid: 0 }])
  })

  it('makes the locales that the package locales would make of a file of the recipe', () => {
    const listed = (more: string) =>
      `contents: { packages: [${more}] }\npaths: [{ type: file, path: /etc/locale.gen, content: "# all\\nde_DE.UTF-8 UTF-8\\n #fr_FR.UTF-8 UTF-8\\nnl_NL ISO-8859-1" }]`
    const locales = (text: string) => parse(text).locales
    expect(locales(listed('app, locales'))).toEqual(['de_DE.UTF-8', 'nl_NL'])
    expect(locales(`${listed('app, locales')}\nlocales: [de_DE.UTF-8, it_IT.UTF-8]`)).toEqual([
      'de_DE.UTF-8',
      'it_IT.UTF-8',
      'nl_NL',
    ])
    expect(locales(listed('app'))).toBeUndefined()
  })

  it('takes the name from the file', () => {
    expect(parse('cmd: a', { file: 'dir/My App.yaml' }).name).toBe('my-app')
    expect(parse('cmd: a', { file: 'recipe.yaml' }).name).toBe('recipe')
    expect(parse('cmd: a', { file: '-', name: 'given' }).name).toBe('given')
  })

  it('lets anchors and aliases repeat values', () => {
    const recipe = parse('environment: {A: &a one, B: *a}\ncmd: &c [x, y]\nentrypoint: *c')
    expect(recipe.environment).toMatchObject({ A: 'one', B: 'one' })
    expect(recipe.entrypoint).toEqual(['x', 'y'])
  })

  it('shows every problem with its place, in the order of the file', () => {
    const error = failure('contents:\n  packges: [nginx]\nports: [0]\nenviroment: {}\n')
    expect(error.code).toBe('bad-recipe')
    expect(error.message).toBe(
      [
        'web/recipe.yaml has 3 problems',
        'web/recipe.yaml:2:3: contents.packges: unknown key: did you mean "packages"?',
        '  2 |   packges: [nginx]',
        '    |   ^',
        'web/recipe.yaml:3:9: ports[0]: expected a port like "8080/tcp" or 8080, found the number 0',
        '  3 | ports: [0]',
        '    |         ^',
        'web/recipe.yaml:4:1: enviroment: unknown key: did you mean "environment"?',
        '  4 | enviroment: {}',
        '    | ^',
      ].join('\n'),
    )
    expect(error.details['problems']).toHaveLength(3)
  })

  it('keeps long lines and control characters out of the terminal', () => {
    const error = failure(`cmd: {"${'x'.repeat(500)}\\e[31m": 1}`)
    expect(error.message.length).toBeLessThan(2000)
    expect(error.message).not.toContain('\x1b')
  })

  it('shows at most twenty problems and counts the rest', () => {
    const error = failure(`ports: [${'0, '.repeat(30)}]`)
    expect(error.message).toContain('has 30 problems')
    expect(error.message).toContain('and 10 more')
  })
})

const bad: readonly (readonly [name: string, recipe: string, message: string])[] = [
  ['an empty recipe', '', ':1:1: the recipe is empty'],
  ['a list', '- a', ':1:1: expected a mapping, found a list'],
  ['bad YAML', 'a: [1', 'this is not valid YAML'],
  ['a tab', 'contents:\n\tpackages: []', ':2:'],
  ['two documents', 'cmd: a\n---\ncmd: b', 'one YAML document'],
  ['a key twice', 'cmd: a\ncmd: b', ':2:1: cmd: this key is there twice'],
  ['a merge key', 'labels: &l {a: b}\nannotations: {<<: *l}', ':2:15: annotations.<<: merge keys'],
  ['an unknown alias', 'cmd: *nothing', 'nothing'],
  ['an alias of itself', 'labels: &a {b: *a}', 'contains itself'],
  ['a mapping as a key', '? {a: b}\n: c', 'a key is one plain word'],
  ['__proto__', '__proto__: {a: b}', 'a key is one plain word'],
  ['a tag', 'contents: {packages: [!dash x]}', 'put it in quotes: "!dash"'],
  ['an unknown key', 'workdir: /', ':1:1: workdir: unknown key: did you mean "work-dir"?'],
  ['another far from any', 'xyzzy: 1', 'unknown key: expected a field of'],
  ['an unknown inner key', 'accounts: {user: a}', 'accounts.user: not supported here: write accounts'],
  ['a key of another tool', 'include: other.yaml', 'write extends: RECIPE'],
  ['a key in a wrong place', 'packages: [a]', 'write contents: {packages'],
  ['a login shell', 'accounts: {users: [{name: a, uid: 1, shell: /bin/sh}]}', 'no login shell'],
  ['a password', 'accounts: {users: [{name: a, uid: 1, password: x}]}', 'no passwords'],
  ['a wrong type', 'contents: nginx', 'contents: expected a mapping, found "nginx"'],
  ['a text for a list', 'contents: {packages: nginx}', 'expected a list, found "nginx"'],
  ['a number for a text', 'name: 5', 'expected text, found the number 5; put it in quotes'],
  ['nothing', 'contents:\n', ':1:10: contents: expected a mapping, found an empty value'],
  ['a bad name', 'image: Team/NGINX', 'expected an image name in lower case'],
  ['a tag in the image', 'image: registry.example/a/b:1', 'expected an image name in lower case'],
  ['an unknown distribution', 'distribution: debian-31', 'did you mean "debian-13"?'],
  ['a variant that no tag can end in', 'variant: Dev', 'expected the name of a variant'],
  ['a package with and without', 'contents: {packages: [a1], without: [a1]}', 'a1 is under "packages" too'],
  ['a package without twice', 'contents: {packages: [a1], without: [b1, b1]}', 'b1 is there twice'],
  ['a bad package', 'contents: {packages: [nginx:amd64]}', 'the architecture comes from "platforms"'],
  [
    'a relation',
    'contents: {packages: ["nginx (>= 1.2)"]}',
    'a version is written name=1.26.*, name~1.26 or name>=1.26',
  ],
  ['two packages in one', 'contents: {packages: [a b]}', 'one package on each line'],
  ['an upper-case package', 'contents: {packages: [Nginx]}', 'names are in lower case'],
  ['an excluded version', 'contents: {packages: ["!dash=1"]}', 'has neither version nor suite'],
  ['a package twice', 'contents: {packages: [dash, dash=1]}', 'packages[1]: dash is there twice'],
  ['a package and its absence', 'contents: {packages: [dash, "!dash"]}', 'both asked for and kept out'],
  [
    'a flat repository with a component',
    'contents: {repositories: ["deb https://a.example ./ main"]}',
    'no components',
  ],
  [
    'a suite that leads out',
    'contents: {repositories: ["deb https://a.example a/../../b/"]}',
    'a flat repository',
  ],
  ['a repository that is none', 'contents: {repositories: [a.example]}', 'expected "deb'],
  ['a source repository', 'contents: {repositories: ["deb-src https://a.example b c"]}', 'expected "deb'],
  [
    'an unsigned repository',
    'contents: {repositories: ["deb [trusted=yes] https://a.example b c"]}',
    'every repository must be signed',
  ],
  [
    'credentials',
    'contents: {repositories: [{address: "https://u:p@a.example", suite: b}]}',
    'credentials do not belong in a recipe',
  ],
  [
    'a repository of apk with a tag that is none',
    'contents: {repositories: ["@A/b https://a.example"]}',
    'expected "deb',
  ],
  [
    'an ftp repository',
    'contents: {repositories: [{address: "ftp://a.example", suite: b}]}',
    'an http or https address',
  ],
  [
    'a suite that leaves',
    'contents: {repositories: [{address: "https://a.example", suite: a/../b}]}',
    'expected a suite',
  ],
  [
    'a repository twice',
    'contents: {repositories: [deb https://a.example b, deb https://a.example b]}',
    'is there twice',
  ],
  ['a key outside', 'contents: {keyring: [../key.asc]}', '".." leaves it'],
  ['a file without source', 'contents: {files: [{path: /a}]}', 'give either "source"'],
  ['a file with both', 'contents: {files: [{path: /a, source: b, url: "https://c.example"}]}', 'give either'],
  ['an address as a file', 'contents: {files: [{path: /a, source: "https://a.example"}]}', 'goes into "url"'],
  [
    'plain http',
    `contents: {files: [{path: /a, url: "http://a.example", checksum: "sha256:${'0'.repeat(64)}"}]}`,
    'https address',
  ],
  ['no checksum', 'contents: {files: [{path: /a, url: "https://a.example/b"}]}', 'needs its "checksum"'],
  [
    'a bad checksum',
    'contents: {files: [{path: /a, source: b, checksum: sha256:00}]}',
    'expected a checksum',
  ],
  [
    'an absolute source',
    'contents: {files: [{path: /a, source: /etc/shadow}]}',
    "file in the recipe's folder",
  ],
  ['a source that leaves', 'contents: {files: [{path: /a, source: b/../../c}]}', '".." leaves it'],
  ['a file twice', 'contents: {files: [{path: /a, source: b}, {path: /a, source: c}]}', 'goes to /a already'],
  ['root', 'accounts: {run-as: root}', 'run-as: runs as root'],
  ['uid 0', 'accounts: {run-as: 0}', 'run-as: runs as root'],
  ['a second root', 'accounts: {users: [{name: toor, uid: 0}]}', 'only that user has the uid 0'],
  ['another nonroot', 'accounts: {users: [{name: nonroot, uid: 7}]}', 'in every image'],
  ['a user without name', 'accounts: {users: [{uid: 7}]}', '"name" is missing'],
  ['a user with two names', 'accounts: {users: [{name: a, username: b, uid: 7}]}', 'mean the same'],
  ['a user without uid', 'accounts: {users: [{name: a}]}', '"uid" is missing'],
  ['a user twice', 'accounts: {users: [{name: a, uid: 7}, {name: a, uid: 8}]}', 'a is there twice'],
  ['a uid twice', 'accounts: {users: [{name: a, uid: 7}, {name: b, uid: 7}]}', 'uid 7 is there twice'],
  ['a bad user name', 'accounts: {users: [{name: "a:b", uid: 7}]}', 'expected an account name'],
  ['a bad uid', 'accounts: {users: [{name: a, uid: -1}]}', 'expected a number from 0 to 4294967294'],
  ['a broken uid', 'accounts: {users: [{name: a, uid: 1.5}]}', 'expected a number from 0 to 4294967294'],
  ['no root', 'accounts: {root: false}', 'can only be true'],
  ['a colon in a comment', 'accounts: {users: [{name: a, uid: 7, comment: "x:y"}]}', 'without ":"'],
  ['a bad variable', 'environment: {"a=b": c}', 'expected a variable name, found "a=b"'],
  ['a list as a value', 'environment: {A: [b]}', 'environment.A: expected text, found a list'],
  ['an open quote', 'entrypoint: "nginx -g \'daemon off;"', 'a quote is not closed'],
  ['a shell fragment', 'entrypoint: {command: a, shell-fragment: b}', 'there is no shell in the image'],
  ['a relative work-dir', 'work-dir: srv', 'expected an absolute path'],
  ['an unknown signal', 'stop-signal: SIGTREM', 'did you mean "SIGTERM"?'],
  ['a bad port', 'ports: [70000]', 'expected a port'],
  ['a bad protocol', 'ports: [80/http]', 'expected a port'],
  ['port 0 as text', 'ports: ["0/tcp"]', 'expected a port from 1 to 65535'],
  ['a port twice', 'ports: [80, 80/tcp]', 'ports[1]: "80/tcp" is there twice'],
  ['a bad platform', 'platforms: [linux/s390x]', 'expected linux/amd64 or linux/arm64'],
  ['a platform twice', 'platforms: [amd64, linux/amd64]', 'linux/amd64 is there twice'],
  ['platforms and archs', 'platforms: [amd64]\narchs: [amd64]', 'keep one of the two'],
  ['no platform', 'platforms: []', 'expected at least 1 entries'],
  ['a path without type', 'paths: [{path: /a}]', 'expected one of directory, file'],
  ['an unknown type', 'paths: [{type: dir, path: /a}]', 'paths[0].type: expected one of directory'],
  ['a file without content', 'paths: [{type: file, path: /a}]', 'write type: empty-file'],
  ['a file with two contents', 'paths: [{type: file, path: /a, content: b, source: c}]', 'give either'],
  ['a relative path', 'paths: [{type: delete, path: a}]', 'expected an absolute path'],
  ['a path with ..', 'paths: [{type: delete, path: /a/../b}]', 'without "." or ".."'],
  ['a path of the kernel', 'paths: [{type: directory, path: /proc/x}]', 'container runtimes mount over'],
  ['a path twice', 'paths: [{type: directory, path: /a}, {type: empty-file, path: /a}]', '/a is made twice'],
  ['decimal permissions', 'paths: [{type: directory, path: /a, permissions: 755}]', 'write 0o755'],
  ['bad octal', 'paths: [{type: directory, path: /a, permissions: "0o799"}]', 'expected octal permissions'],
  ['too many bits', 'paths: [{type: directory, path: /a, mode: 0o17777}]', 'expected octal permissions'],
  ['both spellings', 'paths: [{type: directory, path: /a, mode: 0o7, permissions: 0o7}]', 'mean the same'],
  ['a link to nothing', 'paths: [{type: symlink, path: /a}]', '"source" is missing'],
  ['a relative hard link', 'paths: [{type: hardlink, path: /a, source: b}]', 'expected an absolute path'],
  ['permissions of nothing', 'paths: [{type: permissions, path: /a}]', 'nothing to change'],
  [
    'a field of another type',
    'paths: [{type: delete, path: /a, recursive: true}]',
    'paths[0].recursive: unknown key',
  ],
  ['a label of Temper', 'labels: {io.temper.writable-paths: /}', 'are set by Temper'],
  ['an annotation of Temper', 'annotations: {io.temper.released: now}', 'are set by Temper'],
  ['a bad tag', 'tags: ["a b"]', 'expected a tag'],
  ['a tag twice', 'tags: [a, a]', 'is there twice'],
  ['a bad day', 'dates: {release: "2025-02-29"}', 'there is no day'],
  ['no day', 'dates: {release: soon}', 'expected a day'],
  ['two lines in os-release', 'os-release: {name: "a\\nb"}', 'is one line'],
  ['an unknown rule', 'hardening: {allow: [{rule: shel, why: because it is so}]}', 'did you mean "shell"?'],
  ['no reason', 'hardening: {allow: [{rule: shell}]}', 'hardening.allow[0]: "why" is missing'],
  ['a short reason', 'hardening: {allow: [{rule: shell, why: yes}]}', 'the reason needs some words'],
  ['an unknown compression', 'output: {compression: xz}', 'expected one of gzip, zstd'],
  ['a level of zstd', 'output: {compression: zstd, level: 9}', 'output.level: is for gzip'],
  ['a level that gzip has not', 'output: {level: 10}', 'output.level'],
  [
    'wheels without symbols',
    'dependencies: [{python: requirements.txt, strip: true}]',
    'strip: wheels list the digests',
  ],
  ['docker with zstd', 'output: {compression: zstd, media-types: docker}', 'Docker media types have no zstd'],
  ['too many layers', 'output: {layers: 500}', 'expected at most 100, found the number 500'],
  ['a test without name', 'tests: [{command: a}]', '"name" is missing'],
  ['a test without command', 'tests: [{name: a, command: ""}]', 'expected a command, found nothing'],
  ['a service that ends', 'tests: [{name: a, http: {port: 80}, exit-code: 1}]', 'has no exit code'],
  ['a bad status', 'tests: [{name: a, http: {port: 80, status: 9}}]', 'expected at least 100'],
  ['a NUL', 'cmd: ["a\\0b"]', 'NUL'],
  ['an unknown var', 'vars: {VERSION: 1}\nname: a${{vars.VERSOIN}}', 'did you mean "VERSION"?'],
  ['a var without vars', 'name: a${{vars.B}}', 'the recipe has no vars'],
  ['vars in a circle', 'vars: {A: "${{vars.B}}", B: "${{vars.A}}"}', 'this var needs itself: A → B → A'],
  ['half a var', 'name: "${{vars.A"', 'expected ${{vars.NAME}}'],
  ['another context', 'name: "${{package.name}}"', 'expected ${{vars.NAME}}'],
  ['a bad var name', 'vars: {"a b": c}', 'expected a var name'],
]

describe('order', () => {
  it('of names does not reach the image: PATH comes first, the rest sorted', () => {
    const recipe = parse('environment: {B: 1, A: 2}\nlabels: {d: 1, c: 2}\nos-release: {name: x, id: y}')
    expect(Object.keys(recipe.environment)).toEqual(['PATH', 'A', 'B'])
    expect(Object.keys(recipe.labels)).toEqual(['c', 'd'])
    expect(Object.keys(recipe.osRelease)).toEqual(['ID', 'NAME'])
  })
})

describe('bad recipes', () => {
  it.each(bad)('%s', (_name, recipe, message) => {
    const error = failure(recipe)
    expect(error.code).toBe('bad-recipe')
    expect(error.message).toContain(message)
    expect(error.message).toMatch(/^web\/recipe\.yaml(:\d+:\d+: | has \d+ problems\n)/)
    expect(error.hint).toBeDefined()
  })
})

describe('limits', () => {
  it.each([
    ['length', `# ${'x'.repeat(300_000)}`],
    ['flow nesting', '['.repeat(5000)],
    ['moderate nesting', `cmd: ${'['.repeat(30)}${']'.repeat(30)}`],
    ['block nesting', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['nodes', `cmd: [${'a,'.repeat(30_000)}]`],
    [
      'aliases that multiply',
      `labels:\n  a: &a [${'x,'.repeat(10)}]\n${'bcdefgh'
        .split('')
        .map((name, i) => `  ${name}: &${name} [${`*${'abcdefg'[i]},`.repeat(10)}]`)
        .join('\n')}`,
    ],
    ['aliases of a long text', `a: &a ${'x'.repeat(50_000)}\ncmd: [${'*a,'.repeat(100)}]`],
  ])('%s', (_name, text) => {
    expect(failure(text).code).toMatch(/^(limit-exceeded|bad-recipe)$/)
  })

  it('reads many keys in linear time', () => {
    const labels = Array.from({ length: 9000 }, (_, i) => `  k${i}: v`).join('\n')
    expect(Object.keys(parse(`labels:\n${labels}`).labels)).toHaveLength(9000)
  })
})

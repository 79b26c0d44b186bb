import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { parseRecipe } from '../read.ts'

/** JSON is YAML: values of any length and kind, without a word about quotes. */
const json = (value: unknown) => JSON.stringify(value)
const x = (length: number) => 'x'.repeat(length)
const many = <T>(amount: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: amount }, (_, index) => make(index))

interface Row {
  /** The recipe with a value in it, which stands at the end of the last line. */
  readonly at: (value: string) => string
  readonly good: readonly unknown[]
  /** Value and what the error has to say. */
  readonly bad: readonly (readonly [unknown, string])[]
}

const path = (fields: string) => (value: string) =>
  `paths:\n- type: directory\n  path: /a\n  ${fields}: ${value}`
const user = (field: string) => (value: string) =>
  `accounts:\n  users:\n  - name: app\n    uid: 10\n    ${field}: ${value}`
const test = (field: string) => (value: string) =>
  `tests:\n- name: a\n  command: [/bin/a]\n  ${field}: ${value}`
const http = (field: string) => (value: string) =>
  `tests:\n- name: a\n  http:\n    port: 80\n    ${field}: ${value}`
const file = (field: string) => (value: string) =>
  `contents:\n  files:\n  - path: /a\n    source: a\n    ${field}: ${value}`

const ids = {
  good: [0, 1, 65534, 4294967294],
  bad: [
    [-1, 'expected a number from 0 to 4294967294'],
    [4294967295, 'expected a number from 0 to 4294967294'],
    [1.5, 'expected a number from 0 to 4294967294'],
    ['1', 'expected a number from 0 to 4294967294'],
  ],
} as const
const modes = {
  good: [0, '755', '7777', '0755', '0o4755'],
  bad: [
    [0o10000, 'expected octal permissions like 0o755 or "0755", found the number 4096'],
    [0o755, 'expected octal permissions like 0o755 or "0755", found the number 493'],
    [755, '755 is decimal here; permissions are octal: write 0o755'],
    [-1, 'expected octal permissions'],
    ['0888', 'expected octal permissions'],
    ['77', 'expected octal permissions'],
    ['07777777', 'expected octal permissions'],
    [true, 'expected octal permissions'],
  ],
} as const

const rows: Readonly<Record<string, Row>> = {
  name: {
    at: (value) => `image: registry.example/a\nname: ${value}`,
    good: ['a', 'A title', x(255)],
    bad: [
      ['', 'name'],
      [x(256), 'name'],
      [5, 'expected text, found the number 5'],
    ],
  },
  image: {
    at: (value) => `image: ${value}`,
    good: ['a', 'registry.example/team/nginx', 'localhost:5000/a', 'a/b-c_d.e'],
    bad: [
      ['A/b', 'expected an image name in lower case'],
      ['a/b:1', 'expected an image name in lower case'],
      ['a//b', 'expected an image name in lower case'],
      ['/a', 'expected an image name in lower case'],
      ['a/', 'expected an image name in lower case'],
      [x(256), 'image'],
    ],
  },
  platforms: {
    at: (value) => `platforms: ${value}`,
    good: [['linux/amd64'], ['linux/amd64', 'linux/arm64']],
    bad: [
      [[], 'platforms'],
      ['linux/amd64', 'expected a list'],
      [['windows/amd64'], 'platforms[0]'],
      [[7], 'platforms[0]'],
      [many(11, () => 'linux/amd64'), 'platforms'],
    ],
  },
  'stop-signal': {
    at: (value) => `stop-signal: ${value}`,
    good: ['SIGTERM', 'TERM', '15', 'SIGRTMIN+3'],
    bad: [
      ['sigterm', 'expected a signal'],
      ['', 'expected a signal'],
      [`SIG${'A'.repeat(13)}`, 'expected a signal'],
    ],
  },
  ports: {
    at: (value) => `ports: ${value}`,
    good: [[1], [65535], ['80'], ['80/tcp'], ['53/udp'], ['9/sctp']],
    bad: [
      [[0], 'ports[0]: expected a port'],
      [[65536], 'ports[0]: expected a port'],
      [[80.5], 'ports[0]: expected a port'],
      [['80/TCP'], 'ports[0]: expected a port'],
      [['80/http'], 'ports[0]: expected a port'],
      [['123456'], 'ports[0]: expected a port'],
      [[80, -80], 'ports[1]: expected a port'],
    ],
  },
  'output.layers': {
    at: (value) => `output:\n  layers: ${value}`,
    good: [1, 100],
    bad: [
      [0, 'output.layers'],
      [101, 'output.layers'],
      [1.5, 'output.layers'],
      ['1', 'output.layers'],
    ],
  },
  'output.compression': {
    at: (value) => `output:\n  compression: ${value}`,
    good: ['gzip', 'zstd'],
    bad: [
      ['xz', 'output.compression'],
      ['GZIP', 'output.compression'],
      [true, 'output.compression'],
    ],
  },
  'accounts.users[0].uid': {
    at: (value) => `accounts:\n  users:\n  - name: app\n    uid: ${value}`,
    good: ids.good.slice(1),
    bad: ids.bad,
  },
  'accounts.users[0].gid': { at: user('gid'), ...ids },
  'accounts.users[0].home': {
    at: user('home'),
    good: ['/', '/a', '/a/b', '/a..b', '/ü', `/${x(4095)}`],
    bad: [
      ['a', 'expected an absolute path'],
      ['', 'expected an absolute path'],
      ['/a/', 'expected an absolute path'],
      ['/a//b', 'expected an absolute path'],
      ['/a/./b', 'expected an absolute path'],
      ['/a/..', 'expected an absolute path'],
      ['/a\nb', 'expected an absolute path'],
      ['/a\u0000', 'expected an absolute path'],
      [`/${x(4096)}`, 'accounts.users[0].home'],
    ],
  },
  'accounts.users[0].comment': {
    at: user('comment'),
    good: ['', 'An application', x(255)],
    bad: [
      ['a:b', 'a comment without ":" and ","'],
      ['a,b', 'a comment without ":" and ","'],
      ['a\nb', 'a comment without ":" and ","'],
      [x(256), 'accounts.users[0].comment'],
    ],
  },
  'accounts.users[0].name': {
    at: (value) => `accounts:\n  users:\n  - uid: 10\n    name: ${value}`,
    good: ['a', '_a', 'a-b_c1', x(32)],
    bad: [
      ['A', 'expected an account name'],
      ['1a', 'expected an account name'],
      ['-a', 'expected an account name'],
      ['', 'expected an account name'],
      ['a b', 'expected an account name'],
      [x(33), 'expected an account name'],
    ],
  },
  'accounts.groups[0].gid': {
    at: (value) => `accounts:\n  groups:\n  - name: app\n    gid: ${value}`,
    good: ids.good.slice(1),
    bad: ids.bad,
  },
  'paths[0].uid': { at: path('uid'), ...ids },
  'paths[0].gid': { at: path('gid'), ...ids },
  'paths[0].permissions': { at: path('permissions'), ...modes },
  'paths[0].mode': { at: path('mode'), ...modes },
  'paths[0].path': {
    at: (value) => `paths:\n- type: directory\n  path: ${value}`,
    good: ['/a', '/a/b c', '/ü', '/a..b', '/...'],
    bad: [
      ['/', 'expected an absolute path'],
      ['a', 'expected an absolute path'],
      ['/a/../b', 'expected an absolute path'],
      ['/a/', 'expected an absolute path'],
      ['/a\u007f', 'expected an absolute path'],
      [7, 'expected an absolute path'],
    ],
  },
  'paths[0].type': {
    at: (value) => `paths:\n- path: /a\n  type: ${value}`,
    good: ['directory', 'empty-file', 'emptyfile', 'permissions', 'delete'].slice(0, 3),
    bad: [
      ['dir', 'expected one of directory, file, empty-file'],
      [7, 'expected one of directory, file, empty-file'],
      [null, 'expected one of directory, file, empty-file'],
    ],
  },
  'contents.files[0].permissions': { at: file('permissions'), ...modes },
  'contents.files[0].checksum': {
    at: file('checksum'),
    good: [`sha256:${'0'.repeat(64)}`],
    bad: [
      [`sha256:${'0'.repeat(63)}`, 'expected a checksum'],
      [`sha256:${'0'.repeat(65)}`, 'expected a checksum'],
      [`sha256:${'A'.repeat(64)}`, 'expected a checksum'],
      [`sha512:${'0'.repeat(64)}`, 'expected a checksum'],
      ['0'.repeat(64), 'expected a checksum'],
    ],
  },
  'contents.without': {
    at: (value) => `contents:\n  without: ${value}`,
    good: [[], ['perl'], ['libstdc++6']],
    bad: [
      [['-a'], 'contents.without[0]: expected the name of a package'],
      [['a', ''], 'contents.without[1]: expected the name of a package'],
      [['!a'], 'contents.without[0]: expected the name of a package'],
      [many(201, (index) => `p${index}`), 'contents.without'],
    ],
  },
  'contents.packages': {
    at: (value) => `contents:\n  packages: ${value}`,
    good: [[], ['a1'], ['a1=1.*'], ['a1@edge'], ['!a1']],
    bad: [
      [['a1=1=2'], 'contents.packages[0]: expected a package'],
      [['a1', 'b c'], 'contents.packages[1]: expected a package'],
      [[''], 'contents.packages[0]: expected a package'],
      [many(2001, (index) => `p${index}`), 'contents.packages'],
    ],
  },
  'tests[0].timeout': {
    at: test('timeout'),
    good: [1, 3600],
    bad: [
      [0, 'tests[0].timeout'],
      [3601, 'tests[0].timeout'],
      ['30', 'tests[0].timeout'],
    ],
  },
  'tests[0].exit-code': {
    at: test('exit-code'),
    good: [0, 255],
    bad: [
      [-1, 'tests[0].exit-code'],
      [256, 'tests[0].exit-code'],
    ],
  },
  'tests[0].output': {
    at: test('output'),
    good: ['', 'a', ['a', 'b'], many(100, () => 'a')],
    bad: [
      [7, 'expected text or a list of texts'],
      [many(101, () => 'a'), 'tests[0].output'],
      [[7], 'tests[0].output'],
    ],
  },
  'tests[0].writable': {
    at: test('writable'),
    good: [[], ['/tmp'], ['/']],
    bad: [
      [['tmp'], 'tests[0].writable[0]: expected an absolute path'],
      [many(101, () => '/a'), 'tests[0].writable'],
    ],
  },
  'tests[0].http.status': {
    at: http('status'),
    good: [100, 200, 599],
    bad: [
      [99, 'tests[0].http.status'],
      [600, 'tests[0].http.status'],
    ],
  },
  'tests[0].http.path': {
    at: http('path'),
    good: ['/', '/health?x=1', `/${x(2047)}`],
    bad: [
      ['health', 'expected a path like "/health"'],
      ['/a b', 'expected a path like "/health"'],
      ['/ü', 'expected a path like "/health"'],
      ['/a\r\nx: y', 'expected a path like "/health"'],
      [`/${x(2048)}`, 'tests[0].http.path'],
    ],
  },
  'tests[0].http.port': {
    at: (value) => `tests:\n- name: a\n  http:\n    port: ${value}`,
    good: [1, 65535],
    bad: [
      [0, 'tests[0].http.port'],
      [65536, 'tests[0].http.port'],
    ],
  },
  'dates.end-of-life': {
    at: (value) => `dates:\n  end-of-life: ${value}`,
    good: ['2028-02-29'],
    bad: [
      ['2028-2-9', 'expected a day like'],
      ['28-02-09', 'expected a day like'],
      ['2028-02-09T00:00:00Z', 'expected a day like'],
    ],
  },
  'hardening.allow[0].why': {
    at: (value) => `hardening:\n  allow:\n  - rule: shell\n    why: ${value}`,
    good: ['ten chars.', x(1024)],
    bad: [
      ['nine char', 'the reason needs some words'],
      ['          ', 'the reason needs some words'],
      [x(1025), 'hardening.allow[0].why'],
      [7, 'expected the reason, as text'],
    ],
  },
  'hardening.allow[0].rule': {
    at: (value) => `hardening:\n  allow:\n  - why: for a good reason\n    rule: ${value}`,
    good: ['shell'],
    bad: [
      ['shel', 'did you mean "shell"?'],
      ['everything', 'hardening.allow[0].rule'],
    ],
  },
}

const parse = (text: string) => parseRecipe(text, { file: 'recipe.yaml' })

function problemOf(text: string): string {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof TemperError && error.code === 'bad-recipe') return error.message
    throw error
  }
  return 'it was accepted'
}

describe.each(Object.entries(rows))('%s', (name, { at, good, bad }) => {
  it('takes what it may hold', () => {
    for (const value of good)
      expect(problemOf(at(json(value))), json(value).slice(0, 80)).toBe('it was accepted')
  })

  it('refuses what it may not hold, with line, place and what is expected', () => {
    for (const [value, expected] of bad) {
      const text = at(json(value))
      const message = problemOf(text)
      const line = text.split('\n').length
      expect(message, json(value).slice(0, 80)).toContain(`recipe.yaml:${line}:`)
      expect(message).toContain(expected)
      expect(message).toContain(name.replace(/\[0\].*$/, ''))
      expect(message.length).toBeLessThan(3000)
    }
  })
})

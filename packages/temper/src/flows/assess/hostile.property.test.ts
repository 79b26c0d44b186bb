import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SampleEntry } from '../../formats/layer/fixtures/sample-image.ts'
import type { ImageConfig } from '../../model/image.ts'
import { placePath, type Violation } from '../../model/rule.ts'
import type { Example } from '../../rules/image/fixtures/example.ts'
import { imageRules } from '../../rules/image/rules.ts'
import { exampleSubject } from './fixtures/example-subject.ts'

/* Every rule over images that nobody would build: what rules say goes to terminals, pages and gates. */

const one = <T>(...values: readonly T[]) => fc.constantFrom(...values)

/** What rules look for by its path, and beside it what is nearly that. */
const path = fc.oneof(
  one(
    ...[
      'etc/passwd',
      'etc/shadow',
      'etc/group',
      'etc/gshadow',
      'etc/ssl/openssl.cnf',
      'etc/os-release',
      'etc/localtime',
    ],
    ...[
      'etc/ssl/certs/ca-certificates.crt',
      'opt/java/lib/security/cacerts',
      'opt/java/conf/security/java.security',
    ],
    ...[
      'usr/bin/python3',
      'usr/bin/su',
      'bin/sh',
      'usr/sbin/sshd',
      'usr/bin/gcc',
      'usr/lib/libx.so.1',
      'root/.bash_history',
    ],
    ...[
      'app/.git/config',
      'app/.env',
      'tmp/x',
      'var/log/x.log',
      'core',
      'home/app/.ssh/id_rsa',
      'usr/lib/truststore.p12',
    ],
    ...[
      'etc/gnutls/config',
      'etc/crypto-policies/config',
      'etc/ld.so.preload',
      'var/lib/dpkg/status',
      'app/package.json',
    ],
  ),
  fc
    .array(one('a', 'usr', 'bin', '..x', ' ', '\u001b[31m', 'ü', '\u202e', "'", '%s', '<b>', '\n'), {
      minLength: 1,
      maxLength: 3,
    })
    .map((parts) => parts.join('/')),
)

const line = one(
  ...[
    'root::0:0:root:/root:/bin/sh',
    'a:x:0:0::/:',
    'app:$1$x:65532:65532::/home/app:/usr/bin/zsh',
    ':::::::',
    'x',
    'root:!:0:::::::',
  ],
  ...[
    '-----BEGIN CERTIFICATE-----',
    '-----END CERTIFICATE-----',
    'AAAA',
    'MIIB',
    '-----BEGIN RSA PRIVATE KEY-----',
  ],
  ...[
    'MinProtocol = TLSv1',
    '[system_default_sect]',
    '.include /etc/ssl/openssl.cnf',
    'openssl_conf = a',
    'activate = 1',
  ],
  ...[
    'jdk.tls.disabledAlgorithms=\\',
    'ID=debian',
    'VERSION_ID="\u001b[2J"',
    '#!/usr/bin/perl -w',
    'LEGACY',
    'export AWS_SECRET=x',
  ],
  ...[
    '\u0000',
    '\ud800',
    '\u001b]0;owned\u0007',
    '{"name":"a","version":"1"}',
    'Package: a',
    'Status: install ok installed',
  ],
)
const content = fc.oneof(
  fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n')),
  fc.uint8Array({ maxLength: 40 }),
  one('\u007fELF', '\u007fELF\u0002\u0001\u0001', '!<arch>\n', 'PK\u0003\u0004', '\u00fe\u00ed\u00fe\u00ed'),
)
const mode = one(0o644, 0o755, 0o4755, 0o2777, 0o1777, 0o000, 0o7777, 0o600)
const owner = one(0, 65532, 1000, 4_294_967_295)

const entry: fc.Arbitrary<SampleEntry> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ path, type: fc.constant('file' as const), content, mode, uid: owner, gid: owner }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ path, type: fc.constant('directory' as const), mode, uid: owner, gid: owner }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      path,
      type: fc.constant('symlink' as const),
      target: one('/etc/passwd', '..', '.', '/usr/bin/python3', 'x', '/', '../../../../x'),
    }),
  },
)

/** Each path once, and nothing below what is no folder. */
function placed(entries: readonly SampleEntry[]): SampleEntry[] {
  const kept = new Map<string, SampleEntry>()
  for (const each of entries) {
    const parents = each.path.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/'))
    const below = [...kept.keys()].some((other) => other.startsWith(`${each.path}/`))
    if (below || parents.some((parent) => kept.has(parent) && kept.get(parent)?.type !== 'directory'))
      continue
    kept.set(each.path, each)
  }
  return [...kept.values()]
}

const text = one(
  '',
  'root',
  '0',
  '65532',
  'app:app',
  '0:0',
  '\u001b[31mx',
  '-1',
  'nobody',
  'a b',
  '99999999999',
  'ü',
  '/etc/passwd',
)
const settings: fc.Arbitrary<NonNullable<ImageConfig['config']>> = fc.record(
  {
    User: text,
    Env: fc.array(
      one(
        'PATH=',
        'PATH=.:/usr/bin',
        'PATH=/tmp',
        'A',
        '=x',
        'GIT_SSL_NO_VERIFY=',
        'LD_PRELOAD=/x.so',
        'NODE_ENV=development',
        'AWS_SECRET_ACCESS_KEY=\u0007',
        'http_proxy=http://a:b@c.example',
      ),
      { maxLength: 3 },
    ),
    Entrypoint: fc.array(text, { maxLength: 2 }),
    Cmd: fc.array(one('/bin/sh', '-c', 'sshd', '\u001b', ''), { maxLength: 3 }),
    WorkingDir: one('', '/', 'relative', '/no/such', '/tmp', '\n'),
    StopSignal: one('', 'SIGKILL', '99', 'x'),
    ExposedPorts: fc.dictionary(one('22/tcp', '0', '80', 'x', '99999/udp', '1-5'), fc.constant({}), {
      maxKeys: 2,
    }),
    Volumes: fc.dictionary(one('/', '/etc', 'x', '/data', ''), fc.constant({}), { maxKeys: 2 }),
    Labels: fc.dictionary(
      one('a', 'org.opencontainers.image.created', 'org.opencontainers.image.licenses', '__proto__'),
      text,
      { maxKeys: 3 },
    ),
    OnBuild: fc.array(one('RUN x', ''), { maxLength: 1 }),
  },
  { requiredKeys: [] },
)

const example: fc.Arbitrary<Example> = fc
  .record({
    files: fc.array(entry, { maxLength: 5 }),
    over: fc.array(fc.array(entry, { maxLength: 3 }), { maxLength: 2 }),
    settings,
    config: fc.record(
      {
        created: one('', '2026-05-30T00:00:00Z', 'yesterday', '9999-99-99', '1970-01-01T00:00:00Z'),
        history: fc.array(
          fc.record({
            created_by: one(
              'RUN apt-get upgrade -y',
              'ADD http://a.example/x /',
              '\u001b[0m',
              '/bin/sh -c #(nop)  CMD ["x"]',
              '|1 TOKEN=abc /bin/sh -c x',
            ),
          }),
          { maxLength: 2 },
        ),
      },
      { requiredKeys: [] },
    ),
    annotations: fc.dictionary(
      one('org.opencontainers.image.base.name', 'org.opencontainers.image.version', 'x'),
      text,
      { maxKeys: 2 },
    ),
  })
  .map(({ files, over, ...rest }) => ({
    title: 'hostile',
    ...rest,
    files: placed(files),
    over: over.map(placed),
  }))

async function broken(tried: Example): Promise<readonly Violation[]> {
  const subject = await exampleSubject(tried)
  return imageRules.flatMap((rule) => [...rule.check(subject)])
}

const told = (violations: readonly Violation[]) =>
  violations.map(({ rule, place, found }) => `${rule} ${placePath(place) ?? ''} ${found}`).sort()

describe('every rule, over images that nobody would build', () => {
  it('says what it finds in words that a terminal can print, of some length, each in its place', async () => {
    let all = 0
    await fc.assert(
      fc.asyncProperty(example, async (tried) => {
        for (const { rule, subject, found, remedy, place } of await broken(tried)) {
          all++
          for (const words of [subject, found, remedy]) {
            expect({ rule, words, isLong: words.length > 4000 }).toEqual({ rule, words, isLong: false })
            expect(words).not.toBe('')
          }
          expect({ rule, path: placePath(place) ?? '/' }).toMatchObject({
            path: expect.stringMatching(/^\//),
          })
        }
      }),
      { numRuns: 80, seed: 41 },
    )
    expect(all).toBeGreaterThan(500)
  })

  it('says the same again, and no less for a file that nobody minds', async () => {
    await fc.assert(
      fc.asyncProperty(example, async (tried) => {
        const first = told(await broken(tried))
        expect(told(await broken(tried))).toEqual(first)
        const more = await broken({
          ...tried,
          files: [
            ...(tried.files ?? []),
            { path: 'opt/harmless/data.bin', type: 'file', content: 'x', uid: 0, gid: 0 },
          ],
        })
        const rules = (all: readonly Violation[]) => new Set(all.map(({ rule }) => rule))
        expect([...rules(await broken(tried))].filter((rule) => !rules(more).has(rule))).toEqual([])
      }),
      { numRuns: 30, seed: 42 },
    )
  })
})

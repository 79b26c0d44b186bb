import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checked, letters } from './fixtures/sample.ts'
import { findConfigSecrets } from './image-config.ts'
import { SecretObserver } from './observer.ts'
import { endsInChecksum } from './rules/checksum.ts'
import { findSecrets, secretRules } from './search.ts'

function pem(type: 'pkcs1' | 'pkcs8', password?: string): string {
  const encryption = password === undefined ? {} : { cipher: 'aes-256-cbc', passphrase: password }
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type, format: 'pem', ...encryption },
  })
  return privateKey
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const hex = '0123456789abcdef'

/** A path, a text, and the rule that has to find something there. */
const cases: readonly (readonly [rule: string, path: string, text: () => string])[] = [
  ['private-key', 'app/tls.key', () => pem('pkcs8')],
  ['private-key', 'app/tls.key', () => pem('pkcs1')],
  ['private-key', 'app/key.json', () => JSON.stringify({ private_key: pem('pkcs8') })],
  ['encrypted-private-key', 'app/tls.key', () => pem('pkcs8', 'x')],
  ['encrypted-private-key', 'app/tls.key', () => pem('pkcs1', 'x')],
  ['age-secret-key', 'k', () => `AGE-SECRET-KEY-1${letters(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`],
  ['shadow-password', 'etc/shadow', () => `root:$y$j9T$${letters(22)}$${letters(43)}:19000:0:99999:7:::`],
  ['htpasswd', 'srv/.htpasswd', () => `ann:$apr1$${letters(8)}$${letters(22)}`],
  ['aws-access-key', 'a', () => `AKIA${letters(16, upper)}`],
  ['aws-secret-key', 'a', () => `aws_secret_access_key = ${letters(40)}`],
  ['github-token', 'a', () => `x ${checked('ghp')}\n`],
  ['github-fine-grained-token', 'a', () => `github_pat_${letters(22)}_${letters(59)}`],
  ['gitlab-token', 'a', () => `glpat-${letters(20)}`],
  ['npm-token', 'a', () => checked('npm')],
  ['npmrc-token', 'root/.npmrc', () => `//registry.example/:_authToken=${letters(36)}`],
  ['pypi-token', 'a', () => `pypi-AgE${letters(100)}`],
  ['slack-token', 'a', () => `xoxb-${letters(12, '0123456789')}-${letters(24)}`],
  ['stripe-key', 'a', () => `sk_live_${letters(24)}`],
  ['google-api-key', 'a', () => `AIza${letters(35)}`],
  ['azure-storage-key', 'a', () => `AccountName=x;AccountKey=${letters(86)}==;`],
  ['digitalocean-token', 'a', () => `dop_v1_${letters(64, hex)}`],
  [
    'docker-auth',
    'root/.docker/config.json',
    () => `{"auths":{"r":{"auth":"${Buffer.from(`ann:${letters(20)}`).toString('base64')}"}}}`,
  ],
  ['vault-token', 'a', () => `hvs.${letters(90)}`],
  ['databricks-token', 'a', () => `dapi${letters(32, hex)}`],
  ['sendgrid-key', 'a', () => `SG.${letters(22)}.${letters(43)}`],
  ['url-password', 'app/config.py', () => `DB = "postgres://ann:${letters(16)}@db.internal:5432/x"`],
  ['url-password', 'app/config.rb', () => `URI("http://ann:${letters(16)}@example.com.internal/")`],
  ['git-credentials', 'root/.git-credentials', () => `https://ann:${letters(20)}@git.example`],
  ['netrc-password', 'root/.netrc', () => `machine git.example login ann password ${letters(20)}`],
  ['pgpass-password', 'root/.pgpass', () => `db:5432:*:ann:${letters(12)}`],
  ['setting-password', 'app/.env', () => `SESSION_SECRET=a1${letters(30)}`],
  [
    'jwt',
    'a',
    () =>
      [
        { alg: 'HS256', typ: 'JWT' },
        { iss: 'me', sub: 'you' },
      ]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .concat(letters(43))
        .join('.'),
  ],
]

describe('secrets in text', () => {
  it.each(cases)('finds %s in %s', (rule, path, text) => {
    for (let i = 0; i < 5; i++) {
      const hits = findSecrets(`first line\n${text()}\nlast line\n`, path)
      expect(hits.map((hit) => hit.rule)).toContain(rule)
      expect(hits.every(({ line }) => line === 2)).toBe(true)
    }
  })

  it('never shows what it found', () => {
    for (const [, path, text] of cases) {
      const secret = text()
      for (const { excerpt } of findSecrets(`before ${secret} after`, path)) {
        const longest = secret.split(/[^A-Za-z0-9+/]+/).sort((a, b) => b.length - a.length)[0] ?? ''
        expect(excerpt).not.toContain(longest)
        expect(excerpt).toMatch(/^[\x20-\x7e…]*$/)
      }
    }
  })

  it.each([
    ['a header alone', 'app/main.c', 'if (strstr(s, "-----BEGIN RSA PRIVATE KEY-----")) return "-----END"'],
    ['a documented key', 'a', 'AKIAIOSFODNN7EXAMPLE'],
    ['a wrong checksum', 'a', `ghp_${'a1B2'.repeat(9)}`],
    ['a locked account', 'etc/shadow', 'root:*:19000:0:99999:7:::\ndaemon:!:19000::::::'],
    ['a variable', 'app/.env', 'DB_PASSWORD=$' + '{DB_PASSWORD_FILE_1}'],
    ['a word to replace', 'app/.env', 'DB_PASSWORD=change-me-1234'],
    ['an address that belongs to nobody', 'a.rb', 'URI("http://john:S3nsit1ve@my.example.com/")'],
    ['an address to fill in', 'README', 'postgres://user:password@localhost/db'],
    [
      'a public key',
      'a',
      '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----',
    ],
    ['random text', 'app/settings.py', `CHECKSUM = "${letters(64)}"`],
  ])('does not take for one: %s', (_, path, text) => {
    expect(findSecrets(text, path)).toEqual([])
  })

  it('tells keys of tests as what they are', () => {
    const [hit] = findSecrets(pem('pkcs8'), 'usr/lib/python3.13/test/certdata/ssl_key.pem')
    expect(hit).toMatchObject({ rule: 'private-key', severity: 'low' })
  })

  it('takes a key with headers, and one on a line of its own within a text', () => {
    const body = 'MIIEpAIBAAKCAQEA'.repeat(6)
    const ofText = (text: string) => findSecrets(text, 'a').map(({ rule }) => rule)
    const header = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF0123456789ABCDEF'
    const key = (...lines: string[]) => [
      '-----BEGIN RSA PRIVATE KEY-----',
      ...lines,
      '-----END RSA PRIVATE KEY-----',
    ]
    expect(ofText(key('', '', body).join('\n'))).toEqual(['private-key'])
    expect(ofText(JSON.stringify(key(body).join('\r\n')))).toEqual(['private-key'])
    expect(ofText(key(header, '', body).join('\n'))).toEqual(['encrypted-private-key'])
    expect(ofText(key(body, '-----BEGIN NOTHING-----').join('\n'))).toEqual([])
  })

  it('ends soon on headers of keys without a key', () => {
    const header = '-----BEGIN PRIVATE KEY-----'
    expect(findSecrets(header + ' '.repeat(1 << 20), 'a')).toEqual([])
    expect(findSecrets(`${header} `.repeat(30_000), 'a')).toEqual([])
    expect(findSecrets('-----BEGIN ENCRYPTED PRIVATE KEY----- '.repeat(30_000), 'a')).toEqual([])
  })

  it('bounds what it says of one file', () => {
    const text = Array.from({ length: 1000 }, () => `glpat-${letters(20)}`).join('\n')
    expect(findSecrets(text, 'a').length).toBe(20)
  })

  it('ends on any text', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(...secretRules.flatMap(({ keywords }) => [...keywords])),
      fc.constantFrom('-----BEGIN RSA PRIVATE KEY-----\n', '-----END', ' = ', '"', '://a:', '@', '\\n'),
    )
    const repeated = fc.tuple(piece, fc.integer({ min: 1, max: 3000 })).map(([text, n]) => text.repeat(n))
    const path = fc.constantFrom('a', 'etc/shadow', '.env', '.pgpass', 'root/.netrc', 'secrets.yaml')
    fc.assert(
      fc.property(fc.array(repeated, { maxLength: 6 }), path, (parts, at) => {
        for (const { line, excerpt } of findSecrets(parts.join(''), at)) {
          expect(line).toBeGreaterThan(0)
          expect(excerpt.length).toBeLessThanOrEqual(120)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('has rules with ids and patterns that can be used', () => {
    expect(new Set(secretRules.map(({ id }) => id)).size).toBe(secretRules.length)
    for (const { pattern, keywords } of secretRules) {
      expect(pattern.global).toBe(true)
      expect(keywords.length).toBeGreaterThan(0)
    }
  })
})

describe('checksums of tokens', () => {
  it('hold for tokens and for nothing near them', () => {
    for (let i = 0; i < 50; i++) {
      const token = checked('ghs')
      expect(endsInChecksum(token)).toBe(true)
      const other = token.at(10) === 'a' ? 'b' : 'a'
      expect(endsInChecksum(token.slice(0, 10) + other + token.slice(11))).toBe(false)
    }
  })
})

describe('what is searched in an image', () => {
  it('is text of a size that people write, and not documentation', () => {
    const observer = new SecretObserver()
    const head = (path: string, size = 100, start = 'text') => ({ path, size, start: Buffer.from(start) })
    expect(observer.select(head('app/main.py'))).toBe(true)
    expect(observer.select(head('app/data.txt', 2 << 20))).toBe(false)
    expect(observer.select(head('app/.env.production', 2 << 20))).toBe(true)
    // Too large to be read, which is told only of what is selected.
    expect(observer.select(head('app/.env.production', observer.sizeLimit + 1))).toBe(true)
    expect(observer.select(head('app/logo.png'))).toBe(false)
    expect(observer.select(head('usr/lib/libc.so.6'))).toBe(false)
    expect(observer.select(head('usr/share/doc/x/README'))).toBe(false)
    expect(observer.select(head('app/run', 100, '\x7fELF\0'))).toBe(false)
  })

  it('holds files that a later layer hides', () => {
    const observer = new SecretObserver()
    const bytes = Buffer.from(`TOKEN=${checked('ghp')}\n`)
    const fact = observer.read({ path: 'app/token', bytes }) ?? []
    observer.finish([{ location: { path: 'app/token', layer: 0 }, hidden: true, fact }])
    expect(observer.found).toMatchObject([
      { rule: 'github-token', deleted: true, location: { path: 'app/token', layer: 0 }, line: 1 },
    ])
  })

  it('are variables, labels and history too', () => {
    const token = checked('ghp')
    const findings = findConfigSecrets({
      architecture: 'amd64',
      os: 'linux',
      config: { Env: ['PATH=/bin', `API_TOKEN=a1${letters(30)}`], Labels: { note: token } },
      rootfs: { type: 'layers', diff_ids: [] },
      history: [{ created_by: `RUN curl -H "Authorization: ${token}"` }],
    })
    expect(findings.map(({ rule, location }) => [rule, location.path])).toEqual([
      ['setting-password', 'image configuration: ENV API_TOKEN'],
      ['github-token', 'image configuration: LABEL note'],
      ['github-token', 'image configuration: history entry 1'],
    ])
    expect(JSON.stringify(findings)).not.toContain(token)
  })
})

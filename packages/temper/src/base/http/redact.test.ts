import fc from 'fast-check'
import { expect, test } from 'vitest'
import { redactReference, redactText, redactUrl, redactValue } from './redact.ts'

test('keeps what helps and hides what is secret', () => {
  expect(redactUrl('https://mirror.example/debian/dists/trixie/InRelease')).toBe(
    'https://mirror.example/debian/dists/trixie/InRelease',
  )
  expect(redactUrl('https://r.example/v2/a/blobs/uploads/?digest=sha256:1&sig=geheim')).toBe(
    'https://r.example/v2/a/blobs/uploads/?digest=sha256:1&sig=***',
  )
  expect(redactText('cannot reach http://a:b@c@h.example/x and https://t@h.example')).toBe(
    'cannot reach http://***@h.example/x and https://***@h.example',
  )
})

test('never shows a user or password', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9%:@!$&'()*+,;=-]{6,20}$/)
  fc.assert(
    fc.property(secret, (random) => {
      const password = `geheim${random}`
      const address = `https://user:${password}@mirror.example/debian?key=${encodeURIComponent(password)}`
      expect(redactUrl(address)).not.toContain(password)
      expect(redactText(`in ${address.split('?')[0]}: broken`)).not.toContain(password)
    }),
  )
})

/** Ways in which a password comes into a text. */
const places: readonly ((password: string) => string)[] = [
  (password) => `found "https://user:${password}@mirror.example/debian", expected`,
  (password) => `GET ftp://user:${password}@mirror.example: broken`,
  (password) => `(postgres://user:${password}@db.example:5432/x?y=z#f)`,
  (password) => `Image reference "user:${password}@registry.example/team/x:1"`,
  (password) => `Image reference "user:${password}@127.0.0.1:5000/x"`,
  (password) => `Image reference "user:${password}@localhost:5000"`,
  (password) => `Image reference "user:${password}@[::1]:5000" as the registry`,
  (password) => `There is no file /work/ftp:/user:${password}@mirror.example/x, or folder`,
  (password) => `https://user:${password}…`,
  (password) => `two: https://a:${password}@h.example/x, https://b:${password}@[::1]:5000/y`,
]

test('never shows a password, whatever is in it and around it', () => {
  const nasty = fc.stringMatching(/^[!-~äß€]{1,20}$/).filter((text) => !/["'`]/.test(text))
  fc.assert(
    fc.property(nasty, fc.constantFrom(...places), (random, place) => {
      // A reference is none with "/" or "@" in its password; and of a cut address nobody knows which "@" was the last.
      const isReference = place('x').startsWith('Image') || place('x').endsWith('…')
      const password = `geheim${isReference ? random.replace(/[/@:(,=]/g, '') : random}geheim`
      const shown = redactText(place(password))
      expect(shown).not.toContain('geheim')
      expect(shown).toContain('***')
      expect(JSON.stringify(redactValue({ a: [{ b: place(password) }], c: 1, d: null }))).not.toContain(
        'geheim',
      )
    }),
    { numRuns: 1000 },
  )
})

test('of what should be a reference or a host hides all before the last "@" but that of a digest', () => {
  const digest = `sha256:${'0'.repeat(64)}`
  expect(redactReference('user:a/b@c@registry.example:5000/x:1')).toBe('***@registry.example:5000/x:1')
  expect(redactReference('user:geheim@host:5000')).toBe('***@host:5000')
  expect(redactReference(`user:geheim@host/x@${digest}`)).toBe(`***@host/x@${digest}`)
  for (const text of [
    `registry.example/x:1@${digest}`,
    'registry.example/x@sha256:abc',
    'registry.example:5000',
  ])
    expect(redactReference(text)).toBe(text)
})

test.each([
  'There is no file /work/a:b/c@1.2/x',
  'docker.io/library/nginx:1.26@sha256:abc/def',
  'localhost:5000/x:1@sha256:abc',
  'docker://registry.example:5000/team/x:1@sha256:abc',
  'https://registry.example:5000/a@b and http://[::1]:5000/x@y',
  'https://registry.example:443: refused; https://registry.example:8443',
  'https://github.com/team/x/.github/workflows/release.yml@refs/heads/main',
  'pkg:npm/%40scope/left@1.0.0?arch=amd64, npm:left@1.0.0, left@1.0.0',
  'tool.yaml:6:15: contents.files[0].url: expected https',
  'ci@team.example (https://id.example)',
])('leaves alone what is no password: %s', (text) => {
  expect(redactText(text)).toBe(text)
})

test('masks with what it is told', () => {
  const text = 'mirror: https://user:secret@h.example # main'
  const masked = redactText(text, (hidden) => '*'.repeat(hidden.length))
  expect(masked).toBe('mirror: https://***********@h.example # main')
})

test('takes a word of any length in time that grows with it, and schemes of any length', () => {
  const word = 'x'.repeat(3_000_000)
  expect(redactText(word) === word).toBe(true)
  for (const length of [1, 40, 41, 42, 500]) {
    const address = `${'a'.repeat(length)}://user:hunter2@registry.example/nginx`
    expect(redactText(`in ${address}: broken`)).not.toContain('hunter2')
    expect(redactText(address)).not.toContain('user')
  }
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { redactText, redactUrl } from './redact.ts'

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

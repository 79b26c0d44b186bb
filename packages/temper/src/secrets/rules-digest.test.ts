import { expect, test } from 'vitest'
import { SecretObserver } from './observer.ts'
import { digestOfRules, rulesDigest, secretRules } from './search.ts'

/* What was kept of layers is found by this digest: other rules search them again. */

test('other rules have another digest, whatever it is that differs', () => {
  const [first, ...others] = secretRules
  if (first === undefined) throw new Error('there are no rules')
  const digests = [
    secretRules,
    others,
    [{ ...first, pattern: /other/g }, ...others],
    [{ ...first, pattern: new RegExp(first.pattern, 'gi') }, ...others],
    [{ ...first, keywords: ['other'] }, ...others],
    [{ ...first, path: /other/ }, ...others],
    [{ ...first, holds: (secret: string) => secret.length > 3 }, ...others],
  ].map(digestOfRules)
  expect(new Set(digests).size).toBe(digests.length)
  expect(digests[0]).toBe(rulesDigest)
  expect(new SecretObserver().version).toContain(rulesDigest)
})

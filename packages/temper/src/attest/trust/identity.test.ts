import { describe, expect, it } from 'vitest'
import { trustedIdentity } from './identity.ts'

describe('an identity', () => {
  it.each([
    [{ identity: 'me', issuer: 'here' }, 'me (here)'],
    [{ identityRegexp: 'm.*', issuer: 'here' }, 'm.* (here)'],
    [{ identity: 'me', issuerRegexp: 'h.*' }, 'me (h.*)'],
  ])('that has no name is called by its pattern: %j', (pattern, id) => {
    expect(trustedIdentity(pattern).id).toBe(id)
    expect(trustedIdentity(pattern, 'ci').id).toBe('ci')
  })

  it.each([
    [{ identity: 'me' }, 'Expected either issuer or issuer-regexp, found neither'],
    [{ issuer: 'here' }, 'Expected either identity or identity-regexp, found neither'],
    [
      { identity: 'a', identityRegexp: 'a', issuer: 'b' },
      'Expected either identity or identity-regexp, found both',
    ],
  ])('needs each of the two once: %j', (pattern, message) => {
    expect(() => trustedIdentity(pattern)).toThrow(
      expect.objectContaining({
        code: 'bad-usage',
        message,
        hint: expect.stringContaining('together with its issuer'),
      }),
    )
  })

  it('with a pattern that is none is refused, briefly', () => {
    const failed = expect.objectContaining({
      code: 'bad-usage',
      message: expect.stringMatching(/^identity-regexp: .{1,200}$/s),
      cause: expect.any(Error),
    })
    expect(() => trustedIdentity({ identityRegexp: `(${'x'.repeat(2000)}`, issuer: 'b' })).toThrow(failed)
  })
})

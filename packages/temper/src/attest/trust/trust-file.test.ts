import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { readTrustFile, ruleFor } from './trust-file.ts'

const whole = {
  version: 1,
  'trusted-root': 'root.json',
  keys: { release: 'release.pub' },
  identities: { ci: { identity: 'https://ci.example/x', 'issuer-regexp': 'https://[a-z]+\\.example' } },
  rules: [
    { images: 'registry.example/base/*', 'signed-by': 'release' },
    {
      images: ['registry.example/**'],
      'signed-by': ['release', 'ci'],
      require: ['signature', { type: 'spdx', 'signed-by': 'ci', 'max-age': '7d' }],
      'max-age': '30d',
      name: 'required',
    },
  ],
}

const read = (change: object = {}) => readTrustFile({ ...whole, ...change }, 'trust.yaml')

describe('a trust file', () => {
  it('says whom to trust about what', () => {
    const file = read()
    expect(file.rules[1]).toEqual({
      images: ['registry.example/**'],
      signedBy: ['release', 'ci'],
      require: [
        { type: 'https://sigstore.dev/cosign/sign/v1' },
        { type: 'https://spdx.dev/Document', signedBy: ['ci'], maxAge: 7 * 86_400_000 },
      ],
      maxAge: 30 * 86_400_000,
      name: true,
    })
    expect(file.rules[0]?.require).toEqual([{ type: 'https://sigstore.dev/cosign/sign/v1' }])
  })

  it('may have nothing in it but its version', () => {
    const { keys, identities, rules, ...more } = readTrustFile({ version: 1 }, 'trust.yaml')
    expect([keys.size, identities.size, rules, more]).toEqual([0, 0, [], {}])
    expect(readTrustFile({ version: 1, rules: [] }, 'trust.yaml').rules).toEqual([])
  })

  it('keeps everything as it is written', () => {
    const file = read()
    expect(file.trustedRoot).toBe('root.json')
    expect([...file.keys]).toEqual([['release', 'release.pub']])
    expect(file.identities.get('ci')).toEqual({
      id: 'ci',
      identity: 'https://ci.example/x',
      issuerRegexp: 'https://[a-z]+\\.example',
      accepts: expect.any(Function),
    })
    expect(file.rules[0]).toEqual({
      images: ['registry.example/base/*'],
      signedBy: ['release'],
      require: [{ type: 'https://sigstore.dev/cosign/sign/v1' }],
      name: false,
    })
    const identities = { ci: { 'identity-regexp': 'a', issuer: 'b' } }
    expect(Object.keys(read({ identities }).identities.get('ci') ?? {})).toEqual([
      ...['identityRegexp', 'issuer', 'id', 'accepts'],
    ])
  })

  it.each([1000, 1])('takes text of %i characters', (length) => {
    expect(read({ 'trusted-root': 'x'.repeat(length) }).trustedRoot).toHaveLength(length)
    expect(read({ keys: { release: 'x'.repeat(65_536) } }).keys.get('release')).toHaveLength(65_536)
  })

  it('takes as many rules and keys as it may hold', () => {
    const rule = { images: 'x', 'signed-by': 'ci' }
    expect(read({ rules: Array(10_000).fill(rule) }).rules).toHaveLength(10_000)
    const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, 'x']))
    expect(read({ keys, rules: [] }).keys.size).toBe(10_000)
  })

  it('is decided by the first rule that fits, and by none when none does', () => {
    const file = read()
    expect(ruleFor(file, 'registry.example/base/debian')).toBe(file.rules[0])
    expect(ruleFor(file, 'registry.example/base/debian/deep')).toBe(file.rules[1])
    expect(ruleFor(file, 'registry.example.evil/base/debian')).toBeUndefined()
    expect(ruleFor(file, 'evil/registry.example/base/debian')).toBeUndefined()
  })

  it('is asked in one form, however the image and the patterns are written', () => {
    const rule = { 'signed-by': 'release' }
    const file = read({
      rules: [
        { images: ['Registry.example:443/base/*', 'index.docker.io/library/*', 'oci:out/*'], ...rule },
        { images: '**', 'signed-by': 'ci' },
      ],
    })
    for (const name of [
      'REGISTRY.EXAMPLE/base/x',
      'registry.example:443/base/x',
      'registry.example./base/x',
      'docker.io/nginx',
      'registry-1.docker.io/library/nginx',
      'oci:out/x',
      'oci:./out/../out/x',
      'oci:/work/out/x',
    ])
      expect(ruleFor(file, name, '/work'), name).toBe(file.rules[0])
    for (const name of ['registry.example:8443/base/x', 'oci:/elsewhere/out/x', 'docker.io/team/x'])
      expect(ruleFor(file, name, '/work'), name).toBe(file.rules[1])
  })

  it.each(['ci@team\\.example)|(?:.*', 'a)|(?:b', 'a\\', '[a', '(?:a'])(
    'refuses a pattern of identities that is none by itself: %s',
    (pattern) => {
      const identities = { ci: { 'identity-regexp': pattern, issuer: 'https://id.example' } }
      expect(() => read({ identities })).toThrow(expect.objectContaining({ code: 'bad-trust' }))
    },
  )

  it('anchors patterns with alternatives as a whole', () => {
    const identities = { ci: { 'identity-regexp': 'a|b', issuer: 'i' } }
    const ci = read({ identities }).identities.get('ci')
    const accepted = ['a', 'b', 'ax', 'xb'].filter((identity) => ci?.accepts({ identity, issuer: 'i' }))
    expect(accepted).toEqual(['a', 'b'])
  })

  it('matches identities whole', () => {
    const ci = read().identities.get('ci')
    const accepts = (identity: string, issuer: string) => ci?.accepts({ identity, issuer })
    expect(accepts('https://ci.example/x', 'https://id.example')).toBe(true)
    expect(accepts('https://ci.example/x', 'https://id.example.evil')).toBe(false)
    expect(accepts('https://ci.example/x', 'https://evil/?https://id.example')).toBe(false)
    expect(accepts('https://ci.example/xy', 'https://id.example')).toBe(false)
  })

  it('matches them in linear time, whatever name a signer gives himself', () => {
    const identities = { ci: { 'identity-regexp': '(a+)+@example', issuer: 'x' } }
    const ci = read({ identities }).identities.get('ci')
    const accepts = (identity: string) => ci?.accepts({ identity, issuer: 'x' })
    expect([accepts('aaa@example'), accepts('a'.repeat(5000)), accepts('aaa@example.evil')]).toEqual([
      true,
      false,
      false,
    ])
  })

  it.each<[string, object, RegExp]>([
    ['another version', { version: 2 }, /expected "version: 1"/],
    ['no version', { version: undefined }, /expected "version: 1"/],
    ['a root that is no text', { 'trusted-root': 7 }, /trusted-root: expected text of 1 to 1000 characters/],
    ['an empty root', { 'trusted-root': '' }, /trusted-root: expected text of 1 to 1000/],
    ['a long root', { 'trusted-root': 'x'.repeat(1001) }, /trusted-root: expected text of 1 to 1000/],
    ['a long key', { keys: { release: 'x'.repeat(65_537) } }, /keys, release: expected text of 1 to 65536/],
    ['keys that are a list', { keys: ['release.pub'] }, /keys: expected settings as "name: value"/],
    ['keys that are text', { keys: 'release.pub' }, /keys: expected settings as "name: value"/],
    ['keys of null', { keys: null }, /keys: expected settings as "name: value"/],
    ['an identity of text', { identities: { ci: 'me' } }, /identities, ci: expected settings as/],
    ['an identity of null', { identities: { ci: null } }, /identities, ci: expected settings as/],
    ['an identity of a list', { identities: { ci: [] } }, /identities, ci: expected settings as/],
    ['an unknown setting, which is cut', { ['y'.repeat(999)]: 1 }, /unknown setting "y{80}"; the known ones/],
    [
      'an unknown signer, which is cut',
      { rules: [{ images: 'x', 'signed-by': 'y'.repeat(999) }] },
      /identity "y{80}"$/,
    ],
    ['an empty pattern', { rules: [{ images: '', 'signed-by': 'ci' }] }, /rules 1, images: expected text/],
    [
      'a name that nothing means',
      { rules: [{ images: 'x', 'signed-by': 'ci', name: 'optional' }] },
      /name: expected "required"/,
    ],
    [
      'no requirements',
      { rules: [{ images: 'x', 'signed-by': 'ci', require: [] }] },
      /require: expected a list of 1 to 10000/,
    ],
    [
      'a requirement without type',
      { rules: [{ images: 'x', 'signed-by': 'ci', require: [{}] }] },
      /require 1: "type" is missing/,
    ],
    [
      'a type that is none',
      { rules: [{ images: 'x', 'signed-by': 'ci', require: ['sbom'] }] },
      /require 1: "sbom" is not a type/,
    ],
    ['rules that are none', { rules: {} }, /rules: expected a list/],
    ['a rule that is none', { rules: ['x'] }, /rules 1: expected settings as/],
    ['too many rules', { rules: Array(10_001).fill(0) }, /rules: expected a list of 1 to 10000/],
    [
      'too many keys',
      { keys: Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`k${i}`, 'x'])) },
      /keys: more than 10000 members/,
    ],
    ['a setting that is none', { rule: [] }, /unknown setting "rule"; the known ones are/],
    [
      'an identity without an issuer',
      { identities: { ci: { identity: 'x' } } },
      /identities, ci: Expected either issuer/,
    ],
    [
      'an identity that is exact and a pattern',
      { identities: { ci: { identity: 'x', 'identity-regexp': 'x', issuer: 'y' } } },
      /found both/,
    ],
    [
      'a pattern that is none',
      { identities: { ci: { 'identity-regexp': '(', issuer: 'y' } } },
      /identity-regexp/,
    ],
    [
      'a pattern that looks around, which RE2 does not',
      { identities: { ci: { 'identity-regexp': '(?=x)x', issuer: 'y' } } },
      /identity-regexp: .*unsupported/,
    ],
    ['a name that is used twice', { keys: { ci: 'x' } }, /"ci" is the name of both a key and an identity/],
    ['a rule without signers', { rules: [{ images: 'x' }] }, /rules 1: "signed-by" is missing/],
    ['a rule with nobody in it', { rules: [{ images: 'x', 'signed-by': [] }] }, /expected a list of 1/],
    [
      'a signer that is not there',
      { rules: [{ images: 'x', 'signed-by': 'me' }] },
      /no key or identity "me"/,
    ],
    [
      'an age that is none',
      { rules: [{ images: 'x', 'signed-by': 'ci', 'max-age': '3 days' }] },
      /not an age/,
    ],
    ['a type that is none', { rules: [{ images: 'x', 'signed-by': 'ci', require: ['x y'] }] }, /not a type/],
    [
      'a name rule that says no',
      { rules: [{ images: 'x', 'signed-by': 'ci', name: false }] },
      /expected "required"/,
    ],
  ])('is refused with %s', (_name, change, reason) => {
    expect(() => read(change)).toThrow(
      expect.objectContaining({
        code: 'bad-trust',
        message: expect.stringMatching(reason),
        hint: expect.stringContaining('docs/reference/trust-file.md'),
      }),
    )
  })

  it('is read or refused, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('version', 'keys', 'rules', 'images', 'x'), maxDepth: 4 }),
        (value) => {
          try {
            readTrustFile({ ...value, version: 1 }, 'trust.yaml')
          } catch (error) {
            expect(error).toBeInstanceOf(TemperError)
          }
        },
      ),
    )
  })
})

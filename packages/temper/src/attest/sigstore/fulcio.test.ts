import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createHttp } from '../../base/http/http.ts'
import { newKeyPair, pem, rootCertificate } from '../fixtures/loopback/authority.ts'
import { readToken, requestCertificate } from './fulcio.ts'

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = (claims: unknown) => `${part({ alg: 'none' })}.${part(claims)}.c2ln`
const claims = { iss: 'https://id.example', sub: 'me' }

describe('an identity token', () => {
  it.each([
    ['its subject', {}, 'me'],
    [
      'an address that the provider has seen',
      { email: 'me@x.example', email_verified: true },
      'me@x.example',
    ],
    ['its subject, when nobody has seen the address', { email: 'me@x.example', email_verified: false }, 'me'],
    ['its subject, when it is not said that somebody has', { email: 'me@x.example' }, 'me'],
    ['its subject, when that is said in words', { email: 'me@x.example', email_verified: 'true' }, 'me'],
    ['its subject, when there is no address', { email_verified: true }, 'me'],
  ])('names %s', (_, more, subject) => {
    expect(readToken(token({ ...claims, ...more }))).toEqual({ subject, issuer: 'https://id.example' })
  })

  it.each([
    ['nothing', ''],
    ['two parts', `a.${part(claims)}`],
    ['four parts', `a.${part(claims)}.b.c`],
    ['no JSON', 'a.b.c'],
    ['no UTF-8', `a.${Buffer.from([0xff]).toString('base64url')}.c`],
    ['no subject', token({ iss: 'x' })],
    ['no issuer', token({ sub: 'x' })],
    ['an empty subject', token({ ...claims, sub: '' })],
    ['a list', token([])],
    ['too much', token({ ...claims, more: 'x'.repeat(65_536) })],
  ])('that is %s is refused without being shown', (_, text) => {
    expect(() => readToken(text)).toThrow(
      expect.objectContaining({
        code: 'bad-usage',
        message: 'The identity token is not an OpenID Connect token (a JWT with "iss" and "sub")',
        hint: expect.stringContaining('not shown here'),
      }),
    )
  })

  it('may be as long as it may be', () => {
    const start = `${part(claims)}.${part(claims)}.`
    expect(readToken(start + 'x'.repeat(65_536 - start.length)).subject).toBe('me')
    expect(() => readToken(start + 'x'.repeat(65_537 - start.length))).toThrow('OpenID')
  })
})

describe('a certificate', () => {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const request = (answer: unknown) => {
    const fetch: typeof globalThis.fetch = async () => new Response(JSON.stringify(answer), { status: 200 })
    return requestCertificate({
      http: createHttp({ fetch }),
      fulcio: 'https://fulcio.example/',
      token: token(claims),
      privateKey: keys.privateKey,
    })
  }
  const chain = (...certificates: unknown[]) => ({
    signedCertificateEmbeddedSct: { chain: { certificates } },
  })
  const own = rootCertificate('me', keys, new Date('2026-01-01T00:00:00Z'))

  it('is the first of the chain, for who the token says that it is', async () => {
    expect(await request(chain(pem(own), 'anything'))).toEqual({
      der: own,
      identity: 'me',
      issuer: 'https://id.example',
    })
  })

  it.each([
    ['none', {}, /expected a certificate with an embedded SCT, found none$/],
    ['no chain', { signedCertificateEmbeddedSct: {} }, /its answer, chain: expected an object/],
    ['an empty chain', chain(), /its chain: expected a list/],
    ['a long chain', chain(...Array(11).fill('x')), /its chain: expected at most 10 members/],
    ['no text', chain(7), /its certificate: expected text/],
    [
      'another kind of PEM',
      chain('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'),
      /a certificate in PEM, found none$/,
    ],
    [
      'another key',
      chain(pem(rootCertificate('me', newKeyPair(), new Date()))),
      /expected the key that was sent, found another$/,
    ],
  ])('that is %s is an answer that cannot be used', async (_, answer, message) => {
    await expect(request(answer)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(message),
    })
  })
})

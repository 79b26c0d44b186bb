import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import {
  digestSet,
  isAbout,
  makeStatement,
  namesOf,
  parseStatement,
  statementBytes,
  subjectText,
} from './in-toto.ts'

const [ours, theirs] = [sha256('ours'), sha256('theirs')]
const claim = { predicateType: 'https://example.com/claim', predicate: {} }

describe('a statement about several images', () => {
  const statement = makeStatement(
    [
      { name: 'registry.example/a:1', digest: digestSet(ours) },
      { name: 'registry.example/b:1', digest: digestSet(theirs) },
    ],
    claim,
  )

  it('is about each of them, and calls each what stands beside its own digest', () => {
    expect([isAbout(statement, ours), isAbout(statement, theirs)]).toEqual([true, true])
    expect(isAbout(statement, sha256('another'))).toBe(false)
    expect(namesOf(statement, ours)).toEqual(['registry.example/a:1'])
    expect(namesOf(statement, theirs)).toEqual(['registry.example/b:1'])
    expect(namesOf(statement, sha256('another'))).toEqual([])
  })

  it('calls one image by every name that it has, once, and by none where there is none', () => {
    const named = (...names: string[]) => names.map((name) => ({ name, digest: digestSet(ours) }))
    expect(namesOf(makeStatement(named('a', 'b', 'a'), claim), ours)).toEqual(['a', 'b'])
    expect(namesOf(makeStatement([{ digest: digestSet(ours) }], claim), ours)).toEqual([])
    const [long = ''] = namesOf(makeStatement(named('x'.repeat(10_000)), claim), ours)
    expect(long).toHaveLength(500)
  })

  it('counts digests of SHA-256 alone: an image was fetched by no other', () => {
    const { sha256: hex = '' } = digestSet(ours)
    expect(isAbout(makeStatement([{ digest: { sha512: hex } }], claim), ours)).toBe(false)
  })

  it('is read back as it was written', () => {
    expect(parseStatement(statementBytes(statement), 'here')).toEqual(statement)
    expect(subjectText(statement)).toBe(`${ours} and 1 more`)
    expect(subjectText(makeStatement([{ digest: { sha512: 'ab' } }], claim))).toContain('without a SHA-256')
  })
})

describe('a statement from outside', () => {
  const subject = [{ digest: digestSet(ours) }]
  const parse = (value: unknown) => parseStatement(Buffer.from(JSON.stringify(value)), 'here')

  it('may be of the older type, and may say nothing more than its kind', () => {
    const older = { _type: 'https://in-toto.io/Statement/v0.1', subject, predicateType: 'x' }
    expect(parse(older)).toEqual(older)
    expect(parse({ ...older, predicate: null })).toEqual(older)
  })

  it.each([
    ['another type', { _type: 'https://in-toto.io/Statement/v9', subject, predicateType: 'x' }],
    ['no subject', { _type: 'https://in-toto.io/Statement/v1', predicateType: 'x' }],
    [
      'a subject without digest',
      { _type: 'https://in-toto.io/Statement/v1', subject: [{}], predicateType: 'x' },
    ],
    [
      'a predicate that is no object',
      { _type: 'https://in-toto.io/Statement/v1', subject, predicateType: 'x', predicate: [] },
    ],
    ['no predicate type', { _type: 'https://in-toto.io/Statement/v1', subject }],
  ])('is refused with %s', (_, value) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'bad-attestation' }))
  })

  it('is refused with more subjects than any has', () => {
    const many = Array.from({ length: 1001 }, () => ({ digest: digestSet(ours) }))
    expect(() => parse({ ...claim, _type: 'https://in-toto.io/Statement/v1', subject: many })).toThrow(
      expect.objectContaining({ code: 'bad-attestation' }),
    )
  })
})

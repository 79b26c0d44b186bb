import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import {
  digestSet,
  isAbout,
  makeStatement,
  namesOf,
  parseBesideStatement,
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

describe('a statement beside an image in its index', () => {
  const beside = (subject: unknown) => {
    const document = { _type: 'https://in-toto.io/Statement/v1', subject, ...claim }
    return parseBesideStatement(Buffer.from(JSON.stringify(document)), 'here', ours)
  }

  it('is about that image where it names none, as BuildKit writes it', () => {
    expect(beside([])).toEqual(makeStatement([{ digest: digestSet(ours) }], claim))
  })

  it('is about what it names, and has to say so', () => {
    expect(beside([{ digest: digestSet(theirs) }]).subject).toEqual([{ digest: digestSet(theirs) }])
    for (const subject of [undefined, {}, ''])
      expect(() => beside(subject)).toThrow('here, subject: expected a list')
  })
})

describe('a statement from outside', () => {
  const good = {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'a:b',
    subject: [{ digest: { sha256: 'ab' } }],
  }
  const parse = (change: object) => parseStatement(Buffer.from(JSON.stringify({ ...good, ...change })), 'x')

  it('keeps names that are text, and the predicate that is there', () => {
    const subject = [
      { name: 'a', digest: {} },
      { name: '', digest: {} },
      { name: 7, digest: {} },
      { digest: { sha512: 'ab' } },
    ]
    expect(parse({ subject }).subject).toEqual([
      { name: 'a', digest: {} },
      { digest: {} },
      { digest: {} },
      { digest: { sha512: 'ab' } },
    ])
    expect(parse({ predicate: { a: 1 } })).toHaveProperty('predicate', { a: 1 })
    for (const predicate of [undefined, null]) expect(parse({ predicate })).not.toHaveProperty('predicate')
    expect(parse({ _type: 'https://in-toto.io/Statement/v0.1' })._type).toBe(
      'https://in-toto.io/Statement/v0.1',
    )
  })

  it.each([
    [
      { _type: 'https://in-toto.io/Statement/v2' },
      'x, _type: expected "https://in-toto.io/Statement/v1", found "https://in-toto.io/Statement/v2"',
    ],
    [{ _type: 'y'.repeat(999) }, `found "${'y'.repeat(100)}"`],
    [{ subject: [{ digest: {} }, 7] }, 'x, subject 2: expected an object'],
    [{ subject: [{}] }, 'x, subject 1, digest: expected an object'],
    [{ subject: [{ digest: { sha256: 7 } }] }, 'x, subject 1, digest: expected text'],
    [{ subject: [] }, 'x, subject: expected a list'],
    [{ subject: Array(1001).fill({ digest: {} }) }, 'x, subject: expected at most 1000 members, found 1001'],
    [{ predicateType: '' }, 'x, predicateType: expected text'],
    [{ predicate: [] }, 'x, predicate: expected an object'],
  ])('is refused where it is wrong: %#', (change, message) => {
    expect(() => parse(change)).toThrow(
      expect.objectContaining({ code: 'bad-attestation', message: expect.stringContaining(message) }),
    )
  })

  it('is about nothing that it gives no SHA-256 of', () => {
    const statement = parse({ subject: [{ name: 'a', digest: { sha512: 'ab' } }] })
    expect(isAbout(statement, ours)).toBe(false)
    expect(namesOf(statement, ours)).toEqual([])
    expect(subjectText(statement)).toBe('something without a SHA-256 digest')
    const bare = makeStatement([{ name: 'a' }], claim)
    expect([isAbout(bare, ours), namesOf(bare, ours), subjectText(bare)]).toEqual([
      false,
      [],
      'something without a SHA-256 digest',
    ])
    expect(subjectText(makeStatement([], claim))).toBe('something without a SHA-256 digest')
    expect(subjectText(makeStatement([{ digest: { sha256: 'a'.repeat(99) } }, {}, {}], claim))).toBe(
      `sha256:${'a'.repeat(64)} and 2 more`,
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { versionSchemes } from '../../../model/version-scheme.ts'
import { archiveMark, archiveRow } from './archive-row.ts'
import { type AffectedContent, decodeAffected, encodeAffected } from './entry-code.ts'
import { mergedFacts } from './facts.ts'
import { feedLimit, feedMark, feedOfKey, idPrefix, packagePrefix, partsOfKey, withFeed } from './keys.ts'
import { decodeRecord, encodeRecord, type RecordContent } from './record-code.ts'
import { compareRows, keyText, textOfKey } from './row.ts'
import { exploitedMark, exploitedRow, predictionMark, predictionRow } from './threat-rows.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const version = fc.stringMatching(/^[0-9a-zA-Z.:~+-]{1,10}$/)
const severity = fc.array(fc.record({ kind: fc.constantFrom('CVSS_V3', 'CVSS_V4', 'word'), value: text }), {
  maxLength: 3,
})

const event = fc.oneof(
  version.map((introduced) => ({ introduced })),
  version.map((fixed) => ({ fixed })),
  version.map((lastAffected) => ({ lastAffected })),
  version.map((limit) => ({ limit })),
)
const optional = <T>(name: string, arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: undefined }).map((value) => (value === undefined ? {} : { [name]: value }))

const affected = fc
  .tuple(
    fc.record({
      ranges: fc.array(
        fc.record({ scheme: fc.constantFrom(...versionSchemes), events: fc.array(event, { maxLength: 3 }) }),
        { maxLength: 2 },
      ),
      versions: fc.array(version, { maxLength: 2 }),
    }),
    optional('severity', severity),
    optional('unfixed', fc.constantFrom('open', 'deferred', 'wont-fix')),
    optional('notAffected', fc.constant(true)),
    optional('fixPublished', fc.constant('2026-01-02T03:04:05Z')),
  )
  .map((parts) => Object.assign({}, ...parts) as AffectedContent)

const record = fc
  .tuple(
    fc.record({ aliases: fc.array(text, { maxLength: 3 }), severity }),
    optional('covers', fc.array(text, { maxLength: 2 })),
    optional('summary', text),
    optional('published', fc.constant('2026-01-01T00:00:00Z')),
    optional('modified', fc.constant('2026-01-02T00:00:00Z')),
    optional('withdrawn', fc.constant('2026-01-03T00:00:00Z')),
    optional('references', fc.array(text, { minLength: 1, maxLength: 2 })),
  )
  .map((parts) => Object.assign({}, ...parts) as RecordContent)

describe('rows of packages', () => {
  const schemes = [undefined, ...versionSchemes]

  it('are read as they were written', () => {
    fc.assert(
      fc.property(affected, fc.constantFrom(...schemes), fc.boolean(), (content, scheme, withdrawn) => {
        expect(decodeAffected(encodeAffected(content, { scheme, withdrawn }), scheme)).toEqual({
          content,
          withdrawn,
        })
      }),
      { numRuns: 400 },
    )
  })

  const scheme = versionSchemes[0]
  const simple = (...events: AffectedContent['ranges'][number]['events']): AffectedContent => ({
    ranges: [{ scheme, events }],
    versions: [],
  })

  it.each<[string, AffectedContent, string]>([
    ['repaired in a version', simple({ introduced: '0' }, { fixed: '1.2-3' }), 'F1.2-3'],
    ['never repaired', simple({ introduced: '0' }), 'O'],
  ])('that are %s are short', (_title, content, expected) => {
    expect(encodeAffected(content, { scheme, withdrawn: false }).toString()).toBe(expected)
    expect(encodeAffected(content, { scheme, withdrawn: true }).toString()).toBe(`W${expected}`)
  })

  it.each<[string, AffectedContent]>([
    ['begin later', simple({ introduced: '1' }, { fixed: '2' })],
    ['end with a last version', simple({ introduced: '0' }, { lastAffected: '2' })],
    ['come back', simple({ introduced: '0' }, { fixed: '1' }, { introduced: '2' })],
    ['have a limit', simple({ introduced: '0' }, { limit: '2' })],
    ['are repaired from the start', simple({ fixed: '1' })],
    ['name versions', { ...simple({ introduced: '0' }), versions: ['1'] }],
    ['have a severity', { ...simple({ introduced: '0' }), severity: [] }],
    ['say why', { ...simple({ introduced: '0' }), unfixed: 'open' }],
    ['are about nothing', { ranges: [], versions: [] }],
    [
      'are of another order',
      { ranges: [{ scheme: versionSchemes[1] ?? scheme, events: [{ introduced: '0' }] }], versions: [] },
    ],
  ])('that %s are written out', (_title, content) => {
    const bytes = encodeAffected(content, { scheme, withdrawn: false })
    expect(bytes.toString('latin1', 0, 1)).toBe('J')
    expect(decodeAffected(bytes, scheme).content).toEqual(content)
  })

  it.each([['X1'], [''], ['W'], ['J'], ['J{'], ['Jnull'], ['J{"r":[[99]]}'], ['J{"r":1}']])(
    'are refused: %j',
    (bytes) => {
      expect(() => decodeAffected(Buffer.from(bytes), scheme)).toThrow()
    },
  )

  it('need an order of versions where they are short', () => {
    expect(() => decodeAffected(Buffer.from('F1'), undefined)).toThrow(RangeError)
  })
})

describe('rows of records', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(record, (content) => {
        expect(decodeRecord(encodeRecord(content))).toEqual(content)
      }),
    )
  })

  it.each(['', 'null', '{', '[1'])('are refused: %j', (bytes) => {
    expect(() => decodeRecord(Buffer.from(bytes))).toThrow()
  })
})

describe('keys', () => {
  it('are in the order of their bytes, and tell their text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const bytes = Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)))
        const [x, y] = [keyText(a), keyText(b)]
        expect(x < y ? -1 : x > y ? 1 : 0).toBe(bytes)
        expect(textOfKey(x)).toBe(Buffer.from(a).toString())
      }),
    )
  })

  it('tell which feed they are of', () => {
    for (let position = 0; position < feedLimit; position++) {
      const key = idPrefix('CVE-2026-1') + feedMark(position)
      expect(feedOfKey(key)).toBe(position)
      expect(key.charCodeAt(key.length - 1)).toBeLessThan(256)
      expect(withFeed(key, 7)).toBe(idPrefix('CVE-2026-1') + feedMark(7))
      expect(partsOfKey(key)).toEqual(['CVE-2026-1', ''])
    }
  })

  it('of packages compare names as their ecosystem does', () => {
    expect(packagePrefix('PyPI', 'Ruamel.Yaml')).toBe(packagePrefix('PyPI', 'ruamel-yaml'))
    expect(packagePrefix('Debian:13', 'a')).not.toBe(packagePrefix('Debian:12', 'a'))
    expect(packagePrefix('npm', 'a')).not.toBe(
      packagePrefix('npm', 'ab').slice(0, packagePrefix('npm', 'a').length),
    )
  })

  it('are ordered by value where they are the same', () => {
    const row = (key: string, value: string) => ({ key, value: Buffer.from(value) })
    expect(compareRows(row('a', '2'), row('b', '1'))).toBe(-1)
    expect(compareRows(row('b', '1'), row('a', '2'))).toBe(1)
    expect(compareRows(row('a', '1'), row('a', '2'))).toBe(-1)
    expect(compareRows(row('a', '1'), row('a', '1'))).toBe(0)
  })
})

describe('rows of threats and archives', () => {
  const decoded = ({ key, value }: { readonly key: string; readonly value: Uint8Array }) => [
    key,
    JSON.parse(Buffer.from(value).toString()),
  ]

  it('say what is known of an id', () => {
    expect(decoded(exploitedRow('CVE-1', { added: '2026-01-02' }))).toEqual([
      `CVE-1\0${exploitedMark}!`,
      { added: '2026-01-02' },
    ])
    expect(
      decoded(exploitedRow('CVE-1', { added: '2026-01-02', due: '2026-02-02', ransomware: true }))[1],
    ).toEqual({ added: '2026-01-02', due: '2026-02-02', ransomware: true })
    expect(decoded(predictionRow('CVE-1', { score: 0.5, percentile: 0.25 }))).toEqual([
      `CVE-1\0${predictionMark}!`,
      [0.5, 0.25],
    ])
    expect(decoded(archiveRow('ab', { name: 'org.example:lib', version: '1' }))).toEqual([
      `ab\0${archiveMark}!`,
      ['org.example:lib', '1'],
    ])
  })
})

describe('what several records say of one id', () => {
  const about = (id: string, feed: string, more: Partial<RecordContent> = {}) => ({
    id,
    feed,
    aliases: [],
    severity: [],
    ...more,
  })

  it('is nothing when there is none', () => {
    expect(mergedFacts('CVE-1', [])).toBeUndefined()
  })

  it('comes from the record of that id first, then by id and feed', () => {
    const records = [
      about('GHSA-2', 'b', { summary: 'of GHSA-2 b' }),
      about('GHSA-1', 'z', { summary: 'of GHSA-1' }),
      about('GHSA-2', 'a', { summary: 'of GHSA-2 a' }),
    ]
    for (const order of [records, records.toReversed()])
      expect(mergedFacts('CVE-1', order)).toMatchObject({ summary: 'of GHSA-1', feed: 'z' })
    expect(mergedFacts('CVE-1', records.slice(0, 1).concat(records.slice(2)))?.summary).toBe('of GHSA-2 a')
    expect(mergedFacts('CVE-1', [...records, about('CVE-1', 'y', { summary: 'own' })])?.summary).toBe('own')
    expect(mergedFacts('CVE-1', [...records, about('CVE-1', 'y')])).toMatchObject({
      summary: 'of GHSA-1',
      feed: 'y',
    })
  })

  it('takes vectors of each kind from the first that has it, and words from the record of that id alone', () => {
    const vector = (kind: 'CVSS_V3' | 'CVSS_V4', value: string) => ({ kind, value })
    const word = (value: string) => ({ kind: 'word' as const, value })
    const merged = mergedFacts('CVE-1', [
      about('CVE-1', 'own', { severity: [word('high'), vector('CVSS_V3', 'own')] }),
      about('GHSA-1', 'a', {
        severity: [word('low'), vector('CVSS_V3', 'other'), vector('CVSS_V4', 'first')],
      }),
      about('GHSA-2', 'b', { severity: [vector('CVSS_V4', 'second')] }),
    ])
    expect(merged?.severity).toEqual([word('high'), vector('CVSS_V3', 'own'), vector('CVSS_V4', 'first')])
    expect(
      mergedFacts('CVE-1', [
        about('CVE-1', 'own'),
        about('GHSA-1', 'a', { severity: [vector('CVSS_V3', 'x')] }),
      ])?.feed,
    ).toBe('a')
    expect(mergedFacts('CVE-1', [about('GHSA-1', 'a', { severity: [word('low')] })])?.severity).toEqual([])
  })

  it('covers what the records of that id do, and not what others do', () => {
    const merged = mergedFacts('DSA-1-1', [
      about('USN-1-1', 'a', { aliases: ['DSA-1-1'], covers: ['CVE-9', 'CVE-8'] }),
      about('DSA-1-1', 'b', { covers: ['CVE-2', 'CVE-1'] }),
      about('DSA-1-1', 'c', { covers: ['CVE-3', 'CVE-2'] }),
    ])
    expect(merged?.covers).toEqual(['CVE-1', 'CVE-2', 'CVE-3'])
    expect(mergedFacts('CVE-1', [about('CVE-1', 'a')])).not.toHaveProperty('covers')
  })

  it('has all names, the earliest publication, the latest change and each reference once', () => {
    const merged = mergedFacts('CVE-1', [
      about('GHSA-1', 'a', {
        aliases: ['CVE-1', 'PYSEC-1'],
        published: '2026-02-01',
        modified: '2026-02-02',
        references: ['x', 'y'],
      }),
      about('CVE-1', 'b', {
        aliases: ['GHSA-1'],
        published: '2026-01-01',
        modified: '2026-03-01',
        references: ['y', 'z'],
      }),
    ])
    expect(merged).toMatchObject({
      aliases: ['GHSA-1', 'PYSEC-1'],
      published: '2026-01-01',
      modified: '2026-03-01',
      references: ['y', 'z', 'x'],
    })
    expect(mergedFacts('CVE-1', [about('CVE-1', 'b')])).toEqual({
      id: 'CVE-1',
      aliases: [],
      feed: 'b',
      severity: [],
    })
  })
})

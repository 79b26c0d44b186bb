import { describe, expect, it } from 'vitest'
import { draftStatement, type StatementDraft } from './draft.ts'

const now = new Date('2026-01-15T10:20:30.456Z')
const draft: StatementDraft = {
  id: 'CVE-2025-1234',
  aliases: ['GHSA-1'],
  status: 'fixed',
  packages: ['libssl3t64'],
}

const made = (over: Partial<StatementDraft> = {}) => draftStatement({ ...draft, ...over }, now)

describe('a statement that somebody writes', () => {
  it('has what was given, and when it was made', () => {
    expect(made()).toStrictEqual({
      vulnerability: 'CVE-2025-1234',
      aliases: ['GHSA-1'],
      products: [{ id: 'pkg:deb/debian/libssl3t64', subcomponents: [] }],
      status: 'fixed',
      timestamp: '2026-01-15T10:20:30Z',
    })
  })

  it.each([
    ['not_affected', 'component_not_present'],
    ['Not-Affected', 'Component-Not-Present'],
    ['NOT_AFFECTED', 'COMPONENT_NOT_PRESENT'],
  ])('knows %s and %s', (status, justification) => {
    expect(made({ status, justification })).toMatchObject({
      status: 'not_affected',
      justification: 'component_not_present',
    })
  })

  it('has a text without blanks around it, or none', () => {
    expect(made({ statement: '  repaired \n' }).statement).toBe('repaired')
    expect(made({ statement: ' \n' })).not.toHaveProperty('statement')
    expect(made()).not.toHaveProperty('justification')
  })

  it.each<[Partial<StatementDraft>, boolean]>([
    [{ status: 'not_affected' }, false],
    [{ status: 'not_affected', statement: '  ' }, false],
    [{ status: 'not_affected', statement: 'no' }, true],
    [{ status: 'not_affected', justification: 'component_not_present' }, true],
    [{ status: 'affected' }, false],
    [{ status: 'affected', statement: ' ' }, false],
    [{ status: 'affected', statement: 'update' }, true],
    [{ status: 'affected', statement: 'update', justification: 'component_not_present' }, false],
    [{ status: 'fixed', justification: 'component_not_present' }, false],
    [{ status: 'fixed', statement: 'no' }, true],
    [{ status: 'under_investigation' }, true],
    [{ status: 'harmless' }, false],
    [{ status: 'not_affected', justification: 'because' }, false],
  ])('%j gives its reason as OpenVEX wants it: %j', (over, good) => {
    if (good) expect(made(over).status).toBe(over.status)
    else expect(() => made(over)).toThrow(expect.objectContaining({ code: 'bad-usage' }))
  })

  it('that gives none names the justifications there are', () => {
    expect(() => made({ status: 'not_affected' })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('vulnerable_code_not_in_execute_path') }),
    )
    expect(() => made({ status: 'x'.repeat(200) })).toThrow(`found "${'x'.repeat(100)}"`)
  })

  it.each([
    ['CVE-2025-1234', true],
    ['GHSA-aaaa-bbbb-cccc', true],
    ['abc', true],
    [`A${'b'.repeat(100)}`, true],
    [`A${'b'.repeat(101)}`, false],
    ['ab', false],
    ['-CVE-2025-1', false],
    ['CVE-2025-1 ', false],
    ['CVE 2025', false],
    ['CVE-2025-1\n', false],
  ])('is about %j or not: %j', (id, good) => {
    if (good) expect(made({ id }).vulnerability).toBe(id)
    else expect(() => made({ id })).toThrow('id: expected the id of a vulnerability')
  })

  it.each([
    ['libssl3t64', 'pkg:deb/debian/libssl3t64'],
    ['libssl3t64@3.5.1-1', 'pkg:deb/debian/libssl3t64@3.5.1-1'],
    ['libssl3t64=3.5.1-1', 'pkg:deb/debian/libssl3t64@3.5.1-1'],
    ['libstdc++6', 'pkg:deb/debian/libstdc%2B%2B6'],
    ['a.b_c-d', 'pkg:deb/debian/a.b_c-d'],
    ['tzdata@2025b-0+deb13u1', 'pkg:deb/debian/tzdata@2025b-0%2Bdeb13u1'],
    ['pkg:npm/lodash@4.17.21', 'pkg:npm/lodash@4.17.21'],
  ])('names the package %s as %s', (text, id) => {
    expect(made({ packages: [text] }).products).toEqual([{ id, subcomponents: [] }])
    expect(made({ packages: [text], product: 'pkg:oci/web' }).products).toEqual([
      { id: 'pkg:oci/web', subcomponents: [id] },
    ])
  })

  it.each(['', '-a', 'a b', 'a@', 'a@1 2', 'a@1@2', ' a', 'a ', 'pkg:', 'pkg:deb'])(
    'names no package %j',
    (text) => {
      expect(() => made({ packages: [text] })).toThrow('package: expected')
    },
  )

  it('is about a product that is a package URL', () => {
    expect(made({ packages: [], product: 'pkg:oci/web' }).products).toEqual([
      { id: 'pkg:oci/web', subcomponents: [] },
    ])
    expect(() => made({ product: 'web' })).toThrow('product: expected a package URL')
    expect(made({ packages: [] }).products).toEqual([])
  })

  it.each([
    ['2026-01-15', '2026-01-15T23:59:59Z'],
    ['2027-12-31', '2027-12-31T23:59:59Z'],
    ['2026-01-15T10:20:31Z', '2026-01-15T10:20:31Z'],
    ['2026-01-15T12:20:31+02:00', '2026-01-15T10:20:31Z'],
    ['2026-01-15T10:20:30.500Z', '2026-01-15T10:20:30.500Z'],
  ])('ends at %s, which is %s', (text, expires) => {
    expect(made({ expires: text }).expires).toBe(expires)
  })

  it.each([
    ['2026-01-14', 'in the future'],
    ['2026-01-15T10:20:30.456Z', 'in the future'],
    ['2026-01-15T10:20:30Z', 'in the future'],
    ['2026-02-30', 'expected a day such as'],
    ['2026-1-15', 'expected a day such as'],
    ['soon', 'expected a day such as'],
    ['', 'expected a day such as'],
    ['x2026-02-03', 'expected a day such as'],
    ['2026-02-03x', 'expected a day such as'],
  ])('does not end at %j', (expires, message) => {
    expect(() => made({ expires })).toThrow(message)
  })
})

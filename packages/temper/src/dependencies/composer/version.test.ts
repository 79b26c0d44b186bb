import { describe, expect, it } from 'vitest'
import { higherBound, lowerBound, normaliseVersion } from './version.ts'

describe('versions as Composer compares them', () => {
  it.each([
    ['1', '1.0.0.0'],
    ['v1.2', '1.2.0.0'],
    ['1.2.3.4', '1.2.3.4'],
    ['1.0.0-beta.2', '1.0.0.0-beta2'],
    ['1.0.0RC1', '1.0.0.0-RC1'],
    ['1.0.0b', '1.0.0.0-beta'],
    ['1.0.0-a3', '1.0.0.0-alpha3'],
    ['1.0.0pl2', '1.0.0.0-patch2'],
    ['1.0.0-stable', '1.0.0.0'],
    ['1.2.x-dev', '1.2.9999999.9999999-dev'],
    ['v2-dev', '2.0.0.0-dev'],
    ['2.x-dev', '2.9999999.9999999.9999999-dev'],
    ['dev-main', 'dev-main'],
    ['DEV-main', 'dev-main'],
    ['master', 'dev-master'],
    ['feature-dev', 'dev-feature'],
    ['1.0.0+no-version-set', '1.0.0.0'],
    ['2024-05-01', '2024.05.01'],
    ['20240501.12', '20240501.12'],
  ])('%s is %s', (version, expected) => {
    expect(normaliseVersion(version)).toBe(expected)
  })
})

describe('the least version of a constraint', () => {
  it.each([
    ['^7.2 || ^8.0', '>=7.2.0'],
    ['>=5.3.3 <9', '>=5.3.3'],
    ['> 7.1', '>7.1.0'],
    ['~8.1.5', '>=8.1.5'],
    ['8.*', '>=8.0.0'],
    ['*', '>=0.0.0'],
    ['<9', '>=0.0.0'],
    ['!=8.0', '>=0.0.0'],
    ['7.4 - 8.2', '>=7.4.0'],
    ['>=7.0, >=7.3', '>=7.3.0'],
    ['^8|^5', '>=5.0.0'],
    ['=8.1.2', '>=8.1.2'],
    ['dev-main', '>=0.0.0'],
  ])('%s: %s', (constraint, expected) => {
    const { version, inclusive } = lowerBound(constraint)
    expect(`${inclusive ? '>=' : '>'}${version.join('.')}`).toBe(expected)
  })

  it('is higher when it is itself left out', () => {
    const [with8, above8] = [lowerBound('>=8'), lowerBound('>8')]
    expect([higherBound(with8, above8), higherBound(above8, with8)]).toEqual([above8, above8])
  })
})

// Patterns that can divide digits in many ways never end on these.
it.each([`1-rc${'1'.repeat(60)}x`, `20240101-rc${'1'.repeat(60)}x`])(
  '%s is the name of a branch, at once',
  (text) => {
    expect(normaliseVersion(text)).toBe(`dev-${text}`)
  },
)

import { describe, expect, it } from 'vitest'
import { checkSource, isAddress } from './source-name.ts'

describe('a source that a recipe names', () => {
  it.each([
    'app.conf',
    'conf/app.conf',
    './app.conf',
    'a..b',
    '..a',
    'https://a.example/b',
    'a:b',
    'with space',
  ])('may be %s', (source) => {
    expect(checkSource(source)).toBeUndefined()
  })

  it.each([
    ['', 'expected a file name'],
    ['a\0b', 'expected a file name'],
    ['/etc/passwd', "expected a file in the recipe's folder"],
    ['~/x', "expected a file in the recipe's folder"],
    ['a\\b', "expected a file in the recipe's folder"],
    ['..', '".." leaves it'],
    ['a/../../b', '".." leaves it'],
    ['a/..', '".." leaves it'],
    ['http://a.example/b', 'expected an https address'],
    ['FILE:///etc/passwd', 'expected an https address'],
    ['https://', 'expected an https address'],
    ['https://u:p@a.example/b', 'credentials do not belong in a recipe'],
    ['https://u@a.example/b', 'credentials do not belong in a recipe'],
  ])('may not be %j: %s', (source, message) => {
    expect(checkSource(source)).toContain(message)
  })

  it('is an address when it is one of https', () => {
    expect(['https://a', 'http://a', 'HTTPS://a', 'a'].map(isAddress)).toEqual([true, false, false, false])
  })
})

import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { checkRequests, formatRequest, idleExclusions, listed, listVersions } from './requests.ts'
import { sampleIndex, sampleOptions, samplePackage, sampleRequests } from './sample-index.ts'
import { Universe } from './universe.ts'

const index = sampleIndex(`
  nginx 1.24 @bookworm
  nginx 1.26 @trixie
  nginx 2:1.28 @backports
  exim 4: provides mta
  postfix 3: provides mta
  mawk 1: provides awk
  arm 1 arm64
`)

/** What is wrong with the requests, or undefined. */
function problem(text: string): TemperError | undefined {
  const requests = sampleRequests(text)
  try {
    checkRequests(requests, new Universe(requests, index, sampleOptions))
    return undefined
  } catch (error) {
    if (error instanceof TemperError) return error
    throw error
  }
}

describe('requests of a recipe', () => {
  it.each([
    'nginx',
    'nginx=1.26',
    'nginx=1.*',
    'nginx=1.28',
    'nginx=2:1.28',
    'nginx@trixie',
    'nginx@debian',
    'nginx=1.24@bookworm',
    '!nginx=1.24 nginx',
    // What is not there is kept out.
    'nginx !ngnix',
    // One package alone provides it.
    'awk',
  ])('"%s" can be met', (text) => {
    expect(problem(text)).toBeUndefined()
  })

  it.each([
    ['ngnix', 'package-not-found', 'No repository has a package "ngnix" for amd64', 'nginx'],
    ['arm', 'package-not-found', 'No repository has a package "arm"', ''],
    ['zzzzzzzz', 'package-not-found', '"zzzzzzzz"', 'Check the spelling'],
    ['nginx=9', 'package-not-found', 'No version of nginx matches "nginx=9"', 'Change the pin'],
    ['nginx@sid', 'package-not-found', 'No suite or repository "sid" has nginx', 'Change the pin'],
    ['nginx=1.24@trixie', 'package-not-found', 'matches "nginx=1.24@trixie"', 'Change the pin'],
    ['mta', 'package-not-found', 'virtual name, provided by exim, postfix', 'Name one'],
    ['awk=1', 'package-not-found', 'virtual name, provided by mawk', 'Name one'],
    ['!awk', 'package-not-found', 'virtual name', 'Name one'],
    ['nginx=1.24 nginx=1.26', 'unsatisfiable', 'no version of nginx fits both', 'Remove one'],
    ['nginx=1.24 !nginx@bookworm', 'unsatisfiable', 'no version of nginx fits both', 'Remove one'],
  ])('"%s" is %s', (text, code, message, hint) => {
    const found = problem(text)
    expect(found).toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    })
  })

  it('may keep out what is not there', () => {
    expect(idleExclusions(sampleRequests('nginx !ngnix !mawk exin'), index)).toEqual(['ngnix'])
  })

  it('are all told at once', () => {
    expect(problem('ngnix mta nginx=9')?.message.split('\n')).toHaveLength(3)
  })
})

describe('texts', () => {
  it.each(['nginx', '!nginx', 'nginx=1.*', 'nginx@trixie', '!nginx=1.*@trixie'])(
    '%s is written as it was',
    (text) => {
      expect(sampleRequests(text).map(formatRequest)).toEqual([text])
    },
  )

  it('list versions once, with all suites that have them', () => {
    const versions = ['nginx 1 @trixie', 'nginx 1 @sid', 'nginx 2 @sid'].map(samplePackage)
    expect(listVersions(versions)).toBe('1 (trixie, sid), 2 (sid)')
    const many = Array.from({ length: 10 }, (_, at) => samplePackage(`nginx ${at} @sid`))
    expect(listVersions(many)).toMatch(/7 \(sid\) and 2 more$/)
  })

  it.each([
    [[], 2, ''],
    [['a', 'b'], 2, 'a, b'],
    [['a', 'b', 'c'], 2, 'a, b and 1 more'],
  ])('%j in %d are "%s"', (items, limit, text) => {
    expect(listed(items, limit)).toBe(text)
  })
})

import { describe, expect, it } from 'vitest'
import { solve } from '../src/assemble/solve/solve.ts'
import type { TemperError } from '../src/base/error.ts'
import { alpineRules } from '../src/distro/alpine/packages/rules.ts'
import { makePackage, type SamplePackage } from '../src/distro/apk/fixtures/repository.ts'
import { ApkPackageIndex } from '../src/distro/apk/index/package-index.ts'
import { parseRecords } from '../src/formats/apk/index.ts'
import { parsePackageRequest } from '../src/recipe/normalise/package-request.ts'

const main: readonly SamplePackage[] = [
  { name: 'curl', version: '8.17.0-r1', provides: 'cmd:curl=8.17.0-r1', depends: 'so:libz.so.1' },
  { name: 'zlib', version: '1.3.1-r2', provides: 'so:libz.so.1=1.3.1 pc:zlib=1.3.1' },
  { name: 'zlib-ng', version: '2.2.5-r0', provides: 'so:libz.so.1=1.3.0 cmd:minizip' },
  { name: 'minizip', version: '1.3.1-r2', provides: 'cmd:minizip' },
  { name: 'busybox', version: '1.37.0-r30', provides: 'cmd:vi', priority: 10 },
  { name: 'vim', version: '9.1-r0', provides: 'cmd:vi', priority: 100 },
]
const edge: readonly SamplePackage[] = [
  { name: 'curl', version: '8.18.0-r0', provides: 'cmd:curl=8.18.0-r0', depends: 'so:libz.so.1' },
  { name: 'curl', version: '9.0-r0', provides: 'cmd:curl=9.0-r0' },
]

const part = (repository: string, suite: string, packages: readonly SamplePackage[]) => ({
  origin: { repository, suite, component: 'main', folder: `${suite}/main/x86_64` },
  records: parseRecords(packages.map((sample) => `${makePackage(sample).paragraph}\n`).join(''), 'index'),
})
const index = new ApkPackageIndex([part('alpine', 'v3.23', main), part('edge', '@edge', edge)])

function chosen(...texts: readonly string[]): readonly string[] | string {
  const requests = texts.flatMap((text) => parsePackageRequest(text) ?? [])
  expect(requests).toHaveLength(texts.length)
  try {
    const { packages } = solve(requests, index, { architecture: 'amd64', rules: alpineRules })
    return packages.map(({ package: candidate }) => `${candidate.name}-${candidate.version}`)
  } catch (error) {
    return `${(error as TemperError).code}: ${(error as TemperError).message}`
  }
}

describe('what a recipe asks for, of packages of apk', () => {
  it.each([
    ['curl~8', ['curl-8.17.0-r1', 'zlib-1.3.1-r2']],
    ['curl=~8.17', ['curl-8.17.0-r1', 'zlib-1.3.1-r2']],
    ['curl>=8.18@@edge', ['curl-9.0-r0']],
    ['curl<9@@edge', ['curl-8.18.0-r0', 'zlib-1.3.1-r2']],
    ['curl~9@@edge', ['curl-9.0-r0']],
    ['cmd:curl<9', ['curl-8.17.0-r1', 'zlib-1.3.1-r2']],
    ['so:libz.so.1', ['zlib-1.3.1-r2']],
    ['so:libz.so.1<1.3.1', ['zlib-ng-2.2.5-r0']],
    ['pc:zlib>=1.3', ['zlib-1.3.1-r2']],
    ['cmd:vi', ['vim-9.1-r0']],
  ])('%s', (text, packages) => {
    expect(chosen(text.replace('@@', '@'))).toEqual(packages)
  })

  it.each([
    ['curl~7', 'package-not-found: No version of curl is in "curl~7": there is 8.17.0-r1 (v3.23)'],
    ['curl>9.1', 'package-not-found: No version of curl is in "curl>9.1"'],
    [
      'curl>=8.18',
      'package-not-found: "curl>=8.18" is only in a pinned repository, and nothing is taken from those unless the recipe names it: 9.0-r0 (@edge), 8.18.0-r0 (@edge)',
    ],
    [
      'cmd:curl~8.18',
      'unsatisfiable: cmd:curl~8.18 cannot be installed:\n- the recipe asks for cmd:curl~8.18, but curl 8.18.0-r0 is only in a pinned repository, and nothing is taken from those unless the recipe names it',
    ],
    ['pc:zlib>2', 'package-not-found: zlib provides pc:zlib, but not in "pc:zlib>2"'],
    [
      'cmd:minizip',
      'package-not-found: "cmd:minizip" is not a package but a virtual name, provided by minizip, zlib-ng',
    ],
    ['cmd:nowhere', 'package-not-found: No repository has a package "cmd:nowhere"'],
  ])('%s is told', (text, message) => {
    expect(chosen(text)).toContain(message)
  })

  it('is one package for all that it is asked for', () => {
    expect(chosen('cmd:curl', 'curl~8.17', 'so:libz.so.1')).toEqual(['curl-8.17.0-r1', 'zlib-1.3.1-r2'])
    expect(chosen('cmd:curl>=9', 'curl~8')).toContain('unsatisfiable')
  })
})

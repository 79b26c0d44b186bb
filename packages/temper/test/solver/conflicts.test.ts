import { describe, expect, it } from 'vitest'
import { solve } from '../../src/assemble/solve/solve.ts'
import type { TemperError } from '../../src/base/error.ts'
import { alpineRules } from '../../src/distro/alpine/packages/rules.ts'
import { makePackage, type SamplePackage } from '../../src/distro/apk/fixtures/repository.ts'
import { ApkPackageIndex } from '../../src/distro/apk/index/package-index.ts'
import { debianRules } from '../../src/distro/debian/packages/rules.ts'
import { parseRecords } from '../../src/formats/apk/index.ts'
import type { PackageIndex } from '../../src/model/package/package.ts'
import type { PackageRules } from '../../src/model/package/package-rules.ts'
import { parsePackageRequest } from '../../src/recipe/normalise/package-request.ts'
import { anywhere, debianIndex } from './debian-index.ts'

/* What people read when packages do not fit together, whole, as files that are read when they change. */

function told(words: string, index: PackageIndex, rules: PackageRules): string {
  const requests = words.split(' ').flatMap((word) => parsePackageRequest(word) ?? [])
  expect(requests).toHaveLength(words.split(' ').length)
  try {
    const { packages } = solve(requests, index, { architecture: 'amd64', rules })
    return `packages: ${words}\n\nno error: ${packages.map(({ package: candidate }) => candidate.name).join(' ')}\n`
  } catch (error) {
    const { code, message } = error as TemperError
    return `packages: ${words}\n\n${code}: ${message}\n\n${(error as TemperError).advice() ?? 'no advice'}\n`
  }
}

const debian = `
Package: nginx
Version: 1.26.3-3
Depends: libc6 (>= 2.41), nginx-common (= 1.26.3-3)

Package: nginx-common
Version: 1.26.0-1

Package: libc6
Version: 2.41-12

Package: exim4-daemon-light
Version: 4.98-1
Provides: mail-transport-agent
Conflicts: mail-transport-agent

Package: postfix
Version: 3.10-1
Provides: mail-transport-agent
Conflicts: mail-transport-agent

Package: app
Version: 2:1.0-1
Depends: default-mta | mail-transport-agent, libfoo1 (<< 2)

Package: libfoo1
Version: 2.1-1

Package: tool
Version: 1.0-1
Depends: python3 (>= 3.13~)

Package: old-tool
Version: 1.0-1
Depends: python3 (<< 3.13)

Package: python3
Version: 3.13.5-1

Package: runtime
Version: 1.0-1
Breaks: old-plugin (<< 2)

Package: old-plugin
Version: 1.9-1
Depends: runtime

Package: chain-a
Version: 1
Depends: chain-b

Package: chain-b
Version: 1
Depends: chain-c | chain-d

Package: chain-c
Version: 1
Depends: nowhere

Package: chain-d
Version: 1
Conflicts: libc6
Depends: libc6
`

describe('Debian', () => {
  it.each([
    ['missing version', 'nginx'],
    ['two of a kind', 'postfix exim4-daemon-light'],
    ['too new', 'app postfix'],
    ['opposite ranges', 'tool old-tool'],
    ['breaks', 'old-plugin'],
    ['no way out of alternatives', 'chain-a'],
    ['excluded', 'tool !python3'],
    ['pinned', 'tool python3=3.11.*'],
    ['misspelt', 'ngnix'],
    ['virtual', 'mail-transport-agent'],
    ['apk words', 'python3~3.13'],
  ])('%s', async (name, words) => {
    const stanzas = debian.trim().split('\n\n')
    const index = await debianIndex(
      stanzas.map((each) => `${each}\nArchitecture: amd64\n${anywhere}`).join(''),
    )
    await expect(told(words, index, debianRules)).toMatchFileSnapshot(
      `conflicts/debian-${name.replaceAll(' ', '-')}.txt`,
    )
  })
})

const main: readonly SamplePackage[] = [
  { name: 'musl', version: '1.2.5-r10', provides: 'so:libc.musl-x86_64.so.1=1' },
  { name: 'nginx', version: '1.28.0-r4', depends: 'so:libssl.so.3 so:libpcre2-8.so.0' },
  { name: 'libssl3', version: '3.5.4-r0', provides: 'so:libssl.so.3=3' },
  { name: 'php83', version: '8.3.27-r0', provides: 'php=8.3.27-r0 cmd:php=8.3.27-r0' },
  { name: 'php84', version: '8.4.14-r0', provides: 'php=8.4.14-r0 cmd:php=8.4.14-r0' },
  { name: 'app', version: '1.0-r0', depends: 'php84 !php83' },
  { name: 'other', version: '1.0-r0', depends: 'php83' },
  { name: 'legacy', version: '1.0-r0', depends: 'libssl3<3.2' },
  { name: 'fuzzy', version: '1.0-r0', depends: 'libssl3~3.4' },
  { name: 'plugin', version: '1.0-r0', depends: 'newer' },
]
const edge: readonly SamplePackage[] = [{ name: 'newer', version: '9.0-r0' }]

describe('Alpine', () => {
  const part = (repository: string, suite: string, packages: readonly SamplePackage[]) => ({
    origin: { repository, suite, component: 'main', folder: `${suite}/main/x86_64` },
    records: parseRecords(packages.map((sample) => `${makePackage(sample).paragraph}\n`).join(''), 'index'),
  })
  const index = new ApkPackageIndex([part('alpine', 'v3.23', main), part('edge', '@edge', edge)])

  it.each([
    ['missing library', 'nginx'],
    ['one provider', 'php83 php84'],
    ['conflict', 'app other'],
    ['too new', 'legacy'],
    ['fuzzy', 'fuzzy'],
    ['pinned repository', 'plugin'],
    ['pinned request', 'newer'],
    ['no such version', 'php84~8.5'],
    ['misspelt command', 'cmd:phpp'],
  ])('%s', async (name, words) => {
    await expect(told(words, index, alpineRules)).toMatchFileSnapshot(
      `conflicts/alpine-${name.replaceAll(' ', '-')}.txt`,
    )
  })
})

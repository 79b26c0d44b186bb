import { describe, expect, it } from 'vitest'
import type { Distribution, InventoryNote } from '../../../model/inventory.ts'
import type { Claim } from './claim.ts'
import { goTool } from './go-module.ts'
import { identify } from './identify.ts'

const debian: Distribution = { id: 'debian', version: '13' }

function identified(claim: Partial<Claim>, distribution?: Distribution) {
  const notes: InventoryNote[] = []
  const components = identify(
    { purls: [], paths: [], ...claim },
    { distribution, note: (note) => notes.push(note) },
  )
  return {
    found: components.map(({ type, name, version, purl }) => [type, name, version, purl]),
    notes: notes.map(({ code }) => code),
    all: components,
  }
}

describe('what a claim is about', () => {
  it.each<[string, Partial<Claim>, readonly string[]]>([
    [
      'a purl alone',
      { purls: ['pkg:npm/left-pad@1.3.0'] },
      ['npm', 'left-pad', '1.3.0', 'pkg:npm/left-pad@1.3.0'],
    ],
    [
      'a purl in lower case and a name',
      { purls: ['pkg:maven/org.example/lib@1'], name: 'lib', group: 'org.example' },
      ['maven', 'org.example:lib', '1', 'pkg:maven/org.example/lib@1'],
    ],
    [
      'a scope in the group',
      { purls: ['pkg:npm/core@1'], name: 'core', group: '@scope' },
      ['npm', '@scope/core', '1', 'pkg:npm/core@1'],
    ],
    ['the version of the document', { purls: ['pkg:npm/a'], version: '2' }, ['npm', 'a', '2', 'pkg:npm/a']],
    [
      'the version of the purl before it',
      { purls: ['pkg:npm/a@1'], version: '2' },
      ['npm', 'a', '1', 'pkg:npm/a@1'],
    ],
    ["Syft's word for none", { purls: ['pkg:npm/a'], version: 'UNKNOWN' }, ['npm', 'a', '', 'pkg:npm/a']],
    [
      'the epoch of RPM',
      { purls: ['pkg:rpm/redhat/bash@5.1-6.el9?epoch=1'] },
      ['rpm', 'bash', '1:5.1-6.el9', 'pkg:rpm/redhat/bash@5.1-6.el9?epoch=1'],
    ],
    [
      'an epoch that the version has',
      { purls: ['pkg:rpm/redhat/bash@1:5.1-6.el9?epoch=1'] },
      ['rpm', 'bash', '1:5.1-6.el9', 'pkg:rpm/redhat/bash@1:5.1-6.el9?epoch=1'],
    ],
    [
      'an epoch of none',
      { purls: ['pkg:rpm/redhat/bash@5.1-6.el9?epoch=0'] },
      ['rpm', 'bash', '5.1-6.el9', 'pkg:rpm/redhat/bash@5.1-6.el9?epoch=0'],
    ],
    [
      'an older spelling of apk',
      { purls: ['pkg:alpine/musl@1.2.5-r0'] },
      ['apk', 'musl', '1.2.5-r0', 'pkg:apk/alpine/musl@1.2.5-r0'],
    ],
    [
      'no purl, but a type',
      { name: 'requests', version: '2', type: 'pypi' },
      ['pypi', 'requests', '2', 'pkg:pypi/requests@2'],
    ],
    [
      'a purl of no ecosystem, and a type',
      { purls: ['pkg:generic/requests@2'], name: 'requests', type: 'pypi' },
      ['pypi', 'requests', '2', 'pkg:pypi/requests@2'],
    ],
    [
      'nothing but a name',
      { name: 'something', version: '1' },
      ['generic', 'something', '1', 'pkg:generic/something@1'],
    ],
    [
      'nothing but a CPE of an ecosystem',
      { cpes: ['cpe:2.3:a:x:left-pad:1.3.0:*:*:*:*:node.js:*:*'] },
      ['npm', 'left-pad', '1.3.0', 'pkg:npm/left-pad@1.3.0'],
    ],
    [
      'a module of Go',
      { purls: ['pkg:golang/github.com/a/b@v1.2.3'] },
      ['golang', 'github.com/a/b', 'v1.2.3', 'pkg:golang/github.com/a/b@v1.2.3'],
    ],
    [
      "a module's major version in the subpath",
      { purls: ['pkg:golang/github.com/a/b@v2.1.0#v2'] },
      ['golang', 'github.com/a/b/v2', 'v2.1.0', 'pkg:golang/github.com/a/b@v2.1.0#v2'],
    ],
    [
      'a package inside a module',
      { purls: ['pkg:golang/github.com/a/b@v2.1.0#cmd/x'] },
      ['golang', 'github.com/a/b', 'v2.1.0', 'pkg:golang/github.com/a/b@v2.1.0#cmd/x'],
    ],
    [
      'a path that the document says whole',
      { purls: ['pkg:golang/github.com/a/b@v1.0.0#sub'], name: 'github.com/a/b/sub' },
      ['golang', 'github.com/a/b/sub', 'v1.0.0', 'pkg:golang/github.com/a/b@v1.0.0#sub'],
    ],
    [
      'a module that is no purl',
      { name: 'std', version: 'go1.23.1', type: 'golang' },
      ['golang', 'stdlib', '1.23.1', 'pkg:golang/stdlib@1.23.1'],
    ],
  ])('is told by %s', (_title, claim, expected) => {
    expect(identified(claim).found).toEqual([expected])
  })

  it('is several things when purls of several ecosystems or names are given', () => {
    const purls = [
      'pkg:maven/org.a/x@1',
      'pkg:maven/org.b/x@1',
      'pkg:maven/org.a/x@1?type=jar',
      'pkg:generic/x@1',
    ]
    expect(identified({ purls }).found.map(([, name]) => name)).toEqual(['org.a:x', 'org.b:x'])
    expect(identified({ purls: ['pkg:generic/x@1', 'pkg:npm/x@1'] }).found.map(([type]) => type)).toEqual([
      'npm',
    ])
  })

  it('is nothing for images, and for what has no name', () => {
    expect(identified({ purls: ['pkg:oci/web@sha256:abc?repository_url=x'], name: 'web' })).toMatchObject({
      found: [],
      notes: [],
    })
    expect(identified({ purls: ['pkg:docker/library/nginx@1'] }).found).toEqual([])
    expect(identified({})).toMatchObject({ found: [], notes: ['component-without-name'] })
    const other = 'cpe:2.3:a:f5:nginx:1.27.0:*:*:*:*:*:*:*'
    expect(identified({ cpes: [other] })).toMatchObject({ found: [], notes: ['component-without-name'] })
    expect(identified({ cpes: ['no cpe'] })).toMatchObject({ found: [], notes: ['component-without-name'] })
  })

  it('is told to have a purl that is none, or no version', () => {
    expect(identified({ purls: ['no purl'], name: 'a', version: '1', type: 'npm' })).toMatchObject({
      notes: ['bad-purl'],
      found: [['npm', 'a', '1', 'pkg:npm/a@1']],
    })
    expect(identified({ purls: ['pkg:npm/a'] }).notes).toEqual(['component-without-version'])
  })

  it('keeps what else the document says', () => {
    const digest = `sha256:${'a'.repeat(64)}` as const
    const [component] = identified({
      purls: ['pkg:deb/debian/zlib1g@1.3?arch=arm64'],
      paths: ['var/lib/dpkg/status'],
      licence: 'Zlib',
      supplier: 'Debian',
      digest,
      sha1: 'b'.repeat(40),
      architecture: 'amd64',
      guessedFrom: 'x',
      source: { name: 'zlib', version: '1.3' },
    }).all
    expect(component).toMatchObject({
      licence: 'Zlib',
      supplier: 'Debian',
      digest,
      architecture: 'arm64',
      guessedFrom: 'x',
      locations: [{ path: 'var/lib/dpkg/status' }],
    })
    expect(component).not.toHaveProperty('sha1')
    const [archive] = identified({
      purls: ['pkg:maven/a/b@1'],
      sha1: 'b'.repeat(40),
      architecture: 'amd64',
    }).all
    expect(archive).toMatchObject({ sha1: 'b'.repeat(40), architecture: 'amd64' })
  })

  it('makes a purl of the distribution where the document has none', () => {
    expect(
      identified({ name: 'zlib1g', version: '1:1.3', type: 'deb', architecture: 'amd64' }, debian).found,
    ).toEqual([['deb', 'zlib1g', '1:1.3', 'pkg:deb/debian/zlib1g@1:1.3?arch=amd64&distro=debian-13']])
  })
})

describe("Go's own library and tools", () => {
  it.each([
    ['std', 'go1.23.1', 'stdlib', '1.23.1'],
    ['stdlib', 'v1.22.0', 'stdlib', '1.22.0'],
    ['go', '1.21.3', 'stdlib', '1.21.3'],
    ['golang', 'go1.24.0-X:nocoverageredesign', 'stdlib', '1.24.0'],
    ['stdlib', 'go1.24.0 X:aliastypeparams', 'stdlib', '1.24.0'],
    ['golang.org/toolchain', 'v0.0.1-go1.22.2.linux-amd64', 'toolchain', '1.22.2'],
    ['golang.org/toolchain', 'v0.0.1-go1.22.2', 'toolchain', '1.22.2'],
    ['toolchain', '1.22.2', 'toolchain', '1.22.2'],
    ['example.org/go', 'v1.0.0', 'example.org/go', 'v1.0.0'],
    ['stdlib', 'devel', 'stdlib', 'devel'],
  ])('%s %s is %s %s', (name, version, expected, number) => {
    expect(goTool(name, version)).toEqual({ name: expected, version: number })
    expect(goTool(name, undefined)).toEqual({ name: expected })
  })
})

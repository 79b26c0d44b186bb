import { describe, expect, test } from 'vitest'
import { readSbom } from '../read.ts'

/* Names, versions and distributions as tools write them in documents, and what is meant. */

const cycloneDx = (...components: readonly object[]) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: components.map((component) => ({ type: 'library', ...component })),
  })
const inventoryOf = async (document: string) =>
  (await readSbom(Buffer.from(document), { what: 'names.json' })).inventory
const told = async (component: object) =>
  (await inventoryOf(cycloneDx(component))).components.map(({ type, name, version }) => [type, name, version])

test('packages of Alpine as older Syft wrote them have their distribution', async () => {
  const purl = 'pkg:alpine/libcrypto3@3.0.7-r0?arch=x86_64&upstream=openssl&distro=alpine-3.16.2'
  const { distribution, components } = await inventoryOf(cycloneDx({ name: 'libcrypto3', purl }))
  expect(distribution).toEqual({ id: 'alpine', version: '3.16.2' })
  expect(components).toMatchObject([
    {
      type: 'apk',
      name: 'libcrypto3',
      source: { name: 'openssl', version: '3.0.7-r0' },
      purl: 'pkg:apk/alpine/libcrypto3@3.0.7-r0?arch=x86_64&distro=alpine-3.16.2&upstream=openssl',
    },
  ])
})

describe('names', () => {
  test.each<[string, object, [string, string, string]]>([
    [
      'the end of a Go path as subpath',
      { name: 'github.com/o/srv/v2', purl: 'pkg:golang/github.com/o/srv@v2.1.0#v2' },
      ['golang', 'github.com/o/srv/v2', 'v2.1.0'],
    ],
    [
      'a Go module below its root',
      { name: 'github.com/o/vault/api/auth', purl: 'pkg:golang/github.com/o/vault@v0.9.0#api/auth' },
      ['golang', 'github.com/o/vault/api/auth', 'v0.9.0'],
    ],
    [
      'a package inside a Go module',
      { name: 'genproto', purl: 'pkg:golang/google.golang.org/genproto@v0.1.0#googleapis/api' },
      ['golang', 'google.golang.org/genproto', 'v0.1.0'],
    ],
    [
      'a major version that only the subpath tells',
      { name: 'srv', purl: 'pkg:golang/github.com/o/srv@v2.1.0#v2' },
      ['golang', 'github.com/o/srv/v2', 'v2.1.0'],
    ],
    [
      'a folder that only looks like a major version',
      { name: 'srv', purl: 'pkg:golang/github.com/o/srv@v3.1.0#v2/x' },
      ['golang', 'github.com/o/srv', 'v3.1.0'],
    ],
    [
      'capitals that the purl lost',
      { name: 'github.com/Owner/Tool', purl: 'pkg:golang/github.com/owner/tool@v1.0.0' },
      ['golang', 'github.com/Owner/Tool', 'v1.0.0'],
    ],
    [
      'capitals that the purl kept',
      { name: 'github.com/owner/tool', purl: 'pkg:golang/github.com/Owner/Tool@v1.0.0' },
      ['golang', 'github.com/Owner/Tool', 'v1.0.0'],
    ],
    [
      'a Go module whose path is the group',
      { group: 'github.com/Owner', name: 'tool', purl: 'pkg:golang/tool@v1.0.0' },
      ['golang', 'github.com/Owner/tool', 'v1.0.0'],
    ],
    ["Go's library as std", { name: 'std', purl: 'pkg:golang/std@go1.22.1' }, ['golang', 'stdlib', '1.22.1']],
    [
      "Go's library with experiments",
      { name: 'stdlib', purl: 'pkg:golang/stdlib@1.22.1-X:boringcrypto' },
      ['golang', 'stdlib', '1.22.1'],
    ],
    [
      "Go's toolchain as a module",
      { name: 'toolchain', purl: 'pkg:golang/golang.org/toolchain@v0.0.1-go1.21.0.linux-amd64' },
      ['golang', 'toolchain', '1.21.0'],
    ],
    [
      'an npm name with capitals',
      { name: 'JSONStream', purl: 'pkg:npm/jsonstream@1.3.5' },
      ['npm', 'JSONStream', '1.3.5'],
    ],
    [
      'a scope that only the group tells',
      { group: '@babel', name: 'core', purl: 'pkg:npm/core@7.0.0' },
      ['npm', '@babel/core', '7.0.0'],
    ],
    [
      'a group that is no scope',
      { group: 'Example Inc.', name: 'core', purl: 'pkg:npm/core@7.0.0' },
      ['npm', 'core', '7.0.0'],
    ],
    [
      "Maven's group beside a purl without",
      { group: 'org.slf4j', name: 'slf4j-api', purl: 'pkg:maven/slf4j-api@2.0.0' },
      ['maven', 'org.slf4j:slf4j-api', '2.0.0'],
    ],
    [
      'a purl of Gradle',
      { name: 'snakeyaml', purl: 'pkg:gradle/org.yaml/snakeyaml@1.30' },
      ['maven', 'org.yaml:snakeyaml', '1.30'],
    ],
    [
      'a name that differs from the purl in more than case',
      { name: 'Apache Log4j', purl: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.0' },
      ['maven', 'org.apache.logging.log4j:log4j-core', '2.14.0'],
    ],
    [
      'a type that a purl of no ecosystem hides',
      {
        name: 'left-pad',
        version: '1.0.0',
        purl: 'pkg:generic/left-pad@1.0.0',
        properties: [{ name: 'syft:package:type', value: 'npm' }],
      },
      ['npm', 'left-pad', '1.0.0'],
    ],
    [
      'a CPE alone',
      { name: 'lodash', version: '4.17.20', cpe: 'cpe:2.3:a:lodash:lodash:4.17.20:*:*:*:*:node.js:*:*' },
      ['npm', 'lodash', '4.17.20'],
    ],
    [
      'a CPE of the older form, which alone tells the version',
      { name: 'django', cpe: 'cpe:/a:djangoproject:django:1.11.1::~~~python~~' },
      ['pypi', 'django', '1.11.1'],
    ],
    [
      'a CPE of no ecosystem',
      { name: 'openssl', version: '3.0', cpe: 'cpe:2.3:a:openssl:openssl:3.0:*:*:*:*:*:*:*' },
      ['generic', 'openssl', '3.0'],
    ],
    [
      'a purl that was concluded from evidence',
      { name: 'x', version: '1', evidence: { identity: [{ field: 'purl', concludedValue: 'pkg:npm/x@1' }] } },
      ['npm', 'x', '1'],
    ],
    [
      'a firmware that is a package',
      { type: 'firmware', name: 'x', purl: 'pkg:cargo/x@1' },
      ['cargo', 'x', '1'],
    ],
  ])('%s', async (_, component, expected) => {
    expect(await told(component)).toEqual([expected])
  })

  test('of several purls those that advisories may speak of count, each once', async () => {
    const references = [
      'pkg:github/twbs/bootstrap@v3.3.7',
      'pkg:maven/org.webjars/bootstrap@3.3.7',
      'pkg:npm/bootstrap@3.3.7',
      'pkg:npm/bootstrap@3.3.7?x=y',
    ]
    const { components } = await inventoryOf(
      JSON.stringify({
        spdxVersion: 'SPDX-2.3',
        packages: [
          {
            SPDXID: 'SPDXRef-b',
            name: 'bootstrap',
            versionInfo: '3.3.7',
            externalRefs: references.map((referenceLocator) => ({ referenceType: 'purl', referenceLocator })),
          },
        ],
      }),
    )
    expect(components.map(({ type, name }) => [type, name])).toEqual([
      ['maven', 'org.webjars:bootstrap'],
      ['npm', 'bootstrap'],
    ])
  })
})

describe('distributions', () => {
  test.each([
    ['pkg:deb/debian/a@1?distro=debian-12', 'debian', '12'],
    ['pkg:deb/debian/a@1?distro=debian:12', 'debian', '12'],
    ['pkg:deb/debian/a@1?distro=12', 'debian', '12'],
    ['pkg:deb/ubuntu/a@1?distro=jammy', 'ubuntu', '22.04'],
    ['pkg:deb/a@1?distro=jammy', 'ubuntu', '22.04'],
    ['pkg:deb/ubuntu/a@1?distro=ubuntu-jammy', 'ubuntu', '22.04'],
    ['pkg:deb/debian/a@1?distro=Bookworm', 'debian', '12'],
    ['pkg:deb/debian/a@1?distro=debian-bookworm', 'debian', '12'],
    ['pkg:deb/debian/a@1?os_distro=bookworm&os_name=debian&os_version=12', 'debian', '12'],
    ['pkg:deb/debian/a@1?os_distro=bookworm&os_name=debian', 'debian', '12'],
    ['pkg:apk/alpine/a@1?os_name=alpine&os_version=3.20', 'alpine', '3.20'],
    ['pkg:apk/alpine/a@1?distro=alpine-v3.20', 'alpine', '3.20'],
    ['pkg:apk/wolfi/a@1?distro=wolfi', 'wolfi', ''],
    ['pkg:rpm/opensuse/a@1?distro=opensuse-leap-15.5', 'opensuse-leap', '15.5'],
    ['pkg:rpm/redhat/a@1?distro=redhat-9.4', 'rhel', '9.4'],
  ])('%s is of %s %s', async (purl, id, version) => {
    const { distribution, components } = await inventoryOf(cycloneDx({ name: 'a', purl }))
    expect(components[0]?.distribution ?? distribution).toMatchObject({ id, version })
  })

  test('a release that only a code name in development tells keeps it', async () => {
    const { distribution } = await inventoryOf(
      cycloneDx({ name: 'a', purl: 'pkg:deb/debian/a@1?distro=sid' }),
    )
    expect(distribution).toEqual({ id: 'debian', version: '', codename: 'sid' })
  })

  test('a package without release is of the one that the document is of, unless it is of another', async () => {
    const { distribution, components } = await inventoryOf(
      cycloneDx(
        { type: 'operating-system', name: 'debian', version: '12' },
        { name: 'a', purl: 'pkg:deb/debian/a@1' },
        { name: 'b', purl: 'pkg:deb/b@1' },
        { name: 'c', purl: 'pkg:deb/ubuntu/c@1' },
        { name: 'd', purl: 'pkg:deb/debian/d@1?distro=debian-11' },
      ),
    )
    expect(distribution).toEqual({ id: 'debian', version: '12' })
    expect(components.map((component) => component.distribution)).toEqual([
      undefined,
      undefined,
      { id: 'ubuntu', version: '' },
      { id: 'debian', version: '11' },
    ])
  })
})

import { expect, test } from 'vitest'
import { nugetCataloguer } from '../dotnet/cataloguer.ts'
import { hexCataloguer } from '../elixir/cataloguer.ts'
import { catalogueFiles } from '../fixtures/sample.ts'
import { javaCataloguer } from '../java/cataloguer.ts'
import { swiftCataloguer } from '../swift/cataloguer.ts'
import { otherCataloguers } from './cataloguers.ts'

const cataloguers = [...otherCataloguers, nugetCataloguer, javaCataloguer, swiftCataloguer, hexCataloguer]

async function purlsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const all = await Promise.all(cataloguers.map((each) => catalogueFiles(each, files)))
  return all.flatMap(({ components }) => components.map(({ purl }) => purl)).sort()
}

const chart = `dependencies:
- name: postgresql
  repository: https://charts.example/x
  version: 12.1.2
- name: redis
  repository: https://charts.example/x
  version: 17.0.1
digest: sha256:00
generated: "2026-01-01T00:00:00Z"
`
const status = `Package: zlib
Version: 1.2.13
Port-Version: 2
Architecture: x64-linux
Status: install ok installed

Package: curl
Feature: ssl
Architecture: x64-linux
Status: install ok installed

Package: gone
Version: 1.0
Status: purge ok not-installed
`
const carton = `# carton snapshot format: version 1.0
DISTRIBUTIONS
  Mojolicious-9.31
    pathname: S/SR/SRI/Mojolicious-9.31.tar.gz
    provides:
      Mojo 0
  Try-Tiny-0.31
    pathname: E/ET/ETHER/Try-Tiny-0.31.tar.gz
`
const gradle = `dependencies {
    implementation 'org.x:one:1.0'
    api("org.x:two:2.0@aar")
    runtimeOnly platform('org.x:bom:3.0')
    testImplementation 'org.x:test:4.0'
    implementation "org.x:open:5.+"
    implementation "org.x:filled:$version"
}
`
const catalogue = `[versions]
a = "1.0"
b = { strictly = "2.0" }
c = { prefer = "3.0" }
[libraries]
one = { module = "org.x:one", version.ref = "a" }
two = { group = "org.x", name = "two", version.ref = "b" }
three = { module = "org.x:three", version.ref = "c" }
four = "org.x:four:4.0"
five = { module = "org.x:five" }
`
const project = `<Project><ItemGroup>
<PackageReference Include="One" Version="1.0.0" />
<PackageReference Version="[2.0.0]" Include="Two">
<PackageReference Include="Open" Version="3.*" />
<PackageReference Include="Range" Version="[1.0,2.0)" />
<PackageReference Include="Central" />
</ItemGroup></Project>`

test.each<[string, string, readonly string[]]>([
  [
    'Chart.lock',
    chart,
    ['postgresql@12.1.2', 'redis@17.0.1'].map(
      (name) => `pkg:helm/${name}?repository_url=https:%2F%2Fcharts.example%2Fx`,
    ),
  ],
  [
    'Cartfile.resolved',
    'github "A/B" "v5.4.0"\ngit "https://x.test/c.git" "1.0"\nbinary "https://x.test/d.json" "2.0"\ngithub "E/F" "0123abc"\n',
    ['pkg:swift/github.com/A/B@5.4.0', 'pkg:swift/x.test/c@1.0'],
  ],
  [
    'dub.selections.json',
    '{"fileVersion":1,"versions":{"vibe-d":"0.9.3","own":{"path":"../own"}}}',
    ['pkg:dub/vibe-d@0.9.3'],
  ],
  ['nimble.lock', '{"packages":{"jester":{"version":"0.5.0"}}}', ['pkg:nimble/jester@0.5.0']],
  ['x.opam.locked', 'depends: [ "lwt" {= "5.6.1"} "dune" {>= "3"} ]', ['pkg:opam/lwt@5.6.1']],
  ['luarocks.lock', 'return { dependencies = { ["lua-x"] = "3.0.0-1" } }', ['pkg:luarocks/lua-x@3.0.0-1']],
  ['cpanfile.snapshot', carton, ['pkg:cpan/Mojolicious@9.31', 'pkg:cpan/Try-Tiny@0.31']],
  [
    'elm.json',
    '{"type":"application","dependencies":{"direct":{"elm/core":"1.0.5"},"indirect":{"elm/json":"1.1.3"}}}',
    ['pkg:elm/elm/core@1.0.5', 'pkg:elm/elm/json@1.1.3'],
  ],
  ['elm.json', '{"type":"package","dependencies":{"elm/core":"1.0.0 <= v < 2.0.0"}}', []],
  ['spago.lock', '{"packages":{"prelude":{"version":"6.0.1"}}}', ['pkg:purescript/prelude@6.0.1']],
  [
    'spago.lock',
    'packages:\n  prelude:\n    type: registry\n    version: 6.0.1\n',
    ['pkg:purescript/prelude@6.0.1'],
  ],
  ['shard.lock', 'version: 2.0\nshards:\n  kemal:\n    version: 1.1.0\n', ['pkg:crystal/kemal@1.1.0']],
  [
    'Packages/packages-lock.json',
    '{"dependencies":{"com.unity.a":{"version":"3.0.6","source":"registry"},"com.unity.b":{"version":"1.0.0","source":"builtin"}}}',
    ['pkg:unity/com.unity.a@3.0.6'],
  ],
  ['vcpkg_installed/vcpkg/status', status, ['pkg:vcpkg/zlib@1.2.13%232']],
  [
    'usr/local/lib/R/site-library/dplyr/DESCRIPTION',
    'Package: dplyr\nVersion: 1.1.4\nBuilt: R 4.4.1; ; 2026-01-01; unix\n',
    ['pkg:cran/dplyr@1.1.4'],
  ],
  ['R/library/base/DESCRIPTION', 'Package: base\nVersion: 4.4.1\nPriority: base\nBuilt: R 4.4.1\n', []],
  [
    'conanfile.py',
    'class X(ConanFile):\n  requires = "zlib/1.2.11", "openssl/[>=1.1]"\n  def f(self):\n    self.requires("fmt/9.1.0@a/b")\n',
    ['pkg:conan/fmt@9.1.0', 'pkg:conan/zlib@1.2.11'],
  ],
  [
    'obj/project.assets.json',
    '{"libraries":{"A.B/12.0.1":{"type":"package"},"Own/1.0.0":{"type":"project"}}}',
    ['pkg:nuget/A.B@12.0.1'],
  ],
  [
    'manifest.toml',
    'packages = [\n  { name = "gleam_http", version = "3.6.0", build_tools = ["gleam"], source = "hex" },\n  { name = "own", version = "1.0.0", build_tools = ["gleam"], source = "local" },\n]\n',
    ['pkg:hex/gleam_http@3.6.0'],
  ],
  ['manifest.toml', '[[packages]]\nname = "something"\nversion = "1.0.0"\n', []],
  ['x.csproj', project, ['pkg:nuget/One@1.0.0', 'pkg:nuget/Two@2.0.0']],
  ['Directory.Packages.props', '<PackageVersion Include="One" Version="1.0.0" />', ['pkg:nuget/One@1.0.0']],
  ['build.gradle', gradle, ['pkg:maven/org.x/bom@3.0', 'pkg:maven/org.x/one@1.0', 'pkg:maven/org.x/two@2.0']],
  [
    'gradle/libs.versions.toml',
    catalogue,
    ['pkg:maven/org.x/four@4.0', 'pkg:maven/org.x/one@1.0', 'pkg:maven/org.x/two@2.0'],
  ],
])('%s names packages in exact versions', async (path, content, purls) => {
  expect(await purlsOf({ [path]: content })).toEqual([...purls])
})

test('what is asked for directly does not count where a lock says what is used', async () => {
  const files = {
    'a/b/x.csproj': project,
    'a/packages.lock.json': '{"dependencies":{"net8.0":{"One":{"type":"Direct","resolved":"1.0.5"}}}}',
    'c/y.csproj': '<PackageReference Include="Other" Version="7.0.0" />',
    'c/obj/project.assets.json': '{"libraries":{"Other/7.0.1":{"type":"package"}}}',
    'd/build.gradle': gradle,
    'd/gradle.lockfile': 'org.x:one:1.1=runtimeClasspath\nempty=\n',
  }
  expect(await purlsOf(files)).toEqual([
    'pkg:maven/org.x/one@1.1',
    'pkg:nuget/One@1.0.5',
    'pkg:nuget/Other@7.0.1',
  ])
})

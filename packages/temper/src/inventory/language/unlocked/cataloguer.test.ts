import { describe, expect, test } from 'vitest'
import { catalogueFiles } from '../fixtures/sample.ts'
import { unlockedCataloguer } from './cataloguer.ts'

const asked = async (files: Readonly<Record<string, string>>) =>
  (await catalogueFiles(unlockedCataloguer, files)).unlocked?.map(({ tool, names }) => [tool, ...names])

/** File, content, and what is asked for: the tool and the names that are known. */
const manifests: readonly (readonly [string, string, readonly string[]])[] = [
  ['package.json', '{"dependencies":{"a":"^1","own":"file:../own"}}', ['npm', 'a']],
  ['bun.lockb', '#!/usr/bin/env bun', ['Bun (its binary lock is not read)']],
  ['deno.json', '{"imports":{"a":"npm:@s/a@5","b":"jsr:@std/b@1"}}', ['Deno', '@s/a', '@std/b']],
  ['bower.json', '{"dependencies":{"jquery":"1"}}', ['Bower', 'jquery']],
  ['libman.json', '{"libraries":[{"library":"jquery@3.3.1"}]}', ['LibMan', 'jquery']],
  ['Cargo.toml', '[dependencies]\nserde = "1"\nown = { path = "../own" }\n', ['Cargo', 'serde']],
  ['Gemfile', "gem 'rails', '~> 7'\n  gem(\"puma\")\n", ['Bundler', 'rails', 'puma']],
  ['x.gemspec', "s.add_dependency 'rails', '~> 7'", ['RubyGems', 'rails']],
  ['composer.json', '{"require":{"php":"8","ext-xml":"*","a/b":"^1"}}', ['Composer', 'a/b']],
  ['pyproject.toml', '[project]\ndependencies = ["requests>=2"]\n', ['pyproject.toml', 'requests']],
  ['pyproject.toml', '[tool.poetry.dependencies]\npython = "3"\nflask = "*"\n', ['pyproject.toml', 'flask']],
  ['setup.py', "setup(install_requires=['requests>=2', 'flask'])", ['setuptools', 'requests', 'flask']],
  [
    'setup.cfg',
    '[options]\ninstall_requires =\n    requests>=2\n    flask\n',
    ['setuptools', 'requests', 'flask'],
  ],
  ['Pipfile', '[packages]\nflask = "*"\n', ['Pipenv', 'flask']],
  ['environment.yml', 'name: x\ndependencies:\n  - numpy\n', ['Conda']],
  ['mix.exs', '[{:phoenix, "~> 1.7"}, {:own, path: "../own"}]', ['Mix', 'phoenix']],
  ['rebar.config', '{deps, [{cowboy, "2.9.0"}]}.', ['Rebar']],
  ['gleam.toml', '[dependencies]\ngleam_http = ">= 3.0"\n', ['Gleam', 'gleam_http']],
  ['platformio.ini', '[env:a]\nlib_deps =\n  a/b@^1\n', ['PlatformIO']],
  ['west.yml', 'manifest:\n  projects:\n', ['West']],
  ['package.xml', '<package><depend>rclcpp</depend></package>', ['ROS', 'rclcpp']],
  ['fpm.toml', '[dependencies]\nstdlib = "*"\n', ['Fortran', 'stdlib']],
  ['alire.toml', '[[depends-on]]\ngnatcoll = "^1"\n', ['Alire']],
  ['package.yaml', 'library:\n  source-dirs: src\ndependencies:\n- base\n', ['hpack']],
  ['pubspec.yaml', 'dependencies:\n  http: ^1.0.0\n  flutter:\n    sdk: flutter\n', ['Pub', 'http']],
  [
    'Package.swift',
    '.package(url: "https://x.test/a.git", from: "4.0.0")',
    ['Swift', 'https://x.test/a.git'],
  ],
  ['Cartfile', 'github "a/b" ~> 5.4\n', ['Carthage', 'a/b']],
  ['Podfile', "target 'X' do\n  pod 'Alamofire', '~> 5'\nend\n", ['CocoaPods', 'Alamofire']],
  ['Gopkg.lock', '[[projects]]\n  name = "a"\n', ['dep, Glide or godep']],
  ['X.csproj', '<PackageReference Include="A.B" Version="2.*"/>', ['NuGet', 'A.B']],
  ['Directory.Packages.props', '<PackageVersion Include="A" Version="1.0.0"/>', ['NuGet', 'A']],
  ['project.json', '{"frameworks":{},"dependencies":{"A":"1"}}', ['NuGet', 'A']],
  ['paket.dependencies', 'nuget A ~> 12\n', ['Paket', 'A']],
  ['build.gradle', "dependencies {\n    implementation 'a:b:1'\n}\n", ['Gradle']],
  ['build.gradle.kts', 'dependencies {\n    api(libs.guava)\n}\n', ['Gradle']],
  ['gradle/libs.versions.toml', '[libraries]\na = "g:a:1"\n', ['Gradle', 'a']],
  [
    'pom.xml',
    '<project><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId></dependency></dependencies></project>',
    ['Maven', 'g:a'],
  ],
  ['build.sbt', 'libraryDependencies += "a" %% "b" % "1"', ['sbt']],
  ['build.sc', 'ivy"a::b:1"', ['Mill']],
  ['ivy.xml', '<dependencies><dependency org="a" name="b"/></dependencies>', ['Ivy']],
  ['project.clj', '(defproject x "1" :dependencies [[a/b "1"]])', ['Leiningen']],
  ['deps.edn', '{:deps {a/b {:mvn/version "1"}}}', ['Clojure']],
  ['vcpkg.json', '{"dependencies":["fmt",{"name":"zlib"}]}', ['vcpkg', 'fmt', 'zlib']],
  ['conanfile.py', 'class X(ConanFile):\n  requires = "zlib/1.2.11"\n', ['Conan']],
  ['CMakeLists.txt', 'FetchContent_Declare(fmt GIT_TAG 9.1.0)\n', ['CMake', 'fmt']],
  ['subprojects/zlib.wrap', '[wrap-file]\n', ['Meson']],
  ['MODULE.bazel', 'bazel_dep(name = "rules_go", version = "1")', ['Bazel', 'rules_go']],
  ['WORKSPACE', 'http_archive(name = "zlib")\n', ['Bazel']],
  ['build.zig.zon', '.{ .dependencies = .{ .a = .{ .url = "x" } } }', ['Zig']],
  ['flake.lock', '{"nodes":{"a":{"locked":{"rev":"0"}}}}', ['Nix']],
  ['DESCRIPTION', 'Package: x\nImports: dplyr\n', ['R']],
  ['Project.toml', '[deps]\nJSON = "682c"\n', ['Julia', 'JSON']],
  ['x.cabal', 'library\n  build-depends: base\n', ['Cabal']],
  ['stack.yaml', 'resolver: lts-20.0\n', ['Stack']],
  ['dub.json', '{"dependencies":{"vibe-d":"~>0.9"}}', ['Dub', 'vibe-d']],
  ['dub.sdl', 'dependency "vibe-d" version="~>0.9"\n', ['Dub', 'vibe-d']],
  ['x.nimble', 'requires "nim >= 1.6"\nrequires "jester >= 0.5"\n', ['Nimble', 'jester']],
  ['x.opam', 'depends: [ "lwt" {>= "5"} ]\n', ['opam']],
  ['x-1.rockspec', 'dependencies = { "lua >= 5.1", "luasocket ~> 3" }', ['LuaRocks', 'luasocket']],
  ['cpanfile', "requires 'perl', '5.8';\nrequires 'Mojolicious', '9';\n", ['CPAN', 'Mojolicious']],
  ['haxelib.json', '{"dependencies":{"lime":""}}', ['Haxelib', 'lime']],
  ['spago.dhall', '{ dependencies = [ "prelude" ] }', ['Spago']],
  ['shard.yml', 'dependencies:\n  kemal:\n', ['Shards']],
  ['Packages/manifest.json', '{"dependencies":{"com.unity.a":"1"}}', ['Unity', 'com.unity.a']],
  ['Chart.yaml', 'dependencies:\n- name: redis\n  repository: https://x.test\n', ['Helm']],
  ['requirements.yml', 'collections:\n  - community.general\n', ['Ansible']],
  ['main.tf', 'module "vpc" {\n  source = "a/vpc/aws"\n}\n', ['Terraform']],
  ['.gitmodules', '[submodule "z"]\n\turl = https://x.test/z\n', ['Git (submodules)']],
  ['addons/gut/plugin.cfg', '[plugin]\nversion="1"\n', ['Godot']],
  ['.gitlab-ci.yml', "include:\n  - project: 'a/b'\n", ['GitLab CI']],
  ['.circleci/config.yml', 'orbs:\n  node: circleci/node@5\n', ['CircleCI']],
  ['azure-pipelines.yml', 'steps:\n  - task: NodeTool@0\n', ['Azure Pipelines', 'NodeTool@0']],
  ['jsonnetfile.json', '{"dependencies":[{"source":{}}]}', ['jsonnet-bundler']],
  ['Berksfile.lock', 'GRAPH\n  nginx (9.0.0)\n', ['Berkshelf']],
  ['Puppetfile', "mod 'puppetlabs/stdlib', '8'\n", ['Puppet', 'puppetlabs/stdlib']],
  ['Brewfile', 'brew "openssl@3"\n', ['Homebrew', 'openssl@3']],
]

test.each(manifests)('%s without a lock asks for packages: %j', async (path, content, expected) => {
  expect(await asked({ [`a/${path}`]: content })).toEqual([expected])
})

/** The same kinds of file where nothing is asked for. */
test.each([
  ['package.json', '{"devDependencies":{"a":"1"}}'],
  ['deno.json', '{"tasks":{}}'],
  ['Cargo.toml', '[package]\nname = "x"\n[dependencies]\nown = { path = "../own" }\n'],
  ['Gemfile', "source 'https://x.test'\n"],
  ['composer.json', '{"require":{"php":"8"}}'],
  ['pyproject.toml', '[tool.black]\nline-length = 88\n'],
  ['setup.py', "setup(name='x')"],
  ['environment.yml', 'name: production\nvariables:\n  - a\n'],
  ['rebar.config', '{deps, []}.'],
  ['X.csproj', '<Project><ProjectReference Include="../Y.csproj"/></Project>'],
  ['build.gradle', "dependencies {\n    implementation project(':lib')\n}\n"],
  ['project.json', '{"targets":{"build":{"dependsOn":[]}}}'],
  ['package.xml', '<pear><name>x</name></pear>'],
  ['package.yaml', 'name: something\ndependencies:\n- a\n'],
  ['vcpkg.json', '{"name":"x"}'],
  ['CMakeLists.txt', 'find_package(ZLIB REQUIRED)\n'],
  ['Chart.yaml', 'apiVersion: v2\nname: x\n'],
  ['requirements.yml', 'name: something else\n'],
  ['main.tf', 'module "own" {\n  source = "./own"\n}\n'],
  ['.gitlab-ci.yml', 'include:\n  - local: a.yml\n'],
  ['x-1.rockspec', 'dependencies = { "lua >= 5.1" }'],
])('%s that asks for nothing is passed: %j', async (path, content) => {
  expect(await asked({ [path]: content })).toEqual([])
})

describe('nothing is told', () => {
  const npm = { 'a/b/package.json': '{"dependencies":{"x":"1"}}' }

  test.each(['a/b/package-lock.json', 'a/yarn.lock', 'pnpm-lock.yaml', 'a/b/node_modules/x/package.json'])(
    'beside %s',
    async (path) => {
      expect(await asked({ ...npm, [path]: '{}' })).toEqual([])
    },
  )

  test.each(['vendor/x', 'tests', 'docs/a', 'usr/lib/x', 'usr/local/go/src'])('in %s', async (folder) => {
    expect(await asked({ [`${folder}/Cargo.toml`]: '[dependencies]\nserde = "1"\n' })).toEqual([])
  })
})

test('a lock of another folder says nothing', async () => {
  const files = {
    'a/package.json': '{"dependencies":{"x":"1"}}',
    'b/package-lock.json': '{}',
    'a/c/yarn.lock': '',
  }
  expect(await asked(files)).toEqual([['npm', 'x']])
})

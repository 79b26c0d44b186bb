import { memberOf, membersOf } from '../../../base/json/value.ts'
import { parseJson } from '../document.ts'
import { fromJson, listed, toml } from './application.ts'
import { type AskingFile, all, some, whereItSays } from './asking-file.ts'

const gradleLocks = ['gradle.lockfile', 'dependencies.lock']

/** Those of build tools, and of languages whose packages no feed covers. */
export const builtManifests: readonly AskingFile[] = [
  {
    tool: 'NuGet',
    files: /\.(?:cs|fs|vb)proj$|(?:^|\/)Directory\.(?:Packages|Build)\.(?:props|targets)$/,
    type: 'nuget',
    locks: ['packages.lock.json', 'obj/project.assets.json', 'paket.lock'],
    asks: all(
      /<(?:Global)?Package(?:Reference|Version)\s[^>]{0,300}?\bInclude\s{0,5}=\s{0,5}["']([^"'>]{1,200})["']/g,
    ),
  },
  {
    tool: 'NuGet',
    names: /^project\.json$/,
    type: 'nuget',
    locks: ['project.lock.json', 'packages.lock.json'],
    asks: (text) => (/"frameworks"\s{0,10}:/.test(text) ? fromJson(text, ['dependencies']) : undefined),
  },
  {
    tool: 'Paket',
    names: /^paket\.dependencies$/,
    type: 'nuget',
    locks: ['paket.lock'],
    asks: all(/^[ \t]{0,20}nuget[ \t]{1,10}([\w.-]{1,200})/gm),
  },
  {
    tool: 'Gradle',
    files: /\.gradle(?:\.kts)?$/,
    type: 'maven',
    locks: gradleLocks,
    asks: whereItSays(
      /^[ \t]{0,80}\w{0,40}(?:[iI]mplementation|[aA]pi|[cC]ompile(?:Only)?|[rR]untime(?:Only)?|classpath)[ \t(]{1,10}(?:(?:enforcedP|p)latform[ \t(]{1,10})?(?:["'][\w.-]{1,200}:|libs\.|group[ :=])/m,
    ),
  },
  {
    tool: 'Gradle',
    names: /^[\w-]{0,100}\.versions\.toml$/,
    type: 'maven',
    locks: gradleLocks,
    asks: async (text) =>
      some(
        membersOf(memberOf(await toml(text, 'a catalogue of versions'), 'libraries')).map(([name]) => name),
      ),
  },
  {
    tool: 'Maven',
    files: /^(?!(?:.*\/)?(?:META-INF\/maven|\.m2\/repository)\/)(?:.*\/)?pom\.xml$/,
    type: 'maven',
    asks: pomNames,
  },
  {
    tool: 'sbt',
    files: /\.sbt$/,
    type: 'maven',
    locks: ['build.sbt.lock'],
    asks: whereItSays(/\blibraryDependencies\b/),
  },
  { tool: 'Mill', names: /^build\.(?:sc|mill)$/, type: 'maven', asks: whereItSays(/\b(?:ivy|mvn)"/) },
  {
    tool: 'Ivy',
    names: /^ivy\.xml$/,
    type: 'maven',
    asks: whereItSays(/<dependency\s/),
  },
  {
    tool: 'Leiningen',
    names: /^project\.clj$/,
    type: 'maven',
    asks: whereItSays(/:dependencies\s{0,40}\[\s{0,40}\[/),
  },
  {
    tool: 'Clojure',
    names: /^deps\.edn$/,
    type: 'maven',
    asks: whereItSays(/:(?:mvn\/version|git\/(?:sha|tag))\b/),
  },
  {
    tool: 'vcpkg',
    names: /^vcpkg\.json$/,
    type: 'generic',
    locks: ['vcpkg_installed/vcpkg/status'],
    asks: (text) => listed(memberOf(parseJson(text, 'vcpkg.json'), 'dependencies')),
  },
  {
    tool: 'Conan',
    names: /^conanfile\.(?:py|txt)$/,
    type: 'generic',
    locks: ['conan.lock'],
    asks: whereItSays(/\brequires\s{0,10}[=(]\s{0,10}[^\s)]|^\[requires\]\s{0,100}[\w]/m),
  },
  {
    tool: 'CMake',
    names: /^CMakeLists\.txt$|\.cmake$/,
    type: 'generic',
    asks: all(
      /^[ \t]{0,80}(?:FetchContent_Declare|ExternalProject_Add|CPM(?:Add|Find)Package)\s{0,20}\(\s{0,100}([\w"][^\s()]{0,200})/gim,
    ),
  },
  {
    tool: 'Meson',
    files: /(?:^|\/)subprojects\/[^/]+\.wrap$/,
    type: 'generic',
    asks: whereItSays(/^\[wrap-(?:file|git|hg|svn)\]/m),
  },
  {
    tool: 'Bazel',
    names: /^MODULE\.bazel$/,
    type: 'generic',
    locks: ['MODULE.bazel.lock'],
    asks: all(/\bbazel_dep\(\s{0,40}name\s{0,5}=\s{0,5}"([^"]{1,200})"/g),
  },
  {
    tool: 'Bazel',
    names: /^WORKSPACE(?:\.bazel|\.bzlmod)?$/,
    type: 'generic',
    asks: whereItSays(/^[ \t]{0,40}(?:http_archive|http_file|git_repository|maven_install|go_repository)\(/m),
  },
  {
    tool: 'PlatformIO',
    names: /^platformio\.ini$/,
    type: 'generic',
    asks: whereItSays(/^lib_deps\s{0,20}=/m),
  },
  { tool: 'West', names: /^west\.yml$/, type: 'generic', asks: whereItSays(/^manifest:\s*$/m) },
  {
    tool: 'ROS',
    names: /^package\.xml$/,
    type: 'generic',
    asks: all(/<(?:build_|exec_|run_)?depend>\s{0,20}([\w.-]{1,100})\s{0,20}</g),
  },
  {
    tool: 'Fortran',
    names: /^fpm\.toml$/,
    type: 'generic',
    asks: async (text) =>
      some(membersOf(memberOf(await toml(text, 'fpm.toml'), 'dependencies')).map(([name]) => name)),
  },
  {
    tool: 'Alire',
    names: /^alire\.toml$/,
    type: 'generic',
    asks: whereItSays(/^\[\[depends-on\]\]/m),
  },
  {
    tool: 'hpack',
    names: /^package\.yaml$/,
    type: 'generic',
    locks: ['cabal.project.freeze', 'stack.yaml.lock'],
    asks: (text) =>
      /^(?:library|executables?|ghc-options):/m.test(text) && /^dependencies:/m.test(text) ? [] : undefined,
  },
  { tool: 'Zig', names: /^build\.zig\.zon$/, type: 'generic', asks: whereItSays(/\.url\s{0,10}=/) },
  {
    tool: 'Nix',
    files: /(?:^|\/)(?:flake\.lock|npins\/sources\.json|nix\/sources\.json)$/,
    type: 'generic',
    asks: whereItSays(/"(?:rev|hash|sha256|narHash)"/),
  },
  {
    tool: 'R',
    files: /^(?!(?:.*\/)?(?:site-)?library\/)(?:.*\/)?DESCRIPTION$/,
    type: 'generic',
    locks: ['renv.lock'],
    asks: (text) =>
      /^Package:/m.test(text) && !/^Built:/m.test(text) && /^(?:Imports|LinkingTo):/m.test(text)
        ? []
        : undefined,
  },
  {
    tool: 'Julia',
    names: /^(?:Julia)?Project\.toml$/,
    type: 'generic',
    locks: ['AskingFile.toml', 'JuliaManifest.toml'],
    asks: async (text) =>
      some(membersOf(memberOf(await toml(text, 'Project.toml'), 'deps')).map(([name]) => name)),
  },
  {
    tool: 'Cabal',
    files: /\.cabal$/,
    type: 'generic',
    locks: ['cabal.project.freeze', 'stack.yaml.lock'],
    asks: whereItSays(/^[ \t]{0,40}build-depends:/im),
  },
  {
    tool: 'Stack',
    names: /^stack\.yaml$/,
    type: 'generic',
    locks: ['stack.yaml.lock'],
    asks: whereItSays(/^(?:resolver|snapshot):/m),
  },
  {
    tool: 'Dub',
    names: /^dub\.json$/,
    type: 'generic',
    locks: ['dub.selections.json'],
    asks: (text) => fromJson(text, ['dependencies']),
  },
  {
    tool: 'Dub',
    names: /^dub\.sdl$/,
    type: 'generic',
    locks: ['dub.selections.json'],
    asks: all(/^[ \t]{0,20}dependency[ \t]{1,10}"([^"]{1,200})"/gm),
  },
  {
    tool: 'Nimble',
    files: /\.nimble$/,
    type: 'generic',
    locks: ['nimble.lock'],
    asks: all(/^[ \t]{0,40}requires[ \t(]{1,10}"(?!nim\b)([^"\s]{1,200})/gm),
  },
  {
    tool: 'opam',
    files: /(?:\.opam|(?:^|\/)opam)$/,
    type: 'generic',
    asks: whereItSays(/^depends:\s{0,40}\[\s{0,40}"/m),
  },
  {
    tool: 'LuaRocks',
    files: /\.rockspec$/,
    type: 'generic',
    locks: ['luarocks.lock'],
    asks: luaNames,
  },
  {
    tool: 'CPAN',
    names: /^cpanfile$/,
    type: 'generic',
    locks: ['cpanfile.snapshot'],
    asks: all(/^[ \t]{0,40}requires[ \t(]{1,10}["'](?!perl["'])([\w:]{1,200})["']/gm),
  },
  {
    tool: 'Haxelib',
    names: /^haxelib\.json$/,
    type: 'generic',
    asks: (text) => fromJson(text, ['dependencies']),
  },
  {
    tool: 'Spago',
    names: /^spago\.(?:dhall|yaml)$/,
    type: 'generic',
    locks: ['spago.lock'],
    asks: whereItSays(/\bdependencies\s{0,10}[=:]/),
  },
  {
    tool: 'Shards',
    names: /^shard\.yml$/,
    type: 'generic',
    locks: ['shard.lock'],
    asks: whereItSays(/^dependencies:\s*$/m),
  },
  {
    tool: 'Unity',
    files: /(?:^|\/)Packages\/manifest\.json$/,
    type: 'generic',
    locks: ['packages-lock.json'],
    asks: (text) => fromJson(text, ['dependencies']),
  },
]

/** Asked for by group and artifact; those for tests alone do not count. */
async function pomNames(text: string): Promise<readonly string[] | undefined> {
  const { readPom } = await import('../java/pom.ts')
  const { dependencies } = await readPom(text)
  return some(
    dependencies.flatMap(({ group, artifact, scope }) =>
      scope === 'test' || group === undefined || artifact === undefined ? [] : [`${group}:${artifact}`],
    ),
  )
}

/** Lua itself is none. */
function luaNames(text: string): readonly string[] | undefined {
  const list = /^dependencies\s{0,10}=\s{0,10}\{([^}]{0,10000})/m.exec(text)?.[1] ?? ''
  const names = Array.from(list.matchAll(/["']([\w./-]{1,200})[^"'\n]{0,200}["']/g), ([, name = '']) => name)
  return some(names.filter((name) => name !== 'lua'))
}

import type { RelaxableRule } from '../../model/recipe.ts'

/** Programs that a hardened image has no use for, by what they are. */
export type ToolKind = 'shell' | 'package manager' | 'compiler' | 'debugger'

/** The rule that lets each kind of tool into an image. */
export const toolRules: Readonly<Record<ToolKind, RelaxableRule>> = {
  shell: 'shell',
  'package manager': 'package-manager',
  compiler: 'compiler',
  debugger: 'compiler',
}

const shells = new Set(
  (
    'sh ash bash bash-static rbash dash posh busybox toybox zsh zsh5 zsh5-static rzsh zsh-static ksh ksh93 rksh ' +
    'rksh93 ksh2020 mksh mksh-static lksh oksh pdksh fish csh bsd-csh tcsh yash sash elvish xonsh nu rc es'
  ).split(' '),
)

const packageManagers = new Set(
  (
    'aptitude aptitude-curses synaptic dselect gdebi debsums equivs-build alien unattended-upgrade ' +
    'unattended-upgrades add-apt-repository update-alternatives start-stop-daemon invoke-rc.d update-rc.d ' +
    'ucf ucfr ucfq rpm rpmbuild rpm2cpio yum dnf microdnf zypper apk snap flatpak nix guix brew ' +
    'conda mamba pipx easy_install easy_install3 npm npx yarn yarnpkg pnpm corepack bundle bundler cargo ' +
    'composer cpan cpanm luarocks poetry uv uvx'
  ).split(' '),
)

const compilers = new Set(
  (
    'cc c++ c89 c99 as ld gold ar ranlib nm objdump objcopy strip readelf strings size addr2line dwp elfedit ' +
    'gprof make gmake cmake ninja meson m4 autoconf automake libtool bison flex yacc lex tcc go gofmt rustc ' +
    'javac javap jshell jlink jmod jpackage jdeps ghc fpc gfortran llc lli lld opt mold swiftc nasm yasm ' +
    'pkg-config pkgconf'
  ).split(' '),
)

const debuggers = new Set(
  'gdb gdbserver gdbtui gcore lldb strace strace64 ltrace perf valgrind bpftrace jdb jhsdb systemtap stap uftrace rr'.split(
    ' ',
  ),
)

const patterns: readonly (readonly [RegExp, ToolKind])[] = [
  [/^busybox[.-]/, 'shell'],
  // Servers that keep packages for others are none.
  [/^(apt(?!-cacher)|dpkg|debconf|dh|deb-systemd|rpm|nix|dpkg-reconfigure)([-_].+)?$/, 'package manager'],
  [/^(pip|gem|bundle|bundler|cpan|easy_install-)\d[\d.]*(-.+)?$|^pip$|^gem$/, 'package manager'],
  [/^(.+-linux-gnu[^-]*-)?(gcc|g\+\+|cpp|clang|clang\+\+|gfortran|gnat|gccgo|gdc)(-.+)?$/, 'compiler'],
  [
    /^(.+-linux-gnu[^-]*-)(as|ld|ar|nm|ranlib|strip|objcopy|objdump|readelf|strings|size|addr2line|dwp|elfedit|gprof|gold|pkg-config|pkgconf)([.-].+)?$/,
    'compiler',
  ],
  [/^(c89|c99)-.+$|^ld\.(bfd|gold|lld|mold)$|^(llc|lli|lld|opt|ld\.lld|llvm-[a-z].*)-\d+$/, 'compiler'],
  [/^(gdb|lldb|perf|strace|valgrind|gdbserver)[-_.\d].*$/, 'debugger'],
]

/** Folders whose files are meant to be started: `bin` and the like, wherever they are. */
const programFolder = /(^|\/)(bin|sbin|games|libexec)$/

/** Whether a path is where a program is; `further` are additional folders that are searched for programs. */
export function isProgramPath(path: string, further: ReadonlySet<string> = new Set()): boolean {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  return programFolder.test(folder) || further.has(folder)
}

/**
 * What kind of tool a program is by its path, e.g. "usr/bin/dash" or "usr/lib/jvm/x/bin/javac". Something else may
 * have the same name: `toolsOf` takes more into account.
 */
export function toolKind(path: string, further?: ReadonlySet<string>): ToolKind | undefined {
  if (!isProgramPath(path, further)) return undefined
  const slash = path.lastIndexOf('/')
  const name = path.slice(slash + 1)
  if (shells.has(name)) return 'shell'
  // In /bin it is what people call their own program.
  const starts = name === 'service' && path.slice(0, slash).endsWith('sbin')
  if (starts || packageManagers.has(name)) return 'package manager'
  if (compilers.has(name)) return 'compiler'
  if (debuggers.has(name)) return 'debugger'
  return patterns.find(([pattern]) => pattern.test(name))?.[1]
}

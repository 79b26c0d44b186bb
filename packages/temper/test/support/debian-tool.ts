import { execFile } from 'node:child_process'
import { access, constants, mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Programs that the tests meet as real peers: Debian's package and the path of the program in it. */
const tools = {
  skopeo: { package: 'skopeo', path: 'usr/bin/skopeo' },
  umoci: { package: 'umoci', path: 'usr/bin/umoci' },
  runc: { package: 'runc', path: 'usr/sbin/runc' },
  bwrap: { package: 'bubblewrap', path: 'usr/bin/bwrap' },
  podman: { package: 'podman', path: 'usr/bin/podman' },
  oras: { package: 'oras', path: 'usr/bin/oras' },
  'docker-registry': { package: 'docker-registry', path: 'usr/bin/docker-registry' },
  mmdebstrap: { package: 'mmdebstrap', path: 'usr/bin/mmdebstrap' },
  containerd: { package: 'containerd', path: 'usr/bin/containerd' },
  zsh: { package: 'zsh', path: 'usr/bin/zsh' },
  fish: { package: 'fish', path: 'usr/bin/fish' },
  wrk: { package: 'wrk', path: 'usr/bin/wrk' },
  pigz: { package: 'pigz', path: 'usr/bin/pigz' },
  'qemu-img': { package: 'qemu-utils', path: 'usr/bin/qemu-img' },
  debugfs: { package: 'e2fsprogs', path: 'usr/sbin/debugfs' },
  reprepro: { package: 'reprepro', path: 'usr/bin/reprepro' },
  'apt-ftparchive': { package: 'apt-utils', path: 'usr/bin/apt-ftparchive' },
  bzip2: { package: 'bzip2', path: 'bin/bzip2' },
  ldconfig: { package: 'libc-bin', path: 'sbin/ldconfig' },
  'glib-compile-schemas': { package: 'libglib2.0-bin', path: 'usr/bin/glib-compile-schemas' },
  oscap: { package: 'openscap-scanner', path: 'usr/bin/oscap' },
  pg_ctlcluster: { package: 'postgresql', path: 'usr/bin/pg_ctlcluster' },
  'systemd-analyze': { package: 'systemd', path: 'usr/bin/systemd-analyze' },
  composer: { package: 'composer', path: 'usr/bin/composer' },
  bundle: { package: 'bundler', path: 'usr/bin/bundle' },
  buildah: { package: 'buildah', path: 'usr/bin/buildah' },
} as const
export type DebianTool = keyof typeof tools

export type DebianRelease = 'bookworm' | 'trixie'

export interface DebianToolOptions {
  /**
   * Take the package of this release: it is fetched through the host's configured mirror, checked by apt
   * against Debian's keys, and unpacked into a cache folder. For programs without other dependencies
   * than libc. Without it the host's own program or package is used.
   */
  readonly from?: DebianRelease
}

const searchPath = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/local/bin',
  '/usr/bin',
  '/usr/sbin',
  '/sbin',
]
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'temper-test-tools')

/**
 * Path of a program that a test needs. On a Debian machine a missing one is installed (root) or, with
 * `from`, fetched into a cache folder (any user). Test files may ask at the same time: a lock makes them
 * take turns. Throws an Error that says why the program cannot be had.
 */
export async function debianTool(name: DebianTool, options: DebianToolOptions = {}): Promise<string> {
  if (options.from !== undefined) return unpacked(name, options.from)
  const present = await onPath(name)
  if (present !== undefined) return present
  if (process.getuid?.() !== 0) throw new Error(`${name} is not installed and only root can install it`)
  await locked(installScript, [tools[name].package])
  const installed = await onPath(name)
  if (installed === undefined)
    throw new Error(`apt-get installed ${tools[name].package} but there is no ${name}`)
  return installed
}

/**
 * The same for a test that can be skipped: undefined, with a line on standard error that says why, when
 * the program cannot be had. With CI=true that is an error instead. Use with `describe.skipIf`.
 */
export async function tryDebianTool(
  name: DebianTool,
  options: DebianToolOptions = {},
): Promise<string | undefined> {
  try {
    return await debianTool(name, options)
  } catch (error) {
    if (process.env.CI === 'true') throw error
    process.stderr.write(`Tests with ${name} are skipped: ${(error as Error).message}\n`)
    return undefined
  }
}

async function onPath(name: DebianTool): Promise<string | undefined> {
  for (const folder of searchPath) {
    const path = join(folder, name)
    if (folder !== '' && (await isExecutable(path))) return path
  }
  return undefined
}

async function unpacked(name: DebianTool, release: DebianRelease): Promise<string> {
  const folder = join(cache, release, name)
  const path = join(folder, tools[name].path)
  if (await isExecutable(path)) return path
  const mirror = await mainMirror()
  await locked(unpackScript, [tools[name].package, release, mirror, folder, join(cache, release, '.apt')])
  if (!(await isExecutable(path)))
    throw new Error(`${tools[name].package} of ${release} has no ${tools[name].path}`)
  return path
}

/**
 * Folder with a package of the host's own release and everything that it needs and the host lacks, unpacked side by side:
 * for programs with many libraries, which are found through LD_LIBRARY_PATH. Any user can do this.
 */
export async function unpackedWithLibraries(name: string): Promise<string> {
  const folder = join(cache, 'host', name)
  if (!(await isExecutable(folder)))
    await locked(unpackAllScript, [name, folder, join(cache, `.apt-${name}`)])
  return folder
}

/** Base address of the host's Debian mirror (not the security archive), from apt's own configuration. */
export async function mainMirror(): Promise<string> {
  const { stdout } = await run('apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI) $(RELEASE) $(COMPONENT)',
  ]).catch(() => {
    throw new Error('this is not a Debian machine (apt-get does not run)')
  })
  for (const line of stdout.split('\n')) {
    const [address, release, component] = line.split(' ')
    if (address && component === 'main' && /^(bookworm|trixie|stable|testing|forky|sid)$/.test(release ?? ''))
      return address
  }
  throw new Error('apt has no Debian mirror configured')
}

/** Runs a shell script under an exclusive lock that the kernel drops when its holder dies. */
async function locked(script: string, args: readonly string[]): Promise<void> {
  await mkdir(cache, { recursive: true })
  const lock = join(cache, 'lock')
  await writeFile(lock, '', { flag: 'a' })
  const command = ['-w', '900', lock, 'sh', '-euc', script, 'sh', ...args]
  await run('flock', command, { maxBuffer: 64 << 20, env: { ...process.env, LC_ALL: 'C' } }).catch(
    (error) => {
      const said = String((error as { stderr?: unknown }).stderr ?? '')
        .trim()
        .split('\n')
        .slice(-3)
        .join(' / ')
      throw new Error(`cannot get the Debian package ${args[0]}: ${said || (error as Error).message}`)
    },
  )
}

/**
 * $1 package. Asks dpkg again, since another process may have held the lock to install the same. Services
 * that the package brings are not started: policy-rc.d is in place while it is installed.
 */
const installScript = `
dpkg-query -W -f '\${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed && exit 0
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\\nexit 101\\n' > $policy
  chmod 755 $policy
  trap 'rm -f $policy' EXIT
fi
install="apt-get -q -y -o DPkg::Lock::Timeout=600 --no-install-recommends install $1"
$install || { apt-get -q -o DPkg::Lock::Timeout=600 update; $install; }
`

/** $1 package, $2 release, $3 mirror, $4 folder to unpack to, $5 folder for apt's private state. */
const unpackScript = `
[ -d "$4" ] && exit 0
rm -rf "$5" "$4.new"
mkdir -p "$5/lists/partial" "$5/cache/archives/partial" "$5/new"
: > "$5/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $3 $2 main" > "$5/sources.list"
set -- "$1" "$2" "$3" "$4" "$5" -q \\
  -o Dir::Etc::sourcelist="$5/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State="$5" \\
  -o Dir::State::lists="$5/lists" -o Dir::State::status="$5/status" -o Dir::Cache="$5/cache" \\
  -o APT::Sandbox::User= -o Acquire::Languages=none -o Acquire::Retries=3 \\
  -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \\
  -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false \\
  -o Acquire::IndexTargets::deb::Contents-deb-legacy::DefaultEnabled=false
package=$1; target=$4; state=$5
shift 5
apt-get "$@" update
cd "$state/new"
apt-get "$@" download "$package"
dpkg-deb -x "$package"_*.deb "$target.new"
mv "$target.new" "$target"
rm -rf "$state"
`

/**
 * $1 package, $2 folder to unpack to, $3 folder for apt's cache. Uses the lists that the host has; `--reinstall`, since apt fetches nothing for a package
 * that is installed.
 */
const unpackAllScript = `
[ -d "$2" ] && exit 0
rm -rf "$3" "$2.new"
mkdir -p "$3/archives/partial" "$2.new"
apt-get -q -y -o Debug::NoLocking=1 -o Dir::Cache="$3" -o APT::Sandbox::User= -o Acquire::Retries=3 \\
  --no-install-recommends --download-only --reinstall install "$1"
for file in "$3"/archives/*.deb; do dpkg-deb -x "$file" "$2.new"; done
mv "$2.new" "$2"
rm -rf "$3"
`

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

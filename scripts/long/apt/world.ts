import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeFileAtomic } from '../../../packages/temper/src/base/file.ts'
import { buildIndex } from '../../../packages/temper/src/distro/debian/index/build.ts'
import { openIndex, openRandomAccess } from '../../../packages/temper/src/distro/debian/index/file.ts'
import type { PackageIndex } from '../../../packages/temper/src/model/package/package.ts'
import { mainMirror } from '../../../packages/temper/test/support/debian-tool.ts'

const run = promisify(execFile)

/** apt of Debian 13 with an index of Debian 13, and the same index as Temper reads it. */
export interface AptWorld {
  /** "apt 3.0.3 (amd64)". */
  readonly version: string
  /** Of the index. */
  readonly date: string
  readonly index: PackageIndex
  /** Path of the index as apt has it, from which it reads. */
  readonly packages: string
  /** What apt would install on a system that has nothing, "name version" each; undefined when it refuses. */
  plan(names: readonly string[]): Promise<readonly string[] | undefined>
}

/**
 * Makes a root file system with nothing but apt and dpkg, out of packages that the host's apt fetches from the mirror that
 * it is set up for. Only root can run what is in it. It stays in the cache; remove it to have a newer index.
 */
export async function openAptWorld(): Promise<AptWorld> {
  if (process.getuid?.() !== 0) throw new Error('only root can enter the root file system of apt')
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'temper-test-tools')
  const root = join(cache, 'apt-trixie')
  await mkdir(cache, { recursive: true })
  await run('sh', ['-euc', makeRoot, 'sh', root, await mainMirror()], {
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 64 << 20,
  })
  const lists = join(root, 'state/lists')
  const compact = join(root, 'packages.idx')
  await writeFileAtomic(
    compact,
    buildIndex(createReadStream(join(lists, 'Packages')), 'Packages of Debian 13'),
  )
  const file = openRandomAccess(compact)
  const origin = { repository: 'debian', suite: 'trixie', component: 'main' }
  const index = file === undefined ? undefined : openIndex(file, origin)
  if (index === undefined) throw new Error(`${compact} cannot be read`)
  const apt = async (...args: readonly string[]) => {
    const { stdout } = await run('chroot', [root, '/usr/bin/apt-get', ...args], {
      env: { APT_CONFIG: '/state/apt.conf', LC_ALL: 'C', PATH: '/usr/sbin:/usr/bin' },
      maxBuffer: 64 << 20,
    })
    return stdout
  }
  const [version = ''] = (await apt('--version')).split('\n')
  const release = await readFile(join(lists, 'Release'), 'utf8')
  return {
    version,
    date: /^Date: (.*)$/m.exec(release)?.[1] ?? '',
    index,
    packages: join(lists, 'Packages'),
    async plan(names) {
      try {
        const options = ['-qq', '--print-uris', '--no-install-recommends', '--allow-downgrades']
        const text = await apt(...options, 'install', ...names)
        return [...text.matchAll(/^'[^']*' ([^_ ]+)_([^_ ]+)_\S+\.deb /gm)]
          .map(([, name, version_ = '']) => `${name} ${decodeURIComponent(version_)}`)
          .sort()
      } catch (error) {
        if ((error as { readonly code?: unknown }).code === 100) return undefined
        throw error
      }
    },
  }
}

/** $1 root, $2 mirror. Lists are not compressed, so that apt reads of them only what it needs. */
const makeRoot = `
[ ! -e "$1/packages.done" ] || exit 0
rm -rf "$1"
state="$1/state"
mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$1/usr/bin" "$1/usr/sbin" "$1/usr/lib" "$1/usr/lib64" "$1/tmp"
for each in bin sbin lib lib64; do ln -s "usr/$each" "$1/$each"; done
: > "$state/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $2 trixie main" > "$state/sources.list"
settings() {
  cat <<END
Dir::Etc::sourcelist "$1/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "$1";
Dir::State::lists "$1/lists";
Dir::State::status "$1/status";
Dir::Cache "$1/cache";
APT::Sandbox::User "";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
END
}
settings "$state" > "$state/outside.conf"
settings /state > "$state/apt.conf"
export APT_CONFIG="$state/outside.conf"
apt-get -q -o Acquire::GzipIndexes=false update
apt-get -q -y --no-install-recommends --download-only install apt dpkg
for file in "$state"/cache/archives/*.deb; do dpkg-deb -x "$file" "$1"; done
mkdir -p "$1/usr/share/keyrings"
cp /usr/share/keyrings/debian-archive-keyring.gpg "$1/usr/share/keyrings/"
rm -f "$state"/cache/archives/*.deb "$state"/cache/*.bin
ln "$state"/lists/*_binary-amd64_Packages "$state/lists/Packages"
ln "$state"/lists/*_InRelease "$state/lists/Release"
APT_CONFIG=/state/apt.conf chroot "$1" /usr/bin/apt-cache gencaches
: > "$1/packages.done"
`

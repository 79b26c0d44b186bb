import { access, lstat, readdir, readlink, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context } from '../../temper.ts'
import { isWithin, type Seen } from './words.ts'

/** Programs and libraries of a host. */
const programFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store']
/** Of its settings what programs need to find names and to know whom to trust: nothing that holds secrets. */
const settingsFiles = [
  ...['alternatives', 'ca-certificates', 'ca-certificates.conf', 'crypto-policies', 'gai.conf', 'group'],
  ...[
    'host.conf',
    'hosts',
    'ld.so.cache',
    'ld.so.conf',
    'ld.so.conf.d',
    'localtime',
    'nsswitch.conf',
    'os-release',
  ],
  ...['passwd', 'pki', 'protocols', 'resolv.conf', 'services', 'ssl', 'timezone'],
  // Where the host's own package manager finds archives, without what lets it in.
  ...['sources.list', 'sources.list.d', 'apt.conf', 'apt.conf.d', 'keyrings', 'trusted.gpg.d'].map(
    (name) => `apt/${name}`,
  ),
  ...['apk/repositories', 'apk/keys'],
].map((name) => `/etc/${name}`)
/** Variables that name files. */
const fileVariables = [
  'TEMPER_NETRC',
  'NODE_COMPILE_CACHE',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]

export interface HostView {
  readonly readable: readonly Seen[]
  readonly links: readonly Seen[]
}

/** What every build sees of a host: programs, Temper itself with the Node of the service, and the trusted authorities. */
export async function hostView(asked: {
  /** The words that run Temper. */
  readonly program: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly context: Pick<Context, 'catalogDir' | 'keysDir' | 'bubblewrap' | 'mirrors'>
  /** Further paths that builds are meant to see. */
  readonly visible: readonly string[]
}): Promise<HostView> {
  const { program, environment, context, visible } = asked
  const readable: Seen[] = []
  const links: Seen[] = []
  for (const path of programFolders) {
    const stat = await lstat(path).catch(() => undefined)
    if (stat?.isSymbolicLink()) links.push({ from: await readlink(path), to: path })
    else if (stat?.isDirectory()) readable.push({ from: path, to: path })
  }
  const mirrors = Object.values(context.mirrors).flat().map(pathOf)
  const named = [...fileVariables.flatMap((name) => environment[name] ?? []), ...visible, ...mirrors]
  const folders = (await Promise.all(program.map(packagesOf))).flat()
  const own = [
    context.catalogDir,
    context.keysDir,
    context.bubblewrap,
    process.execPath,
    ...program,
    ...folders,
  ]
  const all = [...settingsFiles, ...own, ...named].filter((path) => path !== undefined)
  for (const path of new Set(all)) {
    if (!isAbsolute(path) || readable.some(({ to }) => isWithin(path, to))) continue
    if (await exists(path)) readable.push({ from: await realpath(path), to: path })
  }
  return { readable, links }
}

/** The package that a program belongs to, and the folders in which it finds others. */
async function packagesOf(program: string): Promise<readonly string[]> {
  if (!isAbsolute(program) || !/\.[cm]?[jt]s$/.test(program)) return []
  const folders: string[] = []
  let isInside = false
  for (let folder = dirname(program); folder !== dirname(folder); folder = dirname(folder)) {
    if (!isInside && (await exists(join(folder, 'package.json')))) {
      isInside = true
      folders.push(folder)
    }
    const packages = join(folder, 'node_modules')
    if (await exists(packages)) folders.push(packages, ...(await linkedFrom(packages)))
  }
  return folders
}

/** Folders that packages are linked from: workspaces, stores that several programs share. */
async function linkedFrom(packages: string): Promise<ReadonlySet<string>> {
  const targets = new Set<string>()
  for (const entry of await readdir(packages, { withFileTypes: true })) {
    const path = join(packages, entry.name)
    if (entry.isDirectory() && entry.name.startsWith('@'))
      for (const each of await linkedFrom(path)) targets.add(each)
    if (!entry.isSymbolicLink()) continue
    const target = await realpath(path).catch(() => undefined)
    if (target !== undefined) targets.add(/^.*?\/node_modules(?=\/)/.exec(target)?.[0] ?? target)
  }
  return targets
}

/**
 * Folders that a recipe names as archives, if they look like archives: a recipe must not make anything else on the
 * machine visible, nor anything that the service keeps.
 */
export async function archiveFolders(
  addresses: readonly string[],
  hidden: readonly string[],
): Promise<readonly Seen[]> {
  const archives: Seen[] = []
  for (const named of addresses) {
    const address = pathOf(named)
    if (!isAbsolute(address)) continue
    const from = await realpath(address).catch(() => undefined)
    if (from === undefined || hidden.some((each) => isWithin(from, each) || isWithin(each, from))) continue
    const marks = [
      'dists',
      'Release',
      'InRelease',
      'Packages',
      'x86_64/APKINDEX.tar.gz',
      'aarch64/APKINDEX.tar.gz',
    ]
    for (const mark of marks)
      if (await exists(join(from, mark))) {
        archives.push({ from, to: resolve(address) })
        break
      }
  }
  return archives
}

/** Addresses of archives may be folders. */
function pathOf(address: string): string {
  if (!address.startsWith('file:')) return address
  try {
    return fileURLToPath(address).replace(/\/+$/, '')
  } catch {
    return address
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

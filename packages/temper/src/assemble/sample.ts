import { bytesOf } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import { glibcLoader } from '../formats/elf/glibc-loader.ts'
import type { Distro, EffectOutcome, PackageArchive } from '../model/distro.ts'
import type { Hardening } from '../model/hardening/hardening.ts'
import type { LockedPackage } from '../model/lock.ts'
import type { FileEntry, PackageContent, PackageEntry } from '../model/package/package-content.ts'
import { packageRules } from '../model/package/package-rules.ts'
import type { Recipe } from '../model/recipe.ts'

/** Small packages, recipes and a distribution for the tests of assembling. */

/** A file as path and text; a folder ends with a slash, a symlink is written "path -> target". */
export type SampleFile = string | readonly [path: string, text: string, fields?: Partial<FileEntry>]

export interface SamplePackage {
  readonly name: string
  readonly files: readonly SampleFile[]
  readonly source?: string
  /** What its archive says it is, when not what the lock says. */
  readonly identity?: Partial<PackageContent['identity']>
  /** `replaces` as "name version", below which it is; `diverts` as "from to". */
  readonly own?: SampleRelations
}

interface SampleRelations {
  readonly replaces?: string
  readonly diverts?: string
  readonly depends?: string
}

export function lockedPackage({ name, source = name }: SamplePackage): LockedPackage {
  return {
    name,
    version: '1.0-1',
    architecture: 'amd64',
    source: { name: source, version: '1.0-1' },
    digest: sha256(name),
    size: 1000,
    installedSize: 1000,
    origin: { repository: 'debian', suite: 'trixie', component: 'main', location: `pool/${name}.deb` },
    wantedBy: 'recipe',
  }
}

function toEntry(file: SampleFile): { readonly entry: FileEntry; readonly text: string } {
  const [path, text = '', fields = {}] = typeof file === 'string' ? [file] : file
  const base = { mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 1_700_000_000 }
  const link = path.split(' -> ')
  if (link[1] !== undefined) {
    return {
      entry: { ...base, mode: 0o777, path: link[0] ?? '', type: 'symlink', target: link[1], ...fields },
      text,
    }
  }
  if (path.endsWith('/'))
    return { entry: { ...base, mode: 0o755, path: path.slice(0, -1), type: 'directory', ...fields }, text }
  return { entry: { ...base, path, type: 'file', size: Buffer.byteLength(text), ...fields }, text }
}

const diversions: Distro['diversions'] = (name, archive) => {
  const [from, to] = ((archive.own as SampleRelations).diverts ?? '').split(' ')
  return from && to ? [{ by: name, from, to }] : []
}

export function packageContent({ name, files, identity, own = {} }: SamplePackage): PackageContent {
  const entries = files.map((file): PackageEntry => {
    const { entry, text } = toEntry(file)
    const shebang = /^#!(.+)/.exec(text)?.[1]?.split(' ')
    return {
      ...entry,
      ...(entry.type === 'file' ? { digest: sha256(text) } : {}),
      ...(shebang === undefined ? {} : { shebang }),
    }
  })
  return {
    digest: sha256(name),
    identity: { name, version: '1.0-1', architecture: 'amd64', ...identity },
    about: { maintainer: 'Someone' },
    own,
    entries,
    captured: {},
    diversions: diversions(name, { own }),
  }
}

export function packageArchive(sample: SamplePackage): PackageArchive {
  const { identity, about, own } = packageContent(sample)
  return {
    metadata: { identity, about, own },
    entries: async function* () {
      for (const file of sample.files) {
        const { entry, text } = toEntry(file)
        yield { entry, content: bytesOf(new TextEncoder().encode(text)) }
      }
    },
  }
}

/** A hardening that leaves documentation out, copyright files kept, and takes setuid and setgid away. */
export const sampleHardening: Hardening = {
  exclusionOf: ({ path }) =>
    path.startsWith('usr/share/doc/') && !path.endsWith('/copyright')
      ? { reason: 'documentation', rule: 'documentation', relaxable: true }
      : undefined,
  hardenedMode: ({ type, mode }) => (type === 'symlink' ? mode : mode & ~0o6000),
  hardenedOwner: ({ uid }) => uid,
}

const passwd =
  'root:x:0:0:root:/root:/usr/sbin/nologin\nnonroot:x:65532:65532::/home/nonroot:/usr/sbin/nologin\n'

/** A distribution whose only effect is a passwd file; its archives are the given packages, by name as path. */
export function sampleDistro(packages: readonly SamplePackage[] = []): Distro {
  const outcome: EffectOutcome = {
    changes: [
      {
        kind: 'put',
        entry: {
          path: 'etc/passwd',
          type: 'file',
          mode: 0o644,
          uid: 0,
          gid: 0,
          size: passwd.length,
          mtime: 0,
        },
        content: new TextEncoder().encode(passwd),
      },
    ],
    applied: [],
    unmodelled: [],
  }
  return {
    id: 'sample',
    release: { id: 'debian-13', version: '13', osRelease: { ID: 'debian', NAME: 'Debian GNU/Linux' } },
    rules: packageRules({
      compareVersions: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
      fitsArchitecture: () => true,
      installOnly: () => undefined,
      isOptionalSuite: () => false,
    }),
    loader: {
      amd64: glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
      arm64: glibcLoader('arm64', 'lib/aarch64-linux-gnu'),
    },
    openSource: () => Promise.reject(new Error('the sample distribution has no repositories')),
    openFetcher: () => Promise.reject(new Error('the sample distribution has no repositories')),
    archivePath: (folder, digest) => `${folder}/${digest}`,
    supplier: (repository) => (repository === 'debian' ? 'Debian' : undefined),
    interpreterPackage: () => undefined,
    fileProvider: () => () => undefined,
    relations: (content) => {
      const { replaces, depends } = content.own as SampleRelations
      const [name, version = '9'] = (replaces ?? '').split(' ')
      return {
        depends: depends === undefined ? [] : [[{ name: depends }]],
        provides: [],
        replaces: name ? [{ name, relation: '<<', version }] : [],
        multiArch: 'no',
      }
    },
    openArchive: async (path) => {
      const found = packages.find((sample) => sample.name === path)
      if (!found) throw new Error(`no sample package ${path}`)
      return packageArchive(found)
    },
    captures: () => false,
    statesLicence: () => false,
    readLicence: () => ({ expression: 'MIT', texts: {} }),
    statesChanges: () => false,
    readChanges: () => undefined,
    readChangelog: () => undefined,
    mergedPath: (path) => path.replace(/^(bin|sbin|lib)\//, 'usr/$1/'),
    diversions,
    configurationOrder: (packages) => packages,
    applyEffects: () => outcome,
    databaseEntries: (content, kept) => [
      {
        path: `var/lib/db/${content.identity.name}`,
        content: new TextEncoder().encode(`${[...kept.keys()].sort().join('\n')}\n`),
      },
    ],
  }
}

export function sampleRecipe(fields: Partial<Recipe> = {}): Recipe {
  return {
    name: 'sample',
    distribution: 'debian-13',
    platforms: [{ os: 'linux', architecture: 'amd64' }],
    contents: { packages: [], repositories: [], keyring: [], files: [] },
    accounts: { runAs: 'nonroot', users: [], groups: [] },
    environment: {},
    entrypoint: [],
    cmd: [],
    workDir: '/',
    stopSignal: '',
    volumes: [],
    ports: [],
    paths: [],
    annotations: {},
    labels: {},
    osRelease: {},
    tags: [],
    dates: {},
    hardening: { allow: [] },
    output: { compression: 'gzip', mediaTypes: 'oci', layers: 4 },
    tests: [],
    ...fields,
  }
}

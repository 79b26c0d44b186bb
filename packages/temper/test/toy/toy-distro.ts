import { createPublicKey, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { bytesOf } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import { TemperError } from '../../src/base/error.ts'
import { archivePath, fetchPackages } from '../../src/distro/shared/fetching/packages.ts'
import { glibcLoader } from '../../src/formats/elf/glibc-loader.ts'
import type { Distro, DistroFamily, Release } from '../../src/model/distro.ts'
import type { IndexedPackage, Requirement } from '../../src/model/package/package.ts'
import type { FileEntry, PackageContent } from '../../src/model/package/package-content.ts'
import { packageRules } from '../../src/model/package/package-rules.ts'
import type { PackageSourceRequest } from '../../src/model/package/package-source.ts'

/*
 * A distribution that exists in tests only: its index, its archives, its order of versions, its relations and its
 * database are like no other's. Nothing outside this folder knows it.
 */

/** What a toy archive says of itself, in its first line; its files follow as JSON of their own, a line each. */
export interface ToyMetadata {
  readonly name: string
  readonly version: string
  readonly needs: readonly string[]
  readonly gives: readonly string[]
  readonly user?: string
}

const release: Release = {
  id: 'toy-1',
  version: '1',
  // Its advisories are those of Wolfi.
  osRelease: { ID: 'wolfi', NAME: 'Toy', VERSION_ID: '1', PRETTY_NAME: 'Toy 1' },
}

export const toy: DistroFamily = {
  id: 'toy',
  packageType: 'apk',
  releases: [release],
  open: async () => toyDistro,
}

/** Longer is newer, then text decides: "v9" < "v10". */
const compareVersions = (a: string, b: string) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
const pathOf = archivePath('toy')
const shell = '/usr/sbin/nologin'
const own = (content: Pick<PackageContent, 'own'>) => content.own as ToyMetadata

/** `name`, or `name@version`: at least that version. */
function requirement(text: string): Requirement {
  const [name = '', version] = text.split('@')
  return version === undefined ? { name } : { name, relation: '>=', version }
}

/** `name`, or `name@version`: that version. */
function given(text: string): Requirement {
  return { ...requirement(text), ...(text.includes('@') ? { relation: '=' } : {}) }
}

const toyDistro: Distro = {
  id: 'toy',
  release,
  rules: packageRules({
    compareVersions,
    fitsArchitecture: ({ architecture }) => architecture === 'any',
    installOnly: (name) => (name === 'installer' ? { reason: 'installs toys' } : undefined),
    isOptionalSuite: () => false,
  }),
  loader: { amd64: glibcLoader('amd64', 'lib64'), arm64: glibcLoader('arm64', 'lib64') },
  openSource: async (request) => {
    const { packages, suite } = await readIndex(request)
    const named = (name: string) => packages.filter((each) => each.name === name)
    const giving = (name: string) =>
      packages.filter(({ provides }) => provides.some((each) => each.name === name))
    const index = { versions: named, providers: giving, names: () => packages.map(({ name }) => name) }
    return { index: async () => index, suites: () => [suite], keys: () => suite.signedBy }
  },
  openFetcher: async ({ suites, access }) => {
    const mirrors = new Map(
      suites.map(({ repository, address }) => [repository, [{ address, from: 'lock' as const }]]),
    )
    return (packages, options = {}) => fetchPackages(packages, { access, mirrors, pathOf, ...options })
  },
  archivePath: pathOf,
  async openArchive(path) {
    const [head = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n')
    const metadata: ToyMetadata = JSON.parse(head)
    const { name, version } = metadata
    return {
      metadata: {
        identity: { name, version, architecture: 'any' },
        about: { summary: `The toy ${name}`, licence: { expression: 'MIT', texts: {} } },
        own: metadata,
      },
      async *entries() {
        for (const line of lines) {
          const { text = '', ...rest }: Partial<FileEntry> & { path: string; text?: string } =
            JSON.parse(line)
          const base = {
            type: 'file',
            mode: 0o644,
            uid: 0,
            gid: 0,
            size: text.length,
            mtime: 1_700_000_000,
          } as const
          yield { entry: { ...base, ...rest }, content: bytesOf(Buffer.from(text)) }
        }
      },
    }
  },
  supplier: (repository) => (repository === 'toys' ? 'Toymaker' : undefined),
  interpreterPackage: () => undefined,
  fileProvider: () => () => undefined,
  relations: (content) => ({
    depends: own(content).needs.map((need) => [requirement(need)]),
    provides: own(content).gives.map(given),
    replaces: [],
    multiArch: 'no',
  }),
  captures: () => false,
  statesLicence: () => false,
  readLicence: () => ({ expression: 'MIT', texts: {} }),
  statesChanges: () => false,
  readChanges: () => undefined,
  readChangelog: () => undefined,
  mergedPath: (path) => path,
  diversions: () => [],
  configurationOrder: (packages) => packages,
  applyEffects(packages, _root, { accounts }) {
    const users = packages.flatMap(({ content }) => own(content).user ?? [])
    const lines = [`root:x:0:0::/root:${shell}`, `${accounts.runAs}:x:65532:65532::/home/nonroot:${shell}`]
    for (const [i, name] of users.entries()) lines.push(`${name}:x:${100 + i}:${100 + i}::/:${shell}`)
    const content = Buffer.from(`${lines.join('\n')}\n`)
    const attributes = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: 0 } as const
    const change = { kind: 'put', entry: { ...attributes, path: 'etc/passwd' }, content } as const
    return { changes: [change], applied: [{ effect: 'toy-users', detail: users.join(' ') }], unmodelled: [] }
  },
  databaseEntries: ({ identity: { name, version } }, kept) => [
    {
      path: `var/lib/toys/${name}`,
      content: Buffer.from([version, ...[...kept.keys()].sort(), ''].join('\n')),
    },
  ],
}

/** First the signature, then the public key, then a line of JSON for each package. */
async function readIndex({ access, mirrors, now }: PackageSourceRequest) {
  const address = mirrors.configured['toys']?.[0] ?? ''
  const response = await access.http.request(`${address}/index.toy`, {
    what: 'the index of toys',
    expect: [200],
  })
  const [signature = '', key = '', ...lines] = Buffer.from(await response.bytes(1 << 20))
    .toString()
    .trimEnd()
    .split('\n')
  const text = lines.join('\n')
  const der = Buffer.from(key, 'base64')
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' })
  if (!verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64')))
    throw new TemperError('signature-invalid', 'The index of toys is not what was signed')
  const packages = lines.map((line): IndexedPackage => {
    const { file, digest, size, ...metadata }: ToyMetadata & ToyFile = JSON.parse(line)
    const { name, version } = metadata
    return {
      name,
      version,
      digest,
      size,
      architecture: 'any',
      source: { name, version },
      installedSize: size,
      origin: { repository: 'toys', suite: 'all', component: 'main', location: file },
      depends: metadata.needs.map((need) => [requirement(need)]),
      provides: metadata.gives.map(given),
      preDepends: [],
      conflicts: [],
      breaks: [],
      replaces: [],
      multiArch: 'no',
      providerRank: 0,
    }
  })
  const signedBy = [sha256(der).slice('sha256:'.length).toUpperCase()]
  const date = now.toISOString()
  const suite = {
    repository: 'toys',
    address,
    suite: 'all',
    components: ['main'],
    digest: sha256(text),
    date,
    signedBy,
  }
  return { packages, suite }
}

/** Where an archive lies, for the index. */
export interface ToyFile {
  readonly file: string
  readonly digest: IndexedPackage['digest']
  readonly size: number
}

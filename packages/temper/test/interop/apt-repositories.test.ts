import { execFile, execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collect } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import { openArchive } from '../../src/distro/debian/archive/archive.ts'
import {
  cleanUp,
  goodMirror,
  makeKey,
  makeWorld,
  type SigningKey,
  startMirror,
} from '../../src/distro/debian/fixtures/mirror.ts'
import type { RepositoryRequest } from '../../src/model/recipe.ts'
import { tryDebianTool } from '../support/debian-tool.ts'

// Repositories as the tools of Debian make them: what we read of them is what apt reads of them.
const reprepro = await tryDebianTool('reprepro')
const ftparchive = await tryDebianTool('apt-ftparchive')
const bzip2 = await tryDebianTool('bzip2')

const run = promisify(execFile)
const work = mkdtempSync(join(tmpdir(), 'temper-apt-'))
const packages = join(work, 'packages')
let key: SigningKey
let debianKey: SigningKey

/** Names, versions and what compresses the data; lzma is what dpkg-deb once called so. */
const wanted = [
  { name: 'tool', version: '1.0+ds~1-1', compression: 'xz' },
  { name: 'old-bzip2', version: '1:2.0-1', compression: 'bzip2' },
  { name: 'old-lzma', version: '2.0-1', compression: 'lzma' },
  { name: 'plain', version: '2.0-1', compression: 'none' },
] as const

beforeAll(async () => {
  key = await makeKey()
  debianKey = await makeKey()
  mkdirSync(packages)
  for (const each of wanted) makePackage(each)
})

afterAll(async () => {
  rmSync(work, { recursive: true })
  await cleanUp()
})

function makePackage({ name, version, compression }: (typeof wanted)[number]): void {
  const root = join(work, 'root', name)
  mkdirSync(join(root, 'DEBIAN'), { recursive: true })
  mkdirSync(join(root, 'usr/share', name), { recursive: true })
  writeFileSync(join(root, 'usr/share', name, 'words'), `words of ${name}\n`.repeat(1000))
  const control = {
    Package: name,
    Version: version,
    Architecture: 'amd64',
    Section: 'misc',
    Priority: 'optional',
  }
  const more = { Maintainer: 'Test <test@mirror.example>', Description: 'test' }
  const lines = Object.entries({ ...control, ...more }).map(([field, value]) => `${field}: ${value}\n`)
  writeFileSync(join(root, 'DEBIAN/control'), lines.join(''))
  const file = join(packages, `${name}_${version.replace(/^\d+:/, '')}_amd64.deb`)
  const known = compression === 'xz' || compression === 'none'
  const with_ = `-Z${known ? compression : 'none'}`
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', with_, '-b', root, file], { stdio: 'pipe' })
  if (!known) recompress(file, compression)
}

/** dpkg-deb still reads what it does not write any more. */
function recompress(file: string, compression: 'bzip2' | 'lzma'): void {
  const folder = mkdtempSync(join(work, 'ar-'))
  execFileSync('ar', ['x', file], { cwd: folder })
  const control = readdirSync(folder).find((member) => member.startsWith('control.tar')) ?? ''
  const [program, options, suffix] =
    compression === 'bzip2'
      ? [bzip2 ?? 'bzip2', [], 'bz2']
      : ['xz', ['--format=lzma', '--suffix=.lzma'], 'lzma']
  execFileSync(program, [...options, 'data.tar'], { cwd: folder })
  rmSync(file)
  execFileSync('ar', ['rc', file, 'debian-binary', control, `data.tar.${suffix}`], { cwd: folder })
  execFileSync('dpkg-deb', ['--contents', file], { stdio: 'pipe' })
}

/** Everything below a folder, served. */
async function serve(folder: string) {
  const mirror = await startMirror()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name)
      const bytes = readFileSync(path)
      // apt asks for "./InRelease", as it is written, and servers of files understand it.
      for (const name of ['', './']) mirror.files.set(`${name}${path.slice(folder.length + 1)}`, bytes)
    }
  return mirror
}

async function sign(release: string): Promise<void> {
  // Of the time at which the tests of repositories play.
  const text = readFileSync(release, 'utf8').replace(/^Date: .*$/m, 'Date: Mon, 01 Jun 2026 06:00:00 UTC')
  writeFileSync(join(release, '../InRelease'), await key.sign(text))
}

function makeReprepro(): string {
  const folder = join(work, 'reprepro')
  mkdirSync(join(folder, 'conf'), { recursive: true })
  const settings = [
    'Codename: trixie',
    'Suite: stable',
    'Architectures: amd64 arm64',
    'Components: main extra/sub',
    'DebIndices: Packages Release . .bz2',
  ]
  writeFileSync(join(folder, 'conf/distributions'), `${settings.join('\n')}\n`)
  for (const file of readdirSync(packages))
    execFileSync(reprepro ?? '', ['-b', folder, '-C', 'main', 'includedeb', 'trixie', join(packages, file)], {
      stdio: 'pipe',
    })
  return folder
}

/** A flat repository in a folder below its address. */
function makeFlat(folder: string, below: string, options: readonly string[] = []): string {
  const at = join(folder, below)
  mkdirSync(at, { recursive: true })
  cpSync(packages, at, { recursive: true })
  writeFileSync(
    join(at, 'Packages'),
    execFileSync(ftparchive ?? '', [...options, 'packages', below || '.'], { cwd: folder }),
  )
  execFileSync('xz', ['--format=lzma', '--suffix=.lzma', '--keep', 'Packages'], { cwd: at })
  const release = execFileSync(ftparchive ?? '', [...options, 'release', '.'], { cwd: at })
  writeFileSync(join(at, 'Release'), release)
  return folder
}

/** Where nothing has any other checksum than SHA-512. */
const sha512Only = ['MD5', 'SHA1', 'SHA256'].flatMap((name) => ['-o', `APT::FTPArchive::${name}=false`])

/** What apt would fetch for all of the packages. */
async function askApt(line: string, keyFile: string): Promise<readonly string[]> {
  const state = mkdtempSync(join(work, 'apt-'))
  for (const folder of ['lists/partial', 'cache/archives/partial', 'etc'])
    mkdirSync(join(state, folder), { recursive: true })
  writeFileSync(join(state, 'status'), '')
  writeFileSync(join(state, 'etc/sources.list'), `deb [signed-by=${keyFile} arch=amd64] ${line}\n`)
  const settings = {
    'Dir::Etc': join(state, 'etc'),
    'Dir::State': state,
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': join(state, 'cache'),
    'APT::Sandbox::User': '',
    'APT::Architecture': 'amd64',
    'Acquire::Languages': 'none',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  const env = { ...process.env, no_proxy: '127.0.0.1' }
  // The mirror is in this process, which must not stand still.
  await run('apt-get', [...options, '-q', 'update'], { env, timeout: 60_000 })
  const names = wanted.map(({ name }) => name)
  const { stdout } = await run('apt-get', [...options, '-qq', '--print-uris', 'install', ...names], { env })
  return stdout
    .split('\n')
    .flatMap((each) => /^'([^']+)'/.exec(each)?.[1] ?? [])
    .sort()
}

describe.skipIf(!reprepro || !ftparchive || !bzip2)('a repository', () => {
  test.each([
    ['of reprepro', makeReprepro, 'dists/trixie/Release', ['trixie', 'main', 'extra/sub']],
    ['of apt-ftparchive, flat', () => makeFlat(join(work, 'flat'), ''), 'Release', ['./']],
    [
      'of apt-ftparchive, flat below',
      () => makeFlat(join(work, 'below'), 'all/amd64'),
      'all/amd64/Release',
      ['all/amd64/'],
    ],
    [
      'of apt-ftparchive, with SHA-512 alone',
      () => makeFlat(join(work, 'sha512'), '', sha512Only),
      'Release',
      ['./'],
    ],
  ] as const)('%s', async (_, make, release, [suite, ...components]) => {
    const folder = make()
    await sign(join(folder, release))
    const mirror = await serve(folder)
    const keyFile = join(work, 'own.asc')
    writeFileSync(keyFile, key.armored)
    chmodSync(work, 0o755)
    const repository: RepositoryRequest = {
      name: 'own',
      address: mirror.address,
      suite,
      components,
      key: keyFile,
    }
    const world = await makeWorld(debianKey)
    const debian = await goodMirror(debianKey)
    const source = world.source([debian], { repositories: [repository] })
    const index = await source.index('amd64')
    const candidates = wanted.map(({ name }) =>
      index.versions(name).find(({ origin }) => origin.repository === 'own'),
    )
    const urls = candidates.map(
      (each) => `${mirror.address}/${each?.origin.location.replace('+', '%2b').replace('~', '%7e')}`,
    )
    const apt = await askApt(`${mirror.address} ${[suite, ...components].join(' ')}`, keyFile)
    expect(urls.sort()).toEqual(apt.map((url) => url.replace('/./', '/')))
    const files = readdirSync(packages).map((file) => sha256(readFileSync(join(packages, file))))
    const pinned = await source.pin?.(candidates.filter((each) => each !== undefined))
    expect(pinned?.map(({ digest }) => digest).sort()).toEqual(files.sort())
  })

  test.each(wanted)('package $name ($compression) is what dpkg-deb reads', async ({ name }) => {
    const file = join(packages, readdirSync(packages).find((each) => each.startsWith(`${name}_`)) ?? '')
    const contents = new Map<string, Uint8Array>()
    for await (const { entry, content } of (await openArchive(file, { what: name })).entries())
      if (entry.type === 'file')
        contents.set(entry.path, await collect(content, { limit: 1 << 20, what: name }))
    const path = `usr/share/${name}/words`
    const tar = execFileSync('dpkg-deb', ['--fsys-tarfile', file])
    const expected = execFileSync('tar', ['-xO', `./${path}`], { input: tar })
    expect(Buffer.from(contents.get(path) ?? [])).toEqual(expected)
  })
})

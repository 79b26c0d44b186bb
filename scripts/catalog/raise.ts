/**
 * Raises programs that images of the catalogue have from npm to the newest version of their line: `npm run raise`. A lock is written
 * anew where the registry has a newer version of all that it asks for; `npm run raise -- --check` only tells, and fails when there is one.
 */
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

interface Root {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface PackageLock {
  /** The root under an empty name, and each package under the folder that it goes to. */
  readonly packages: Readonly<Record<string, Partial<Root> & Locked>>
}

interface Locked {
  readonly integrity?: string
  readonly resolved?: string
}

export interface Raised {
  readonly from: string
  readonly to: string
}

/**
 * The versions of a lock before and after; undefined when it has the newest of its line, which is what its root's packages have in
 * common up to the first dot. What npm asks is the registry that it is set to. Errors: a lock whose packages have several versions, and
 * whatever npm says.
 */
export async function raiseLock(
  file: string,
  { write, npm = 'npm' }: { readonly write: boolean; readonly npm?: string },
): Promise<Raised | undefined> {
  const { packages }: PackageLock = JSON.parse(await readFile(file, 'utf8'))
  const root = packages[''] ?? {}
  const { dependencies = {}, optionalDependencies = {} } = root
  const names = Object.keys({ ...dependencies, ...optionalDependencies })
  const versions = new Set(Object.values({ ...dependencies, ...optionalDependencies }))
  const [from] = versions
  if (from === undefined || versions.size > 1 || !/^\d+\.\d+\.\d+$/.test(from))
    throw new Error(
      `${file}: expected packages of one exact version, found ${[...versions].join(', ') || 'none'}`,
    )
  const line = from.slice(0, from.indexOf('.'))
  const offered = await Promise.all(names.map((name) => versionsOf(`${name}@${line}`, npm)))
  // Platforms are published one after the other.
  const [to] = (offered[0] ?? [])
    .filter((version) => offered.every((all) => all.includes(version)))
    .toSorted((a, b) => compareVersions(b, a))
  if (to === undefined || compareVersions(to, from) <= 0) return undefined
  if (write) await relock(file, root, { to, npm })
  return { from, to }
}

async function versionsOf(wanted: string, npm: string): Promise<readonly string[]> {
  const { stdout } = await run(npm, ['view', wanted, 'version', '--json'])
  const answer: unknown = JSON.parse(stdout)
  const all: readonly unknown[] = Array.isArray(answer) ? answer : [answer]
  return all.filter((each) => typeof each === 'string').filter((each) => /^\d+\.\d+\.\d+$/.test(each))
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  const at = left.findIndex((part, i) => part !== right[i])
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
}

/** Lets npm lock the new version apart, without addresses of a registry, and takes the file when it is whole. */
async function relock(
  file: string,
  root: Partial<Root>,
  { to, npm }: { readonly to: string; readonly npm: string },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-raise-'))
  try {
    const raised = (all: Readonly<Record<string, string>> = {}) =>
      Object.fromEntries(Object.keys(all).map((name) => [name, to]))
    const { dependencies, optionalDependencies } = root
    const manifest = {
      ...root,
      version: to,
      ...(dependencies === undefined ? {} : { dependencies: raised(dependencies) }),
      ...(optionalDependencies === undefined ? {} : { optionalDependencies: raised(optionalDependencies) }),
    }
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
    const options = [
      '--force',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--omit-lockfile-registry-resolved',
    ]
    await run(npm, ['install', '--package-lock-only', ...options], { cwd: folder })
    const made = join(folder, 'package-lock.json')
    const { packages }: PackageLock = JSON.parse(await readFile(made, 'utf8'))
    for (const [place, { integrity, resolved }] of Object.entries(packages))
      if (place !== '' && (integrity === undefined || resolved !== undefined))
        throw new Error(`${file}: npm locked ${place} without a digest, or with an address`)
    await copyFile(made, `${file}.new`)
    await rename(`${file}.new`, file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Locks beside recipes of the catalogue. */
async function catalogLocks(root: string): Promise<readonly string[]> {
  const all = await readdir(join(root, 'catalog'), { recursive: true })
  return all
    .filter((name) => name.endsWith('package-lock.json'))
    .toSorted()
    .map((name) => join('catalog', name))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const check = process.argv.includes('--check')
  for (const name of await catalogLocks(root)) {
    const raised = await raiseLock(join(root, name), { write: !check })
    const told = raised === undefined ? 'the newest of its line' : `${raised.from} → ${raised.to}`
    console.log(`${name}: ${told}`)
    if (check && raised !== undefined) process.exitCode = 1
  }
}

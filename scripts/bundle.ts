/**
 * The program as few ES modules made of many sources, so that a command starts quickly (decision 0011), with the files that
 * it reads beside them. The package is made of it (build.ts), and tests that run commands run it (program.ts).
 */
import { createHash } from 'node:crypto'
import { chmod, copyFile, cp, glob, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type InputOptions, type RolldownLog, rolldown } from 'rolldown'
import { chunkGroups } from './chunk-groups.ts'
import { finishChunks } from './finish-chunks.ts'

/** Dependencies that every command loads: as files of their own they took a quarter of the time to start. */
const bundledDependencies = ['commander', 'picocolors']

const root = fileURLToPath(new URL('..', import.meta.url))
const home = join(root, 'packages/temper')
const source = join(home, 'src')

/** What was written. */
export interface BuiltProgram {
  readonly modules: number
  readonly assets: number
}

/** Writes the program to a folder that has none yet: dist/main.js of the package, with everything that it reads in dist/. */
export async function buildProgram(dist: string): Promise<BuiltProgram> {
  const modules = await bundle(dist)
  const files = await sourceFiles('**/*')
  const assets = files.filter((path) => !/\.ts$|\/(fixtures|__snapshots__)\//.test(path))
  for (const file of assets) await copyAsset(file, dist)
  await cp(join(root, 'catalog'), join(dist, 'catalog'), { recursive: true })
  for (const name of bundledDependencies) await copyLicence(name, dist)
  await chmod(join(dist, 'main.js'), 0o755)
  await writeFile(join(dist, 'program.sha256'), `${await digestOf(dist)}\n`)
  return { modules, assets: assets.length }
}

/** Of all that the program is and reads: what it keeps in caches is kept for this program alone. */
async function digestOf(dist: string): Promise<string> {
  const hash = createHash('sha256')
  const files = (await readdir(dist, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  )
  // Declarations are made before, or not at all: nothing runs them.
  for (const path of files.map((entry) => relative(dist, join(entry.parentPath, entry.name))).sort())
    if (!path.endsWith('.d.ts')) hash.update(`${path}\0`).update(await readFile(join(dist, path)))
  return hash.digest('hex')
}

/** Files below src/, in order. */
export async function sourceFiles(pattern: string): Promise<readonly string[]> {
  const paths: string[] = []
  for await (const entry of glob(pattern, { cwd: source, withFileTypes: true })) {
    if (entry.isFile()) paths.push(join(entry.parentPath, entry.name))
  }
  return paths.sort()
}

/** All other dependencies stay outside, so that whoever installs the package updates them. Returns how many files. */
async function bundle(dist: string): Promise<number> {
  // Worker threads are started by address, so no import leads to them: their names end in -worker.
  const workers = await sourceFiles('**/*-worker.ts')
  const entries = Object.fromEntries(
    workers.map((path) => [relative(source, path).replace(/\.ts$/, ''), path]),
  )
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    await readFile(join(home, 'package.json'), 'utf8'),
  )
  const dependencies = Object.keys(manifest.dependencies).filter(
    (name) => !bundledDependencies.includes(name),
  )
  const options: InputOptions = {
    input: { main: join(source, 'cli/main.ts'), index: join(source, 'index.ts'), ...entries },
    platform: 'node',
    external: (id) => dependencies.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [
      { name: 'own-addresses', transform: ownAddress },
      { name: 'lazy-processes', transform: lazyProcesses },
    ],
    onLog: (level, log) => {
      if (level === 'warn' && !isMeant(log)) throw new Error(log.message)
    },
  }
  const bundled = await rolldown(options)
  const { output } = await bundled.write({
    dir: dist,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: { groups: chunkGroups(`${source}/`, await sourceFiles('**/*.ts')) },
  })
  await bundled.close()
  const workersWritten = output.filter(({ fileName }) => fileName.includes('/')).length
  return workersWritten + (await finishChunks(dist))
}

/**
 * What is imported when needed by one and at once by another is loaded at once, which nobody may do unawares. A build that has
 * nothing to do needs both of these (see the group "build"); others need the first only when told to build.
 */
function isMeant({ code, message }: RolldownLog): boolean {
  const places = ['flows/build/build.ts', 'recipe/source/file-source.ts']
  return (
    code === 'INEFFECTIVE_DYNAMIC_IMPORT' &&
    places.some((place) => message.includes(`src/${place} is dynamically`))
  )
}

/**
 * Files that the code finds by its own address lie where they would without bundling. All modules but workers
 * are written to dist/ itself, so an address starts there; workers look for nothing beside themselves.
 */
function ownAddress(code: string, id: string) {
  if (!code.includes('import.meta.') || !id.startsWith(source)) return null
  const place = relative(source, id).split(sep).join('/').replace(/\.ts$/, '.cjs')
  const url = `new URL(${JSON.stringify(place)}, process.getBuiltinModule('node:url').pathToFileURL(__filename))`
  const folder = `process.getBuiltinModule('node:url').fileURLToPath(new URL('.', ${url}))`
  const inDist = code.replaceAll(/import\.meta\.(url|dirname)\b/g, (_, name) =>
    name === 'url' ? `${url}.href` : folder,
  )
  return { code: inDist, map: null }
}

/** commander can start other programs, which Temper never asks of it, and needs some 30 modules of Node for that. */
function lazyProcesses(code: string, id: string) {
  if (!id.includes('/node_modules/commander/')) return null
  const lazy = code
    .replace("import childProcess from 'node:child_process';", '')
    .replaceAll(/\bchildProcess\./g, "process.getBuiltinModule('node:child_process').")
    // The global one is the same.
    .replace("import process from 'node:process';", '')
  return { code: lazy, map: null }
}

/** Their terms ask for the notice to go with the code. */
async function copyLicence(dependency: string, dist: string): Promise<void> {
  const target = join(dist, 'licences', `${dependency}.txt`)
  await mkdir(dirname(target), { recursive: true })
  await copyFile(join(root, 'node_modules', dependency, 'LICENSE'), target)
}

async function copyAsset(file: string, dist: string): Promise<void> {
  const target = join(dist, relative(source, file))
  await mkdir(dirname(target), { recursive: true })
  await copyFile(file, target)
}

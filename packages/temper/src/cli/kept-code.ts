import { hash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { constants, Script } from 'node:vm'

/** Files of the program, and what V8 made of them in an earlier process. */
export interface KeptCode {
  /** Keeps what is compiled by now for the next process, when files were loaded whose code was not kept. Never throws. */
  keep(): void
}

export interface KeptCodeOptions {
  /** Absolute path of a file in the folder of the program, which all its files are in. */
  readonly program: string
  /** Folder that the code is kept in. */
  readonly folder: string
  /** What the process is for: functions that one command calls are of no use to another. */
  readonly purpose: string
  /** The version of Node, the processor, and the flags: V8 takes back only what it made itself with the same ones. */
  readonly runtime: readonly string[]
  /** Loads a module of Node, "node:fs"; default: as Node does. */
  readonly builtInModule?: (name: string) => unknown
}

/** What the handler of an ending gets from Node: "The module object" of its documentation. */
interface LoadedModule {
  exports: unknown
}

type Handler = (module: LoadedModule, path: string) => void
type Body = (
  exports: unknown,
  require: NodeJS.Require,
  module: LoadedModule,
  path: string,
  at: string,
) => void

/**
 * Loads files of the built program with the code that V8 made of them before, the functions that were called included. What
 * Node keeps by itself (`enableCompileCache`) is taken when a file has been loaded and nothing in it was called yet: each
 * process compiles all that it calls once more.
 */
export function keepCode({ program, folder, purpose, runtime, builtInModule }: KeptCodeOptions): KeptCode {
  const home = dirname(program)
  const pack = join(
    folder,
    `program-${hash('sha256', [home, ...runtime].join('\0')).slice(0, 16)}-${purpose}`,
  )
  const kept = readPack(pack)
  const loaded = new Map<string, { readonly digest: string; readonly script: Script }>()
  let isMore = false
  withoutWarning()
  const { extensions } = createRequire(program)
  const ordinary = extensions['.js'] as Handler
  const requireOf = (path: string): NodeJS.Require => {
    const ordinarily = createRequire(path)
    if (builtInModule === undefined) return ordinarily
    const load = (id: string) => (id.startsWith('node:') ? builtInModule(id) : ordinarily(id))
    return Object.assign(load, ordinarily)
  }
  const load: Handler = (module, path) => {
    if (dirname(path) !== home) return ordinary(module, path)
    const bytes = readFileSync(path)
    const [name, digest] = [basename(path), hash('sha256', bytes)]
    const known = kept.get(name)
    const cachedData = known?.digest === digest ? known.code : undefined
    // Built files hold ASCII alone.
    const text = `(function (exports, require, module, __filename, __dirname) {${bytes.toString('latin1')}\n})`
    const script = new Script(text, {
      filename: path,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      ...(cachedData && { cachedData }),
    })
    if (cachedData === undefined || script.cachedDataRejected === true) isMore = true
    loaded.set(name, { digest, script })
    const body: Body = script.runInThisContext()
    body(module.exports, requireOf(path), module, path, home)
  }
  extensions['.cjs'] = load as NodeJS.RequireExtensions['.js']
  return {
    keep: () => {
      if (!isMore) return
      const files = [...loaded].map(([name, { digest, script }]) => ({
        name,
        digest,
        code: script.createCachedData(),
      }))
      // Those that another version of the program had are gone.
      const others = [...kept.values()].filter(
        ({ name }) => !loaded.has(name) && existsSync(join(home, name)),
      )
      writePack(pack, [...files, ...others])
    },
  }
}

/**
 * Node calls the way in which these files import others experimental, once in a process that does (a service does), on the standard
 * error of whoever runs it, who can do nothing about it.
 */
function withoutWarning(): void {
  const { emitWarning } = process
  process.emitWarning = (warning: string | Error, ...more: never[]) => {
    if (!`${warning}`.startsWith('vm.USE_MAIN_CONTEXT_DEFAULT_LOADER ')) emitWarning(warning, ...more)
  }
}

interface KeptFile {
  readonly name: string
  /** SHA-256 of the file, in hexadecimal: V8 itself compares the lengths of sources only. */
  readonly digest: string
  readonly code: Buffer
}

/** Bytes of a pack's beginning: the SHA-256 of the rest, and how long the table is that follows. */
const beginning = 36

/** By name; empty when there is none, or when it is not as it was written. */
function readPack(path: string): ReadonlyMap<string, KeptFile> {
  const files = new Map<string, KeptFile>()
  try {
    const bytes = readFileSync(path)
    if (hash('sha256', bytes.subarray(32), 'buffer').compare(bytes, 0, 32) !== 0) return files
    let at = beginning + bytes.readUInt32LE(32)
    const table: readonly (readonly [string, string, number])[] = JSON.parse(
      bytes.toString('latin1', beginning, at),
    )
    for (const [name, digest, size] of table) {
      files.set(name, { name, digest, code: bytes.subarray(at, at + size) })
      at += size
    }
  } catch {
    // It is made anew.
  }
  return files
}

function writePack(path: string, files: readonly KeptFile[]): void {
  const table = Buffer.from(
    JSON.stringify(files.map(({ name, digest, code }) => [name, digest, code.length])),
  )
  const size = Buffer.alloc(4)
  size.writeUInt32LE(table.length)
  const rest = Buffer.concat([size, table, ...files.map(({ code }) => code)])
  const temporary = `${path}.tmp-${process.pid.toString(36).padStart(6, '0').slice(-6)}`
  try {
    makeFolder(dirname(path))
    writeFileSync(temporary, Buffer.concat([hash('sha256', rest, 'buffer'), rest]))
    renameSync(temporary, path)
  } catch {
    // A full disk, or a cache that may not be written to: the next process compiles as this one did.
    removeQuietly(temporary)
  }
}

/** Not those above it, too: Node's recursive way never ends where nothing can be made (/proc). */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, 0o755)
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was not begun, or is swept one day.
  }
}

import { constants } from 'node:fs'
import {
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type Context, importFeeds, removeFeeds, scanComponents, TemperError } from '../temper.ts'

/** Folder names that a path may have, and files that a folder may have. */
const limits = { depth: 12, files: 1_000_000 }
/** Up to this many files are looked at one by one; of more only as many as it takes to find those that are wrong. */
const oneByOne = 32

/** A file of feeds that cannot be read: its earlier contents remain in use. */
export interface FeedFault {
  /** Path below the folder. */
  readonly file: string
  readonly why: string
}

const stateSchema = z.object({
  files: z.record(
    z.string(),
    z.object({ mark: z.string(), kept: z.boolean(), fault: z.string().nullable() }),
  ),
  feeds: z.array(z.string()),
})
type State = z.output<typeof stateSchema>

/** Where feeds come from. */
export interface FeedPlace {
  /** The feeds that images are compared with. */
  readonly read: string
  /** The folder that the feeds are copied from; absent: `read` is a store of feeds, which checks itself. */
  readonly folder?: string
}

/** Feeds of a folder, as they were when they could last be read. */
export async function feedPlace(feeds: string, data: string): Promise<FeedPlace> {
  const isFolder = await stat(feeds).then(
    (stats) => stats.isDirectory(),
    () => true,
  )
  const isStore = await stat(join(feeds, 'current.json')).then(
    () => true,
    () => false,
  )
  return isFolder && !isStore ? { read: join(data, 'feeds', 'store'), folder: feeds } : { read: feeds }
}

/**
 * Takes over changes in a folder of feeds, and leaves out files that cannot be read: an interrupted copy must neither
 * stop builds nor make findings vanish. Returns the faulty files and their faults.
 */
export async function keepFeeds(
  { source, data }: { readonly source: string; readonly data: string },
  context: Context,
): Promise<readonly FeedFault[]> {
  const place = join(data, 'feeds')
  const [kept, statePath] = [join(place, 'kept'), join(place, 'state.json')]
  await mkdir(kept, { recursive: true, mode: 0o700 })
  const before = await readState(statePath)
  const marks = await marksOf(source)
  // A share that is not mounted must not make findings vanish.
  if (marks.size === 0 && before.feeds.length > 0)
    return [{ file: '.', why: 'the folder is empty: its earlier contents are used' }]
  const changed = [...marks].filter(([name, mark]) => before.files[name]?.mark !== mark)
  const gone = Object.keys(before.files).filter((name) => !marks.has(name))
  const files: State['files'] = Object.fromEntries(
    Object.entries(before.files).filter(([name]) => marks.has(name)),
  )
  const incoming = await mkdtemp(join(place, 'incoming-'))
  try {
    const faults = await faultsOf(changed, { source, incoming, context })
    for (const [name, mark] of changed) {
      const fault = faults.get(name)
      if (fault === undefined) {
        await mkdir(dirname(join(kept, name)), { recursive: true })
        await rename(join(incoming, 'all', name), join(kept, name))
      }
      const isKept = fault === undefined || before.files[name]?.kept === true
      files[name] = { mark, kept: isKept, fault: fault ?? null }
    }
    for (const name of gone) await rm(join(kept, name), { force: true })
    const feeds =
      changed.length + gone.length === 0 ? before.feeds : await fill({ kept, place, before }, context)
    await writeState(statePath, { files, feeds })
  } finally {
    await rm(incoming, { recursive: true, force: true })
  }
  return Object.entries(files).flatMap(([file, { fault }]) => (fault === null ? [] : [{ file, why: fault }]))
}

/** Reads all that is kept into the store; what was read of it before is found again. */
async function fill(
  { kept, place, before }: { readonly kept: string; readonly place: string; readonly before: State },
  context: Context,
): Promise<string[]> {
  const store = join(place, 'store')
  const taken = await importFeeds({ paths: [kept], feeds: store, acceptSmaller: true }, context).catch(
    ifEmpty,
  )
  const ids = taken.map(({ state }) => state.id)
  const gone = before.feeds.filter((id) => !ids.includes(id))
  if (ids.length === 0) await rm(store, { recursive: true, force: true })
  else if (gone.length > 0) await removeFeeds({ ids: gone, feeds: store }, context).catch(ifEmpty)
  return ids
}

function ifEmpty(error: unknown): [] {
  if (error instanceof TemperError && error.code === 'not-found') return []
  throw error
}

interface Looking {
  readonly source: string
  readonly incoming: string
  readonly context: Context
}

/** Which of some files cannot be read as feeds, and why. */
async function faultsOf(
  changed: readonly (readonly [name: string, mark: string])[],
  { source, incoming, context }: Looking,
): Promise<ReadonlyMap<string, string>> {
  const names = changed.map(([name]) => name)
  const all = join(incoming, 'all')
  for (const name of names) {
    await mkdir(dirname(join(all, name)), { recursive: true })
    // A copy of our own: whoever writes the file may go on doing so.
    await copyFile(join(source, name), join(all, name), constants.COPYFILE_FICLONE)
  }
  const faults = new Map<string, string>()
  const look = async (some: readonly string[]): Promise<void> => {
    if (some.length === 0) return
    if (some.length <= oneByOne) {
      for (const name of some) {
        const fault = await faultOf([name], { source: all, incoming, context })
        if (fault !== undefined) faults.set(name, fault)
      }
      return
    }
    if ((await faultOf(some, { source: all, incoming, context })) === undefined) return
    const middle = Math.ceil(some.length / 2)
    await look(some.slice(0, middle))
    await look(some.slice(middle))
  }
  await look(names)
  return faults
}

async function faultOf(
  names: readonly string[],
  { source, incoming, context }: Looking,
): Promise<string | undefined> {
  const folder = await mkdtemp(join(incoming, 'look-'))
  try {
    for (const name of names) {
      await mkdir(dirname(join(folder, 'feeds', name)), { recursive: true })
      await link(join(source, name), join(folder, 'feeds', name))
    }
    // What is read of it on the way is thrown away with it.
    const { feeds } = await scanComponents(
      [],
      { feeds: join(folder, 'feeds') },
      { ...context, cacheDir: join(folder, 'cache') },
    )
    const skipped = feeds.reduce((sum, each) => sum + (each.skipped ?? 0), 0)
    return names.length > 1 && skipped > 0 ? `${skipped} records cannot be read` : undefined
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    context.signal.throwIfAborted()
    // A note beside the feeds is none.
    if (error.code === 'not-found') return undefined
    return error.message.replaceAll(`${folder}/feeds/`, '').slice(0, 500)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Size, time and number of each file: what tells that it is another one. */
async function marksOf(source: string): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>()
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(join(source, below), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory() && depth < limits.depth) await walk(name, depth + 1)
      if (!entry.isFile() || marks.size >= limits.files) continue
      const { size, mtimeMs, ino } = await stat(join(source, name))
      marks.set(name, `${size} ${mtimeMs} ${ino}`)
    }
  }
  await walk('', 1)
  return marks
}

async function readState(path: string): Promise<State> {
  const text = await readFile(path, 'utf8').catch(() => '{}')
  const read = stateSchema.safeParse(jsonOf(text))
  return read.success ? read.data : { files: {}, feeds: [] }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function writeState(path: string, state: State): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(state), { mode: 0o600 })
  await rename(`${path}.new`, path)
}

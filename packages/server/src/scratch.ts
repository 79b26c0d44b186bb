import { lstat, mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { discard } from './builds/isolation/left.ts'

/** How folders of processes begin. */
const prefix = 'temper-scratch-'
/** The socket by which a folder says that its process lives. */
const sign = 'alive'
/** Milliseconds after which a folder without a socket belongs to nobody: a process makes it at once. */
const patience = 60_000
/** Bytes that the path of a socket may have on every system (unix(7): 107 on Linux, 103 elsewhere). */
const pathLimit = 100

/**
 * A folder of one process for what must not outlive it. The system closes the socket in it when the process ends, however that
 * happens, so that the next process sees what is left behind, whichever ids processes have there: also where several containers share
 * the folder.
 */
export class Scratch {
  readonly path: string
  readonly #close: () => Promise<void>

  private constructor(path: string, close: () => Promise<void>) {
    this.path = path
    this.#close = close
  }

  /** Makes one in `parent` (default: the system's folder for this), and removes those there whose processes have ended. */
  static async open(parent = tmpdir()): Promise<Scratch> {
    await mkdir(parent, { recursive: true, mode: 0o700 })
    await sweep(parent)
    const path = await mkdtemp(join(parent, prefix))
    const server = createServer((asking) => asking.destroy())
    const letGo = await atSocket(path, (socket) => listen(server, socket))
    server.unref()
    return new Scratch(path, async () => {
      await new Promise<void>((done) => server.close(() => done()))
      await letGo()
      await discard(path)
    })
  }

  /** Makes a folder in it; whoever asked for it removes it, or the next process does. */
  folder(purpose: string): Promise<string> {
    return mkdtemp(join(this.path, `${purpose}-`))
  }

  close(): Promise<void> {
    return this.#close()
  }
}

/** Folders of processes of this user that have ended. Other users' are none of ours, nor are links. */
async function sweep(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(prefix))
  await Promise.all(
    names.map(async (name) => {
      const path = join(parent, name)
      const stat = await lstat(path).catch(() => undefined)
      if (stat?.isDirectory() !== true || stat.uid !== process.getuid?.()) return
      const isOld = Date.now() - stat.mtimeMs > patience
      // Whoever sweeps at the same time removes the same.
      if (!(await isHeld(path, { unlessSigned: !isOld }))) await discard(path).catch(() => undefined)
    }),
  )
}

/** Whether the process of a folder lives. In doubt it does. */
async function isHeld(path: string, { unlessSigned }: { readonly unlessSigned: boolean }): Promise<boolean> {
  try {
    const letGo = await atSocket(path, knock)
    await letGo()
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ECONNREFUSED') return false
    return code === 'ENOENT' ? unlessSigned : true
  }
}

function knock(socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const line = connect(socket, () => {
      line.destroy()
      resolve()
    })
    line.once('error', reject)
  })
}

function listen(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(socket, () => resolve())
  })
}

/** Uses the socket of a folder, by the number of the opened folder where its path is too long for a socket. */
async function atSocket(
  folder: string,
  use: (socket: string) => Promise<void>,
): Promise<() => Promise<void>> {
  const path = join(folder, sign)
  if (Buffer.byteLength(path) <= pathLimit) {
    await use(path)
    return async () => undefined
  }
  const handle = await open(folder)
  try {
    await use(`/proc/self/fd/${handle.fd}/${sign}`)
  } catch (error) {
    await handle.close()
    throw error
  }
  return () => handle.close()
}

/**
 * Removes what a killed service left in its data folder. Only for whoever has the folder alone: all that lies there under these
 * names was being made.
 */
export async function clearRemains(data: string): Promise<void> {
  await discard(join(data, 'work'))
  const unfinished = [
    ['feeds', 'incoming-'],
    ['recipes', '.incoming-'],
    ['recipes-repository', 'incoming-'],
  ] as const
  for (const [folder, begin] of unfinished)
    for (const name of await readdir(join(data, folder)).catch(() => []))
      if (name.startsWith(begin)) await rm(join(data, folder, name), { recursive: true, force: true })
}

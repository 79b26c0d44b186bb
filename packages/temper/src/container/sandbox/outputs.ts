import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import type { SandboxFile } from '../../model/recipe-parts/sandbox.ts'
import { pathIn } from '../../model/tree/path.ts'

/** What one job may leave: an application with its modules, not a disk. */
const limits = { files: 50_000, bytes: 2 ** 30, depth: 64, target: 4096 }

/**
 * What a job left at a path below its folder: itself, and all below it. The folder is ours alone by now, but whatever
 * ran in it decided what lies there: no link is followed, neither on the way nor at the end. Throws `step-failed`
 * when nothing is there, or something that no image can hold; `limit-exceeded`.
 */
export async function readOutput(
  folder: string,
  name: string,
  options: { readonly what: string; readonly signal: AbortSignal },
): Promise<readonly SandboxFile[]> {
  const files: SandboxFile[] = []
  const budget = { files: limits.files, bytes: limits.bytes }
  await checkParents(folder, name, options.what)
  await gather({ folder, path: name, depth: 0 }, { ...options, files, budget })
  return files
}

async function checkParents(folder: string, name: string, what: string): Promise<void> {
  const parts = name.split('/').slice(0, -1)
  for (let i = 1; i <= parts.length; i++) {
    const path = parts.slice(0, i).join('/')
    const stat = await statOf(folder, path)
    if (stat === undefined || stat.isDirectory()) continue
    throw unusable(what, name, `${path} is ${stat.isSymbolicLink() ? 'a link' : 'not a folder'}`)
  }
}

interface Gathering {
  readonly what: string
  readonly signal: AbortSignal
  readonly files: SandboxFile[]
  readonly budget: { files: number; bytes: number }
}

async function gather(
  place: { readonly folder: string; readonly path: string; readonly depth: number },
  gathering: Gathering,
): Promise<void> {
  const { folder, path, depth } = place
  const { what, files, budget } = gathering
  gathering.signal.throwIfAborted()
  const stat = await statOf(folder, path)
  if (stat === undefined)
    throw new TemperError('step-failed', `${what} succeeded, but did not make ${path}`, {
      hint: 'The paths of outputs are relative to the folder that the step works in.',
      details: { output: path },
    })
  budget.files -= 1
  budget.bytes -= stat.isFile() ? stat.size : 0
  if (budget.files < 0 || budget.bytes < 0 || depth > limits.depth)
    throw new TemperError(
      'limit-exceeded',
      `${what}: an output has at most ${limits.files} files, ${limits.bytes} bytes and ${limits.depth} levels`,
      { details: { output: path } },
    )
  const mode = stat.mode & 0o777
  const none = new Uint8Array()
  if (stat.isFile()) {
    files.push({ path, type: 'file', mode, content: await readWhole(join(folder, path), stat.size) })
  } else if (stat.isSymbolicLink()) {
    const target = await readlink(join(folder, path))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
    if (target.length > limits.target || /[\x00-\x1f\x7f\ufffd]/.test(target))
      throw unusable(what, path, 'the link points to a name that no image should have')
    files.push({ path, type: 'symlink', mode: 0o777, content: none, target })
  } else if (stat.isDirectory()) {
    files.push({ path, type: 'directory', mode, content: none })
    for (const name of await namesIn(join(folder, path))) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
      if (/[\x00-\x1f\x7f\ufffd]/.test(name))
        throw unusable(what, path, 'holds a name with control characters, or one that is not UTF-8')
      await gather({ folder, path: pathIn(path, name), depth: depth + 1 }, gathering)
    }
  } else throw unusable(what, path, 'it is neither a file, a folder nor a link')
}

async function statOf(folder: string, path: string): Promise<Stats | undefined> {
  try {
    return await lstat(join(folder, path))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw fileError('read', join(folder, path), error)
  }
}

async function namesIn(path: string): Promise<readonly string[]> {
  try {
    const names = await readdir(path)
    return names.sort()
  } catch (error) {
    throw fileError('read', path, error)
  }
}

async function readWhole(path: string, size: number): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw fileError('read', path, error)
    },
  )
  try {
    const bytes = Buffer.alloc(size)
    let at = 0
    while (at < size) {
      const { bytesRead } = await file.read(bytes, at, size - at)
      if (bytesRead === 0) break
      at += bytesRead
    }
    return bytes.subarray(0, at)
  } finally {
    await file.close()
  }
}

function unusable(what: string, path: string, why: string): TemperError {
  return new TemperError('step-failed', `${what}: its output ${path} cannot enter an image: ${why}`, {
    hint: 'Only files, folders and links do.',
    details: { output: path },
  })
}

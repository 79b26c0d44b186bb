import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { Readable } from 'node:stream'

/** Host name that stands for the folder of a recipe, so that such an address means the same on every machine. */
export const recipeHost = 'recipe'

/** Folders that may be read as if a server served them. */
export interface ServedFolders {
  /** Base addresses: `file:///srv/debian`, `file://recipe/packages`. Nothing outside them is read. */
  readonly addresses: readonly string[]
  /** Folders that `file://recipe/` stands for; the first one that has the file counts. */
  readonly recipe?: readonly string[] | undefined
}

/**
 * `fetch` that answers addresses of files, too, as a web server would: 404 for what does not exist, is not a file, or
 * is outside the served folders once all links are followed.
 */
export function fetchWithFolders(
  fetch: typeof globalThis.fetch,
  folders: ServedFolders,
): typeof globalThis.fetch {
  return async (input, init) => {
    const url = URL.parse(input instanceof Request ? input.url : String(input))
    if (url?.protocol !== 'file:') return await fetch(input, init)
    const path = await servedPath(url, folders)
    if (path === undefined) return new Response(null, { status: 404 })
    const stream = createReadStream(path, { ...(init?.signal ? { signal: init.signal } : {}) })
    const { size } = await stat(path)
    return new Response(Readable.toWeb(stream) as ReadableStream, {
      headers: { 'content-length': String(size) },
    })
  }
}

async function servedPath(url: URL, folders: ServedFolders): Promise<string | undefined> {
  const base = folders.addresses.find((address) => url.href.startsWith(`${address.replace(/\/+$/, '')}/`))
  if (base === undefined) return undefined
  for (const home of url.host === recipeHost ? (folders.recipe ?? []) : ['/']) {
    const file = await fileBelow(pathOf(new URL(base), home), pathOf(url, home))
    if (file !== undefined) return file
  }
  return undefined
}

async function fileBelow(root: string | undefined, path: string | undefined): Promise<string | undefined> {
  if (root === undefined || path === undefined) return undefined
  try {
    const [realRoot, real] = await Promise.all([realpath(root), realpath(path)])
    const isInside = real.startsWith(realRoot.endsWith(sep) ? realRoot : `${realRoot}${sep}`)
    return isInside && (await stat(real)).isFile() ? real : undefined
  } catch {
    // Missing, unreadable, or a loop of links.
    return undefined
  }
}

/** The path of an address of a file, in a folder that it is taken from. */
function pathOf(url: URL, home: string): string | undefined {
  const path = decoded(url.pathname)
  if (path === undefined || path.includes('\0')) return undefined
  return url.host === '' || url.host === recipeHost ? join(home, path) : undefined
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/**
 * The address of a folder: an absolute path, a path from the recipe's folder that begins with `./`, or `file:///…`.
 * Undefined for any other text, and for one that leads out of the recipe's folder.
 */
export function folderAddress(text: string): string | undefined {
  const plain = /^file:\/\/(?=\/)/.test(text) ? decoded(text.slice('file://'.length)) : text
  const [, start, rest = ''] = /^(\.?\/)(.*)$/.exec(plain ?? '') ?? []
  if (start === undefined || /[?#\0\\]/.test(rest)) return undefined
  const parts = rest.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) return undefined
  return [start === './' ? `file://${recipeHost}` : 'file://', ...parts.map(encodeURIComponent)].join('/')
}

/** Whether a text names a folder by its absolute path, so that it means the same wherever it is used. */
export function isAbsoluteFolder(text: string): boolean {
  return folderAddress(text)?.startsWith('file:///') ?? false
}

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfExists } from '../../base/file.ts'

/** Bytes of a source or a lock file that is worth reading, and folders that are looked into. */
const limits = { bytes: 4 * 1024 * 1024, folders: 40 }

/** Sources in which applications for a web server are, in a folder. */
const usual = ['main.py', 'app.py', 'asgi.py', 'wsgi.py', 'server.py', '__init__.py']

/** What makes an application, by the framework; "app" is what it is called. */
const frameworks: readonly { readonly made: RegExp; readonly isAsync: boolean }[] = [
  { made: /^(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:\w+\.)?(?:FastAPI|Starlette|Quart|Litestar)\(/m, isAsync: true },
  { made: /^(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:\w+\.)?Flask\(/m, isAsync: false },
  { made: /^(\w+)\s*=\s*get_wsgi_application\(\)/m, isAsync: false },
]

/** How a web application of Python is started by the server that its lock file has. */
export interface PythonStart {
  readonly start: readonly string[]
  readonly ports: readonly string[]
}

const port = '8000'

/**
 * Finds what makes a web application in the usual places of a folder, and the server for it among the locked packages. Undefined when
 * one of them is missing. Reads only.
 */
export async function findPythonServer(
  folder: string,
  lockFile: string | undefined,
): Promise<PythonStart | undefined> {
  // A list that has to be locked first names the same packages.
  const locked =
    (lockFile && (await textIn(join(folder, lockFile)))) ??
    (await textIn(join(folder, 'requirements.txt'))) ??
    ''
  const [asynchronous, plain] = [servers.asynchronous.test(locked), servers.plain.test(locked)]
  if (!asynchronous && !plain) return undefined
  for (const place of await placesIn(folder)) {
    for (const file of usual) {
      const text = await textIn(join(folder, place, file))
      if (text === undefined) continue
      for (const { made, isAsync } of frameworks) {
        const name = made.exec(text)?.[1]
        if (name === undefined || (isAsync && !asynchronous) || (!isAsync && !plain)) continue
        const module = [...place.split('/'), file.replace(/\.py$/, '')].filter(
          (part) => part !== '' && part !== '__init__',
        )
        const target = `${module.join('.')}:${name}`
        const start = isAsync
          ? ['/usr/local/bin/uvicorn', target, '--host', '0.0.0.0', '--port', port]
          : ['/usr/local/bin/gunicorn', '--bind', `0.0.0.0:${port}`, target]
        return { start, ports: [port] }
      }
    }
  }
  return undefined
}

/** As the lock files of Python name them, at the start of a line. */
const servers = {
  asynchronous: /^(?:name = "|\s{0,20}")?uvicorn(?![\w-])/im,
  plain: /^(?:name = "|\s{0,20}")?gunicorn(?![\w-])/im,
}

/** The folder itself first; in "src" no package is found by its name. */
async function placesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = entries.flatMap((entry) =>
    entry.isDirectory() && /^[a-z_]\w*$/i.test(entry.name) ? [entry.name] : [],
  )
  const first = (name: string) => (name === 'app' ? 0 : 1)
  return ['', ...names.sort((a, b) => first(a) - first(b) || (a < b ? -1 : 1))].slice(0, limits.folders)
}

async function textIn(path: string): Promise<string | undefined> {
  const bytes = await readFileIfExists(path).catch(() => undefined)
  return bytes === undefined || bytes.length > limits.bytes ? undefined : Buffer.from(bytes).toString('utf8')
}

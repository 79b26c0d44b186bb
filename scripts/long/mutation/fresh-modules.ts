import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'

const suite = new URL('./suite.ts', import.meta.url).href
const mark = /\?run=\d+$/

/** Sources by address, without their types. They do not change while a process lives but by `changeSource`. */
const sources = new Map<string, string>()

/** Has a module below the folder read another text until it is changed again; undefined: the text of its file. */
export function changeSource(url: string, text: string | undefined): void {
  if (text === undefined) sources.delete(url)
  else sources.set(url, stripTypeScriptTypes(text))
}

/**
 * Has modules below a folder that are imported with `?run=N`, and all that they import there, evaluated anew for each N:
 * what one run leaves in a module does not reach the next. They get describe(), it() and hooks from `suite.ts`.
 */
export function serveFreshModules(folder: string): void {
  const isOwn = (url: string) => url.startsWith(folder) && !url.includes('/node_modules/')
  registerHooks({
    resolve(specifier, context, next) {
      const run = mark.exec(context.parentURL ?? '')?.[0]
      if (run === undefined) return next(specifier, context)
      if (specifier === 'vitest') return { url: suite, format: 'module-typescript', shortCircuit: true }
      const resolved = next(specifier, context)
      return isOwn(resolved.url) && resolved.url.endsWith('.ts')
        ? { ...resolved, url: `${resolved.url}${run}` }
        : resolved
    },
    load(url, context, next) {
      if (!mark.test(url)) return next(url, context)
      return { format: 'module', source: sourceOf(url.replace(mark, '')), shortCircuit: true }
    },
  })
}

function sourceOf(url: string): string {
  const known = sources.get(url)
  if (known !== undefined) return known
  const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'))
  sources.set(url, source)
  return source
}

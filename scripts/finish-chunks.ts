import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What the bundler cannot do to the files that it wrote: there is no character beyond ASCII, a slow module of Node waits until it is
 * needed, and those who import the package or start its program find ES modules. Returns how many files there are.
 */
export async function finishChunks(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cjs'))
  for (const name of names) {
    const code = await readFile(join(folder, name), 'utf8')
    await writeFile(join(folder, name), whenNeeded(singleBytes(code)))
    if (name === 'index.cjs') await writeFile(join(folder, 'index.js'), libraryOf(code))
  }
  await writeFile(join(folder, 'main.js'), "#!/usr/bin/env node\nimport './main.cjs'\n")
  return names.length + 2
}

/** An ES module with all that a file exports. */
export function libraryOf(code: string): string {
  const names = [...code.matchAll(/^(?:exports\.|Object\.defineProperty\(exports, ")(\w+)/gm)].map(
    ([, name]) => name,
  )
  if (names.length === 0) throw new Error('the library exports nothing')
  return `import library from './index.cjs'\nexport const {\n${names.map((name) => `  ${name},\n`).join('')}} = library\n`
}

/** Many commands name functions of this module and call none; loading it takes a millisecond or two. */
export function whenNeeded(code: string): string {
  if (/\bnode_fs_promises(\$\d+)?\.constants\b/.test(code))
    throw new Error('constants of node:fs/promises: import them from node:fs, which is loaded')
  return code
    .replaceAll(/^let node_fs_promises(\$\d+)? = require\("node:fs\/promises"\);\n/gm, '')
    .replaceAll(/\bnode_fs_promises(?:\$\d+)?\./g, 'require("node:fs/promises").')
}

/**
 * V8 holds text with one character beyond Latin-1 in two bytes a character, and Node takes longer to read it: hundreds of
 * kilobytes for an ellipsis. In strings, templates and expressions an escape means the same.
 */
export function singleBytes(code: string): string {
  if (/\bString\.raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error('a raw string has characters beyond ASCII')
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

import type { PackageEntry } from '../model/package/package-content.ts'

/** Where `env` looks by default (the kernel's and Debian's default PATH). */
export const defaultPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** Modules that programs load, whatever their first line says, and the program that loads them. */
const moduleHosts: readonly (readonly [RegExp, string])[] = [
  [/\.py$/, '/usr/bin/python3'],
  [/\.(pm|pl|al|t)$/, '/usr/bin/perl'],
  [/\.rb$/, '/usr/bin/ruby'],
  [/\.(js|mjs|cjs)$/, '/usr/bin/node'],
  [/\.php$/, '/usr/bin/php'],
  [/\.tcl$/, '/usr/bin/tclsh'],
  [/\.lua$/, '/usr/bin/lua'],
]

/**
 * The interpreters of a script, as absolute paths: one of them has to be in the image for the script to be usable.
 * Undefined when the entry is not a script. A file without execute permission is not started by its first line; a
 * module outside the program folders may be loaded by its language's interpreter instead.
 */
export function interpreterAlternatives(
  entry: Pick<PackageEntry, 'path' | 'type' | 'mode' | 'shebang'>,
  path: readonly string[] = defaultPath,
): readonly string[] | undefined {
  const [interpreter, program] = entry.shebang ?? []
  if (interpreter === undefined || entry.type !== 'file' || (entry.mode & 0o111) === 0) return undefined
  const named =
    program === undefined || program.includes('/')
      ? [program ?? interpreter]
      : path.map((folder) => `${folder}/${program}`)
  const host = moduleHost(entry.path)
  return host === undefined ? named : [...named, host]
}

/** The program that loads a file as a module, whatever its first line says; undefined for programs and other files. */
export function moduleHost(path: string): string | undefined {
  if (/(^|\/)(bin|sbin)\/[^/]+$/.test(path)) return undefined
  return moduleHosts.find(([name]) => name.test(path))?.[1]
}

import type { FileEntry } from '../../../packages/temper/src/model/package/package-content.ts'

/** What a package brings, and what of it the image has. */
export interface PackageFiles {
  readonly name: string
  /** The package's own entries: paths without a leading slash. */
  readonly entries: readonly FileEntry[]
  /** Texts of its units of systemd, by name. */
  readonly units: ReadonlyMap<string, string>
  /** Whether a path of the image is a file that can be executed. */
  executable(path: string): boolean
}

export interface MainProgram {
  /** Absolute path. */
  readonly path: string
  /** Words that its unit gives it, when there is one. */
  readonly service?: readonly string[]
}

/**
 * The program that a package is for: what its service runs, else the program of its name, else its only one. Undefined
 * when it has none, or several and none of them is of its name.
 */
export function mainProgram(files: PackageFiles): MainProgram | undefined {
  const service = serviceLine(files)
  if (service !== undefined) return { path: service[0], service: service.slice(1) }
  const programs = files.entries.flatMap(({ path, type }) => {
    const [, name] = /^(?:usr\/)?(?:local\/)?s?bin\/([^/]+)$/.exec(path) ?? []
    return name !== undefined && type !== 'directory' && files.executable(path)
      ? [{ path: `/${path}`, name }]
      : []
  })
  const named = namesOf(files.name).flatMap((wanted) => programs.find(({ name }) => name === wanted) ?? [])
  const chosen = named[0] ?? (programs.length === 1 ? programs[0] : undefined)
  return chosen && { path: chosen.path }
}

/** As the package is called, and as what it serves with would be called. */
function namesOf(name: string): readonly string[] {
  const short = name.replace(/-?[0-9][0-9.]*$/, '')
  const base = name.replace(/-(?:server|daemon|base|core|common)$/, '')
  return [...new Set([name, `${name}d`, short, base, `${base}d`])]
}

/** The first `ExecStart=` (systemd.service(5)) whose program the image has; the unit of the package's name goes first. */
function serviceLine({ name, units, executable }: PackageFiles): readonly [string, ...string[]] | undefined {
  const own = (unit: string) => (namesOf(name).includes(unit.replace(/@?\.service$/, '')) ? 0 : 1)
  const texts = [...units].sort(([a], [b]) => own(a) - own(b) || (a < b ? -1 : 1)).map(([, text]) => text)
  for (const text of texts) {
    for (const [, line = ''] of text.replace(/\\\n/g, ' ').matchAll(/^ExecStart\s*=\s*[-@:+!|]*(\S.*)$/gm)) {
      const [program = '', ...words] = line.match(/"[^"]*"|'[^']*'|\S+/g) ?? []
      const plain = words.filter((word) => !/[$%]/.test(word)).map((word) => word.replace(/^["']|["']$/g, ''))
      if (program.startsWith('/') && executable(program.slice(1))) return [program, ...plain]
    }
  }
  return undefined
}

/** Sections of an OpenSSL configuration: name → key → value. Keys before the first section are in "default". */
export type OpensslConfig = ReadonlyMap<string, ReadonlyMap<string, string>>

/** Most files that may be included, and how deep. */
const includeLimit = 64

/**
 * Reads the format of config(5ssl): sections, `key = value`, comments, continued lines, quotes, `.include`
 * and `$name`, `${name}`, `${section::name}`. `include` gives the texts that an `.include` path stands for.
 * Environment variables stay as written.
 */
export function parseOpensslConfig(
  text: string,
  include: (path: string) => readonly string[],
): OpensslConfig {
  const sections = new Map<string, Map<string, string>>([['default', new Map()]])
  let included = 0
  const section = (name: string) => {
    const known = sections.get(name) ?? new Map<string, string>()
    sections.set(name, known)
    return known
  }
  const read = (source: string, start: string): string => {
    let current = start
    for (const raw of source.replace(/\\\r?\n/g, '').split('\n')) {
      const line = stripComment(raw).trim()
      const [key, value] = assignment(line)
      const path = includedPath(line)
      if (line.startsWith('[') && line.endsWith(']')) {
        current = line.slice(1, -1).trim()
        section(current)
      } else if (path !== undefined) {
        for (const inner of included < includeLimit ? include(unquote(path)) : []) {
          if (++included > includeLimit) break
          current = read(inner, current)
        }
      } else if (key !== undefined && value !== undefined) {
        // A key may name its section: `section::key = value`.
        const [where, name] = key.includes('::') ? key.split('::', 2) : [current, key]
        section(where ?? current).set(name ?? key, substitute(unquote(value), current, sections))
      }
    }
    return current
  }
  read(text, 'default')
  return sections
}

/** A line without its comment; a `#` in quotes or after a backslash does not start one. */
export function stripComment(line: string): string {
  return line.replace(/^((?:[^"'#\\]|\\.|"[^"]*"|'[^']*')*)#.*$/s, '$1')
}

// By position rather than by one pattern each: patterns with blanks on both sides of a text take quadratic time.

function assignment(line: string): readonly [key?: string, value?: string] {
  const equals = line.indexOf('=')
  return equals < 1 ? [] : [line.slice(0, equals).trim(), line.slice(equals + 1).trim()]
}

/** The path of an `.include`, as it is written. */
export function includedPath(line: string): string | undefined {
  if (!line.startsWith('.include')) return undefined
  const path = line.slice('.include'.length).trim().replace(/^=/, '').trim()
  return path === '' ? undefined : path
}

/** A value without blanks around it, and without quotes around it. */
export function unquote(value: string): string {
  const trimmed = value.trim()
  const quote = trimmed[0]
  if ((quote === '"' || quote === "'") && trimmed.length > 1 && trimmed.endsWith(quote))
    return trimmed.slice(1, -1)
  return trimmed
}

function substitute(value: string, current: string, sections: OpensslConfig): string {
  if (!value.includes('$')) return value
  return value.replace(/\$(?:\{([^}]+)\}|\(([^)]+)\)|([A-Za-z0-9_:]+))/g, (whole, braced, round, bare) => {
    const reference = String(braced ?? round ?? bare)
    const [where, name] = reference.includes('::') ? reference.split('::', 2) : [current, reference]
    return sections.get(where ?? '')?.get(name ?? '') ?? sections.get('default')?.get(reference) ?? whole
  })
}

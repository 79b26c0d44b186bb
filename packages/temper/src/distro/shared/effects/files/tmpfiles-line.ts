/** A line of tmpfiles.d(5). */
export interface TmpfilesLine {
  /** One letter. */
  readonly type: string
  /** `+`: replaces what exists. */
  readonly forced: boolean
  /** Absolute path; a pattern for types that act on existing objects. */
  readonly path: string
  readonly mode: TmpfilesMode | undefined
  readonly user: Owner | undefined
  readonly group: Owner | undefined
  /** Absent when there is none, or `-`. */
  readonly argument: string | undefined
}

export interface TmpfilesMode {
  readonly bits: number
  /** `:`: applies only to new objects. */
  readonly onlyNew: boolean
  /** `~`: masks the mode by the existing permissions. */
  readonly masked: boolean
}

export interface Owner {
  /** A name or a number. */
  readonly name: string
  readonly onlyNew: boolean
}

const roots = /^\/(?:var|run|etc|usr|srv|opt|home|root)\//

/**
 * Reads a line; undefined for lines without an entry, for those about a running system (`!`) or its host
 * (specifiers), and for invalid ones, which systemd-tmpfiles skips.
 */
export function readTmpfilesLine(text: string): TmpfilesLine | undefined {
  const match =
    /^\s*(\S+)\s+("[^"]*"|'[^']*'|\S+)(?:\s+(\S+))?(?:\s+(\S+))?(?:\s+(\S+))?(?:\s+\S+)?(?:\s+(.*?))?\s*$/s.exec(
      text,
    )
  const [, type = '', path = '', mode = '-', user = '-', group = '-', argument = '-'] = match ?? []
  const [, letter, modifiers = ''] = /^([A-Za-z])([-!+=~^$?]*)$/.exec(type) ?? []
  const at = withoutSpecifiers(path.replace(/^(["'])(.*)\1$/s, '$2'))
  if (letter === undefined || modifiers.includes('!') || at === undefined) return undefined
  if (!roots.test(at) || /\/\.\.?(?:\/|$)/.test(at)) return undefined
  const bits = /^[:~]*([0-7]{1,4})$/.exec(mode)?.[1]
  if (bits === undefined && mode !== '-') return undefined
  const rest = argument === '-' ? '' : withoutSpecifiers(argument)
  if (rest === undefined) return undefined
  return {
    type: letter,
    forced: modifiers.includes('+'),
    path: at.replace(/(?<=.)\/+$/, ''),
    mode:
      bits === undefined
        ? undefined
        : { bits: Number.parseInt(bits, 8), onlyNew: mode.includes(':'), masked: mode.includes('~') },
    user: ownerOf(user),
    group: ownerOf(group),
    argument: rest === '' ? undefined : rest,
  }
}

/** `%%` is a percent sign; all else behind one is known on the host alone. */
function withoutSpecifiers(text: string): string | undefined {
  return /%/.test(text.replaceAll('%%', '')) ? undefined : text.replaceAll('%%', '%')
}

function ownerOf(text: string): Owner | undefined {
  if (text === '-') return undefined
  return { name: text.replace(/^:/, ''), onlyNew: text.startsWith(':') }
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
}

/** The content of a file, with C-style escapes decoded. */
export function unescapeArgument(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2})|(.))/gs, (_, hex, octal, letter) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    return Object.hasOwn(escapes, letter) ? (escapes[letter] ?? letter) : letter
  })
}

// Control characters (C0 without tab and line feed, DEL, C1) and format characters: they move the cursor, change
// colours and titles, or turn text around (Unicode, general categories Cc and Cf), and the two line separators.
const unprintable = /(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/gu

const unusual = /[^\n\t\x20-\x7e]/

/**
 * Foreign text in a form that is safe for a terminal or a log: characters that would control a terminal or reorder
 * text are written as escapes such as `\u001b`. Line feeds and tabs stay.
 */
export function printable(text: string): string {
  // Most text is plain, which takes a quarter of the time to see.
  return unusual.test(text) ? text.replace(unprintable, escaped) : text
}

/** Like {@link printable}, on one line and at most `most` characters long (default 200). */
export function printableLine(text: string, options: { readonly most?: number } = {}): string {
  const most = options.most ?? 200
  // Cut first: escaping makes text longer, and there may be much of it.
  return cut(printable(cut(text, most + 1).replace(/[\r\n\t]+/g, ' ')), most)
}

/** Never between the halves of a surrogate pair. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const split = /[\ud800-\udbff]$/.test(text.slice(most - 2, most - 1))
  return `${text.slice(0, split ? most - 2 : most - 1)}…`
}

/**
 * A value as JSON on one line. Strings in it cannot control a terminal either; the meaning of the JSON is unchanged.
 */
export function printableJson(value: unknown): string {
  return printable(JSON.stringify(value))
}

/** As JSON writes it, so that a JSON text stays one and means the same. */
function escaped(char: string): string {
  const units = Array.from({ length: char.length }, (_, index) => char.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

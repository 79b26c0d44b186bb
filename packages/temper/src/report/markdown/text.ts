import { printable } from '../../base/printable.ts'

/**
 * Foreign text for GitHub- and GitLab-flavoured Markdown, on one line: no markup, no HTML, no table cell ends, and
 * nobody is notified by an "@name" or linked by a "#1". Not for the beginning of a line, where lists and headings start.
 */
export function markdownText(text: string): string {
  return printable(text)
    .toWellFormed()
    .replaceAll(/[\n\t]+/g, ' ')
    .replaceAll(/[\\`*_{}[\]()<>|~$:&@#]|(?<=\bwww)\./gi, entity)
}

/** The same as code: nothing in it means anything, and it stands in one table cell. */
export function markdownCode(text: string): string {
  const line = printable(text)
    .toWellFormed()
    .replaceAll(/[\n\t]+/g, ' ')
  // Neither a backtick nor the end of a cell can be escaped within code.
  if (line === '' || /[`|]/.test(line)) return `<code>${markdownText(line)}</code>`
  return `\`${line}\``
}

/** A comment behind "@" and "#" keeps them apart from the name or number that follows, also when entities are resolved. */
function entity(char: string): string {
  return `&#${char.charCodeAt(0)};${char === '@' || char === '#' ? '<!-- -->' : ''}`
}

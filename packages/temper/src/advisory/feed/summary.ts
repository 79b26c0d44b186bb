const longest = 240

/** Text as one line of bounded length; undefined when there is none. */
export function summaryLine(text: string | undefined): string | undefined {
  const line = text
    ?.slice(0, 4 * longest)
    .replace(/\s+/g, ' ')
    .trim()
  if (line === undefined || line === '') return undefined
  return (line.length > longest ? `${line.slice(0, longest - 1)}…` : line).toWellFormed()
}

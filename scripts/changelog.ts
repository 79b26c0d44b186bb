/** CHANGELOG.md: a title, an introduction, and a section "## VERSION (DAY)" a release, the newest first. */

const unreleased = '## Unreleased'

/** Gives the section "Unreleased" a version and a day (YYYY-MM-DD), and puts a new, empty one above it. */
export function releaseChanges(text: string, version: string, day: string): string {
  if (sectionOf(text, unreleased) === '') throw new Error('CHANGELOG.md: there is nothing under "Unreleased"')
  if (new RegExp(`^## ${escaped(version)}( |$)`, 'm').test(text))
    throw new Error(`CHANGELOG.md: ${version} is there already`)
  return text.replace(unreleased, `${unreleased}\n\n## ${version} (${day})`)
}

/** What a version changed, as it is written. Throws when there is nothing. */
export function notesOf(text: string, version: string): string {
  const heading = new RegExp(`^## ${escaped(version)}( .*)?$`, 'm').exec(text)?.[0]
  const notes = heading === undefined ? '' : sectionOf(text, heading)
  if (notes === '') throw new Error(`CHANGELOG.md: there is nothing under "## ${version}"`)
  return notes
}

/** The text between a heading of the second level and the next one. */
function sectionOf(text: string, heading: string): string {
  const lines = text.split('\n')
  const start = lines.indexOf(heading)
  if (start < 0) return ''
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => line.startsWith('## '))
  return rest
    .slice(0, end < 0 ? rest.length : end)
    .join('\n')
    .trim()
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

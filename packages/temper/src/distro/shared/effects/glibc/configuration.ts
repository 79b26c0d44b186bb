import type { Stage } from '../stage.ts'

const maximumFiles = 1000
export const configurationFile = 'etc/ld.so.conf'

/**
 * Folders of ld.so.conf in the order in which ldconfig reads them, with `include` lines followed in place, and
 * without trailing slashes. `fallback` is used if there is no such file.
 */
export function configuredFolders(stage: Stage, fallback: string): readonly string[] {
  const folders: string[] = []
  const seen = new Set<string>()
  const read = (text: string) => {
    for (const raw of text.split('\n')) {
      const line = raw.replace(/#.*/s, '').trim()
      const pattern = /^include\s+(\S.*)$/.exec(line)?.[1]
      if (pattern !== undefined) for (const file of pattern.split(/\s+/)) include(file)
      // What follows an equals sign was once the type of the C library.
      else if (line.startsWith('/')) folders.push(withoutSlashes(line.replace(/=.*/s, '')))
    }
  }
  const include = (pattern: string) => {
    for (const file of filesOf(pattern, stage)) {
      if (seen.has(file) || seen.size >= maximumFiles) continue
      seen.add(file)
      read(stage.text(file) ?? '')
    }
  }
  read(stage.resolve(configurationFile) === undefined ? fallback : (stage.text(configurationFile) ?? ''))
  return folders
}

function withoutSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end--
  return path.slice(1, end)
}

/** `DIR/*.conf`, the only form in use; relative to /etc. */
function filesOf(pattern: string, stage: Stage): readonly string[] {
  const path = (pattern.startsWith('/') ? pattern : `/etc/${pattern}`).slice(1)
  const match = /^(.*)\/\*([^/*]*)$/.exec(path)
  if (!match) return [path]
  const [, folder = '', suffix = ''] = match
  const names = stage.list(folder).filter((name) => name.endsWith(suffix) && !name.startsWith('.'))
  return names.map((name) => `${folder}/${name}`)
}

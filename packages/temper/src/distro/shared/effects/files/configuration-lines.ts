import type { EffectContext } from '../effect.ts'

export interface ConfigurationFile {
  readonly name: string
  readonly text: string
}

/**
 * The files of a folder as systemd's tools read them: those of /etc take precedence over those of /usr/lib with the
 * same name. They are sorted by name, and comments are removed.
 */
export function configurationFiles({ stage }: EffectContext, folder: string): readonly ConfigurationFile[] {
  const files = new Map<string, string>()
  for (const parent of ['usr/lib', 'etc']) {
    for (const name of stage.list(`${parent}/${folder}`)) {
      if (!name.endsWith('.conf')) continue
      const text = stage.text(`${parent}/${folder}/${name}`)
      if (text !== undefined) files.set(name, text.replace(/^\s*#.*$/gm, ''))
    }
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, text]) => ({ name, text }))
}

/** Fields of a line, separated by white space; quotes keep white space in a field. */
export function splitLine(line: string): readonly string[] {
  const fields = line.match(/"[^"]*"|'[^']*'|\S+/g) ?? []
  return fields.map((field) => (/^(["']).*\1$/s.test(field) && field.length > 1 ? field.slice(1, -1) : field))
}

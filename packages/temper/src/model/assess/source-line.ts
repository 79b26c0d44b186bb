/** The place in the recipe or Dockerfile of an image where a finding can be fixed. */
export interface SourceLine {
  /** The file, under the name that it was given by or is attached to the image under. */
  readonly file: string
  /** From 1. Absent when there is no such line yet. */
  readonly line?: number
  /** What is there, or has to be added: "contents.packages[2]", "USER". */
  readonly key: string
  /** Whether it is there to be changed, or has to be added. */
  readonly change: 'change' | 'add'
  /** The package that this line brings; the line is not a fault by itself. */
  readonly brings?: string
}

/** As people write it: "recipe.yaml:12: contents.packages[2]"; "recipe.yaml: add stop-signal". */
export function sourceLineText({ file, line, key, change, brings }: SourceLine): string {
  const where = line === undefined ? file : `${file}:${line}`
  const because = brings === undefined ? '' : `, which brings ${brings}`
  return `${where}: ${change === 'add' ? 'add ' : ''}${key}${because}`
}

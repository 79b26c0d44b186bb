/** Where in the recipe or Dockerfile of an image a finding is repaired. */
export interface SourceLine {
  /** The file, as the person named it, or as it is attached to the image. */
  readonly file: string
  /** From 1. Absent: there is no such line yet. */
  readonly line?: number
  /** What stands there, or is to be added: "contents.packages[2]", "USER". */
  readonly key: string
  /** Whether it is there to be changed, or has to be added. */
  readonly change: 'change' | 'add'
  /** What stands there is no fault by itself, but brings this package. */
  readonly brings?: string
}

/** As people write it: "recipe.yaml:12: contents.packages[2]"; "recipe.yaml: add stop-signal". */
export function sourceLineText({ file, line, key, change, brings }: SourceLine): string {
  const where = line === undefined ? file : `${file}:${line}`
  const because = brings === undefined ? '' : `, which brings ${brings}`
  return `${where}: ${change === 'add' ? 'add ' : ''}${key}${because}`
}

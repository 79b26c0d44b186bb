/** What the comment says that a recipe begins with. */
export interface Introduction {
  /** Paragraphs before the first chapter, as Markdown. */
  readonly text: string
  /** Chapters by their titles, in the order of the comment. */
  readonly chapters: ReadonlyMap<string, string>
}

/** A line of its own that begins a chapter. */
const title = /^(?:Coming from .+|In a Dockerfile):$/

/** Reads the comment; indented lines of it are commands, Dockerfiles or configuration. */
export function introduction(recipe: string): Introduction {
  const lines = recipe.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  const chapters = new Map<string, string[]>()
  const text: string[] = []
  let into = text
  for (const line of lines.slice(0, end).map((each) => each.replace(/^# ?/, ''))) {
    if (title.test(line)) {
      into = []
      chapters.set(line.slice(0, -1), into)
    } else into.push(line)
  }
  const marked = [...chapters].map(([name, body]) => [name, markdown(body)] as const)
  return { text: markdown(text), chapters: new Map(marked) }
}

/** A block of indented lines; blank lines belong to it when what follows is indented too. */
const block = /(?:^ {2,}\S.*\n?)(?:\n*^ {2,}\S.*\n?)*/gm

function markdown(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replaceAll(block, (paragraph, offset: number, whole: string) => {
      // What goes on in a list is indented too.
      if (/(?:^|\n)- .*\n(?: {2,}.*\n)*$/.test(whole.slice(0, offset))) return paragraph
      const body = paragraph.trimEnd().replaceAll(/^ {2}/gm, '')
      if (/^FROM /.test(body)) return `\`\`\`dockerfile\n${body}\n\`\`\`\n`
      return `<!-- not run: needs a container runtime and the image -->\n\`\`\`sh\n${body}\n\`\`\`\n`
    })
    .trim()
}

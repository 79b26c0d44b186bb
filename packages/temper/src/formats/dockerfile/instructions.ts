/** An instruction of a Dockerfile (Dockerfile reference, "Format"). */
export interface DockerfileInstruction {
  /** Keyword in upper case: "RUN". */
  readonly keyword: string
  /** What follows the keyword, with continued lines joined and the texts of its heredocs. */
  readonly text: string
  /** Line of the keyword, from 1. */
  readonly line: number
}

/** A stage: from one FROM to the next. */
export interface DockerfileStage {
  /** What FROM names, with variables as they are written. */
  readonly from: string
  /** Name of the stage in lower case. */
  readonly name?: string
  /** FROM first. */
  readonly instructions: readonly DockerfileInstruction[]
}

/** Bounds on what is read: longer texts are cut off, as no person wrote them. */
const limits = { characters: 1 << 20, lines: 20_000 } as const

/** The stages of a Dockerfile, in order. Instructions before the first FROM (ARG) belong to none. */
export function dockerfileStages(text: string): readonly DockerfileStage[] {
  const stages: { from: string; name?: string; instructions: DockerfileInstruction[] }[] = []
  for (const instruction of dockerfileInstructions(text)) {
    if (instruction.keyword === 'FROM') {
      const words = instruction.text.split(/\s+/).filter((word) => !word.startsWith('--'))
      const [from = '', as = '', name] = words
      const named = as.toUpperCase() === 'AS' && name !== undefined ? { name: name.toLowerCase() } : {}
      stages.push({ from, ...named, instructions: [instruction] })
    } else stages.at(-1)?.instructions.push(instruction)
  }
  return stages
}

/** The instructions of a Dockerfile, in order; lines that are not instructions are skipped. */
export function dockerfileInstructions(source: string): readonly DockerfileInstruction[] {
  const lines = source
    .slice(0, limits.characters)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, limits.lines)
  const continued = escapeOf(lines)
  const instructions: DockerfileInstruction[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1
    let text = (lines[at] ?? '').trim()
    if (text === '' || text.startsWith('#')) continue
    let goesOn = isContinued(text, continued)
    while (goesOn && at + 1 < lines.length) {
      const next = (lines[++at] ?? '').trim()
      // Comments and empty lines between lines that are continued are left out, and end nothing.
      if (next === '' || next.startsWith('#')) continue
      text = `${text.slice(0, -1)} ${next}`
      goesOn = isContinued(next, continued)
    }
    const [, keyword = '', rest = ''] = /^([A-Za-z]+)(?:\s+(.*))?$/s.exec(text) ?? []
    if (keyword === '') continue
    const heredocs = heredocsOf(keyword, rest)
    const bodies: string[] = []
    for (const { end, dedent } of heredocs) {
      for (at++; at < lines.length; at++) {
        const body = dedent ? (lines[at] ?? '').replace(/^\t+/, '') : (lines[at] ?? '')
        if (body === end) break
        bodies.push(body)
      }
    }
    instructions.push({ keyword: keyword.toUpperCase(), text: [rest.trim(), ...bodies].join('\n'), line })
  }
  return instructions
}

/** Two of the character are one that is meant. */
function isContinued(line: string, by: string): boolean {
  return line.endsWith(by) && line.at(-2) !== by
}

/** The parser directive at the top: "# escape=`" is for Windows. */
function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const [, name = '', value = ''] = /^#\s*([A-Za-z]+)\s*=\s*(\S+)\s*$/.exec(line) ?? []
    if (name === '') return '\\'
    if (name.toLowerCase() === 'escape') return value === '`' ? '`' : '\\'
  }
  return '\\'
}

/** Words that open a heredoc, as BuildKit takes them: in RUN, COPY and ADD. */
function heredocsOf(
  keyword: string,
  text: string,
): readonly { readonly end: string; readonly dedent: boolean }[] {
  if (!/^(?:RUN|COPY|ADD)$/i.test(keyword)) return []
  return [...text.matchAll(/(?<![<\w])\d*<<(-?)(["']?)([A-Za-z_][\w.-]*)\2/g)].map(
    ([, dash, , end = '']) => ({
      end,
      dedent: dash === '-',
    }),
  )
}

import { parse } from 'yaml'

/** A block of a page that a reader would paste into a shell. */
export interface PageBlock {
  /** Line of the fence, from 1. */
  readonly line: number
  readonly script: string
  /** Why no test runs it. */
  readonly notRun?: string
  /** Code that it has to end with. */
  readonly endsWith: number
}

const fence = /^```(\w*)$/
const mark = /^<!-- (?:not run: (?<reason>.+)|ends with (?<code>\d+)) -->$/

/**
 * The fenced blocks of a page that are shell: `sh`, `console` (its commands begin with "$ ") and those that name no
 * language. A comment right before one says why it is not run, or with which code it ends.
 */
export function pageBlocks(markdown: string): readonly PageBlock[] {
  const lines = markdown.split('\n')
  const blocks: PageBlock[] = []
  for (let i = 0; i < lines.length; i++) {
    const language = fence.exec(lines[i] ?? '')?.[1]
    if (language === undefined) continue
    const end = lines.indexOf('```', i + 1)
    const body = lines.slice(i + 1, end)
    const { reason, code } = mark.exec(lines[i - 1] ?? '')?.groups ?? {}
    const script = scriptOf(language, body)
    if (script !== undefined)
      blocks.push({
        line: i + 1,
        script,
        endsWith: Number(code ?? 0),
        ...(reason === undefined ? {} : { notRun: reason }),
      })
    i = end
  }
  return blocks
}

/** What is shell in a block: all of it, its commands, or the steps of a pipeline (Jenkins, Tekton); undefined: nothing. */
function scriptOf(language: string, body: readonly string[]): string | undefined {
  const text = body.join('\n')
  if (language === 'console') return commandsOf(body)
  if (language === 'groovy') return [...text.matchAll(/\bsh '([^']*)'/g)].map((match) => match[1]).join('\n')
  if (language === 'yaml' && /^kind: Task$/m.test(text)) return taskScript(text)
  return ['sh', ''].includes(language) ? text : undefined
}

function taskScript(text: string): string {
  const task = parse(text) as { spec: { steps: { script: string }[] } }
  return `IMAGE=; ${task.spec.steps.map(({ script }) => script).join('\n')}`
}

function commandsOf(lines: readonly string[]): string {
  const commands: string[] = []
  let open = false
  for (const line of lines) {
    if (!open && !line.startsWith('$ ')) continue
    commands.push(open ? line : line.slice(2))
    open = line.endsWith('\\')
  }
  return commands.join('\n')
}

/** The commands in the last column of a page's tables, where that column is headed "Temper". */
export function tableCommands(markdown: string): readonly string[] {
  let last = -1
  return markdown.split('\n').flatMap((line) => {
    if (!line.startsWith('|')) {
      last = -1
      return []
    }
    const cells = line.split(/(?<!\\)\|/).slice(1, -1)
    if (cells.at(-1)?.trim() === 'Temper') {
      last = cells.length - 1
      return []
    }
    if (last < 0) return []
    const cell = cells[last] ?? ''
    return [...cell.matchAll(/`(temper [^`]*)`/g)].map((match) => (match[1] ?? '').replaceAll('\\|', '|'))
  })
}

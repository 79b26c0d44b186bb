import { createInterface } from 'node:readline'

/** A terminal that a person types on. */
export interface LineTerminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  /** Called for Ctrl-C. */
  readonly interrupt: () => void
}

/** Reads a line. Undefined when the person ended the input instead. */
export function askLine(question: string, terminal: LineTerminal): Promise<string | undefined> {
  const { input, output, interrupt } = terminal
  const reader = createInterface({ input, output, terminal: true, historySize: 0 })
  return new Promise((resolve) => {
    let isAnswered = false
    reader.on('SIGINT', () => {
      reader.close()
      interrupt()
    })
    reader.on('close', () => {
      if (!isAnswered) output.write('\n')
      resolve(undefined)
    })
    reader.question(question, (answer) => {
      isAnswered = true
      resolve(answer)
      reader.close()
    })
  })
}

import { StringDecoder } from 'node:string_decoder'

/** What is needed of standard input. */
interface RawInput {
  setRawMode(mode: boolean): unknown
  pause(): unknown
  resume(): unknown
  on(event: 'data', listener: (chunk: Buffer) => void): unknown
  off(event: 'data', listener: (chunk: Buffer) => void): unknown
}

/** A terminal that a person types on. */
export interface SecretTerminal {
  readonly input: RawInput
  readonly output: { write(text: string): unknown }
  /** Called for Ctrl-C, which raw mode hands over as a character. */
  readonly interrupt: () => void
}

/** Longest secret. */
const lengthLimit = 1024

/** Reads a line that is not shown while it is typed. Undefined when the person ended the input instead. */
export function askSecret(question: string, terminal: SecretTerminal): Promise<string | undefined> {
  const { input, output } = terminal
  const decoder = new StringDecoder('utf8')
  let typed: string[] = []
  output.write(question)
  return new Promise((resolve) => {
    const finish = (answer: string | undefined) => {
      input.off('data', read)
      input.setRawMode(false)
      input.pause()
      output.write('\n')
      resolve(answer)
    }
    const read = (chunk: Buffer) => {
      for (const char of decoder.write(chunk)) {
        if (char === '\r' || char === '\n') return finish(typed.join(''))
        if (char === '\x04') return finish(undefined)
        if (char === '\x03') {
          finish(undefined)
          return terminal.interrupt()
        }
        if (char === '\x7f' || char === '\b') typed = typed.slice(0, -1)
        else if (char >= ' ' && typed.length < lengthLimit) typed.push(char)
      }
    }
    input.setRawMode(true)
    input.on('data', read)
    input.resume()
  })
}

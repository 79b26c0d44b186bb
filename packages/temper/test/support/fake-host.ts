import type { Host, Output } from '../../src/cli/host.ts'

/** A host whose output is kept, with a clock that stands still unless it is told otherwise. */
export class FakeHost implements Host {
  readonly env: Record<string, string | undefined>
  readonly workingDir: string
  readonly machine = { architecture: process.arch, node: process.execPath }
  readonly controller = new AbortController()
  readonly signal = this.controller.signal
  /** Milliseconds since 1970. */
  time = Date.UTC(2026, 0, 1)
  out = ''
  err = ''
  /** What the person answers to questions, one after the other; nobody is there when it is empty. */
  readonly secrets: string[] = []
  /** The same of questions whose answers are no secret. */
  readonly answers: string[] = []
  /** What standard input holds. */
  input = ''
  readonly stdout: Output
  readonly stderr: Output

  constructor(options: { env?: Record<string, string>; workingDir?: string; terminal?: boolean } = {}) {
    this.env = { HOME: '/nonexistent', PATH: '/usr/bin:/bin', ...options.env }
    this.workingDir = options.workingDir ?? '/'
    const isTerminal = options.terminal ?? false
    const take = (name: 'out' | 'err') => (text: string | Uint8Array) => {
      this[name] += typeof text === 'string' ? text : Buffer.from(text).toString('utf8')
    }
    const output = { isTerminal, columns: () => 80, taken: async () => {} }
    this.stdout = { ...output, write: take('out') }
    this.stderr = { ...output, write: take('err') }
  }

  now(): Date {
    return new Date(this.time)
  }

  get isAnswered(): boolean {
    return this.answers.length > 0
  }

  async ask(question: string): Promise<string | undefined> {
    this.err += question
    return this.answers.shift()
  }

  async askSecret(): Promise<string | undefined> {
    return this.secrets.shift()
  }

  async readInput(): Promise<Uint8Array> {
    return Buffer.from(this.input)
  }
}

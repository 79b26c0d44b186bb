import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { TemperError } from '../../base/error.ts'
import { workerAddress } from '../../formats/compress/worker-address.ts'
import type { HttpAnswer } from '../../model/container.ts'

const worker = fileURLToPath(workerAddress('probe-worker', import.meta.url))

/** What the worker sends. */
interface Reply {
  readonly answer?: HttpAnswer
}

/**
 * Asks ports inside the network of a container, through a process there (probe-worker.ts). `enter` is the
 * command that runs another one in that network, such as nsenter; `node` the path of Node.
 */
export class Probe {
  readonly #child: ChildProcess
  #said = ''
  #ended: string | undefined

  constructor(enter: readonly string[], node: string) {
    const [program = node, ...args] = [...enter, node, worker]
    // The channel takes the place of standard input, which every command in between hands on.
    const child = spawn(program, args, { stdio: ['ipc', 'ignore', 'pipe'], detached: true })
    this.#child = child
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString('utf8')).slice(-2000)
    })
    child.on('error', (error) => {
      this.#ended ??= error.message
    })
    child.on('close', (code) => {
      this.#ended ??= `exit code ${code ?? 'none'}`
    })
  }

  /** One request; a further one only after its answer. Undefined when nothing answers. */
  async ask(port: number, path: string): Promise<HttpAnswer | undefined> {
    return await new Promise((resolve, reject) => {
      const settle = (work: () => void) => {
        this.#child.off('message', onMessage)
        this.#child.off('close', onEnd)
        this.#child.off('error', onEnd)
        work()
      }
      const onMessage = (reply: unknown) => settle(() => resolve((reply as Reply).answer))
      const onEnd = () => settle(() => reject(this.#failure()))
      this.#child.on('message', onMessage)
      this.#child.on('close', onEnd)
      this.#child.on('error', onEnd)
      if (this.#ended !== undefined) onEnd()
      // A question that does not arrive finds a process that is about to close, which says why.
      else this.#child.send({ port, path }, () => {})
    })
  }

  close(): void {
    this.#child.kill('SIGKILL')
  }

  #failure(): TemperError {
    const said = this.#said.trim() || this.#ended || 'the channel is closed'
    return new TemperError('tool-failed', `Cannot send requests inside the container's network: ${said}`, {
      hint: 'This needs nsenter (package util-linux) and the rights of the user that runs the container.',
    })
  }
}

import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { temperProgram } from '../../../temper/test/support/program.ts'
import type { Service } from '../factory/service.ts'

/** `temper worker` in a process of its own. */
export class Worker {
  readonly #service: Service
  readonly #token: string
  readonly #name: string
  #child: ReturnType<typeof spawn> | undefined

  private constructor(service: Service, token: string, name: string) {
    this.#service = service
    this.#token = token
    this.#name = name
  }

  static async make(service: Service, name = 'worker'): Promise<Worker> {
    const grants = [{ project: '*', role: 'worker' }]
    const { token } = await service.post<{ token: string }>('/api/tokens', { name, grants })
    const path = service.path(`${name}.token`)
    await writeFile(path, token, { mode: 0o600 })
    return new Worker(service, path, name)
  }

  start(url: string): void {
    const words = [
      'worker',
      '--name',
      this.#name,
      '--server',
      url,
      '--token-file',
      this.#token,
      '--data',
      this.#service.path(this.#name),
    ]
    const { PATH = '' } = process.env
    this.#child = spawn(process.execPath, [...temperProgram, ...words], {
      cwd: this.#service.folder,
      stdio: 'ignore',
      env: { PATH, HOME: this.#service.folder },
    })
  }

  /** Kills it, and starts it anew for a service at this address. */
  again(url: string): void {
    this.kill()
    this.start(url)
  }

  kill(): void {
    this.#child?.kill('SIGKILL')
  }
}

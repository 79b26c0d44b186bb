import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { temperProgram } from '../../../temper/test/support/program.ts'
import type { Service } from '../factory/service.ts'

/** `temper worker` in a process of its own. */
export class Worker {
  readonly #service: Service
  readonly #token: string
  #child: ReturnType<typeof spawn> | undefined

  private constructor(service: Service, token: string) {
    this.#service = service
    this.#token = token
  }

  static async make(service: Service): Promise<Worker> {
    const grants = [{ project: '*', role: 'worker' }]
    const { token } = await service.post<{ token: string }>('/api/tokens', { name: 'machine', grants })
    const path = service.path('worker.token')
    await writeFile(path, token, { mode: 0o600 })
    return new Worker(service, path)
  }

  start(url: string): void {
    const words = [
      'worker',
      '--server',
      url,
      '--token-file',
      this.#token,
      '--data',
      this.#service.path('worker'),
    ]
    const { PATH = '' } = process.env
    this.#child = spawn(process.execPath, [...temperProgram, ...words], {
      cwd: this.#service.folder,
      stdio: 'ignore',
      env: { PATH, HOME: this.#service.folder },
    })
  }

  kill(): void {
    this.#child?.kill('SIGKILL')
  }
}

import { join } from 'node:path'
import type { Digest } from '../../base/digest.ts'
import { ValueCache } from '../../base/value-cache.ts'
import type { SandboxFile } from '../../model/recipe-parts/sandbox.ts'
import type { StepFile } from '../../model/recipe-parts/step.ts'
import type { Context } from '../context.ts'
import { stepFileOf } from './step-file.ts'

/** Outputs of steps by everything that decides them, so that a build with the same step need not run it again. */
export class StepCache {
  readonly #values: ValueCache

  constructor(context: Pick<Context, 'cacheDir' | 'progress'>) {
    this.#values = new ValueCache(join(context.cacheDir, 'steps-1'), context.progress)
  }

  /** The content of each output; undefined when anything is missing. */
  async get(key: Digest): Promise<readonly (readonly SandboxFile[])[] | undefined> {
    const known = await this.#values.getJson<readonly (readonly StepFile[])[]>(key)
    if (known === undefined) return undefined
    const outputs: SandboxFile[][] = []
    for (const files of known) {
      const output: SandboxFile[] = []
      for (const { name, type, executable, digest, target } of files) {
        const content = digest === undefined ? new Uint8Array() : await this.#values.get(digest)
        if (content === undefined) return undefined
        const mode = executable || type !== 'file' ? 0o755 : 0o644
        output.push({ path: name, type, mode, content, ...(target === undefined ? {} : { target }) })
      }
      outputs.push(output)
    }
    return outputs
  }

  async put(key: Digest, outputs: readonly (readonly SandboxFile[])[]): Promise<void> {
    const described = outputs.map((files) =>
      files.map((file) => ({ described: stepFileOf(file), content: file.content })),
    )
    for (const { described: each, content } of described.flat())
      if (each.digest !== undefined) await this.#values.put(each.digest, content)
    await this.#values.put(
      key,
      JSON.stringify(described.map((files) => files.map(({ described: each }) => each))),
    )
  }
}

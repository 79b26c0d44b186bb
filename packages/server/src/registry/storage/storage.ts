import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Content } from './content.ts'
import { isMissing, writeWhole } from './files.ts'
import { Repository } from './repository.ts'
import { Uploads } from './upload.ts'

/**
 * Everything that a registry holds, in one folder: an OCI layout with the content of all repositories, and beside it
 * repositories/NAME/ with the contents of each.
 */
export class Storage {
  readonly content: Content
  readonly uploads = new Uploads()
  readonly #root: string

  private constructor(root: string, content: string) {
    this.#root = root
    this.content = new Content(content)
  }

  /** Opens a folder, which is created when missing; its content may lie in another one. */
  static async open(root: string, { content = root }: { readonly content?: string } = {}): Promise<Storage> {
    await mkdir(root, { recursive: true })
    await writeWhole(join(root, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    // Names belong to repositories; a layout has to have the file all the same.
    await writeWhole(
      join(root, 'index.json'),
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
    )
    return new Storage(root, content)
  }

  /** The repository of a name that was checked. */
  repository(name: string): Repository {
    return new Repository(join(this.#root, 'repositories', name))
  }

  /** Names of repositories with pushed content, in the order of their bytes. */
  async repositories(): Promise<readonly string[]> {
    const names: string[] = []
    for await (const name of this.#below('')) names.push(name)
    return names.sort()
  }

  /**
   * The same names from after one of them, in the order of their parts, for lists of which only some are shown. Reads
   * no more folders than necessary.
   */
  async *repositoriesAfter(after: string): AsyncGenerator<string> {
    yield* this.#belowAfter('', after === '' ? undefined : after.split('/'))
  }

  async *#belowAfter(name: string, after: readonly string[] | undefined): AsyncGenerator<string> {
    const folders = (await this.#folders(name)).toSorted()
    if (after === undefined && name !== '' && folders.some((each) => each.startsWith('_'))) yield name
    const [first, ...rest] = after ?? []
    for (const each of folders) {
      if (each.startsWith('_') || (first !== undefined && each < first)) continue
      yield* this.#belowAfter(name === '' ? each : `${name}/${each}`, each === first ? rest : undefined)
    }
  }

  async *#below(name: string): AsyncGenerator<string> {
    const folders = await this.#folders(name)
    if (name !== '' && folders.some((each) => each.startsWith('_'))) yield name
    for (const each of folders)
      if (!each.startsWith('_')) yield* this.#below(name === '' ? each : `${name}/${each}`)
  }

  async #folders(name: string): Promise<readonly string[]> {
    try {
      const entries = await readdir(join(this.#root, 'repositories', name), { withFileTypes: true })
      return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }
}

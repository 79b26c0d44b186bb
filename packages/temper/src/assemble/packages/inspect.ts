import { createElfCollector } from '../../formats/elf/collect.ts'
import { parseShebang } from '../../formats/shebang.ts'
import type { FileEntry, PackageEntry } from '../../model/package-content.ts'
import { FileDigests } from './file-digests.ts'

/** Most bytes that are kept of one file for the effects. */
const captureLimit = 4 * 1024 * 1024

/** Learns what there is to know of one file while its bytes go by. */
export class FileInspector {
  readonly #entry: FileEntry
  readonly #digests: FileDigests
  readonly #elf: ReturnType<typeof createElfCollector>
  readonly #captured: Uint8Array[] | undefined
  readonly #shebang: readonly string[] | undefined

  /** `head` is the start of the file (256 bytes or all of it); it must be written too. */
  constructor(entry: FileEntry, head: Uint8Array, options: { readonly capture: (path: string) => boolean }) {
    this.#entry = entry
    this.#digests = new FileDigests(entry.size)
    this.#elf = createElfCollector(entry.size)
    this.#captured = entry.size <= captureLimit && options.capture(entry.path) ? [] : undefined
    this.#shebang = parseShebang(head)
  }

  write(chunk: Uint8Array): void {
    this.#digests.update(chunk)
    this.#elf.write(chunk)
    this.#captured?.push(Uint8Array.prototype.slice.call(chunk))
  }

  finish(): { readonly entry: PackageEntry; readonly captured?: string } {
    const elf = this.#elf.finish()
    return {
      entry: {
        ...this.#entry,
        ...this.#digests.finish(),
        ...(elf === undefined ? {} : { elf }),
        ...(this.#shebang === undefined ? {} : { shebang: this.#shebang }),
      },
      ...(this.#captured === undefined ? {} : { captured: Buffer.concat(this.#captured).toString('base64') }),
    }
  }
}

import { crc32 } from 'node:zlib'
import { createElfCollector } from '../formats/elf/collect.ts'
import { FipsModuleCollector, isFipsModulePath } from '../formats/elf/fips-module.ts'
import type { LayerListing } from '../formats/layer/listing.ts'
import { parseShebang } from '../formats/shebang.ts'
import type { Location } from '../model/inventory.ts'
import type { ElfFacts } from '../model/package/package-content.ts'
import type { TreeLayer } from '../model/tree/file-tree.ts'
import { type FileFact, type ListedTree, layListings } from './listings.ts'

/** Raised when what is learned of files changes. */
const factsVersion = 3

/** Most bytes that are kept of one file. */
const contentLimit = 1 << 20

interface Head {
  readonly path: string
  readonly size: number
  readonly start: Uint8Array
}

/** Plain JSON, as it is kept of layers. */
interface KeptFact extends Omit<FileFact, 'content'> {
  /** Base64. */
  readonly content?: string
}

/**
 * Makes the tree of an image or folder during the pass over its layers that an inventory makes anyway. Give it to the
 * reader of the layers; `tree` returns the result afterwards.
 */
export class TreeObserver {
  readonly id = 'tree'
  readonly version: number
  readonly attributes = true
  /** Only selected contents are held: see `select`. */
  readonly sizeLimit = Number.MAX_SAFE_INTEGER
  readonly #keep: readonly RegExp[]
  #layers: readonly LayerListing[] = []
  #facts: ReadonlyMap<string, FileFact> = new Map()

  /** `keep`: paths of files whose content is kept, up to 1 MiB of each. */
  constructor({ keep }: { readonly keep: readonly RegExp[] }) {
    this.#keep = keep
    // What was kept of layers under other patterns lacks contents.
    this.version = crc32(`${factsVersion} ${keep.map(String).join(' ')}`)
  }

  select({ path, size, start }: Head): boolean {
    return isElf(start) || isScript(start) || this.#isKept(path, size)
  }

  follow({ path, size, start }: Head): { write(chunk: Uint8Array): void; finish(): KeptFact } | undefined {
    if (this.#isKept(path, size)) return undefined
    if (isElf(start)) {
      const collector = createElfCollector(size)
      const fips = isFipsModulePath(path) ? new FipsModuleCollector() : undefined
      return {
        write: (chunk) => {
          collector.write(chunk)
          fips?.write(chunk)
        },
        finish: () => ({
          ...elfFact(collector.finish()),
          ...(fips === undefined ? {} : { fipsModule: fips.finish() }),
        }),
      }
    }
    let head = Buffer.alloc(0)
    return {
      write: (chunk) => {
        if (head.length < shebangSize) head = Buffer.concat([head, chunk.subarray(0, shebangSize)])
      },
      finish: () => scriptFact(head),
    }
  }

  read({ bytes, start }: { readonly bytes: Uint8Array; readonly start: Uint8Array }): KeptFact {
    const collector = createElfCollector(bytes.length)
    collector.write(bytes)
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
    return { ...(isElf(start) ? elfFact(collector.finish()) : scriptFact(bytes)), content }
  }

  finish(
    facts: readonly { readonly location: Location; readonly fact: KeptFact; readonly hidden: boolean }[],
    layers: readonly LayerListing[],
  ): void {
    this.#layers = layers
    this.#facts = new Map(
      facts.map(({ location: { path, layer = 0 }, fact: { content, ...fact } }) => [
        `${layer} ${path}`,
        { ...fact, ...(content === undefined ? {} : { content: Buffer.from(content, 'base64') }) },
      ]),
    )
  }

  /**
   * The tree, from the layers laid over each other. `layers`: the layers of the image, lowest first; none for a
   * folder.
   */
  tree(layers: readonly TreeLayer[]): ListedTree {
    return layListings(this.#layers, { facts: this.#facts, layers })
  }

  #isKept(path: string, size: number): boolean {
    return size <= contentLimit && this.#keep.some((pattern) => pattern.test(path))
  }
}

/** What a shebang line needs. */
const shebangSize = 256

function isElf(start: Uint8Array): boolean {
  return start[0] === 0x7f && start[1] === 0x45 && start[2] === 0x4c && start[3] === 0x46
}

function isScript(start: Uint8Array): boolean {
  return start[0] === 0x23 && start[1] === 0x21
}

function elfFact(elf: ElfFacts | undefined): KeptFact {
  return elf === undefined ? {} : { elf }
}

function scriptFact(head: Uint8Array): KeptFact {
  const shebang = parseShebang(head.subarray(0, shebangSize))
  return shebang === undefined ? {} : { shebang }
}

import type { SbomFile, SbomPackage } from '../../model/sbom.ts'
import { spdxFileId } from '../spdx/file.ts'

/** An element of the graph; its members are those of the official schema. */
export type Spdx3Element = Readonly<Record<string, unknown>>

/** Names the elements of one document (SPDX 3.0.1, Core, Element: spdxId is an IRI). */
export class Spdx3Ids {
  readonly #namespace: string
  /** The creation information that all elements share. */
  readonly creation = '_:creation'

  constructor(namespace: string) {
    this.#namespace = namespace
  }

  of(kind: string, name?: string): string {
    return `${this.#namespace}#${kind}${name === undefined ? '' : `-${encodeURIComponent(name.toWellFormed())}`}`
  }

  source({ name, version }: NonNullable<SbomPackage['source']>): string {
    return this.of('source', `${name}@${version}`)
  }

  file(file: SbomFile): string {
    return this.of(spdxFileId(file).slice('SPDXRef-'.length))
  }

  element(type: string, spdxId: string, members: Spdx3Element): Spdx3Element {
    return { type, spdxId, creationInfo: this.creation, ...members }
  }
}

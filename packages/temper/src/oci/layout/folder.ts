import { lstat, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ByteStream } from '../../base/bytes.ts'
import { type Digest, hexOf } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError, makeFolder, temporaryPath, writeFileAtomic } from '../../base/file.ts'
import { withFileLock } from '../../base/file-lock.ts'
import { asString, badImage, parseJsonObject } from '../json-value.ts'
import { openPlainFile, plainFileSize, readRange, readSmallFile, writeNewFile } from './blob-file.ts'
import {
  emptyLayoutIndex,
  formatLayoutIndex,
  type LayoutIndex,
  layoutIndexLimit,
  parseLayoutIndex,
} from './index-file.ts'
import type { OpenBlob, WritableLayoutFiles } from './reader.ts'

/** The files of a layout in a folder (image-spec image-layout.md), from outside or made here. */
export class LayoutFolder implements WritableLayoutFiles {
  readonly path: string
  readonly place: string
  #prepared: Promise<void> | undefined
  #checked: Promise<boolean> | undefined

  constructor(path: string) {
    this.path = path
    this.place = `oci:${path}`
  }

  async blobSize(digest: Digest): Promise<number | undefined> {
    return (await this.#exists()) ? plainFileSize(this.#blobPath(digest)) : undefined
  }

  async openBlob(digest: Digest): Promise<OpenBlob | undefined> {
    const file = (await this.#exists()) ? await openPlainFile(this.#blobPath(digest)) : undefined
    if (file === undefined) return undefined
    const { size } = await file.stat()
    return {
      size,
      read: () => readRange(file, { start: 0, end: size, what: `${digest} in ${this.place}` }),
      close: () => file.close(),
    }
  }

  async index(): Promise<LayoutIndex> {
    if (!(await this.#exists())) return emptyLayoutIndex
    const path = join(this.path, 'index.json')
    const bytes = await readSmallFile(path, layoutIndexLimit)
    return bytes === undefined ? emptyLayoutIndex : parseLayoutIndex(bytes, path)
  }

  /** Replaces index.json with a changed one, while no other process does. */
  async updateIndex(change: (index: LayoutIndex) => LayoutIndex): Promise<void> {
    await this.prepare()
    await withFileLock(join(this.path, 'index.json.lock'), async (assertHeld) => {
      const text = formatLayoutIndex(change(await this.index()))
      await assertHeld()
      await writeFileAtomic(join(this.path, 'index.json'), text)
    })
  }

  /** Writes a blob, which becomes visible once all its bytes were read without error. */
  async writeBlob(digest: Digest, content: ByteStream): Promise<void> {
    await this.prepare()
    // Not among the blobs: other tools read every name there as a digest.
    const temporary = temporaryPath(join(this.path, 'blob'))
    try {
      await writeNewFile(temporary, content)
      await rename(temporary, this.#blobPath(digest))
    } catch (error) {
      throw fileError('write', this.path, error)
    } finally {
      await rm(temporary, { force: true })
    }
  }

  /** Makes the folder a layout if it is not one. */
  prepare(): Promise<void> {
    this.#prepared ??= this.#create().catch((error) => {
      this.#prepared = undefined
      throw error
    })
    return this.#prepared
  }

  async #create(): Promise<void> {
    // First the file that says what the folder is: a process that dies here leaves something to go on with.
    if (!(await this.#exists()))
      await writeFileAtomic(join(this.path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    try {
      await makeFolder(join(this.path, 'blobs', 'sha256'))
    } catch (error) {
      throw fileError('write', this.path, error)
    }
  }

  #blobPath(digest: Digest): string {
    return join(this.path, 'blobs', 'sha256', hexOf(digest))
  }

  /** Whether the folder is a layout. Anything else with content is an error, so that nothing gets mixed up. */
  async #exists(): Promise<boolean> {
    this.#checked ??= this.#check()
    const exists = await this.#checked
    if (!exists) this.#checked = undefined
    return exists
  }

  async #check(): Promise<boolean> {
    const bytes = await readSmallFile(join(this.path, 'oci-layout'), 4096)
    if (bytes !== undefined) {
      assertVersion(bytes, join(this.path, 'oci-layout'))
      await this.#assertOwnFolders()
      return true
    }
    const names = await readdir(this.path).catch((error): string[] => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw fileError('read', this.path, error)
    })
    if (names.every((name) => name.startsWith('.tmp-'))) return false
    // Another process made it between the two looks.
    if (names.includes('oci-layout')) return this.#check()
    throw new TemperError(
      'bad-image',
      `${this.path}: expected an OCI image layout, found a folder without oci-layout`,
      { hint: 'Name the folder that holds oci-layout and index.json, or an empty or new one to write to.' },
    )
  }

  /** Checks that the folders of a layout from outside do not lead elsewhere, since blobs are written below them. */
  async #assertOwnFolders(): Promise<void> {
    for (const folder of [join(this.path, 'blobs'), join(this.path, 'blobs', 'sha256')]) {
      const stat = await lstat(folder).catch((error) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw fileError('read', folder, error)
      })
      if (stat !== undefined && !stat.isDirectory())
        throw badImage(`${folder}: expected a folder, found something else`)
    }
  }
}

/** Checks the content of an oci-layout file. */
export function assertVersion(bytes: Uint8Array, where: string): void {
  const version = asString(
    parseJsonObject(bytes, where)['imageLayoutVersion'],
    `${where}, imageLayoutVersion`,
  )
  if (!/^1\.\d+\.\d+$/.test(version))
    throw badImage(`${where}: expected layout version 1.0.0, found "${version.slice(0, 40)}"`)
}

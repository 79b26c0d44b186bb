import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What tests look at in a layout, read without Temper's own code. */
interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly artifactType?: string
  readonly platform?: { readonly os: string; readonly architecture: string }
  readonly annotations?: Readonly<Record<string, string>>
}

/** A manifest, an index or a configuration; what the blob does not have is missing. */
interface JsonBlob {
  readonly mediaType: string
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  readonly manifests: readonly Descriptor[]
  readonly created: string
}

export function layoutOf(folder: string): { readonly manifests: readonly Descriptor[] } {
  return JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
}

export function blobPath(folder: string, digest: string): string {
  return join(folder, 'blobs/sha256', digest.slice('sha256:'.length))
}

export function readBlob(folder: string, digest: string): JsonBlob {
  return JSON.parse(readFileSync(blobPath(folder, digest), 'utf8'))
}

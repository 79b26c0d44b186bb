import { LayoutFolder } from './folder.ts'
import type { ListingStore } from './reader.ts'
import { LayoutStore } from './store.ts'

/**
 * An OCI image layout in a folder (image-spec image-layout.md): `openLayout(path)`. Nothing is read or written until
 * it is used; the folder is made by the first `push`. Several processes may write to it at the same time. A manifest
 * with a `subject` gets an entry without a name in index.json when it is pushed; other manifests get theirs from
 * `tag`.
 */
export function openLayout(path: string): ListingStore {
  return new LayoutStore(new LayoutFolder(path))
}

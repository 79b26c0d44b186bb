import type { ImageMention, Pod, TextPlace } from '../model/assess/workload.ts'

/** What a file of manifests holds. */
export interface ManifestContents {
  /** As the person named it. */
  readonly file: string
  /** Objects of Kubernetes and services of Compose. */
  objects: number
  readonly pods: Pod[]
  /** In the order of the file. */
  readonly images: ImageMention[]
  /** What could not be read as somebody else will read it, and why, as a phrase. */
  readonly unread: { readonly place: TextPlace; readonly why: string }[]
}
